"""Compute rows of a table anew, and say in its first lines that they agreed."""

import numpy as np
import pandas as pd

from experiments.make import arguments, module
from experiments.sweeps import rows
from experiments.sweeps.file import locked, note, read, stamp
from grokutils.store.cache import single_threaded
from grokutils.store.paths import DATA


def check(name: str, draw: int, runs: int = 3) -> None:
    """Compute a few runs of a table anew; if all agree, add a line to its first lines.

    Parameters
    ----------
    name : str
        Of the table.
    draw : int
        Seed of the draw of the runs, which is printed.
    runs : int
        How many.

    Raises
    ------
    ValueError
        If a row is not what this code computes; the table is left as it is.
    """
    path = DATA / f"{name}.csv"
    with locked(path):
        drawn = drawn_runs(name, draw, runs)
        for call in drawn:
            found = differences(name, call)
            if found:
                raise ValueError(f"{path}: {call} is not what this code computes: {found}")
        entry = stamp(module(name).__name__) | {"runs": drawn}
        how = getattr(module(name), "COMPARED", "to the last digit")
        note(path, "checked", entry | {"compared": how})


def drawn_runs(name: str, draw: int, runs: int) -> list[dict]:
    """Draw runs of a table, as their arguments, the odds falling with the root of what each costs.

    So the runs that take a minute are drawn too, but seldom, and most draws take seconds.
    """
    table, columns = read(DATA / f"{name}.csv"), arguments(name)
    starts = table[~table.duplicated(columns)]
    odds = 1 / np.sqrt(cost(starts))
    chosen = np.random.default_rng(draw).choice(
        len(starts), min(runs, len(starts)), replace=False, p=odds / odds.sum()
    )
    found = starts.iloc[np.sort(chosen)][columns].to_dict("records")
    print(f"{name}: draw {draw} gives {', '.join(map(str, found))}", flush=True)
    return found


def cost(table: pd.DataFrame) -> np.ndarray:
    """Return what each row took to compute, in steps of the paper's width."""
    steps = np.ceil(table.get("n_train", 1000) / table.get("batch_size", 32))
    width = np.maximum(
        table.get("width", 1000) / 1000, 1 / 3
    )  # a step of few neurons costs so much
    return np.broadcast_to(table.get("last_epoch", 1.0) * steps * width, len(table)).astype(float)


def differences(name: str, call: dict) -> dict:
    """Compute a run anew; return {column: (on disk, computed)} of what is not equal."""
    table = read(DATA / f"{name}.csv")
    stored = table[(table[list(call)] == list(call.values())).all(axis=1)].reset_index(drop=True)
    if hasattr(module(name), "differences"):
        return module(name).differences(stored, **call)
    measured = single_threaded(module(name).measure, **call)
    run = [call | row for row in (measured if isinstance(measured, list) else [measured])]
    computed = rows.again(run)
    if list(computed) != list(stored) or len(computed) != len(stored):
        return {"columns and rows": ((list(stored), len(stored)), (list(computed), len(computed)))}
    return {
        column: (stored[column].tolist(), computed[column].tolist())
        for column in stored
        if not equal(stored[column], computed[column])
    }


def equal(one: pd.Series, other: pd.Series) -> bool:
    """Return whether two columns hold the same values, NaN being one."""
    return bool(((one == other) | (one.isna() & other.isna())).all())
