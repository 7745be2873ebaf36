"""Sensitivity: how many flips of a bit change the prediction, counted one by one."""

import numpy as np
import pytest
from nets import INPUTS, NETS, WIDTH, random_net

from grokutils.parity.circuits import embed, four_neurons, one_neuron_per_pattern, six_neurons
from grokutils.parity.subnetworks import ablate, control_set, sensitivity
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import Weights, output


def mean_flips(weights, inputs):
    """Flip every bit of every input, one at a time; count the changed predictions."""
    changed = 0
    for x in inputs:
        for bit in range(len(x)):
            flipped = [-value if i == bit else value for i, value in enumerate(x)]
            before, after = output(weights, np.array([x, flipped]))
            changed += np.sign(before) != np.sign(after)
    return changed / len(inputs)


def test_sensitivity_counts_the_flips_that_change_the_prediction():
    kept = np.array([control_set(WIDTH, size, size) for size in (0, 1, 5, WIDTH)])
    for net in NETS[:10]:
        expected = [mean_flips(ablate(net, neurons), INPUTS) for neurons in kept]
        assert expected[0] == 0 < expected[-1]
        np.testing.assert_allclose(sensitivity(net, INPUTS, kept), expected, rtol=1e-12)


def test_sensitivity_of_more_inputs_than_a_block_is_their_mean():
    net, everything = random_net(2), np.ones((1, WIDTH), dtype=bool)
    inputs = np.random.default_rng(1).choice([-1, 1], size=(250, 5))
    expected = np.mean([sensitivity(net, row[None], everything) for row in inputs])
    assert sensitivity(net, inputs, everything)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("circuit", "k_relevant"),
    [(one_neuron_per_pattern(k), k) for k in (1, 2, 4)] + [(six_neurons(), 3), (four_neurons(), 3)],
)
def test_sensitivity_of_a_parity_is_its_number_of_bits(circuit, k_relevant):
    inputs = ParityTask(n_bits=12).fresh_set(130).inputs
    everything = np.ones((1, len(circuit.readout)), dtype=bool)
    assert sensitivity(embed(circuit, 12), inputs, everything) == k_relevant


def test_sensitivity_of_a_constant_is_0():
    constant = Weights(np.zeros((2, 5)), np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    assert (sensitivity(constant, INPUTS, np.eye(2, dtype=bool)) == 0).all()
