"""The max-margin machine: on points whose margin is known, and by the conditions of the best w."""

import numpy as np
import pytest

from experiments.methods.max_margin import max_margin


def test_of_points_beside_a_line_the_margin_is_their_distance():
    points = np.array([[3.0, 5.0], [3.0, -40.0], [-3.0, 1.0], [50.0, 2.0]])
    found = max_margin(points, [1, 1, -1, 1])
    np.testing.assert_allclose(found, [1 / 3, 0], atol=1e-9)  # the margin is 3
    one = max_margin(np.array([[3.0, 4.0]]), [-1])
    np.testing.assert_allclose(one, [-3 / 25, -4 / 25], atol=1e-12)


def test_labels_that_nothing_separates_have_no_machine():
    same = np.array([[1.0, 2.0], [1.0, 2.0]])
    assert np.isnan(max_margin(same, [1, -1])).all()
    line = np.array([[1.0], [2.0]])  # through the origin, and there is no bias
    assert np.isnan(max_margin(line, [1, -1])).all()
    xor = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], float)
    with np.errstate(invalid="ignore"):  # some processors flag a product with NaN
        assert np.isnan(max_margin(xor, [1, -1, -1, 1])).all()


@pytest.mark.parametrize("n_features", [30, 200])  # fewer than samples, and more
def test_the_machine_is_a_sum_of_its_support_with_positive_weights(n_features):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(100, n_features))
    labels = np.sign(features @ rng.normal(size=n_features)).astype(int)
    found = max_margin(features, labels)
    margins = labels * (features @ found)
    assert margins.min() == pytest.approx(1, abs=1e-6)
    support = np.isclose(margins, 1, atol=1e-6)
    signed = (features * labels[:, None])[support]
    shares, *_ = np.linalg.lstsq(signed.T, found, rcond=None)
    np.testing.assert_allclose(signed.T @ shares, found, atol=1e-8)
    assert (shares > 0).all()
    np.testing.assert_allclose(max_margin(64 * features, labels), found / 64, rtol=1e-6)
