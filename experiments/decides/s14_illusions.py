"""S14: how far the sparse set agrees with its network on inputs of other kinds."""

import pandas as pd

from experiments.measured import divided, not_run

SHIFTED = ["biased 0.7", "biased 0.9", "all +1"]
BEYOND = 0.02  # of the inputs, by which a gap on shifted ones exceeds that on fresh ones


def gaps(illusions: pd.DataFrame, column: str = "agrees_sparse") -> pd.DataFrame:
    """Return one less an agreement, by event and seed (rows) and kind of inputs (columns)."""
    rows = illusions.assign(gap=1 - illusions[column])
    return rows.pivot(index=["at", "seed"], columns="inputs", values="gap")


def s14(illusions: pd.DataFrame, simplified: pd.DataFrame) -> dict:
    """Return what decides S14, from the tables of illusions and of simpler models."""
    sparse, random = gaps(illusions), gaps(illusions, "agrees_random")
    largest = sparse[SHIFTED].max(axis=1)
    beyond = largest - sparse["fresh"]
    return {
        "gap_on_shifted": largest["end"].median(),
        "gap_on_shifted_at_generalization": largest["generalization"].median(),
        "gap_on_chosen": sparse["chosen"]["end"].median(),
        "shifted_beyond_fresh": beyond["generalization"].median(),
        "random_over_sparse": divided(
            random[SHIFTED].max(axis=1)["end"].median(), largest["end"].median()
        ),
    } | s14_simplified(simplified)


def shares_misled(simplified: pd.DataFrame) -> pd.DataFrame:
    """Return by event (rows) and model (columns) the share of seeds that a shift misleads.

    That is by at least 0.02 more than on fresh inputs, of the shift that does it most.
    """
    rows = simplified.assign(gap=1 - simplified["agrees"])
    wide = rows.pivot(index=["at", "model", "seed"], columns="inputs", values="gap")
    beyond = wide[SHIFTED].max(axis=1) - wide["fresh"]
    misled = beyond >= BEYOND - 1e-9  # a share of 2,000 may be the bound but for rounding
    return misled.groupby(["at", "model"]).mean().unstack("model")


def s14_simplified(simplified: pd.DataFrame) -> dict:
    """Return what else decides S14, from the table of simpler models: the shares at the end."""
    models = ("singular vectors", "clusters", "subnetwork")
    if simplified.empty:
        return not_run(*(f"share_misled_by_{m.replace(' ', '_')}" for m in models))
    at_end = shares_misled(simplified).loc["end"]
    return {f"share_misled_by_{m.replace(' ', '_')}": float(at_end[m]) for m in models}
