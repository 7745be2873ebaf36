"""Make a table, and say how far each is."""

import json
from dataclasses import asdict
from importlib import import_module
from types import ModuleType

import pandas as pd

from experiments.sweeps.file import locked, note, origin, other, read, stamp
from experiments.sweeps.table import sweep
from grokutils.parity.config import TrainConfig
from grokutils.store.paths import DATA

TABLES = (
    *("sizes", "pictures", "delays", "interventions", "switches"),
    *("operators", "operator_starts"),
    *("scales", "tangents", "held", "concealment", "accelerators", "transfers", "biases", "dials"),
    *("small_starts", "kernel_starts", "perpendicular_starts", "perpendicular_adamw"),
    *("equal_bits", "equal_speeds"),
    *("examples", "returns", "capacities", "widths", "noise", "paths"),
    *("illusions", "simplified", "ranks", "settled", "tickets", "synergy"),
    *("law_waits", "law_dials", "law_costs", "law_biases", "law_soon"),
    *("margins", "told"),
    *("temperatures", "penalties", "three_dials", "speeds", "explorable"),
)


def module(name: str) -> ModuleType:
    """Return the module of a table.

    It has `measure`, which gives the row or the rows of a run, and `calls`, the wanted runs. It may
    have `CONFIG`, what its runs have in common if that is not the paper's, and `differences`, if
    its rows cannot be compared to the last digit; see `experiments.check`.
    """
    return import_module(f"experiments.tables.{name}")


def make(name: str) -> pd.DataFrame:
    """Make or complete one table; see `experiments.sweeps.table.sweep`.

    Where some rows are there and others are not, the first lines say that these came later.
    """
    table, path = module(name), DATA / f"{name}.csv"
    row = _progress(name)
    if 0 < row["done"] < row["of"] and row["code"] == "this":  # other code is refused below
        with locked(path):
            left = {"runs": row["of"] - row["done"]}
            note(path, "extended", stamp(table.__name__) | left)
    return sweep(
        table.measure,
        table.calls(),
        path,
        command=f"python -m experiments make {name}",
        configuration=json.dumps(asdict(getattr(table, "CONFIG", TrainConfig()))),
    )


def arguments(name: str) -> list[str]:
    """Return the columns of a table that its runs are called with."""
    return list(module(name).calls()[0])


def progress() -> pd.DataFrame:
    """Return a row per table: its runs done, of the wanted, and when it was made and checked."""
    return pd.DataFrame([_progress(name) for name in TABLES]).set_index("table")


def _progress(name):
    path, calls = DATA / f"{name}.csv", pd.DataFrame(module(name).calls())
    if not path.exists():
        return {"table": name, "done": 0, "of": len(calls)}
    made = origin(path)
    done = read(path)[list(calls)].drop_duplicates().merge(calls)
    return {
        "table": name,
        "done": len(done),
        "of": len(calls),
        "made": made["date"],
        "checked": "".join(entry["date"] for entry in made["checked"][-1:]),
        "code": "other" if other(path, stamp(module(name).__name__)) else "this",
    }
