"""S14: how far the sparse set agrees with its network on inputs of other kinds."""

import pandas as pd

from experiments.decides.fits import ratio

SHIFTED = ["biased 0.7", "biased 0.9", "all +1"]


def gaps(illusions: pd.DataFrame, column: str = "agrees_sparse") -> pd.DataFrame:
    """Return one less an agreement, by event and seed (rows) and kind of inputs (columns)."""
    rows = illusions.assign(gap=1 - illusions[column])
    return rows.pivot(index=["at", "seed"], columns="inputs", values="gap")


def s14(illusions: pd.DataFrame) -> dict:
    """Return what decides S14, from the table of illusions."""
    sparse, random = gaps(illusions), gaps(illusions, "agrees_random")
    largest = sparse[SHIFTED].max(axis=1)
    beyond = largest - sparse["fresh"]
    return {
        "gap_on_shifted": largest["end"].median(),
        "gap_on_shifted_at_generalization": largest["generalization"].median(),
        "gap_on_chosen": sparse["chosen"]["end"].median(),
        "shifted_beyond_fresh": beyond["generalization"].median(),
        "random_over_sparse": ratio(
            random[SHIFTED].max(axis=1)["end"].median(), largest["end"].median()
        ),
    }
