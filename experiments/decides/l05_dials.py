"""L5: the line with other dials."""

import numpy as np
import pandas as pd

from experiments.decides.l01_line import off
from experiments.decides.law_line import DIAL_CHANGES, FROZEN, PAPER
from experiments.decides.law_waits import later_than, median_delays

PLACES = [tuple(place) for place in FROZEN["dials"]["settings"]]
BAND = FROZEN["rule"]["band"]


def compared(dials: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each dial and setting: what was foretold, what came, whether it is off."""
    found = []
    for name, change in DIAL_CHANGES.items():
        setting = {dial: (PAPER | change)[dial] for dial in PAPER if dial in dials}
        others = {
            dial: value for dial, value in setting.items() if dial not in ("n_bits", "n_train")
        }
        rows = dials[np.logical_and.reduce([dials[d] == v for d, v in others.items()])]
        came, until = median_delays(rows), later_than(rows)
        for place, foretold in zip(PLACES, FROZEN["dials"]["foretold"][name], strict=True):
            away = off(came[place], foretold / BAND, foretold * BAND, until[place])
            found.append((name, *place, foretold, came[place], away))
    return pd.DataFrame(found, columns=["dial", "n_bits", "n_train", "foretold", "median", "off"])


def shape(rows: pd.DataFrame) -> float:
    """Return the largest factor that is left of what came over what was foretold.

    Beside their geometric mean; infinite if a setting has no median that is positive and finite.
    """
    if not (np.isfinite(rows["median"]) & (rows["median"] > 0)).all():
        return np.inf
    logs = np.log(rows["median"] / rows["foretold"])
    return float(np.exp(np.abs(logs - logs.mean()).max()))


def l5(dials: pd.DataFrame) -> dict:
    """Return what decides L5, from the table of dials."""
    found = compared(dials)
    shapes = found.groupby("dial").apply(shape, include_groups=False)
    return {"share_off_dials": found["off"].mean(), "worst_shape": shapes.max()}
