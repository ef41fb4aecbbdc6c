"""Squared error behind a sigmoid: what the chapter says of it, in floats."""

from fractions import Fraction

import mpmath
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


# Pairs

ordinary = st.floats(2.0**-60, 1) | st.floats(-1, -(2.0**-60))
relative = st.floats(-0.5, 0.5).map(lambda part: part * 2.0**-53)


def pair(high, part):
    return np.array([high]), np.array([high * part])


def value(a):
    return sum(Fraction(float(part[0])) for part in a)


@steady
@given(ordinary, relative, ordinary, relative)
def test_product_of_pairs_is_known_to_100_bits(x, x_part, y, y_part):
    a, b = pair(x, x_part), pair(y, y_part)
    exact = value(a) * value(b)
    assert abs(value(sigmoid_mse._product(a, b)) - exact) <= abs(exact) / 2**100
    rounded = sigmoid_mse._times(a, b)
    assert abs(Fraction(float(rounded[0])) - exact) <= Fraction(float(np.spacing(abs(rounded[0])))) * Fraction(
        33, 64
    )


@steady
@given(ordinary, relative, ordinary, relative)
def test_sum_of_pairs_is_known_to_100_bits_of_its_terms(x, x_part, y, y_part):
    a, b = pair(x, x_part), pair(y, y_part)
    terms = abs(value(a)) + abs(value(b))
    assert abs(value(sigmoid_mse._sum(a, b)) - (value(a) + value(b))) <= terms / 2**100
    alone = a[0], None
    assert abs(value(sigmoid_mse._sum(alone, b)) - (Fraction(x) + value(b))) <= terms / 2**100


def test_pairs_without_low_parts_are_plain_numbers():
    a, b = (np.array([0.1]), None), (np.array([0.3]), None)
    assert sigmoid_mse._sum(a, b) == (0.1 + 0.3, None)
    assert sigmoid_mse._product(a, b) == (0.1 * 0.3, None)
    assert sigmoid_mse._scaled(-2, a) == (-0.2, None)
    assert sigmoid_mse._times(a, b) == 0.1 * 0.3


def test_lift_keeps_the_last_bit_of_a_product_that_underflows_a_normal_number():
    mantissa, exponent = np.frexp(sigmoid_mse.LIFT)
    assert mantissa == 0.5
    info = np.finfo(np.float64)
    half_of_the_smallest, bits = info.minexp - info.nmant - 1, 2 * (info.nmant + 1)
    assert info.minexp < half_of_the_smallest - bits + (exponent - 1) < exponent < info.maxexp


def test_what_rounding_takes_from_one_minus_a_soft_label_is_not_lost():
    rng = np.random.default_rng(54)
    z, y = rng.uniform(40, 60, 300), rng.uniform(0, 2.0**-3, 300)
    with mpmath.workprec(300):
        for logit, label, *got in zip(
            *(a.tolist() for a in (z, y, *sigmoid_mse.loss_and_grad(z, y))), strict=True
        ):
            q, weight = 1 / (1 + mpmath.exp(mpmath.mpf(logit))), 1 - mpmath.mpf(label)
            exact = (weight - q) ** 2 / 2, (weight - q) * q * (1 - q)
            for value, true in zip(got, exact, strict=True):
                assert oracle.ulps(value, true, np.float64) <= 0.6
