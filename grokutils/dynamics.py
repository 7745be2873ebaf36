"""Events in a history: when a network memorizes, and when it generalizes."""

import numpy as np
import xarray as xr

THRESHOLD = 0.98  # the paper's for memorization (section 3.2)


def first_epoch(condition):
    """Return the first epoch at which a boolean array with the dimension `epoch` holds.

    NaN where it never does: such a run is censored, not missing.
    """
    first = condition["epoch"].isel(epoch=condition.argmax("epoch")).drop_vars("epoch")
    return first.where(condition.any("epoch"))


def events(history, threshold=THRESHOLD):
    """Return the epochs of memorization and of generalization, and the delay between them.

    Parameters
    ----------
    history : xarray.Dataset
        From `grokutils.training.train`, measured at every epoch.
    threshold : float
        Accuracy to exceed. The paper sets it for memorization only; we take the same for
        generalization.

    Returns
    -------
    xarray.Dataset
        `memorization_epoch`, `generalization_epoch`, `grokking_delay`, in epochs; NaN for an
        event that does not happen.
    """
    above = first_epoch(history["accuracy"] > threshold)
    memorization = above.sel(split="train", drop=True)
    generalization = above.sel(split="test", drop=True)
    return xr.Dataset(
        {
            "memorization_epoch": memorization,
            "generalization_epoch": generalization,
            "grokking_delay": generalization - memorization,
        }
    )


def median_epoch(epochs):
    """Return the median of event epochs in which NaN means "not within the run".

    Such runs count as later than all others; if half of them or more are, so is the median,
    and it is infinity.
    """
    return float(np.median(np.where(np.isnan(epochs), np.inf, epochs)))
