"""Subnetworks: every quantity equals its definition, written as the plainest loop."""

import numpy as np
import pytest
from nets import INPUTS, NETS, WIDTH, random_net

from grokutils.parity import subnetworks
from grokutils.parity.circuits import one_neuron_per_pattern
from grokutils.parity.subnetworks import (
    ablate,
    active_subnetwork,
    agreement,
    control_set,
    effective_sparsity,
    outputs,
    predictions_by_size,
    prune,
    ranking,
)
from grokutils.parity.task import sign_patterns
from grokutils.parity.weights import Weights, output


def sizes_that_agree(weights, inputs):
    """For every k, whether the network of the k largest neurons predicts as the whole one."""
    norms = [sum(w**2 for w in row) ** 0.5 for row in weights.hidden_weight]
    largest_first = sorted(range(len(norms)), key=lambda i: (-norms[i], i))
    agree = []
    for k in range(len(norms) + 1):
        kept = [i in largest_first[:k] for i in range(len(norms))]
        smaller = weights._replace(readout=weights.readout * kept)
        agree.append(all(np.sign(output(smaller, inputs)) == np.sign(output(weights, inputs))))
    return agree


@pytest.fixture(scope="module")
def brute_force():
    return [sizes_that_agree(net, INPUTS) for net in NETS]


def test_effective_sparsity_is_the_smallest_size_that_agrees(brute_force):
    assert len({agree.index(True) for agree in brute_force}) >= 4  # the sizes do differ
    # In some nets a size agrees and a larger one does not: no bisection would find those.
    assert any(not all(agree[agree.index(True) :]) for agree in brute_force)
    for net, agree in zip(NETS, brute_force, strict=True):
        assert effective_sparsity(net, INPUTS) == agree.index(True)
        assert ((agreement(net, INPUTS) == 1) == agree).all()
        assert (predictions_by_size(net, INPUTS)[:, -1] == np.sign(output(net, INPUTS))).all()


def test_in_another_order_the_first_neurons_of_it_are_kept():
    order = np.random.default_rng(0).permutation(WIDTH)
    found = predictions_by_size(NETS[0], INPUTS, order)
    for k in range(WIDTH + 1):
        kept = np.isin(np.arange(WIDTH), order[:k])
        assert (found[:, k] == np.sign(output(ablate(NETS[0], kept), INPUTS))).all()


def test_the_active_subnetwork_agrees_on_every_input_and_none_smaller_does():
    for net in NETS:
        kept = active_subnetwork(net, INPUTS)
        assert kept.sum() == effective_sparsity(net, INPUTS)
        predicted = np.sign(output(net, INPUTS))
        assert (np.sign(output(ablate(net, kept), INPUTS)) == predicted).all()
        smaller = kept & (np.arange(WIDTH) != ranking(net)[kept.sum() - 1])
        assert (np.sign(output(ablate(net, smaller), INPUTS)) != predicted).any()


def test_blocks_of_inputs_add_up():
    net, inputs = random_net(0), np.random.default_rng(0).choice([-1, 1], size=(2345, 5))
    one_by_one = np.mean([agreement(net, row[None]) for row in inputs], axis=0)
    assert 0 < one_by_one[1] < 1
    np.testing.assert_allclose(agreement(net, inputs), one_by_one, rtol=1e-12)


def test_of_equal_norms_the_lower_index_comes_first():
    # Enough neurons that an unstable sort would mix them.
    equal = np.arange(300) % 3
    order = ranking(Weights(equal[:, None] * 1.0, np.zeros(300), np.ones(300)))
    assert order.tolist() == [i for norm in (2, 1, 0) for i in range(300) if equal[i] == norm]
    # Two equal neurons, the second of which alone decides.
    twins = Weights(np.ones((2, 1)), np.ones(2), np.array([0.0, 1.0]))
    assert effective_sparsity(twins, [[1]]) == 2
    assert effective_sparsity(twins._replace(readout=np.array([1.0, 0.0])), [[1]]) == 1


def test_the_ranking_leaves_bias_and_readout_out():
    net = random_net(1)
    other = net._replace(hidden_bias=net.hidden_bias[::-1] * 9, readout=net.readout[::-1] * 9)
    assert (ranking(net) == ranking(other)).all()
    assert ranking(Weights(np.diag([1.0, 3, 2]), np.zeros(3), np.ones(3))).tolist() == [1, 2, 0]


