"""Errors in units in the last place are those of exact arithmetic: of fractions, and of mpmath."""

from fractions import Fraction
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath.libmp import from_man_exp

from logitgrad.audit import exact
from logitgrad.audit.grids import parts
from logitgrad.audit.measure import exact_values
from logitgrad.audit.values import Exact, parts_of

pytestmark = pytest.mark.slow

DTYPES = ("float16", "float32", "float64")
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


def collected(*values):
    """Binary fractions (mantissa, exponent), as the interval's ends that they come from."""
    ends = (SimpleNamespace(_mpi_=[from_man_exp(*value)]) for value in values)
    return Exact.collect(map(parts_of, ends), (len(values),))


def fraction(value):
    return Fraction(value[0]) * Fraction(2) ** value[1]


def unit(size, dtype):
    """The distance of neighbouring floats at a size, by its definition."""
    info, exponent = np.finfo(dtype), int(np.finfo(dtype).minexp)
    while Fraction(2) ** (exponent + 1) <= size and exponent + 1 < info.maxexp:
        exponent += 1
    return Fraction(2) ** (exponent - int(info.nmant))


def rounds_to_infinity(value, dtype):
    top = Fraction(float(np.finfo(dtype).max))
    return abs(value) >= top + unit(top, dtype) / 2


