"""The tangent kernel: what autograd's gradients give, and what its summaries say of known ones."""

import numpy as np
import pytest
import torch

from experiments.methods.tangent import alignment, distance, regression, tangent_kernel
from grokutils.parity.config import TrainConfig
from grokutils.parity.plain import net_of
from grokutils.parity.task import Examples, ParityTask
from grokutils.parity.weights import activations, output

CONFIG = TrainConfig(task=ParityTask(n_bits=9, k_relevant=2, n_train=40), width=30)


def test_the_kernel_is_the_product_of_autograds_gradients():
    net, inputs, _, _ = net_of(CONFIG, 0)
    gradients = []
    for x in inputs[:12]:
        net.zero_grad()
        net(x[None]).backward()
        gradients.append(torch.cat([p.grad.flatten() for p in net.parameters()]))
    gradients = torch.stack(gradients)
    expected = (gradients @ gradients.T).numpy()
    signs = inputs[:12].numpy().astype(np.int8)
    found = tangent_kernel(net.weights(), signs, signs)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(tangent_kernel(net.weights(), signs[:3], signs), expected[:3])


def test_with_a_ridge_of_nothing_regression_fits_its_own_examples():
    net, inputs, labels, _ = net_of(CONFIG, 1)
    train = Examples(inputs.numpy().astype(np.int8), labels.numpy().astype(np.int8))
    fitted = regression(net.weights(), train, train.inputs, ridge=1e-9)
    np.testing.assert_allclose(fitted, train.labels, atol=1e-5)
    doubled = type(net.weights())(*(2 * part for part in net.weights()))
    again = regression(doubled, train, train.inputs[:5])
    np.testing.assert_allclose(again, fitted[:5], atol=1e-3)  # the scale of a kernel is no matter


def test_the_kernel_of_a_two_layer_network_is_twice_homogeneous():
    net, inputs, _, _ = net_of(CONFIG, 2)
    weights, signs = net.weights(), inputs.numpy().astype(np.int8)
    doubled = type(weights)(*(2 * part for part in weights))
    kernel = tangent_kernel(weights, signs, signs)
    np.testing.assert_allclose(tangent_kernel(doubled, signs, signs), 4 * kernel)
    np.testing.assert_allclose(output(doubled, signs), 4 * output(weights, signs))
    assert (activations(weights, signs) > 0).any()


def test_distance_and_alignment_of_known_kernels():
    y = np.array([1, -1, 1, 1])
    assert alignment(np.outer(y, y), y) == pytest.approx(1)
    assert alignment(np.eye(4), y) == pytest.approx(0.5)
    assert distance(np.eye(4), 3 * np.eye(4)) == pytest.approx(0)
    assert distance(np.diag([1, 0]), np.diag([0, 1])) == pytest.approx(1)
