"""Make a table: ``python -m grokutils.tables NAME``."""

import json
import sys
from dataclasses import asdict
from importlib import import_module

from grokutils.parity.config import TrainConfig
from grokutils.store.paths import DATA
from grokutils.store.table import sweep

TABLES = ("sizes", "pictures", "delays", "interventions", "switches")


def main(name):
    """Make or complete one table."""
    table = import_module(f"grokutils.tables.{name}")
    return sweep(
        table.measure,
        table.calls(),
        DATA / f"{name}.csv",
        command=f"python -m grokutils.tables {name}",
        configuration=json.dumps(asdict(TrainConfig())),
    )


if __name__ == "__main__":
    if sys.argv[1:] not in [[name] for name in TABLES]:
        sys.exit(f"usage: python -m grokutils.tables {{{','.join(TABLES)}}}")
    print(main(sys.argv[1]))
