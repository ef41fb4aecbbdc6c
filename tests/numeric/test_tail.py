"""The parts that depend on exp(-|z|) alone, as pairs, against exact values."""

import mpmath
import numpy as np
import pytest

from logitgrad.numeric import _tail
from logitgrad.numeric._scratch import Scratch

RNG = np.random.default_rng(53)
LOGITS = np.concatenate([RNG.uniform(-1, 1, 300), RNG.uniform(-40, 40, 300), RNG.uniform(-699, 699, 200), [0.0]])


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workprec(1200):
        yield


def exponentials(z=LOGITS):
    return [mpmath.exp(-abs(mpmath.mpf(logit))) for logit in z.tolist()]


def test_tail_is_the_size_its_exponential_and_one_plus_it():
    t = _tail.tail(LOGITS, Scratch(wide=True))
    assert np.array_equal(t.size, np.abs(LOGITS))
    assert np.array_equal(t.total, 1 + t.e)
    for e, low, exact in zip(t.e.tolist(), t.e_low.tolist(), exponentials(), strict=True):
        assert abs((mpmath.mpf(e) + low) / exact - 1) < 2.0**-62


def test_smaller_side_is_known_but_for_the_rounding_of_q_times_e():
    s = Scratch(wide=True)
    q, low = _tail.smaller_side(_tail.tail(LOGITS, s), s)
    for high, rest, e in zip(q.tolist(), low.tolist(), exponentials(), strict=True):
        assert abs((mpmath.mpf(high) + rest) * (1 + e) / e - 1) < 2.0**-61 + 2.0**-53 * e


def test_narrow_results_need_no_low_parts():
    s = Scratch(wide=False)
    t = _tail.tail(LOGITS, s)
    q, low = _tail.smaller_side(t, s)
    assert t.e_low is low is None
    assert np.array_equal(q, np.exp(-np.abs(LOGITS)) / (1 + np.exp(-np.abs(LOGITS))))


@pytest.mark.parametrize("more", [None, 0.4, -0.4], ids=["nothing", "added", "taken"])
def test_a_sum_with_the_logarithm_is_rounded_once(more):
    # From 32 on the start's unit is 2^5 times the logarithm's or more: log1p's own error counts for little
    start, s = RNG.uniform(32, 64, LOGITS.size), Scratch(wide=True)
    low = None if more is None else more * np.spacing(start)
    got = _tail.plus_log(start, _tail.tail(LOGITS, s), s, low)
    lows = np.zeros_like(start) if low is None else low
    for value, a, b, e in zip(got.tolist(), start.tolist(), lows.tolist(), exponentials(), strict=True):
        error = mpmath.mpf(value) - (mpmath.mpf(a) + b + mpmath.log(1 + e))
        assert abs(error) <= (0.5 + 1 / 16) * np.spacing(value)


def test_a_sum_with_the_logarithm_is_plain_where_results_are_narrow():
    s = Scratch(wide=False)
    got = _tail.plus_log(np.ones_like(LOGITS), _tail.tail(LOGITS, s), s)
    assert np.array_equal(got, 1 + np.log1p(np.exp(-np.abs(LOGITS))))
