"""S19: powers of learning rate, batch size and weight decay, under AdamW."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import log, median, median_of, medians, timed
from experiments.decides.fits import left_out_error, line
from experiments.measured import Measured, Reading, divided, either_side, not_run
from experiments.tables import dials as sgd
from experiments.tables.three_dials import BASE

DIALS = ("lr", "batch_size", "weight_decay")
SGD: dict = {dial: sgd.SETTING[dial] for dial in DIALS}


def s19(three_dials: pd.DataFrame, dials: pd.DataFrame) -> dict:
    """Return what decides S19, from its table under AdamW and that of the dials under SGD."""
    if three_dials.empty:
        return not_run(
            *("rate_error", "batch_error", "decay_error", "together_off"),
            *("rate_exponent_off", "decay_exponent_off", "from_sgd"),
        )
    rows = timed(three_dials)
    curves = {dial: alone(rows, dial, BASE) for dial in DIALS}
    powers = {dial: power(curve) for dial, curve in curves.items()}
    errors = {dial: _error(curve) for dial, curve in curves.items()}
    apart = [abs(powers[d] - power(curve)) for d, curve in under_sgd(dials).items()]
    return {
        "rate_error": errors["lr"],
        "batch_error": errors["batch_size"],
        "decay_error": errors["weight_decay"],
        "together_off": _together(rows, powers),
        "rate_exponent_off": abs(powers["lr"] + 1),
        "decay_exponent_off": abs(powers["weight_decay"] + 1),
        "from_sgd": float(np.max(apart)),  # not a number if one is not
    }


def under_sgd(dials: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the median delay in steps by each dial, from the table of the dials under SGD."""
    usual = (dials["n_train"] == 1000) & (dials["loss"] == "hinge")
    rows = timed(dials[usual & dials["weight_decay"].between(0.001, 0.01)])
    return {dial: alone(rows, dial, SGD) for dial in DIALS}


def alone(rows: pd.DataFrame, dial: str, base: dict[str, float]) -> pd.Series:
    """Return the median delay in steps by one dial, the others at their base."""
    for other in set(DIALS) - {dial}:
        rows = rows[np.isclose(rows[other], base[other])]
    return medians(rows, dial, "delay_steps")


def power(curve: pd.Series) -> float:
    """Return the exponent; not a number if a delay of the curve is not known."""
    known = np.isfinite(log(curve)).all()
    return line(np.log(curve.index.to_numpy(float)), log(curve))[0] if known else np.nan


def _error(curve):
    """Return the error of a power left out; too few, if one of its delays is not known."""
    error = left_out_error(np.log(curve.index.to_numpy(float)), log(curve))
    few = not np.isfinite(log(curve)).all() or np.isnan(error)
    return Measured(np.nan, reading=Reading.FEW) if few else Measured(error)


def _together(rows, powers):
    """Return the worst factor between delays where two dials are turned and what is foretold.

    Foretold is the median at the base times the power of each dial over its base.
    """
    settings = {p: of for p, of in rows.groupby(list(DIALS)) if _turned(p) in (0, 2)}
    base = [median(of["delay_steps"]) for place, of in settings.items() if not _turned(place)]
    factors = [Measured(np.nan, 0, Reading.NOTHING)]
    for place, of in settings.items():
        over = (powers[d] * np.log(at / BASE[d]) for d, at in zip(DIALS, place, strict=True))
        foretold = base[0] * np.exp(sum(over)) if base else np.nan
        if _turned(place):
            factors.append(_off(median_of(of, "delay_steps"), foretold))
    known = [factor for factor in factors[1:] if not np.isnan(factor)]
    return max(known) if known and len(known) == len(factors) - 1 else factors[0]


def _turned(place):
    """Return how many dials of a setting are not at the base."""
    return sum(not np.isclose(at, BASE[d]) for d, at in zip(DIALS, place, strict=True))


def _off(delay, foretold):
    """Return the factor between a delay and what is foretold; no delay at all is off by any."""
    if delay <= 0 < foretold < np.inf:
        return Measured(np.inf, delay.runs)
    return either_side(divided(delay, foretold))
