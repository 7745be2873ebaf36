r"""The tangent kernel of a network: how alike two inputs are to gradient descent.

.. math:: K(x, x') = \nabla_\theta f(x) \cdot \nabla_\theta f(x')
          = \sum_i a_i(x) a_i(x') + (x \cdot x' + 1) \sum_i u_i^2 1_i(x) 1_i(x'),

where a_i is the activation of neuron i and 1_i whether it fires. Products of matrices are the
machine's library's, so the last digits are, too.
"""

import numpy as np

from grokutils.parity.task import Examples
from grokutils.parity.weights import Weights, activations


def tangent_kernel(weights: Weights, inputs: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return K between inputs (sample, bit) and others, (sample, other sample)."""
    a, b = (activations(weights, x) for x in (inputs, others))
    x, z = (np.asarray(v, dtype=float) for v in (inputs, others))
    fires = (a > 0) * weights.readout**2
    return a @ b.T + (x @ z.T + 1) * (fires @ (b > 0).T)


def distance(kernel: np.ndarray, other: np.ndarray) -> float:
    """Return 1 minus the cosine of two kernels on the same inputs."""
    product = (kernel * other).sum()
    return float(1 - product / np.sqrt((kernel**2).sum() * (other**2).sum()))


def alignment(kernel: np.ndarray, labels: np.ndarray) -> float:
    """Return y^T K y over the norms of K and of y y^T: 1 if the labels are its one direction."""
    y = np.asarray(labels, dtype=float)
    return float(y @ kernel @ y / (np.sqrt((kernel**2).sum()) * (y @ y)))


def regression(
    weights: Weights, train: Examples, inputs: np.ndarray, ridge: float = 1e-6
) -> np.ndarray:
    """Return the predictions on inputs of kernel regression on the training labels.

    The ridge, in units of the mean of the kernel's diagonal, only keeps the system solvable.
    """
    kernel = tangent_kernel(weights, train.inputs, train.inputs)
    kernel[np.diag_indices_from(kernel)] += ridge * kernel.diagonal().mean()
    dual = np.linalg.solve(kernel, train.labels.astype(float))
    return tangent_kernel(weights, inputs, train.inputs) @ dual
