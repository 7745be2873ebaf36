"""Simpler models of a trained network: few singular directions, or few kinds of neurons.

The two tools of Friedman et al. 2023, arXiv:2312.03656. Products and sums are in an order that is
written down here, so that what a model predicts does not depend on the machine.
"""

from collections.abc import Callable, Iterable

import numpy as np

from experiments.methods.jacobi import singular_directions
from grokutils.parity.kernels import compiled
from grokutils.parity.subnetworks import ranking
from grokutils.parity.weights import Weights, output

# 2, 3, 4, 6, 8, 12, ...: how many clusters are tried, before each neuron is one of its own.
NUMBERS = sorted(m * 2**j for m in (2, 3) for j in range(20))
ROUNDS = 100


def cut_to_directions(weights: Weights) -> Callable[[int], Weights]:
    """Return what gives the network with the leading singular directions of W alone.

    Biases and readouts stay. The decomposition is made once.
    """
    rows = weights.hidden_weight
    directions = singular_directions(rows).T  # (direction, bit)

    def with_first(number: int) -> Weights:
        cut = np.zeros_like(rows)
        for direction in directions[:number]:
            along = np.zeros(len(rows))
            for column, share in zip(rows.T, direction, strict=True):
                along += column * share
            cut += along[:, None] * direction
        return weights._replace(hidden_weight=cut)

    return with_first


def merged(weights: Weights, number: int) -> Weights:
    """Return a network of so many neurons: each the mean of a cluster, times the cluster's size.

    The clusters are of all weights of a neuron, incoming, bias and readout; see `clusters`. The
    size is in the readout. An empty cluster has a readout of 0.
    """
    points = np.column_stack(weights)
    means, sizes = _means(points, clusters(points, ranking(weights)[0], number), number)
    return Weights(means[:, :-2], means[:, -2], means[:, -1] * sizes)


def clusters(points: np.ndarray, first: int, number: int) -> np.ndarray:
    """Return the cluster (point,) of each point (point, coordinate), by k-means.

    The first centre is a point that is given, each next one the point furthest from all centres
    so far; of equal distances the lower index counts. Then centres and clusters in turn, until no
    point changes its cluster, or a hundred times.
    """
    centres = _spread(points, first, number)
    found = _nearest(points, centres)
    for _ in range(ROUNDS):
        means, sizes = _means(points, found, number)
        centres = np.where(sizes[:, None] > 0, means, centres)
        before, found = found, _nearest(points, centres)
        if (found == before).all():
            break
    return found


def fewest_faithful(
    weights: Weights, inputs: np.ndarray, model: Callable[[int], Weights], numbers: Iterable[int]
) -> int:
    """Return the first number whose model predicts on all inputs as the network does.

    As an active subnetwork does; the last number if none does.
    """
    wanted = np.sign(output(weights, inputs))
    for number in numbers:
        if (np.sign(output(model(number), inputs)) == wanted).all():
            break
    return number


def _spread(points, first, number):
    chosen = [first]
    distance = _squares(points, points[first])
    while len(chosen) < number:
        chosen.append(int(np.argmax(distance)))
        distance = np.minimum(distance, _squares(points, points[chosen[-1]]))
    return points[chosen]


@compiled
def _nearest(points, centres):
    """Return the nearest centre of each point; a sum is left once it is beyond the least."""
    nearest = np.zeros(len(points), np.int64)
    for p in range(len(points)):
        least = np.inf
        for c in range(len(centres)):
            total = 0.0
            for place in range(points.shape[1]):
                difference = points[p, place] - centres[c, place]
                total += difference * difference
                if total >= least:
                    break
            else:
                nearest[p], least = c, total
    return nearest


def _squares(points, centre):
    """Return the squared distance of each point from a centre, coordinate by coordinate."""
    total = np.zeros(len(points))
    for column, value in zip(points.T, centre, strict=True):
        difference = column - value
        total += difference * difference
    return total


def _means(points, cluster, number):
    """Return the mean (cluster, coordinate) of each cluster's points, and their number."""
    sizes, sums = np.bincount(cluster, minlength=number), np.zeros((number, points.shape[1]))
    np.add.at(sums, cluster, points)  # one after the other, in their order
    return sums / np.maximum(sizes, 1)[:, None], sizes
