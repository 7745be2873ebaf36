"""S1 on a made table: the slope of each line, and what is read at the largest scale."""

import numpy as np
import pytest
from made import SEEDS, around, assert_planted, never, race, table

from experiments.decides.s01_scales import s1
from grokutils.store.table import grid

SLOPES = {(0.1, 0.01): 1.2, (0.1, 0.003): 0.7, (0.025, 0.01): 1.1, (0.025, 0.003): 3.0}


def scales(slopes=SLOPES):
    alphas = [0.5, 1.0, 2.0, 4.0, 8.0]
    calls = grid(
        initial_scale=alphas,
        lr=[0.1, 0.025],
        weight_decay=[0.003, 0.01],
        loss=["hinge", "logistic"],
        **SEEDS,
    )

    def row(initial_scale, lr, weight_decay, loss, seed):
        slope = 9 if loss == "logistic" else slopes[lr, weight_decay]
        ticks = 4 + slope * np.log(initial_scale) + 20 * (initial_scale < 1)
        epoch = never(ticks, seed) / (32 * lr * weight_decay)
        usual = (initial_scale, lr, weight_decay, loss) == (4.0, 0.1, 0.01, "hinge")
        memorized = np.nan if initial_scale == 8 and seed < 1011 else 1.0
        share, kept = (0.25, 0.6) if usual else (3.0, 0.1)
        rise = (epoch if np.isfinite(epoch) else 1e3) / (1 + around(share, seed, late=2.0))
        return race(memorized, epoch, rise_epoch=rise, direction_kept=around(kept, seed))

    return table(calls, row)


def test_each_slope_is_of_its_own_rows_and_the_rest_of_the_largest_scale_that_memorizes():
    found = scales()
    assert_planted(
        "S1",
        s1(found),
        slope_off=0.3,  # at weight decay 0.003, the worse of two
        slope_off_small_steps=0.1,
        direction_kept=0.6,
        rise_over_wait=0.25,
    )
    some = found["initial_scale"] == 4
    unknown = found.assign(rise_epoch=found["rise_epoch"].where(~some | (found["seed"] != 1000)))
    # Of a run that never rises nothing is read: of 19, the tenth is the middle.
    assert s1(unknown)["rise_over_wait"] == pytest.approx(0.275)
    assert np.isnan(s1(found.assign(rise_epoch=np.nan))["rise_over_wait"])


def test_a_line_that_has_no_slope_leaves_its_claim_unknown():
    found = scales()
    late = (found["weight_decay"] == 0.003) & (found["initial_scale"] > 1)
    found.loc[late, "generalization_epoch"] = np.nan
    assert np.isnan(s1(found)["slope_off"])
