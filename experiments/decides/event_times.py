"""When runs memorize and generalize: in steps, in ticks, as medians with the late ones in."""

import numpy as np
import pandas as pd

from grokutils.parity.config import TrainConfig

_PAPER = TrainConfig()
_UNLESS_SAID = {
    "n_train": _PAPER.task.n_train,
    "batch_size": _PAPER.batch_size,
    "lr": _PAPER.lr,
    "weight_decay": _PAPER.weight_decay,
}


def timed(races) -> pd.DataFrame:
    """Return a table of races with the times of its events in steps and in ticks.

    A tick is a step times learning rate times weight decay: the unit in which decay shrinks an
    idle weight by a factor e, whatever the settings. What a table does not set is the paper's.
    An event that does not happen is at infinity, so that medians keep it; so is the delay of a
    run that never generalizes. `relative_delay` is in units of the memorization epoch.

    Parameters
    ----------
    races : pandas.DataFrame
        With `memorization_epoch` and `generalization_epoch`, as from `grokutils.parity.race`.
    """
    field = {name: races.get(name, value) for name, value in _UNLESS_SAID.items()}
    steps = np.ceil(field["n_train"] / np.minimum(field["batch_size"], field["n_train"]))
    found = races.copy()
    for event in ("memorization", "generalization"):
        epoch = races[f"{event}_epoch"].fillna(np.inf)
        found[f"{event}_epoch"] = epoch
        found[f"{event}_steps"] = epoch * steps
        found[f"{event}_ticks"] = epoch * steps * field["lr"] * field["weight_decay"]
    generalized = np.isfinite(found["generalization_epoch"])
    for unit in ("epoch", "steps", "ticks"):
        delay = found[f"generalization_{unit}"] - found[f"memorization_{unit}"].where(generalized)
        found[f"delay_{unit}"] = delay.where(generalized, np.inf)
    share = found["generalization_epoch"] / found["memorization_epoch"].where(generalized) - 1
    found["relative_delay"] = share.where(generalized, np.inf)
    return found.assign(generalized=generalized)


def alike(tables, usual, dials) -> pd.DataFrame:
    """Return the races of several tables that are `usual` where a table says so, in one table.

    What a table does not set of the dials is as given there.
    """
    found = []
    for table in tables:
        for column, value in usual.items():
            table = table[table[column] == value] if column in table else table
        found.append(table.assign(**{d: v for d, v in dials.items() if d not in table}))
    return pd.concat(found, ignore_index=True)


def median(values) -> float:
    """Return the ordinary median, of values of which the infinite ones are the largest.

    So it is infinite if half of the runs or more never have the event.
    """
    return float(np.median(np.asarray(values, float)))


def medians(rows, by, column) -> pd.Series:
    """Return the median of a column for each value of another, as a series."""
    return rows.groupby(by)[column].apply(median)


def log(times) -> pd.Series:
    """Return the logarithm of a series of times, not a number where a time is not positive."""
    return np.log(times.where(times > 0))


def log_ratio(rows, after) -> pd.Series:
    """Return the log ratio of the squared norms at memorization and `after` an event."""
    at_memorization = rows["squared_norm_at_memorization"]
    return np.log(at_memorization / rows[after])