def test_a_network_whose_output_is_0_needs_no_neuron():
    silent = random_net(0)._replace(readout=np.zeros(WIDTH))
    assert effective_sparsity(silent, INPUTS) == 0
    assert not active_subnetwork(silent, INPUTS).any()
    # 0 is a prediction of its own: one neuron that fires is already too many.
    cancel = Weights(np.ones((2, 1)), np.zeros(2), np.array([1.0, -1.0]))
    assert agreement(cancel, [[1]]).tolist() == [1, 0, 1]


def test_a_network_may_need_all_of_its_neurons():
    circuit = one_neuron_per_pattern(3)
    assert effective_sparsity(circuit, sign_patterns(3)) == 8
    assert active_subnetwork(circuit, sign_patterns(3)).all()


def test_ablating_equals_pruning():
    for seed, net in enumerate(NETS[:10]):
        kept = control_set(WIDTH, 4, seed)
        ablated, pruned = ablate(net, kept), prune(net, kept)
        assert pruned.hidden_weight.shape == (4, 5)
        assert np.abs(output(ablated, INPUTS) - output(net, INPUTS)).max() > 0.01
        np.testing.assert_allclose(output(ablated, INPUTS), output(pruned, INPUTS), atol=1e-12)
        np.testing.assert_allclose(
            outputs(net, INPUTS, kept[None])[:, 0], output(pruned, INPUTS), atol=1e-12
        )


def test_a_set_and_its_complement_add_up_to_the_network():
    for net in NETS[:10]:
        sparse = active_subnetwork(net, INPUTS)
        two = outputs(net, INPUTS, np.array([sparse, ~sparse]))
        np.testing.assert_allclose(two.sum(1), output(net, INPUTS), atol=1e-12)


@pytest.mark.parametrize("size", [0, 1, 7, WIDTH])
def test_a_control_set_has_the_size_asked_for_and_follows_its_seed(size):
    sets = [control_set(WIDTH, size, seed) for seed in range(20)]
    assert {int(kept.sum()) for kept in sets} == {size}
    assert (control_set(WIDTH, size, 5) == sets[5]).all()
    assert (len({tuple(kept) for kept in sets}) > 1) == (0 < size < WIDTH)


EVERYTHING = np.ones((1, WIDTH), dtype=bool)

NOT_FINITE = random_net(0)._replace(hidden_bias=np.full(WIDTH, np.nan))

NONE = np.empty((0, 5))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("ablate", (NETS[0], EVERYTHING[0, 1:]), r"kept has shape \(8,\)"),
        ("prune", (NETS[0], EVERYTHING), r"kept has shape \(1, 9\)"),
        ("outputs", (NETS[0], INPUTS, EVERYTHING[:, 1:]), r"kept has shape \(1, 8\)"),
        ("sensitivity", (NETS[0], INPUTS, EVERYTHING[0]), r"kept has shape \(9,\)"),
        ("ablate", (NETS[0], EVERYTHING[0].astype(int)), "kept has dtype int64"),
        ("prune", (NETS[0], EVERYTHING[0].astype(int)), "kept has dtype int64"),
        ("outputs", (NETS[0], INPUTS, EVERYTHING * 1.0), "kept has dtype float64"),
        ("ranking", (NOT_FINITE,), "hidden_bias holds values that are not finite"),
        ("ablate", (NOT_FINITE, EVERYTHING[0]), "hidden_bias holds values that are not finite"),
        ("effective_sparsity", (NOT_FINITE, INPUTS), "hidden_bias holds values that are not"),
        ("outputs", (NOT_FINITE, INPUTS, EVERYTHING), "hidden_bias holds values that are not"),
        ("sensitivity", (NOT_FINITE, INPUTS, EVERYTHING), "hidden_bias holds values that are"),
        ("effective_sparsity", (NETS[0], NONE), r"inputs has shape \(0, 5\)"),
        ("active_subnetwork", (NETS[0], NONE), r"inputs has shape \(0, 5\)"),
        ("outputs", (NETS[0], NONE, EVERYTHING), r"inputs has shape \(0, 5\)"),
        ("sensitivity", (NETS[0], NONE, EVERYTHING), r"inputs has shape \(0, 5\)"),
        ("agreement", (NETS[0], INPUTS * 0), "inputs holds the value 0"),
        ("control_set", (4, 5, 0), "size = 5"),
    ],
)
def test_what_does_not_fit_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(subnetworks, function)(*arguments)
