"""ReLU with cross-entropy fails as the module's table says, and is right where it does not fail."""

import numpy as np
import pytest

from logitgrad import relu_ce

from . import oracle

inf, nan = np.inf, np.nan


@pytest.mark.parametrize(
    ("z", "y", "loss", "grad"),
    [
        pytest.param(-1.0, 1.0, inf, nan, id="dead-side-infinity-times-0"),
        pytest.param(-1.0, 0.5, inf, nan, id="dead-side-soft"),
        pytest.param(-1.0, 0.0, nan, nan, id="dead-side-zero-target"),
        pytest.param(0.0, 1.0, inf, nan, id="at-0"),
        pytest.param(0.0, 0.0, nan, nan, id="at-0-zero-target"),
        pytest.param(1.0, 0.0, inf, inf, id="pole-at-1"),
        pytest.param(1.0, 0.5, inf, inf, id="pole-at-1-soft"),
        pytest.param(1.0, 1.0, nan, nan, id="removable-at-1"),
        pytest.param(2.0, 0.0, nan, 2.0 / (2 * (1 - 2.0)), id="not-real-beyond-1"),
        pytest.param(2.0, 0.5, nan, 1.5 / (2 * (1 - 2.0)), id="not-real-beyond-1-soft"),
        pytest.param(4.0, 1.0, nan, -0.25, id="downhill-for-ever-beyond-1"),
        pytest.param(inf, 1.0, nan, 0.0, id="inf"),
        pytest.param(-inf, 1.0, inf, nan, id="minus-inf"),
        pytest.param(nan, 0.5, nan, nan, id="nan"),
    ],
)
def test_failure_is_the_one_in_the_table(z, y, loss, grad):
    with np.errstate(all="raise"):
        got = relu_ce.loss_and_grad(z, y)
    np.testing.assert_array_equal(got, (loss, grad))


@pytest.mark.parametrize("y", [0.0, 0.25, 0.5, 1.0])
def test_gradient_is_the_theorem_s_on_the_open_interval(y):
    z = np.array([2.0**-40, 0.1, 0.25, 0.49, 0.75, 0.99])
    for logit, loss, grad in zip(z, *relu_ce.loss_and_grad(z, y), strict=True):
        # dL/da is a difference of two quotients
        allowed = 4 * np.spacing(y / logit + (1 - y) / (1 - logit))
        value = oracle.exact_or_vanishing("relu_ce.grad", logit, y)
        assert abs(grad - float(value)) <= allowed
        value = oracle.exact("relu_ce.loss", logit, y)
        assert abs(loss - float(value)) <= 4 * np.spacing(max(loss, 1))


def test_gradient_has_the_sign_that_lowers_the_loss():
    z, step = np.array([0.2, 0.5, 0.8]), 1e-3
    for y in (0.0, 1.0):
        loss, grad = relu_ce.loss_and_grad(z, y)
        assert (relu_ce.loss(z - step * np.sign(grad), y) < loss).all()


def test_loss_stays_nan_where_algebra_drops_a_term_of_weight_0():
    # By the theorems 0 for y = 0 on the dead side, -log z for y = 1 beyond 1; in floats 0 * inf and 0 * NaN
    assert np.isnan(relu_ce.loss([-3.0, 2.0], [0.0, 1.0])).all()
