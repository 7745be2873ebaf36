"""C7 on made norms: the first leader's peak between the two events."""

import numpy as np
import pytest
import xarray as xr

from experiments.decides.c07_leaders import growth_of_first

EPOCHS = np.arange(11)
# Of five seeds: memorization, generalization, and by which factor the leader is larger when.
RUNS = [
    (2, 6.0, {4: 1.1}),
    (2, 6.0, {1: 9.0, 6: 1.3, 7: 9.0}),  # what is outside does not count
    (3, np.nan, {9: 1.2}),  # until the end
    (2, 6.0, {}),  # which never grows
    (np.nan, np.nan, {5: 50.0}),  # no leader
]


def test_the_growth_is_the_median_peak_between_the_events():
    norms = np.array(
        [[2.0 * when.get(e, 0.5 if e > 6 else 1.0) for e in EPOCHS] for *_, when in RUNS]
    )
    leader = xr.DataArray(norms, dims=("seed", "epoch"), coords={"epoch": EPOCHS})
    memorized, generalized = (xr.DataArray([run[i] for run in RUNS], dims="seed") for i in (0, 1))
    growths = [growth_of_first(leader[[i]], memorized[[i]], generalized[[i]]) for i in range(5)]
    assert growths[:4] == pytest.approx([1.1, 1.3, 1.2, 1.0])
    assert np.isnan(growths[4])
    assert growth_of_first(leader, memorized, generalized) == pytest.approx(1.15)
