"""The trials of the surveys: one run each, measured and described as a flat row of a table."""

from dataclasses import replace

import numpy as np

from grokutils.constructions import firing, is_dnf, mechanism
from grokutils.dissection import dissect_seed
from grokutils.dynamics import events
from grokutils.engine import weights_at
from grokutils.model import output
from grokutils.races import configure, epochs, network, race
from grokutils.subnetworks import active_subnetwork, effective_sparsity, prune
from grokutils.task import sign_patterns
from grokutils.training import TrainConfig, train_seed

STOPS = (150, 200, 300, 450)  # epochs at which the sizes are taken; the paper stops at 300


def sizes(seed):
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


def delays(seed, steps, **fields):
    """Race one seed of the paper's configuration with some fields changed; see `races`."""
    config = configure(TrainConfig(), steps=steps, **fields)
    net = network(config, seed)
    return race(net, epochs(net, config))


def switches(first_decay, then_decay, switch_epoch, horizon, seed):
    """Race the paper's network with a weight decay that changes after `switch_epoch`."""
    before = TrainConfig(epochs=horizon, weight_decay=first_decay)
    net = network(before, seed)

    def passes():
        yield from epochs(net, before, last=switch_epoch)
        yield from epochs(net, replace(before, weight_decay=then_decay), first=switch_epoch)

    return race(net, passes())


def pictures(weight_decay, k_relevant, last_epoch, seed):
    """Dissect one run of another setting (paper, appendix C) every ten epochs."""
    changes = {"weight_decay": weight_decay, "k_relevant": k_relevant, "epochs": last_epoch}
    config = configure(TrainConfig(), **changes)
    run = dissect_seed(config, seed, every=10, sparsity_every=10)
    happened, last = events(run), run.isel(epoch=-1)
    memorized = happened["memorization_epoch"].item()
    found = {
        "memorization_epoch": memorized,
        "generalization_epoch": happened["generalization_epoch"].item(),
        "test_accuracy": last["accuracy"].sel(split="test").item(),
        "effective_sparsity_at_memorization": int(run["memorizing"].sum()),
        "effective_sparsity": run["effective_sparsity"].isel(sparsity_epoch=-1).item(),
    }
    for name in run["subnetwork"].values:
        part = last.sel(subnetwork=name)
        found[f"faithfulness_{name}"] = part["faithfulness"].sel(split="test").item()
        found[f"mean_norm_{name}"] = part["mean_norm"].item()
    return found
