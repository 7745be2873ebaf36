"""C7: how the neuron that leads at memorization goes on."""

import xarray as xr

from grokutils.stats import value_at


def growth_of_first(
    leader: xr.DataArray, memorized: xr.DataArray, generalized: xr.DataArray
) -> float:
    """Return the median over seeds of the first leader's peak over its norm at memorization.

    The peak is from memorization to generalization, or to the end of a run that never
    generalizes; a run that never memorizes has no leader and is left out. At least 1.

    Parameters
    ----------
    leader : xarray.DataArray (seed, epoch)
        Weight norm of the neuron with the largest at memorization.
    memorized, generalized : xarray.DataArray (seed,)
        Epochs of the events, NaN for those that do not happen.
    """
    until = generalized.fillna(leader["epoch"].max())
    between = leader.where((leader["epoch"] >= memorized) & (leader["epoch"] <= until))
    return float((between.max("epoch") / value_at(leader, memorized)).median())
