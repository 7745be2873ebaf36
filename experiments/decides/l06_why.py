"""L6 to L9: costs of two circuits, growth of the sparse one, and biases that are held."""

import numpy as np
import pandas as pd

from experiments.decides.fits import ratio
from experiments.decides.l01_line import compared, wall
from experiments.decides.l03_exponents import grid_of
from experiments.decides.law_waits import exponent, exponent_of, median_delays
from grokutils.stats import THRESHOLD

MOSTLY = 0.75  # of a setting's runs are done


def costs_of(costs: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the median squared norms, by (n, N), of random labels and of the sparse circuit.

    Of runs that have memorized random labels at their end, and that have generalized.
    """
    random = costs["label_noise"] == 0.5
    dense = costs[random & (costs["train_accuracy"] > THRESHOLD)]
    sparse = costs[~random & costs["generalization_epoch"].notna()]
    return tuple(t.groupby(["n_bits", "n_train"])["squared_norm"].median() for t in (dense, sparse))


def plane(dense: pd.Series) -> dict[str, float]:
    """Return ln cost = constant + ratio ln (N/n) + n_bits ln n, by least squares."""
    ratios, bits = _logs(dense.index)
    design = np.column_stack([np.ones(len(dense)), ratios, bits])
    parts = np.linalg.lstsq(design, np.log(dense.to_numpy()), rcond=None)[0]
    return dict(zip(("constant", "ratio", "n_bits"), map(float, parts), strict=True))


def cost_ratio(costs: pd.DataFrame, places: pd.MultiIndex) -> pd.Series:
    """Return r, the dense cost by its plane over the sparse one's median, at some (n, N)."""
    dense, sparse = costs_of(costs)
    of, (ratios, bits) = plane(dense), _logs(places)
    cost = np.exp(of["constant"] + of["ratio"] * ratios + of["n_bits"] * bits)
    return pd.Series(cost / sparse.median(), places)


def _logs(places):
    """Return ln N/n and ln n of an index of (n, N)."""
    bits, examples = (places.get_level_values(i).to_numpy(float) for i in (0, 1))
    return np.log(examples / bits), np.log(bits)


def l6(costs: pd.DataFrame, waits: pd.DataFrame) -> dict:
    """Return what decides L6, from the tables of costs and of waits."""
    dense, sparse = costs_of(costs)
    came = compared(waits)["median"]
    came = came[np.isfinite(came) & (came > 0)]
    r = np.log(cost_ratio(costs, came.index))
    design = np.column_stack([np.ones(len(came)), r, _logs(came.index)[1]])
    n_left = np.linalg.lstsq(design, np.log(came.to_numpy()), rcond=None)[0][2] - 2
    half = wall(waits)
    half = half.where(np.isfinite(half) & (half > 0))
    at_wall = cost_ratio(costs, pd.MultiIndex.from_arrays([half.index, half]))
    return {
        "n_left": abs(n_left),
        "wall_ratio_spread": ratio(at_wall.max(skipna=False), at_wall.min(skipna=False)),
        "dense_n_left": abs(plane(dense)["n_bits"]),
        "sparse_spread": ratio(sparse.max(), sparse.min()),
    }


def growth(waits: pd.DataFrame) -> pd.DataFrame:
    """Return the median `distance` and `rate` of 3 bits by (n, N), where most runs are done.

    The distance is the logarithm of how much the sparse neurons' share of the squared weights
    grows during the delay, the rate that over the delay in ticks; of runs that waited.
    """
    rows = grid_of(waits, 3).reset_index(drop=True)
    done = rows["generalization_epoch"] > rows["memorization_epoch"]
    mostly = done.groupby([rows["n_bits"], rows["n_train"]]).transform("mean") >= MOSTLY
    rows = rows[done & mostly]
    ticks = np.ceil(rows["n_train"] / 32) / 1000
    delay = (rows["generalization_epoch"] - rows["memorization_epoch"]) * ticks
    shares = rows["sparse_share_at_generalization"] / rows["sparse_share_at_memorization"]
    found = rows.assign(distance=np.log(shares), rate=np.log(shares) / delay)
    return found.groupby(["n_bits", "n_train"])[["distance", "rate"]].median()


def l7(waits: pd.DataFrame) -> dict:
    """Return what decides L7, from the table of waits."""
    found = growth(waits)
    return {
        "rate_exponent_off": abs(exponent_of(found["rate"]) + 2),
        "distance_exponent": abs(exponent_of(found["distance"])),
    }


def l8(biases: pd.DataFrame, waits: pd.DataFrame) -> dict:
    """Return what decides L8, from the tables of held biases and of waits."""
    zero = biases[biases["biases"] == "zero"]
    held = median_delays(zero[zero["k_relevant"] == 4])
    free = median_delays(grid_of(waits, 4)).reindex(held.index)
    three = zero[zero["k_relevant"] == 3]
    return {
        "four_without_biases": max(map(ratio, held, free)),
        "three_without_biases": three["generalization_epoch"].notna().mean(),
    }


def l9(biases: pd.DataFrame) -> dict:
    """Return what decides L9, from the table of held biases."""
    apart = biases[biases["biases"] == "apart"]
    three, four = (exponent(apart[apart["k_relevant"] == k])["q"] for k in (3, 4))
    return {
        "held_apart": four - three,
        "held_off_3": abs(three - 1),
        "held_off_4": abs(four - 2),
    }
