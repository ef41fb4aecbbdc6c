"""Rows minus their maximum, as pairs, against exact values."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from logitgrad import softmax_ce
from logitgrad.numeric import _shifted
from logitgrad.numeric._scratch import Scratch

RNG = np.random.default_rng(29)
#: Classes first: mild, wide, far from 0, one class that dominates.
BLOCK = np.concatenate(
    [
        RNG.normal(size=(7, 30)),
        RNG.uniform(-600, 0, (7, 30)),
        RNG.normal(size=(7, 30)) - 50,
        RNG.normal(size=(7, 30)) * 4 + 45 * np.eye(7)[:, :1],
    ],
    axis=1,
)
ROWS = range(BLOCK.shape[1])


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workprec(1000):
        yield


def exact(row):
    """The exponentials of a row minus its maximum, and their sum."""
    z = [mpmath.mpf(value) for value in BLOCK[:, row].tolist()]
    e = [mpmath.exp(value - max(z)) for value in z]
    return e, mpmath.fsum(e)


def pair(high, low, *where):
    return mpmath.mpf(float(high[where])) + mpmath.mpf(float(low[where]))


@pytest.fixture
def wide():
    s = Scratch(wide=True)
    return _shifted.shift(BLOCK, s), s


def test_peak_gap_and_its_low_part_add_up_to_the_logit_exactly(wide):
    t, _ = wide
    assert np.array_equal(t.z, BLOCK)
    assert np.array_equal(t.peak, BLOCK.max(axis=0))
    for where in np.ndindex(BLOCK.shape):
        parts = t.peak[where[1]], t.gap[where], t.gap_low[where]
        assert sum(map(Fraction, map(float, parts))) == Fraction(float(BLOCK[where]))


def test_exponentials_and_their_sum_are_known_to_2_to_the_minus_60(wide):
    t, _ = wide
    for row in ROWS:
        e, total = exact(row)
        for k, value in enumerate(e):
            assert abs(pair(t.e, t.e_low, k, row) / t.unit / value - 1) < 2.0**-60
        assert abs(pair(t.total, t.total_low, row) / t.unit / total - 1) < 2.0**-60


def test_log_of_the_sum_is_known_to_a_unit_of_its_own(wide):
    t, _ = wide
    top, low = _shifted.log_rest(t)
    for row in ROWS:
        e, _ = exact(row)
        rest = mpmath.fsum(sorted(e)[:-1])
        log = mpmath.log1p(rest)
        assert abs(pair(top, low, row) / log - 1) < 2.0**-52


def test_the_logarithm_s_low_part_is_what_rounding_took_from_its_argument(wide):
    t, _ = wide
    _, low = _shifted.log_rest(t)
    for row in ROWS:
        total = Fraction(float(t.total[row])) + Fraction(float(t.total_low[row]))
        rest = total / Fraction(t.unit) - 1
        expected = (rest - Fraction(float(rest))) / (1 + Fraction(float(rest)))
        assert abs(Fraction(float(low[row])) - expected) <= abs(expected) * Fraction(1, 2**50)


def ulps(got, value):
    return abs(mpmath.mpf(float(got)) - value) / float(np.spacing(abs(float(value))))


def test_probabilities_and_their_complements_err_by_little_more_than_a_rounding(wide):
    t, s = wide
    p = _shifted.probabilities(t, s).copy()
    complement = _shifted.complement(t.e, t.e_low, t)
    for row in ROWS:
        e, total = exact(row)
        for k, value in enumerate(e):
            others = mpmath.fsum(e[:k] + e[k + 1 :])
            assert ulps(p[k, row], value / total) < 1
            assert ulps(complement[k, row], others / total) < 1.5


def test_log_probabilities_err_by_little_more_than_a_rounding_and_log1p(wide):
    t, s = wide
    log_p = _shifted.log_probabilities(t, s)
    for row in ROWS:
        e, total = exact(row)
        for k, value in enumerate(e):
            assert ulps(log_p[k, row], mpmath.log(value / total)) < 1.1


def test_narrow_results_keep_no_low_parts_and_plain_quotients():
    s = Scratch(wide=False)
    t = _shifted.shift(BLOCK, s)
    assert t.gap_low is t.e_low is None
    assert t.unit == 1
    assert np.array_equal(t.gap, BLOCK - BLOCK.max(axis=0))
    assert np.array_equal(t.e, np.exp(t.gap))
    p = _shifted.probabilities(t, s)
    assert np.array_equal(p, t.e * (1 / t.total))
    np.testing.assert_allclose(_shifted.complement(t.e, None, t), 1 - p, atol=2.0**-52)
    np.testing.assert_allclose(_shifted.log_probabilities(t, s), np.log(p), rtol=2.0**-50, atol=2.0**-52)


# Each exponential underflows, or keeps a few bits only; together they are a number of which all digits count.
CROWDS = [(999, -745.777), (60, -744.0), (3, -745.2), (1000, -752.0), (100_000, -756.5), (7, -708.4)]


@pytest.mark.parametrize(("others", "gap"), CROWDS)
def test_a_crowd_of_classes_that_vanish_one_by_one_does_not_vanish(others, gap):
    z = np.append(0.0, np.full(others, gap))
    with mpmath.workprec(2000):
        rest = others * mpmath.exp(mpmath.mpf(gap))
        due = float(mpmath.log1p(rest)), float(-rest / (1 + rest))
    unit = max(np.spacing(due[0]), 5e-324)
    assert due[0] > 0
    assert abs(softmax_ce.loss(z, 0) - due[0]) <= unit
    assert abs(softmax_ce.grad(z, 0)[0] - due[1]) <= unit
