"""The exponential as a pair, against exact values; its constants against their origins."""

import mpmath
import numpy as np
import pytest

from logitgrad.numeric import _exp
from logitgrad.numeric._scratch import Scratch
from logitgrad.numeric._shifted import LIFT

RNG = np.random.default_rng(62)
WIDE = Scratch(wide=True)


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workprec(250):
        yield


def relative_error(x):
    high, low = (part.tolist() for part in _exp.exp(x, WIDE))
    exact = [mpmath.exp(value) for value in x.tolist()]
    return max(abs((mpmath.mpf(h) + rest) / e - 1) for h, rest, e in zip(high, low, exact, strict=True))


@pytest.mark.parametrize("reach", [2.0**-30, 0.001, 1, 40, -_exp.LEAST])
def test_pair_is_exact_to_2_to_the_minus_62(reach):
    assert relative_error(-RNG.uniform(0, reach, 2000)) < 2.0**-62


def test_pair_is_exact_where_the_table_changes_its_row():
    edges = -(RNG.integers(1, 1000 * _exp.STEPS, 2000) + 0.5) * float(mpmath.log(2) / _exp.STEPS)
    near = edges[edges > _exp.LEAST]
    assert relative_error(np.concatenate([near, np.nextafter(near, 0)])) < 2.0**-62


def test_high_part_is_the_pair_rounded():
    high, low = _exp.exp(-RNG.uniform(0, 700, 5000), WIDE)
    assert np.array_equal(high + low, high)


def test_below_the_least_argument_numpy_s_exponential_takes_over():
    x = np.array([-701.0, -745.0, -746.0, -np.inf])
    with np.errstate(invalid="ignore"):
        high, low = _exp.exp(x, WIDE)
    assert np.array_equal(high, np.exp(x))
    assert not low.any()


def test_the_least_argument_is_still_a_pair():
    high, low = _exp.exp(np.array([_exp.LEAST, -701.0]), WIDE)
    assert abs((mpmath.mpf(float(high[0])) + float(low[0])) / mpmath.exp(_exp.LEAST) - 1) < 2.0**-62
    assert low[1] == 0


@pytest.mark.parametrize("lift", [64, LIFT])
def test_lifted_pair_is_exact_down_to_what_does_not_count(lift):
    lowest = _exp.LEAST - 0.69 * lift
    x = np.append(-RNG.uniform(0, -lowest, 2000), [lowest, 0])
    high, low = (part.tolist() for part in _exp.exp(x, WIDE, lift))
    for value, *pair in zip(x.tolist(), high, low, strict=True):
        exact = mpmath.ldexp(mpmath.exp(value), lift)
        assert abs(sum(map(mpmath.mpf, pair)) / exact - 1) < 2.0**-62


def test_lifted_pair_is_0_where_the_exponential_does_not_count():
    lowest = _exp.LEAST - 0.69 * LIFT
    with np.errstate(invalid="ignore"):
        high, low = _exp.exp(np.array([np.nextafter(lowest, -np.inf), -800.0, -np.inf]), WIDE, LIFT)
    assert not high.any()
    assert not low.any()


def test_nan_and_zero_are_themselves():
    with np.errstate(invalid="ignore"):
        high, low = _exp.exp(np.array([np.nan, 0.0, -0.0]), WIDE)
    assert np.isnan(high[0])
    assert high[1:].tolist() == [1, 1]
    assert low[1:].tolist() == [0, 0]


def test_narrow_results_need_no_low_part():
    x = np.array([-1.0])
    high, low = _exp.exp(x, Scratch(wide=False))
    assert low is None
    assert high == np.exp(x)


def test_ln2_is_the_logarithm_cut_off_after_200_bits():
    assert mpmath.floor(mpmath.log(2) * 2**200) == _exp.LN2


def test_step_is_ln2_over_1024_in_two_parts():
    exact = mpmath.log(2) / _exp.STEPS
    assert abs(mpmath.mpf(_exp.STEP_HIGH) + _exp.STEP_LOW - exact) < 2.0**-96
    assert float(1 / exact) == _exp.STEPS_PER_UNIT


def test_multiples_of_the_step_s_high_part_are_exact():
    most = int(-_exp.LEAST * _exp.STEPS_PER_UNIT) + 1
    assert int(_exp.STEP_HIGH * 2.0**43) * most < 2**53


def test_table_holds_the_roots_of_two_as_pairs():
    table = _exp.powers_of_two()
    assert np.array_equal(table, (_exp.HIGH, _exp.LOW))
    assert len(_exp.HIGH) == _exp.STEPS
    for row, (high, low) in enumerate(zip(*(part.tolist() for part in table), strict=True)):
        exact = mpmath.mpf(2) ** (mpmath.mpf(row) / _exp.STEPS)
        assert high == float(exact)
        assert low == float(exact - high)


@pytest.mark.parametrize("wide", [True, False])
def test_argument_is_not_changed(wide):
    x = -RNG.uniform(0, 800, 100)
    before = x.copy()
    _exp.exp(x, Scratch(wide))
    assert np.array_equal(x, before)
