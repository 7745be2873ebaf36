"""The sparse subnetwork of many seeds: its size, what its neurons fire on, what it computes."""

import numpy as np

from experiments.sweeps.table import grid
from grokutils.parity.circuits import firing, is_dnf, mechanism
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import weights_at
from grokutils.parity.subnetworks import active_subnetwork, effective_sparsity, prune
from grokutils.parity.task import sign_patterns
from grokutils.parity.train import train_seed
from grokutils.parity.weights import output

STOPS = (150, 200, 300, 450)  # epochs at which the sizes are taken; the paper stops at 300


def measure(seed: int) -> dict:
    """Train the paper's network half as long again; describe its sparse subnetwork.

    Columns without an epoch in their name are measured at epoch 300, the paper's last.
    """
    config = TrainConfig(epochs=max(STOPS))
    run = train_seed(config, seed, weights_at=STOPS, every=config.epochs)
    train, test = config.task.train_set(seed), config.task.test_set()
    weights = {epoch: weights_at(run, epoch) for epoch in STOPS}
    paper = run["accuracy"].sel(epoch=300)
    fresh = config.task.fresh_set(10_000).inputs
    by_accuracy = effective_sparsity(weights[300], *train, criterion="accuracy")
    return (
        {
            "train_accuracy": paper.sel(split="train").item(),
            "test_accuracy": paper.sel(split="test").item(),
            "effective_sparsity": effective_sparsity(weights[300], train.inputs),
            "effective_sparsity_test": effective_sparsity(weights[300], test.inputs),
            "effective_sparsity_fresh": effective_sparsity(weights[300], fresh),
            "effective_sparsity_by_accuracy": by_accuracy,
        }
        | {f"effective_sparsity_{e}": effective_sparsity(weights[e], train.inputs) for e in STOPS}
        | _circuit(weights[300], train.inputs, "")
        | _circuit(weights[450], train.inputs, "_450")
    )


def _circuit(weights, inputs, suffix):
    """Describe what the active subnetwork computes on the sign patterns of the relevant bits.

    `firing` lists its neurons, largest norm first: the patterns on which each fires, as a
    hexadecimal mask whose highest bit is the pattern of all -1, and the sign of its readout.
    """
    circuit = prune(weights, active_subnetwork(weights, inputs))
    order = np.argsort(-np.linalg.norm(circuit.hidden_weight, axis=1), kind="stable")
    circuit = type(circuit)(*(part[order] for part in circuit))
    rows = zip(firing(circuit), circuit.readout, strict=True)
    masks = ["".join("01"[int(f)] for f in fires) + "-+"[int(u > 0)] for fires, u in rows]
    patterns = sign_patterns(3)
    relevant = circuit._replace(hidden_weight=circuit.hidden_weight[:, :3])
    return {
        f"mechanism{suffix}": mechanism(circuit),
        f"dnf{suffix}": int(is_dnf(circuit)),
        f"patterns_right{suffix}": int(
            (np.sign(output(relevant, patterns)) == patterns.prod(axis=1)).sum()
        ),
        f"firing{suffix}": " ".join(f"{int(m[:-1], 2):02x}{m[-1]}" for m in masks),
    }


def calls() -> list[dict]:
    """Return the runs of the table, of both draws."""
    return grid(seed=[*range(600), *range(3000, 3600)])
