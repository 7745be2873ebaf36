"""S1 on a made table: the slope of each line, and what is read at the largest scale."""

import numpy as np
import pytest
from made import SEEDS, around, assert_planted, never, race, table

from experiments.decides.event_times import timed
from experiments.decides.s01_scales import memorizing, s1, s1_hinge, s1_kernel
from experiments.sweeps.table import grid

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
        s1(found, kernel_starts()),
        slope_off=0.3,  # at weight decay 0.003, the worse of two
        slope_off_small_steps=0.1,
        direction_kept=0.6,
        rise_over_wait=0.25,
        slope_off_logistic=0.4,
        agreement_with_first_kernel=0.7,
        rise_over_wait_logistic=0.5,
        direction_kept_logistic=0.8,
    )
    some = found["initial_scale"] == 4
    unknown = found.assign(rise_epoch=found["rise_epoch"].where(~some | (found["seed"] != 1000)))
    # Of a run that never rises nothing is read: of 19, the tenth is the middle.
    assert s1_hinge(unknown)["rise_over_wait"] == pytest.approx(0.275)
    assert np.isnan(s1_hinge(found.assign(rise_epoch=np.nan))["rise_over_wait"])


def test_a_line_that_has_no_slope_leaves_its_claim_unknown():
    found = scales()
    late = (found["weight_decay"] == 0.003) & (found["initial_scale"] > 1)
    found.loc[late, "generalization_epoch"] = np.nan
    assert np.isnan(s1_hinge(found)["slope_off"])


KERNEL_SLOPES = {0.01: 1.1, 0.003: 0.6}
AT_SCALE = {8.0: (0.1, 0.99), 16.0: (0.5, 0.7), 32.0: (0.2, 0.9), 64.0: (9.0, 0.1)}


def kernel_starts(slopes=KERNEL_SLOPES, least=9):
    """A table in which the largest scale memorizes too seldom, so 16 and 32 are the two largest."""
    calls = grid(initial_scale=list(AT_SCALE), weight_decay=list(slopes), **SEEDS)

    def row(initial_scale, weight_decay, seed):
        ticks = 2 + slopes[weight_decay] * np.log(initial_scale) + 30 * (initial_scale > 32)
        epoch = never(ticks, seed) / (32 * 0.1 * weight_decay)
        share, agreement = AT_SCALE[initial_scale] if weight_decay == 0.01 else (7.0, 0.3)
        memorizes = seed < 1015 or initial_scale < 64
        rise = (epoch if np.isfinite(epoch) else 1e3) / (1 + around(share, seed, late=2.0))
        return race(
            5.0 if memorizes else np.nan,
            epoch,
            rise_epoch=rise,
            direction_kept=0.8 if initial_scale == 32 and weight_decay == 0.01 else 0.1,
            agrees_with_first_kernel=around(agreement, seed) if memorizes else np.nan,
        )

    return table(calls, row)


def test_with_kernel_starts_the_worse_of_two_counts_and_a_scale_that_seldom_memorizes_does_not():
    found = kernel_starts()
    assert sorted(memorizing(timed(found))["initial_scale"].unique()) == [8, 16, 32]
    measured = s1_kernel(found)
    assert measured == pytest.approx(
        {
            "slope_off_logistic": 0.4,  # at weight decay 0.003, the worse of two
            "agreement_with_first_kernel": 0.7,
            "rise_over_wait_logistic": 0.5,
            "direction_kept_logistic": 0.8,
        }
    )


def test_with_fewer_scales_than_it_needs_a_part_is_unknown():
    found = kernel_starts()
    two = s1_kernel(found[found["initial_scale"] != 8])
    assert np.isnan(two["slope_off_logistic"])
    assert two["agreement_with_first_kernel"] == pytest.approx(0.7)
    one = s1_kernel(found[found["initial_scale"] == 32])
    assert np.isnan(one["agreement_with_first_kernel"])
    assert np.isnan(one["rise_over_wait_logistic"])
    assert one["direction_kept_logistic"] == 0.8
    none = s1_kernel(found[found["initial_scale"] == 64])
    assert np.isnan(list(none.values())).all()
    assert np.isnan(s1_kernel(found.assign(rise_epoch=np.nan))["rise_over_wait_logistic"])
