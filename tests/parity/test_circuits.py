"""The paper's circuits: right on every pattern, and recognised however they are disguised."""

from itertools import permutations

import numpy as np
import pytest

from grokutils.parity.circuits import (
    CONSTRUCTIONS,
    canonical,
    embed,
    firing,
    four_neurons,
    is_dnf,
    mechanism,
    one_neuron_per_pattern,
    six_neurons,
)
from grokutils.parity.task import ParityTask, sign_patterns
from grokutils.parity.weights import Weights, activations, initial_weights, output

CIRCUITS = [(name, build()) for name, build in CONSTRUCTIONS.items()]
EACH = pytest.mark.parametrize(("name", "circuit"), CIRCUITS, ids=[n for n, _ in CIRCUITS])


def neurons(circuit, order):
    return Weights(*(part[order] for part in circuit))


def right_everywhere(circuit):
    patterns = sign_patterns(circuit.hidden_weight.shape[1])
    return (np.sign(output(circuit, patterns)) == patterns.prod(axis=1)).all()


@pytest.mark.parametrize("k_relevant", range(1, 7))
def test_one_neuron_per_pattern_computes_the_parity_of_k_bits(k_relevant):
    circuit = one_neuron_per_pattern(k_relevant)
    assert circuit.hidden_weight.shape == (2**k_relevant, k_relevant)
    assert right_everywhere(circuit)


@pytest.mark.parametrize(("circuit", "width"), [(six_neurons(), 6), (four_neurons(), 4)])
def test_six_and_four_neurons_compute_the_parity_of_three_bits(circuit, width):
    assert circuit.hidden_weight.shape == (width, 3)
    assert right_everywhere(circuit)


@EACH
def test_a_circuit_needs_each_of_its_neurons_and_the_sign_of_each_readout(name, circuit):
    for neuron in range(len(circuit.readout)):
        others = np.arange(len(circuit.readout)) != neuron
        flipped = circuit._replace(readout=np.where(others, 1, -1) * circuit.readout)
        for changed in (neurons(circuit, others), flipped):
            assert not right_everywhere(changed)
            assert mechanism(changed) == "none"


@EACH
def test_an_embedded_circuit_sees_its_own_bits_alone(name, circuit):
    inputs, labels = ParityTask(n_bits=9).fresh_set(200)
    wide = embed(circuit, 9)
    outputs = output(wide, inputs)
    assert (np.sign(outputs) == labels).all()
    assert (output(circuit, inputs[:, :3]) == outputs).all()
    for bit in range(9):
        flipped = inputs.copy()
        flipped[:, bit] *= -1
        assert (output(wide, flipped) == outputs).all() == (bit >= 3)
    assert mechanism(wide) == name


def test_a_circuit_is_not_embedded_in_fewer_bits_than_it_has():
    assert embed(four_neurons(), 3).hidden_weight.shape == (4, 3)
    with pytest.raises(ValueError, match="n_bits = 2"):
        embed(four_neurons(), 2)


def test_firing_lists_the_patterns_on_which_a_neuron_is_active():
    assert (firing(one_neuron_per_pattern(3)) == np.eye(8, dtype=bool)).all()
    sums = sign_patterns(3).sum(axis=1)
    expected = [np.full(8, True), sums > 1, sums > -1, sums < -1]
    assert (firing(four_neurons()) == expected).all()


@EACH
def test_firing_is_a_positive_activation(name, circuit):
    active = activations(circuit, sign_patterns(3)) > 0
    assert (firing(circuit) == active.T).all()
    assert 0 < active.mean() < 1


def test_firing_averages_over_the_other_bits():
    circuit = embed(six_neurons(), 7)
    noisy = circuit.hidden_weight.copy()
    noisy[:, 3:] = np.random.default_rng(0).normal(size=(6, 4)) * 9
    assert (firing(circuit._replace(hidden_weight=noisy)) == firing(six_neurons())).all()


