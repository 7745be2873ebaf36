"""Inputs of other kinds are what they are called."""

import numpy as np

from experiments.methods.shifts import MOST_FLIPS, chosen_against, shifted
from grokutils.parity.subnetworks import outputs
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import initial_weights

TASK = ParityTask(n_bits=12, k_relevant=2, n_train=90)


def test_every_kind_of_inputs_is_what_it_is_called():
    inputs, labels = shifted(TASK, 5), TASK.train_set(5).labels
    assert all(set(np.unique(x)) <= {-1, 1} for x in inputs.values())
    changed = {kind: (inputs[kind] != inputs["train"]).sum(axis=1) for kind in ("near", "turned")}
    assert all((count == 1).all() for count in changed.values())
    assert (TASK.label(inputs["near"]) == labels).all()
    assert (TASK.label(inputs["turned"]) == -labels).all()
    for kind, share in (("biased 0.7", 0.7), ("biased 0.9", 0.9), ("fresh", 0.5)):
        assert abs((inputs[kind] == 1).mean() - share) < 0.02
    assert (inputs["all +1"][:, 2:] == 1).all()
    assert len(np.unique(inputs["all +1"], axis=0)) == 4


def test_inputs_chosen_against_a_set_part_it_from_its_network():
    weights = initial_weights(12, 60, 1)
    kept = np.arange(60) < 20
    start = TASK.fresh_set(50).inputs
    both = np.array([np.ones(60, bool), kept])
    found = chosen_against(weights, kept, start, 2)

    def differs(inputs):
        full, part = np.sign(outputs(weights, inputs, both)).T
        return (full != part).mean()

    assert (found[:, :2] == start[:, :2]).all()
    assert (found != start).sum(axis=1).max() <= MOST_FLIPS
    assert differs(found) > max(0.8, differs(start))