@st.composite
def cases(draw):
    """A type, an exact value with up to 100 bits, and a float of the type: often a neighbour of the value."""
    dtype = draw(st.sampled_from(DTYPES))
    info, kind = np.finfo(dtype), np.dtype(dtype)
    mantissa = draw(st.integers(2**99, 2**100 - 1)) >> draw(st.integers(0, 99))
    exponent = draw(st.integers(int(info.minexp) - 200, int(info.maxexp) + 5)) - mantissa.bit_length()
    mantissa *= draw(st.sampled_from((1, -1)))
    value = fraction((mantissa, exponent))
    if draw(st.booleans()):
        spacing, top = unit(abs(value), dtype), Fraction(float(info.max))
        neighbour = (value // spacing + draw(st.integers(-3, 3))) * spacing
        got = float(max(-top, min(top, neighbour)))
    else:
        got = draw(st.floats(width=8 * kind.itemsize))
    return dtype, (mantissa, exponent), got


@given(cases())
@example(("float64", (2**54 - 1, 1024 - 54), np.inf))  # half a unit beyond the largest float: an infinity is right
@example(("float64", (2**54 - 1, 1024 - 54), 1.7976931348623157e308))
@example(("float64", (2**55 - 3, 1024 - 55), 1.7976931348623157e308))  # a little less: it is not
@example(("float64", (2**55 - 3, 1024 - 55), np.inf))
@example(("float32", (1, -149), 0.0))
@example(("float32", (1, -151), -0.0))
@example(("float16", (2**12 - 1, 4), np.inf))
def test_ulps_are_those_of_fractions(case):
    dtype, number, got = case
    value = fraction(number)
    [error] = collected(number).ulps([got], dtype)
    if rounds_to_infinity(value, dtype):
        assert error == (0 if got == np.inf * (1 if value > 0 else -1) else np.inf)
    elif not np.isfinite(got):
        assert error == np.inf
    else:
        due = abs(Fraction(got) - value) / unit(abs(value), dtype)
        assert abs(Fraction(float(error)) - due) <= due / 2**52 or due > Fraction(np.finfo(float).max)


@given(cases())
def test_relative_errors_are_those_of_fractions(case):
    dtype, number, got = case
    value = fraction(number)
    [error] = collected(number).relative([got], dtype)
    if np.isfinite(got) and not rounds_to_infinity(value, dtype):
        due, most = abs(Fraction(got) - value) / abs(value), 2.0**960  # units in the last place end at 2^1024
        assert abs(Fraction(min(float(error), most)) - min(due, Fraction(most))) <= due / 2**50


@given(cases())
def test_flushed_can_be_what_is_a_subnormal_number(case):
    dtype, number, _ = case
    info, size = np.finfo(dtype), abs(fraction(number))
    [subnormal] = collected(number).subnormal(dtype)
    assert subnormal == (Fraction(float(info.smallest_subnormal)) <= size < Fraction(float(info.smallest_normal)))


@each_dtype
def test_a_zero_has_no_sign_for_the_error(dtype):
    tiny = collected((-1, -1200))
    assert tiny.ulps([0.0], dtype) == tiny.ulps([-0.0], dtype) < 1e-15


@each_dtype
def test_where_there_is_no_real_value_nan_is_right(dtype):
    nowhere = Exact.collect([(np.nan, 0.0, 0)], (1,))
    assert nowhere.ulps([np.nan], dtype) == 0
    assert nowhere.ulps([1.0], dtype) == np.inf


@each_dtype
def test_a_larger_scale_makes_the_unit_larger_and_a_smaller_one_does_not(dtype):
    value, eps = collected((3, -3)), float(np.finfo(dtype).eps)  # 3/8, with the unit eps / 4
    got = [0.375 + eps]
    assert value.ulps(got, dtype) == 4
    assert value.ulps(got, dtype, 1.0) == 1
    assert value.ulps(got, dtype, 0.1) == 4


ONE = {
    "logexp.sigmoid": lambda z, y: 1 / (1 + mpmath.exp(-z)),
    "logexp.softplus": lambda z, y: mpmath.log1p(mpmath.exp(z)),
    "logexp.log_sigmoid": lambda z, y: -mpmath.log1p(mpmath.exp(-z)),
    "sigmoid_bce.loss": lambda z, y: y * mpmath.log1p(mpmath.exp(-z)) + (1 - y) * mpmath.log1p(mpmath.exp(z)),
    "sigmoid_bce.grad": lambda z, y: (1 - y) / (1 + mpmath.exp(-z)) - y / (1 + mpmath.exp(z)),
    "sigmoid_bce.hess": lambda z, y: 1 / ((1 + mpmath.exp(-z)) * (1 + mpmath.exp(z))),
    "sigmoid_mse.loss": lambda z, y: (1 / (1 + mpmath.exp(-z)) - y) ** 2 / 2,
}


@pytest.mark.parametrize("dtype", ["float16", "float64"])
@pytest.mark.parametrize("name", ONE)
def test_what_is_measured_against_is_what_mpmath_computes_from_another_formula(name, dtype):
    """Not from the theorem's form: the formulas above are typed here, and have no interval about them."""
    for part in parts(name, dtype, 64):
        [batch] = part.batches
        found = exact_values(name, dtype, batch)
        with mpmath.workprec(3000):
            for n, point in enumerate(zip(*(a.tolist() for a in batch.arguments), strict=True)):
                z, y = mpmath.mpf(point[0]), mpmath.mpf(point[-1])
                if abs(z) < 2000:
                    assert_encloses(found[n], ONE[name](z, y), dtype)


def assert_encloses(found, due, dtype):
    """To a millionth of a unit in the last place."""
    stored = (mpmath.mpf(float(found.high)) + mpmath.mpf(float(found.low))) * mpmath.mpf(2) ** int(found.exponent)
    least = int(np.finfo(dtype).minexp)
    _, exponent = mpmath.frexp(due)
    step = mpmath.mpf(2) ** (max(exponent - 1, least) - int(np.finfo(dtype).nmant))
    assert abs(stored - due) < step * 1e-6


def row_gradient(z, y, n):
    """Minus the others' share where the label is, else the share."""
    e = [mpmath.exp(x) for x in z]
    return (e[n] if n != y else e[n] - sum(e)) / sum(e)


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_entries_of_rows_are_measured_against_what_mpmath_computes(dtype):
    for part in parts("softmax_ce.grad", dtype, 64):
        for batch in part.batches:
            z, y = batch.arguments
            if y.ndim > 1 or z.shape[1] > 10:
                continue
            found = exact_values("softmax_ce.grad", dtype, batch)
            with mpmath.workprec(3000):
                for row, column in np.ndindex(batch.entries.shape):
                    logits = [mpmath.mpf(x) for x in z[row].tolist()]
                    due = row_gradient(logits, int(y[row]), int(batch.entries[row, column]))
                    assert_encloses(found[row, column], due, dtype)


@each_dtype
def test_the_nearest_float_is_that_of_the_other_road_to_exact_values(dtype):
    [batch] = parts("sigmoid_bce.grad", dtype, 32)[1].batches
    found = exact_values("sigmoid_bce.grad", dtype, batch)
    with np.errstate(over="ignore", under="ignore"):
        rounded = found.nearest().astype(dtype)
    due = [exact("sigmoid_bce.grad", *point, dtype=dtype) for point in zip(*batch.arguments, strict=True)]
    assert found.ulps(np.array(due, dtype), dtype).max() <= 0.5
    assert (np.abs(rounded - np.array(due)) <= np.spacing(np.abs(rounded))).all()  # nearest() is for show
