"""What three simpler models of a network do on inputs of other kinds than it was trained on."""

from collections.abc import Iterator

import numpy as np

from experiments.methods.shifts import shifted
from experiments.methods.simplify import NUMBERS, cut_to_directions, fewest_faithful, merged
from experiments.tables.followed import PAPER
from experiments.tables.grid import seed_by_seed
from experiments.tables.tickets import events_of
from grokutils.parity.subnetworks import ablate, active_subnetwork
from grokutils.parity.weights import Weights, output
from grokutils.store.cache import compute_once


def measure(at: str, seed: int) -> list[dict]:
    """Return a row for each model and kind of inputs, of the network of one seed at an event.

    A model is the fewest of its parts that predict on all training inputs what the network does:
    singular directions of W, the leading ones; clusters of neurons, of a fixed list of numbers;
    neurons, the largest. `size` is how many these are, `agrees` the share of inputs on which the
    model predicts what the network does, `accuracy` and `accuracy_full` the shares of right
    predictions of either.
    """
    task = PAPER.task
    weights = compute_once(events_of, seed=seed)[at]
    train = task.train_set(seed).inputs
    networks = dict(_simpler(weights, train))
    rows = []
    for inputs, x in shifted(task, seed).items():
        labels, full = task.label(x), output(weights, x)
        for model, (size, net) in networks.items():
            f = output(net, x)
            rows.append(
                {"model": model, "inputs": inputs, "size": size}
                | {"agrees": float((np.sign(f) == np.sign(full)).mean())}
                | {"accuracy": float((f * labels > 0).mean())}
                | {"accuracy_full": float((full * labels > 0).mean())}
            )
    return rows


def _simpler(weights: Weights, train: np.ndarray) -> Iterator[tuple[str, tuple[int, Weights]]]:
    """Yield each model's name, its size and its network."""
    width, n_bits = weights.hidden_weight.shape
    cut = cut_to_directions(weights)
    number = fewest_faithful(weights, train, cut, range(n_bits + 1))
    yield "singular vectors", (number, cut(number))
    numbers = [*(n for n in NUMBERS if n < width), width]
    number = fewest_faithful(weights, train, lambda n: merged(weights, n), numbers)
    yield "clusters", (number, merged(weights, number))
    kept = active_subnetwork(weights, train)
    yield "subnetwork", (int(kept.sum()), ablate(weights, kept))


def calls() -> list[dict]:
    """Return the runs of the table."""
    return seed_by_seed([{"at": ["memorization", "halfway", "generalization", "end"]}])