def disguise(circuit, rng):
    """Shuffle and rescale neurons, shuffle bits, and flip the signs of bits."""
    width, k_relevant = circuit.hidden_weight.shape
    bits, flips = rng.permutation(k_relevant), rng.choice([-1, 1], k_relevant)
    scale = rng.uniform(0.1, 10, width)
    hidden = circuit.hidden_weight[:, bits] * flips * scale[:, None]
    readout = circuit.readout * flips.prod() / scale
    return neurons(Weights(hidden, circuit.hidden_bias * scale, readout), rng.permutation(width))


@EACH
def test_a_disguised_circuit_is_recognised(name, circuit):
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(100):
        disguised = disguise(circuit, rng)
        seen.add(firing(disguised).tobytes())
        assert right_everywhere(disguised)
        assert mechanism(disguised) == name
    assert len(seen) > 20  # the disguises do differ


@EACH
def test_each_permutation_and_flip_of_the_bits_is_recognised(name, circuit):
    for bits in permutations(range(3)):
        for flips in sign_patterns(3):
            moved = circuit._replace(
                hidden_weight=circuit.hidden_weight[:, bits] * flips,
                readout=circuit.readout * flips.prod(),
            )
            assert mechanism(moved) == name


def test_two_circuits_have_the_same_canonical_form_only_if_one_is_the_other_in_disguise():
    rng = np.random.default_rng(3)
    forms = []
    for seed in range(30):
        net = initial_weights(3, 5, seed)
        forms.append(canonical(firing(net), net.readout))
        for _ in range(5):
            other = disguise(net, rng)
            assert canonical(firing(other), other.readout) == forms[-1]
        assert canonical(firing(net), net.readout * [1, 1, -1, 1, 1]) != forms[-1]
    assert len(set(forms)) == len(forms)


@EACH
def test_the_negated_parity_is_not_taken_for_the_parity(name, circuit):
    assert mechanism(circuit._replace(readout=-circuit.readout)) == "none"


@EACH
def test_a_neuron_too_many_is_no_match(name, circuit):
    twice = neurons(circuit, [*range(len(circuit.readout)), 0])
    assert right_everywhere(twice) == (name != "Prop. 3 (4 neurons)")
    assert mechanism(twice) == "none"


@pytest.mark.parametrize("width", [4, 6, 8])
def test_random_networks_match_no_construction(width):
    for seed in range(100):
        assert mechanism(initial_weights(3, width, seed)) == "none"


@pytest.mark.parametrize("k_relevant", [1, 2, 4])
def test_only_the_first_construction_is_for_another_number_of_bits(k_relevant):
    rng = np.random.default_rng(1)
    name = "Prop. 1 (DNF)"
    assert mechanism(disguise(one_neuron_per_pattern(k_relevant), rng), k_relevant) == name
    assert mechanism(embed(six_neurons(), 4), k_relevant) == "none"
    assert mechanism(embed(four_neurons(), 4), k_relevant) == "none"


def test_a_disjunctive_normal_form_has_neurons_of_one_pattern_each_that_cover_all():
    circuit = one_neuron_per_pattern(3)
    assert is_dnf(disguise(circuit, np.random.default_rng(2)))
    assert is_dnf(neurons(circuit, [*range(8), 5]))  # two neurons may share a pattern
    assert not is_dnf(neurons(circuit, range(7)))
    first = np.eye(8)[0]
    both = circuit.hidden_weight * (1 - np.outer(first, [0, 0, 1]))  # it ignores the third bit
    wider = circuit._replace(hidden_weight=both, hidden_bias=circuit.hidden_bias + first)
    assert firing(wider)[0].sum() == 2
    assert not is_dnf(wider)
    silent = circuit._replace(hidden_bias=circuit.hidden_bias - 1)
    one_more = Weights(*(np.concatenate([a, b[:1]]) for a, b in zip(circuit, silent, strict=True)))
    assert firing(one_more).sum(axis=1).tolist() == [1] * 8 + [0]
    assert not is_dnf(one_more)
    assert not is_dnf(six_neurons())
    assert not is_dnf(four_neurons())
    assert is_dnf(one_neuron_per_pattern(2), 2)


def test_a_number_of_bits_out_of_range_is_named():
    with pytest.raises(ValueError, match="k_relevant = 0"):
        one_neuron_per_pattern(0)
