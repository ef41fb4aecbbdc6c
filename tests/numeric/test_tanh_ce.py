"""Tanh with cross-entropy fails as the module's table says, and is right where it does not fail."""

import numpy as np
import pytest

from logitgrad import sigmoid_bce, tanh_ce

from . import oracle

inf, nan = np.inf, np.nan


@pytest.mark.parametrize(
    ("z", "y", "loss", "grad"),
    [
        pytest.param(-20.0, 1.0, nan, 0, id="saturated-at-minus-1"),
        pytest.param(-20.0, 0.0, nan, 0, id="saturated-at-minus-1-zero-target"),
        pytest.param(-inf, 0.5, nan, 0, id="minus-inf"),
        pytest.param(0.0, 1.0, inf, -inf, id="at-0"),
        pytest.param(0.0, 0.5, inf, -inf, id="at-0-soft"),
        pytest.param(0.0, 0.0, nan, nan, id="at-0-zero-target"),
        pytest.param(20.0, 0.0, inf, nan, id="saturated-at-1"),
        pytest.param(20.0, 0.5, inf, nan, id="saturated-at-1-soft"),
        pytest.param(20.0, 1.0, nan, nan, id="saturated-at-1-and-right"),
        pytest.param(inf, 0.5, inf, nan, id="inf"),
        pytest.param(nan, 0.5, nan, nan, id="nan"),
    ],
)
def test_failure_is_the_one_in_the_table(z, y, loss, grad):
    with np.errstate(all="raise"):
        got = tanh_ce.loss_and_grad(z, y)
    np.testing.assert_array_equal(got, (loss, grad))


@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
def test_left_of_0_the_loss_is_nan_and_the_gradient_pushes_further_left(y):
    z = -np.geomspace(1e-3, 15, 60)
    loss, grad = tanh_ce.loss_and_grad(z, y)
    assert np.isnan(loss).all()
    assert (grad > 0).all()


@pytest.mark.parametrize("y", [0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_gradient_is_the_theorem_s_where_it_is_a_number(y, sign):
    z = sign * np.array([2.0**-40, 0.01, 0.1, 0.5, 1.0, 3.0])
    for logit, grad in zip(z, tanh_ce.grad(z, y), strict=True):
        a = np.tanh(logit)
        # dL/da is a difference of two quotients, and 1 - a and 1 - a^2 have lost digits when a is close to 1
        terms = (y / abs(a) + (1 - y) / (1 - a)) * (1 - a * a)
        value = float(oracle.exact_or_vanishing("tanh_ce.grad", float(logit), y))
        assert abs(grad - value) <= 8 * np.spacing(terms) / (1 - abs(a))


@pytest.mark.parametrize("y", [0.0, 0.25, 0.5, 1.0])
def test_loss_is_the_theorem_s_right_of_0(y):
    z = np.array([2.0**-40, 0.01, 0.1, 0.5, 1.0, 3.0])
    for logit, loss in zip(z, tanh_ce.loss(z, y), strict=True):
        value = float(oracle.exact("tanh_ce.loss", float(logit), y))
        assert abs(loss - value) <= 8 * np.spacing(max(loss, 1)) / (1 - np.tanh(logit))


@pytest.mark.parametrize("y", [0.1, 0.5, 0.9])
def test_right_of_0_the_best_output_is_the_target(y):
    best = np.arctanh(y)
    assert abs(tanh_ce.grad(best, y)) < 1e-15
    assert tanh_ce.grad(best * 0.9, y) < 0 < tanh_ce.grad(best * 1.1, y)


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_moved_into_the_unit_interval_it_is_the_sigmoid_of_twice_the_logit(y):
    z, h = np.linspace(-3, 3, 61), 2.0**-17

    def repaired(z):
        a = (1 + np.tanh(z)) / 2
        return -(y * np.log(a) + (1 - y) * np.log(1 - a))

    np.testing.assert_allclose(repaired(z), sigmoid_bce.loss(2 * z, y), rtol=1e-12)
    slope = (repaired(z + h) - repaired(z - h)) / (2 * h)
    np.testing.assert_allclose(slope, 2 * sigmoid_bce.grad(2 * z, y), atol=1e-9)
