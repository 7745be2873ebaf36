"""When runs memorize and generalize: in steps, in ticks, as medians with the late ones in."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from experiments.measured import Measured, Reading
from grokutils.parity.config import TrainConfig
from grokutils.stats import delay, outcome

_PAPER = TrainConfig()
_UNLESS_SAID = {
    "n_train": _PAPER.task.n_train,
    "batch_size": _PAPER.batch_size,
    "lr": _PAPER.lr,
    "weight_decay": _PAPER.weight_decay,
}


def timed(races: pd.DataFrame) -> pd.DataFrame:
    """Return a table of races with the times of its events in steps and in ticks.

    A tick is a step times learning rate times weight decay: the unit in which decay shrinks an
    idle weight by a factor e, whatever the settings. What a table does not set is the paper's.
    An event that does not happen is at infinity, so that medians keep it; what that makes of the
    delay is in `outcome`, see `grokutils.stats.Outcome`. `relative_delay` is in units of the
    memorization epoch, -1 for a run that generalizes without memorizing. Without weight decay no
    tick passes: an event that happens is at 0. `followed_...` is how long a run was watched.

    Parameters
    ----------
    races : pandas.DataFrame
        With `memorization_epoch` and `generalization_epoch`, as from `grokutils.parity.race`.
    """
    field = {name: races.get(name, value) for name, value in _UNLESS_SAID.items()}
    steps = np.ceil(field["n_train"] / field["batch_size"])
    found = races.copy()
    happened = {e: races[f"{e}_epoch"] for e in ("memorization", "generalization")}
    followed = races.get("last_epoch", pd.Series(np.nan, races.index))
    for event, epoch in (happened | {"followed": followed}).items():
        ticks = epoch * steps * field["lr"] * field["weight_decay"]
        for unit, time in (("epoch", epoch), ("steps", epoch * steps), ("ticks", ticks)):
            found[f"{event}_{unit}"] = time.fillna(np.inf)
    for unit in ("epoch", "steps", "ticks"):
        events = (found[f"{event}_{unit}"] for event in ("memorization", "generalization"))
        found[f"delay_{unit}"] = delay(*events)
    memorized, generalized = found["memorization_epoch"], found["generalization_epoch"]
    found["outcome"] = outcome(memorized, generalized, races.get("last_epoch", 0.0))
    found["generalized"] = [run.generalized for run in found["outcome"]]
    share = generalized / memorized.where(found["generalized"]) - 1
    found["relative_delay"] = share.where(found["generalized"], np.inf)
    return found


def alike(tables: Iterable[pd.DataFrame], usual: dict, dials: dict) -> pd.DataFrame:
    """Return the races of several tables that are `usual` where a table says so, in one table.

    What a table does not set of the dials is as given there.
    """
    found = []
    for table in tables:
        for column, value in usual.items():
            table = table[table[column] == value] if column in table else table
        found.append(table.assign(**{d: v for d, v in dials.items() if d not in table}))
    return pd.concat(found, ignore_index=True)


def median(values: ArrayLike) -> float:
    """Return the ordinary median, of values of which the infinite ones are the largest.

    So it is infinite if half of the runs or more never have the event.
    """
    values = np.asarray(values, float)
    return np.inf if np.mean(values == np.inf) >= 0.5 else float(np.median(values))


def median_of(rows: pd.DataFrame, column: str) -> Measured:
    """Return the median of a column of times or delays, with what is known where it never comes.

    Where half of the runs or more did not get there, it is at least the median with how long
    they were followed in the place of the times that did not come; never, if that is not known
    or they diverged.

    Parameters
    ----------
    rows : pandas.DataFrame
        As from `timed`.
    column : str
        A time, such as `generalization_epoch`, or a delay, such as `delay_ticks`.
    """
    found = median(rows[column])
    if found != np.inf:
        return Measured(found, len(rows))
    event, _, unit = column.rpartition("_")
    if column == "relative_delay":
        known = rows["followed_epoch"] / rows["memorization_epoch"] - 1
    else:
        known = rows[f"followed_{unit}"]
        if event == "delay":
            known = known - rows[f"memorization_{unit}"].clip(upper=known)
    least = rows[column].where(rows[column] < np.inf, known.fillna(np.inf))
    least = float(np.median(least))
    known = np.isfinite(least)
    return Measured(least, len(rows), Reading.AT_LEAST) if known else Measured(np.inf, len(rows))


def medians(rows: pd.DataFrame, by: str | list[str], column: str) -> pd.Series:
    """Return the median of a column for each value of another, as a series."""
    return rows.groupby(by)[column].apply(median)


def log(times: pd.Series) -> pd.Series:
    """Return the logarithm of a series of times, not a number where a time is not positive."""
    return np.log(times.where(times > 0))


def log_ratio(rows: pd.DataFrame, after: str) -> pd.Series:
    """Return the log ratio of the squared norms at memorization and `after` an event."""
    at_memorization = rows["squared_norm_at_memorization"]
    return np.log(at_memorization / rows[after])
