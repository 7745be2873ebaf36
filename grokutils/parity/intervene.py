"""Change a set of neurons on the way and race: whether their growth is a cause."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from grokutils.check import check_choice
from grokutils.parity.config import TrainConfig
from grokutils.parity.kernels import BLOCK
from grokutils.parity.network import Network, start_of
from grokutils.parity.race import network, race, train_epochs
from grokutils.parity.subnetworks import active_subnetwork, norms, prune
from grokutils.parity.weights import Weights
from grokutils.stats import THRESHOLD
from grokutils.streams import generator

PAPER = TrainConfig()


def clamp(net: Network, kept: np.ndarray) -> Callable:
    """Return an `after_step` that keeps the weight norms of a set of neurons from growing."""
    block, lane = np.divmod(np.flatnonzero(kept), BLOCK)
    limit = net.norms()[kept]

    def after_step():
        factor = np.minimum(limit / np.maximum(net.norms()[kept], 1e-300), 1)
        net.hidden[block, : net.n_bits, lane] *= factor[:, None]

    return after_step


def freeze(net: Network, kept: np.ndarray) -> Callable:
    """Return an `after_step` that leaves a set of neurons as they are."""
    block, lane = np.divmod(np.flatnonzero(kept), BLOCK)
    hidden, readout = net.hidden[block, :, lane], net.readout[block, lane]

    def after_step():
        net.hidden[block, :, lane], net.readout[block, lane] = hidden, readout

    return after_step


def baseline(config: TrainConfig, seed: int) -> tuple:
    """Return what an undisturbed run of one seed leaves for interventions to use.

    Its memorization epoch, the weights then, and the sparse set (neuron,): the active
    subnetwork of the last epoch.
    """
    net = network(config, seed)
    memorized, weights = np.nan, None
    for epoch in train_epochs(net, config):
        if weights is None and net.accuracy("train") > THRESHOLD:
            memorized, weights = epoch, net.weights()
    return memorized, weights, active_subnetwork(net.weights(), config.task.train_set(seed).inputs)


def chosen(which: str, sparse: np.ndarray, weights: Weights, seed: int) -> np.ndarray:
    """Return a set of neurons as a mask: the sparse one, or a control as large.

    "random" draws from the other neurons; "matched" takes, for each sparse neuron in turn, the
    other neuron whose weight norm is nearest.
    """
    check_choice("which", which, ("sparse", "random", "matched"))
    if which == "sparse":
        return sparse
    kept, others = np.zeros_like(sparse), np.flatnonzero(~sparse)
    if which == "random":
        kept[generator("random set", seed).choice(others, sparse.sum(), replace=False)] = True
        return kept
    size = norms(weights)
    for neuron in np.flatnonzero(sparse):
        free = others[~kept[others]]
        kept[free[np.argmin(np.abs(size[free] - size[neuron]))]] = True
    return kept


INTERVENTIONS = ("none", "clamp", "freeze", "remove", "enlarge", "alone")


def intervene(
    intervention: str,
    when: str,
    which: str,
    seed: int,
    horizon: int = 600,
    config: TrainConfig = PAPER,
    undisturbed: tuple | None = None,
) -> dict:
    """Change one set of neurons at one time and race; controls get the same change.

    Parameters
    ----------
    intervention : {"none", "clamp", "freeze", "remove", "enlarge", "alone"}
        Keep the weight norms from growing; keep the weights as they are; set them to zero for
        good; double the weights into the neurons; remove all other neurons.
    when : {"start", "memorization"}
        Before the first epoch, or after the epoch of memorization of the undisturbed run.
    which : {"sparse", "random", "matched"}
        The active subnetwork of the undisturbed run's last epoch, or controls; see `chosen`.
    horizon : int
        The last epoch of the race.
    config : TrainConfig
    undisturbed : tuple, optional
        What `baseline` returned for this configuration and seed, if it is at hand.

    Returns
    -------
    dict
        As from `race`, with the `size` of the set and `share_in_set`, the share of the final
        active subnetwork that lies in it.
    """
    check_choice("intervention", intervention, INTERVENTIONS)
    check_choice("when", when, ("start", "memorization"))
    memorized, at_memorization, sparse = undisturbed or baseline(config, seed)
    late = when == "memorization"
    first = int(memorized) if late else 0
    start = at_memorization if late else start_of(config, seed)
    kept = chosen(which, sparse, start, seed)

    longer, after_step = replace(config, epochs=horizon), None
    if intervention == "alone":
        longer, start = replace(longer, width=int(kept.sum())), prune(start, kept)
    elif intervention == "remove":
        start = Weights(*((part.T * ~kept).T for part in start))
    elif intervention == "enlarge":
        larger = start.hidden_weight * np.where(kept, 2, 1)[:, None]
        start = start._replace(hidden_weight=larger)
    net = network(longer, seed, start)
    if intervention in ("clamp", "freeze"):
        after_step = {"clamp": clamp, "freeze": freeze}[intervention](net, kept)
    found = race(
        net, train_epochs(net, longer, first, after_step=after_step), memorized if late else np.nan
    )
    final = active_subnetwork(net.weights(), config.task.train_set(seed).inputs)
    members = kept if intervention != "alone" else np.ones_like(final)
    share = (final & members).sum() / max(final.sum(), 1)
    return {"size": int(kept.sum())} | found | {"share_in_set": float(share)}
