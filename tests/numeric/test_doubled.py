"""Sums and quotients whose errors are kept, against exact arithmetic; the constants against their origins."""

import sys
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from logitgrad.numeric import _arrays, _doubled, sigmoid_bce
from logitgrad.numeric._scratch import Scratch

numbers = st.floats(-1e100, 1e100, allow_subnormal=False)
quick = settings(deadline=None, derandomize=True)


@quick
@given(numbers, numbers)
def test_two_sum_is_exact(a, b):
    high, low = _doubled.two_sum(a, b)
    assert high == a + b
    assert Fraction(float(high)) + Fraction(float(low)) == Fraction(a) + Fraction(b)


def rounded_once(got, exact):
    """Within half a unit, but for what is rounded away before: 2^-20 of it at most."""
    unit = Fraction(float(np.spacing(got)))
    assert abs(Fraction(float(got)) - exact) <= unit * (Fraction(1, 2) + Fraction(1, 2**20))


@quick
@given(numbers, numbers)
def test_add_is_two_sum_in_buffers(a, b):
    got = _doubled.add(np.array([a]), np.array([b]), Scratch(wide=True))
    assert [float(part[0]) for part in got] == [float(part) for part in _doubled.two_sum(a, b)]


@quick
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_sum_of_pairs_is_rounded_once(values):
    high, low = _doubled.sum_pairs(np.array([values]).T, None, Scratch(wide=True))
    rounded_once(high[0] + low[0], sum(map(Fraction, values)))


@quick
@given(st.lists(st.tuples(st.floats(2.0**-20, 1), st.floats(-0.5, 0.5)), min_size=1, max_size=40))
def test_sum_of_pairs_takes_the_low_parts_in(pairs):
    high, relative = np.array(pairs).T[..., np.newaxis]
    low = high * relative * 2.0**-53
    total, rest = _doubled.sum_pairs(high, low, Scratch(wide=True))
    exact = sum(map(Fraction, map(float, np.concatenate([high, low]).ravel())))
    assert abs(Fraction(float(total[0])) + Fraction(float(rest[0])) - exact) <= exact * Fraction(1, 2**95)


def test_sum_of_pairs_leaves_its_arguments_alone():
    high, low = np.arange(5.0).reshape(5, 1), np.full((5, 1), 2.0**-60)
    _doubled.sum_pairs(high, low, Scratch(wide=True))
    assert high.ravel().tolist() == [0, 1, 2, 3, 4]
    assert set(low.ravel()) == {2.0**-60}


@quick
@given(st.floats(1, 1e5), st.floats(-(2.0**-53), 2.0**-53))
def test_reciprocal_is_known_to_100_bits(high, relative):
    low = high * relative
    inverse, rest = (Fraction(float(part)) for part in _doubled.reciprocal(np.float64(high), np.float64(low)))
    exact = 1 / (Fraction(high) + Fraction(low))
    assert abs(inverse + rest - exact) <= exact * Fraction(1, 2**100)


@quick
@given(numbers)
def test_upper_half_has_26_bits(x):
    mantissa, _ = np.frexp(float(_doubled.upper_half(np.float64(x))))
    assert (mantissa * 2.0**26).is_integer()


def test_split_is_veltkamp_s_for_53_bits():
    bits = np.finfo(np.float64).nmant + 1
    assert 2.0 ** -(-bits // 2) + 1 == _doubled.SPLIT


def test_infinite_sums_have_no_error():
    high = np.array([np.inf, np.nan, 1.0])
    got = _doubled.collapse(high, np.array([np.nan, 0, 2.0**-52]))
    np.testing.assert_array_equal(got, [np.inf, np.nan, 1 + 2.0**-52])


def test_chunk_of_float64_is_128_kibibytes():
    assert _arrays.CHUNK * np.dtype(np.float64).itemsize == 128 * 1024


def test_largest_is_float64_s():
    assert float(sigmoid_bce.LARGEST) == sys.float_info.max
