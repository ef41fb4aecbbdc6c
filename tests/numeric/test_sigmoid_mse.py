"""Squared error behind a sigmoid: what the chapter says of it, in floats."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logitgrad import sigmoid_bce, sigmoid_mse

from . import oracle
from .test_exact import every_float16

PEAK = 4 / 27
logits = st.floats(-800, 800)
unit = st.floats(0, 1)
mirrored_exactly = unit.filter(lambda y: 1 - (1 - y) == y)
steady = settings(deadline=None, derandomize=True)


@steady
@given(logits, unit)
def test_loss_lies_between_0_and_one_half_and_the_gradient_between_its_peaks(z, y):
    loss, grad = sigmoid_mse.loss_and_grad(z, y)
    assert 0 <= loss <= 0.5
    assert -PEAK <= grad <= PEAK


@steady
@given(logits)
def test_hard_labels_mirror_each_other_bit_for_bit(z):
    assert sigmoid_mse.loss(z, 1) == sigmoid_mse.loss(-z, 0)
    assert sigmoid_mse.grad(z, 1) == -sigmoid_mse.grad(-z, 0)
    assert sigmoid_mse.hess(z, 1) == sigmoid_mse.hess(-z, 0)


@steady
@given(logits, mirrored_exactly)
def test_gradient_has_the_sign_of_the_error_and_is_at_most_a_quarter_of_cross_entropy_s(z, y):
    grad, error = sigmoid_mse.grad(z, y), sigmoid_bce.grad(z, y)
    assert grad * error >= 0
    assert abs(grad) <= abs(error) / 4 * (1 + 4e-16) + 1e-17


def test_gradient_reaches_its_peak_where_the_output_is_two_thirds():
    peak, z = sigmoid_mse.grad(np.log(2), 0), np.linspace(-20, 20, 100_001)
    assert abs(peak / PEAK - 1) < 1e-15
    assert sigmoid_mse.grad(z, 0).max() <= peak
    assert sigmoid_mse.grad(-z, 1).min() >= -peak


@pytest.mark.parametrize(("z", "y"), [(40.0, 1.0), (-40.0, 0.0), (-340.0, 0.0), (370.0, 1.0), (-360.0, 0.0)])
def test_confident_and_right_keeps_its_digits_down_to_the_subnormals(z, y):
    for name, got in zip(("loss", "grad"), sigmoid_mse.loss_and_grad(z, y), strict=True):
        assert got != 0
        assert oracle.ulps(got, oracle.exact(f"sigmoid_mse.{name}", z, y), np.float64) <= 1


def test_subnormal_results_are_within_one_of_their_spacing():
    z = np.linspace(-373, -340, 331)
    for name in ("loss", "grad", "hess"):
        for logit, got in zip(z, getattr(sigmoid_mse, name)(z, 0.0), strict=True):
            assert oracle.ulps(got, oracle.exact(f"sigmoid_mse.{name}", float(logit), 0.0), np.float64) <= 1.1


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("name", ["loss", "grad", "hess"])
def test_every_float16_is_rounded_once(name, y):
    z = every_float16()
    got, wide = (getattr(sigmoid_mse, name)(logits, y) for logits in (z, z.astype(np.float64)))
    with np.errstate(under="ignore"):
        unit = np.maximum(np.spacing(np.abs(wide).astype(np.float16)), np.finfo(np.float16).smallest_subnormal)
    assert (np.abs(got.astype(np.float64) - wide) <= 0.501 * unit.astype(np.float64)).all()


@pytest.mark.parametrize("y", [0.1, 0.9])
def test_soft_target_is_stationary_at_the_logarithm_of_its_odds_only(y):
    best = np.log(y / (1 - y))
    assert abs(sigmoid_mse.grad(best, y)) < 1e-16
    z = best + np.geomspace(1e-6, 300, 50)
    assert (sigmoid_mse.grad(z, y) > 0).all()
    assert (sigmoid_mse.grad(2 * best - z, y) < 0).all()


@pytest.mark.parametrize("y", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_second_derivative_changes_sign_at_the_theorem_s_outputs(y):
    root = np.sqrt(1 - y + y * y)
    for p, direction in (((1 + y + root) / 3, 1), ((1 + y - root) / 3, -1)):
        if 0.01 < p < 0.99:  # at 0 and 1 there is no logit
            z = np.log(p / (1 - p)) + 0.01 * direction * np.array([-1, 1])
            inside, outside = sigmoid_mse.hess(z, y)
            assert inside > 0 > outside
