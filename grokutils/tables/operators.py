"""The tables of operator runs stored in `data/`: a row per run and measured step.

``python -m grokutils.tables.operators operators`` makes ``data/operators.csv``, the full runs;
``... operator_starts`` short runs from large embeddings. Runs already there are
kept, so an interrupt loses only the run in flight. A second argument names the device.
"""

import json
import platform
import sys
import time
from dataclasses import asdict, replace
from datetime import date

import numpy as np
import pandas as pd
import torch

from grokutils.modular.task import OPERATORS, OperatorConfig
from grokutils.modular.train import accuracy, answered_as_swapped, share_swapped, train_seed
from grokutils.store.fingerprint import fingerprint
from grokutils.store.paths import DATA
from grokutils.store.table import origin, read

CODE = fingerprint("grokutils.modular.train")
VARIED = ("operator", "modulus", "train_fraction", "embedding_scale")

# The paper allows 1e5 steps. A tenth of them, at worst, keeps a run within a quarter of an hour
# on one core; a run that has generalized for good stops earlier.
FULL = OperatorConfig(steps=10_000, patience=5)
SMALL = OperatorConfig(modulus=31, steps=300, batch_size=240)
JUDGED = {"addition": 0.3, "division": 0.5}  # training fractions


TABLES = {
    "operators": [
        (replace(FULL, operator=op, train_fraction=fraction), seed)
        for seed in range(3)
        for op, fraction in JUDGED.items()
    ]
    + [(FULL, seed) for seed in range(3)],
    "operator_starts": [
        (replace(SMALL, operator=op, embedding_scale=1.0), seed)
        for seed in range(2)
        for op in OPERATORS
    ],
}


def make(name, device="cpu"):
    """Make or complete one table, run by run.

    Raises
    ------
    ValueError
        If the table was begun by other code.
    """
    path = DATA / f"{name}.csv"
    if not path.exists():
        path.write_text(_origin(name, device))
    if origin(path)["code"] != CODE:
        raise ValueError(f"{path} was made by other code; remove it to start anew")
    for config, seed in TABLES[name]:
        made = read(path)
        key = {field: getattr(config, field) for field in VARIED} | {"seed": seed}
        if len(made) and (made[list(key)] == list(key.values())).all(axis=1).any():
            continue
        start = time.process_time()
        table = curves(train_seed(config, seed, device)).assign(
            **key, cpu_seconds=round(time.process_time() - start)
        )
        table = table[[*key, *table.columns.drop(list(key))]]
        table.to_csv(path, mode="a", index=False, header=not len(made), float_format="%.6g")
        print(table.iloc[-1].to_dict(), flush=True)


def curves(history):
    """Return what a history shows, step by step, as a table."""
    by_step = {"step": history["step"].values}
    by_step |= {f"{s}_loss": history["loss"].sel(split=s).values for s in ("train", "test")}
    parts = accuracy(history)
    by_step |= {f"{p}_accuracy": parts.sel(pairs=p).values for p in parts["pairs"].values}
    by_step["answered_as_swapped"] = answered_as_swapped(history).values
    by_step["share_swapped"] = np.full(history.sizes["step"], share_swapped(history).item())
    for name in ("top_ten_share", "effective_sparsity"):
        by_step |= {
            f"{name}_{b}": history[name].values[:, b] for b in range(history.sizes["block"])
        }
    return pd.DataFrame(by_step)


def _origin(name, device):
    same = asdict(TABLES[name][0][0])
    lines = {
        "command": f"python -m grokutils.tables.operators {name}"
        + f" {device}" * (device != "cpu"),
        "date": date.today().isoformat(),
        "versions": json.dumps({"python": platform.python_version(), "torch": torch.__version__}),
        "code": CODE,
        "configuration": json.dumps({k: v for k, v in same.items() if k not in VARIED}),
        "device": f"{device}, {platform.machine()}, {torch.get_num_threads()} thread(s)",
    }
    return "".join(f"# {key}: {value}\n" for key, value in lines.items())


if __name__ == "__main__":
    if sys.argv[1:2] not in [[name] for name in TABLES] or len(sys.argv) > 3:
        sys.exit(f"usage: python -m grokutils.tables.operators {{{','.join(TABLES)}}} [device]")
    make(*sys.argv[1:])
