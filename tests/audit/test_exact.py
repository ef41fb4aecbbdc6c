"""Exact values are those of the theorems, and rounded once."""

from fractions import Fraction
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath.ctx_iv import MPIntervalContext

import logitgrad as lg
from logitgrad.audit import FORMS, exact
from logitgrad.audit.exact import nearest
from logitgrad.numeric import logexp, relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce
from logitgrad.symbolic import Undefined

DTYPES = [np.dtype(name) for name in ("float16", "float32", "float64")]
LIBRARY = SimpleNamespace(
    logexp=logexp,
    sigmoid_bce=sigmoid_bce,
    sigmoid_mse=sigmoid_mse,
    softmax_ce=softmax_ce,
    relu_ce=relu_ce,
    tanh_ce=tanh_ce,
)


def end(mantissa, exponent):
    """An end of an interval, as the evaluator gives it."""
    context = MPIntervalContext()
    context.prec = 4000
    return (context.mpf(mantissa) * context.mpf(2) ** exponent).a


@given(st.integers(-(2**200), 2**200), st.integers(-1400, 900))
def test_rounding_to_float64_is_that_of_a_fraction(mantissa, exponent):
    value = Fraction(mantissa) * Fraction(2) ** exponent
    try:
        expected = float(value)
    except OverflowError:
        expected = np.inf if value > 0 else -np.inf
    assert nearest(end(mantissa, exponent), np.dtype("float64")) == expected


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@given(st.integers(1, 2**120), st.integers(-1200, 800))
def test_no_other_float_lies_nearer(dtype, mantissa, exponent):
    value = Fraction(mantissa) * Fraction(2) ** exponent
    got = dtype.type(nearest(end(mantissa, exponent), dtype))
    if np.isinf(got):
        top = Fraction(float(np.finfo(dtype).max))
        assert value >= top + (top - Fraction(float(np.nextafter(np.finfo(dtype).max, dtype.type(0))))) / 2
        return
    with np.errstate(over="ignore"):
        others = [np.nextafter(got, dtype.type(side)) for side in (-np.inf, np.inf)]
    distance = abs(value - Fraction(float(got)))
    assert all(distance <= abs(value - Fraction(float(other))) for other in others if np.isfinite(other))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_a_tie_goes_to_the_even_neighbour(dtype):
    bits = int(np.finfo(dtype).nmant)
    assert nearest(end(2 ** (bits + 1) + 1, -bits - 1), dtype) == 1
    assert nearest(end(2 ** (bits + 1) + 3, -bits - 1), dtype) == 1 + 2.0 ** (1 - bits)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_that_of_a_function_of_the_library(name):
    topic, function = name.split(".")
    assert callable(getattr(getattr(LIBRARY, topic), function))


@pytest.mark.parametrize("logit", [-745.0, -37.0, -1e-300, 0.5, 37.0, 700.0])
def test_two_theorems_about_one_number_agree_on_its_last_bit(logit):
    assert exact("sigmoid_bce.grad", logit, 0.0) == exact("logexp.sigmoid", logit)
    assert exact("sigmoid_bce.grad", logit, 1.0) == -exact("logexp.sigmoid", -logit)
    assert exact("logexp.log_sigmoid", logit) == -exact("logexp.softplus", -logit)


def test_what_cancels_keeps_its_digits():
    assert exact("sigmoid_bce.grad", 37.0, 1.0) == pytest.approx(-np.exp(-37), rel=1e-15)
    assert exact("logexp.sigmoid", -745.0) == 5e-324
    assert exact("logexp.sigmoid", -746.0) == 0


@pytest.mark.parametrize("logit", np.random.default_rng(7).normal(0, 30, 50))
def test_the_library_is_within_two_units_of_it(logit):
    wanted = exact("logexp.sigmoid", logit)
    assert abs(lg.sigmoid(logit) - wanted) <= 2 * np.spacing(wanted)


def test_arguments_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        exact("logexp.sigmoid", np.inf)


def test_a_value_that_may_lie_between_two_floats_is_not_rounded_by_guessing():
    tie = 2.0**-13  # 1/2 - 2^-13 is halfway between two float16 numbers
    with pytest.raises(Undefined, match="cannot be settled"):
        exact("softmax_ce.grad", [1.0, 1.0], [tie, 1 - tie], index=0, dtype="float16")


def test_a_value_that_is_not_real_is_undefined():
    with pytest.raises(Undefined):
        exact("relu_ce.loss", 2.0, 0.5)


def test_a_number_that_only_more_bits_tell_from_0_is_found():
    with mpmath.workprec(200):
        assert exact("tanh_ce.loss", 700.0, 0.0) == float(1400 - mpmath.log(2))  # -log(1 - tanh(z)), up to e^(-2z)
        assert exact("tanh_ce.loss", 2.0**-1000, 1.0) == float(1000 * mpmath.log(2))


def test_a_class_index_is_all_the_mass_on_one_class():
    z = [0.5, -3.0, 20.0]
    for index in range(3):
        one_hot = [float(k == index) for k in range(3)]
        assert exact("softmax_ce.loss", z, index) == exact("softmax_ce.loss", z, one_hot)
        assert exact("softmax_ce.loss", np.array(z), np.int64(index)) == exact("softmax_ce.loss", z, one_hot)
    for outside in (-1, 3):
        with pytest.raises(IndexError, match=f"class {outside} is none of 0..2"):
            exact("softmax_ce.loss", z, outside)
