"""L10: the frozen line where networks memorize soon, on settings and seeds of its own."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.decides.l01_line import memorized, off
from experiments.decides.law_waits import later_than, median_delays
from experiments.measured import Measured, Reading, either_side

FROZEN = tomllib.loads((Path(__file__).parents[1] / "soon.toml").read_text(encoding="utf-8"))
SOON, LEAST = FROZEN["rule"]["soon"], FROZEN["rule"]["least"]


def foretold() -> pd.DataFrame:
    """Return a row a setting: its wait in ticks, the band, and whether it was to memorize soon."""
    columns = ["n_bits", "n_train", "foretold", "low", "high"]
    kinds = [
        pd.DataFrame(FROZEN["settings"][kind], columns=columns).assign(put_soon=kind == "soon")
        for kind in ("soon", "late")
    ]
    return pd.concat(kinds).set_index(["n_bits", "n_train"])


def compared(soon: pd.DataFrame) -> pd.DataFrame:
    """Return what was `foretold`, beside the medians that came, in ticks.

    With `median`, of the delay; `memorized`, when; and whether the setting is `soon`, and `off`.
    """
    found = foretold()
    came, until = median_delays(soon), later_than(soon)
    found["median"] = came.reindex(found.index)
    found["memorized"] = memorized(soon).reindex(found.index)
    found["soon"] = found["memorized"] <= SOON
    found["off"] = [
        off(row.median, row.low, row.high, until[place])
        for place, row in zip(found.index, found.itertuples(), strict=True)
    ]
    return found


def l10(soon: pd.DataFrame) -> dict:
    """Return what decides L10, from the table of settings that memorize soon, and do not."""
    found = compared(soon)
    early, late = found[found["soon"]], found[~found["soon"]]
    away = late[late["off"]]
    with np.errstate(divide="ignore"):
        logs = np.log(early["median"] / early["foretold"])
    few = len(early) < LEAST
    return {
        "share_off_soon": _few() if few else early["off"].mean(),
        "share_sooner": (away["median"] < away["low"]).mean()
        if len(away)
        else Measured(np.nan, reading=Reading.NOTHING),
        "share_as_sorted": (found["soon"] == found["put_soon"]).mean(),
        "bias_of_line": _few() if few else either_side(Measured(float(np.exp(logs.mean())))),
    }


def _few():
    return Measured(np.nan, reading=Reading.FEW)
