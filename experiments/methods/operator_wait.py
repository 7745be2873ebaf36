"""The wait before grokking on modular arithmetic (C15): when it begins and ends, what is right."""

import numpy as np
import pandas as pd

from grokutils.stats import THRESHOLD

RISING = 0.1  # accuracy on pairs without a trained twin; 0/b and b/b alone give less


def before_grokking(run: pd.DataFrame) -> tuple[float, float, pd.DataFrame]:
    """Return the first step of a run's wait, the first after it, and the rows between.

    It begins with training accuracy above 0.98 and ends when more than a tenth of the test pairs
    without a swapped pair in the training set are right; NaN for what does not happen.

    Parameters
    ----------
    run : pandas.DataFrame
        A row for each measured step, as in ``data/operators.csv``.
    """
    step = run["step"]
    begin = step[run["train_accuracy"] > THRESHOLD].min()
    end = step[run["others_accuracy"] > RISING].min()
    last = np.inf if np.isnan(end) else end
    return begin, end, run[(step >= begin) & (step < last)]


def summarize(run: pd.DataFrame) -> pd.Series:
    """Return when a run did what, and its accuracies in the median step of the wait.

    Returns
    -------
    pandas.Series
        The steps at which it `memorized`, was `rising` and `generalized`; `line`, the share of
        test pairs whose swapped pair is trained on; accuracy on `test` pairs, on `swapped` and
        `others`, each the median over steps; `highest` test accuracy of the wait; the least `at
        the end`, of five measurements. NaN for what did not happen.
    """
    begin, end, wait = before_grokking(run)
    found = {
        "memorized": begin,
        "rising": end,
        "generalized": run["step"][run["test_accuracy"] > THRESHOLD].min(),
        "line": run["share_swapped"].iloc[0],
    }
    for name in ("test", "swapped", "others"):
        found[name] = _median_level(run, f"{name}_accuracy", begin, end) if len(wait) else np.nan
    found["highest"] = wait["test_accuracy"].max()
    found["at the end"] = run["test_accuracy"].tail(5).min()
    return pd.Series(found)


def _median_level(run, name, begin, end):
    # Measurements are denser early; every step is to weigh alike.
    last = run["step"].iloc[-1] + 1 if np.isnan(end) else end
    return np.median(np.interp(np.arange(begin, last), run["step"], run[name]))
