"""Equal accuracy is another criterion than equal predictions."""

import numpy as np
import pytest
from nets import INPUTS, NETS, WIDTH, random_net

from grokutils.parity.subnetworks import (
    ablate,
    agreement,
    effective_sparsity,
    outputs,
    predictions_by_size,
    ranking,
)
from grokutils.parity.task import sign_patterns
from grokutils.parity.weights import Weights, output

# Of the parity of two bits, the two largest neurons get ++ and +- right. The third fires where
# the second bit is +: it spoils ++ and gets -+ right instead.
TRADES = Weights(
    np.array([[3.0, 3.0], [2.0, -2.0], [0.0, 1.0]]),
    np.array([-3.0, -2.0, 0.0]),
    np.array([1.0, -1.0, -9.0]),
)

PATTERNS = sign_patterns(2)


def test_equal_accuracy_is_not_equal_predictions():
    labels = PATTERNS.prod(axis=1)
    predicted = np.sign(outputs(TRADES, PATTERNS, np.array([[True, True, False], [True] * 3])))
    assert ((predicted == labels[:, None]).sum(0) == 2).all()
    assert effective_sparsity(TRADES, PATTERNS, labels, criterion="accuracy") == 2
    assert effective_sparsity(TRADES, PATTERNS) == 3
    assert (predictions_by_size(TRADES, PATTERNS) == labels[:, None]).sum(0).tolist() == [
        0,
        1,
        2,
        2,
    ]
    assert agreement(TRADES, PATTERNS).tolist() == [0.25, 0.25, 0.5, 1]


def test_the_accuracy_criterion_is_the_smallest_size_of_equal_accuracy():
    labels = INPUTS[:, :2].prod(axis=1)
    sizes, smaller = set(), 0
    for net in NETS:
        right = []
        for k in range(1, WIDTH + 1):
            kept = np.isin(np.arange(WIDTH), ranking(net)[:k])
            right.append(int((np.sign(output(ablate(net, kept), INPUTS)) == labels).sum()))
        size = effective_sparsity(net, INPUTS, labels, criterion="accuracy")
        assert size == 1 + right.index(right[-1])
        sizes.add(size)
        smaller += size < effective_sparsity(net, INPUTS)
    assert len(sizes) > 2
    assert smaller > 0


def test_the_accuracy_criterion_keeps_at_least_one_neuron():
    silent = random_net(0)._replace(readout=np.zeros(WIDTH))
    labels = INPUTS[:, 0]
    assert effective_sparsity(silent, INPUTS, labels, criterion="accuracy") == 1


@pytest.mark.parametrize(
    ("criterion", "labels", "message"),
    [
        ("norm", None, "criterion = 'norm'"),
        ("accuracy", None, "labels = None"),
        ("accuracy", INPUTS[1:, 0], r"labels has shape \(10,\)"),
        ("accuracy", INPUTS[:, 0] * 2, "labels holds the value"),
    ],
)
def test_a_criterion_without_what_it_needs_is_refused(criterion, labels, message):
    with pytest.raises(ValueError, match=message):
        effective_sparsity(NETS[0], INPUTS, labels, criterion=criterion)
