r"""The max-margin machine through the origin, of features or of their kernel.

.. math:: \min \|w\|^2 \text{ such that } y_i\, w \cdot a_i \ge 1 \text{ for all } i.

As a least-distance problem it is one of nonnegative least squares (Lawson and Hanson 1974, chapter
23): of all nonnegative u, take the one for which E u is nearest to e, the last unit vector, where
E has the columns (y_i a_i, 1). The residual r is zero if no w separates the labels; else
w = -r' / r_last, with r' its first entries. Its last digits are the machine's.
"""

import numpy as np
from scipy.optimize import nnls

TOLERANCE = 1e-6


def max_margin(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the w of the max-margin machine, (feature,).

    NaN in all entries where the labels are not separable: where the least y w·a is not 1 to a
    millionth.

    Parameters
    ----------
    features : array (sample, feature)
    labels : array (sample,)
        -1 and +1.
    """
    signed = features * np.asarray(labels, float)[:, None]
    scale = np.sqrt((signed**2).sum(axis=1).mean())
    columns = np.vstack([signed.T / scale, np.ones(len(signed))])
    nearest = np.eye(len(columns))[-1]
    shares, _ = nnls(columns, nearest, maxiter=30 * len(signed))
    rest = columns @ shares - nearest
    with np.errstate(divide="ignore", invalid="ignore"):
        found = -rest[:-1] / rest[-1] / scale
    separates = abs((signed @ found).min() - 1) < TOLERANCE
    return found if separates else np.full(features.shape[1], np.nan)
