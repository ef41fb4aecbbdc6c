"""Cross-entropy on rows: what holds bit for bit, and the last digits of what it sums up."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from logitgrad import softmax_ce
from logitgrad.numeric._scratch import Scratch

from . import oracle

RNG = np.random.default_rng(54)


@pytest.mark.parametrize("name", ["loss", "grad"])
def test_one_hot_targets_give_what_their_class_indices_give_to_the_last_bit(name):
    z, label = RNG.normal(size=(2000, 4)), RNG.integers(0, 4, 2000)
    call = getattr(softmax_ce, name)
    np.testing.assert_array_equal(call(z, np.eye(4)[label]), call(z, label))


def test_hessian_s_row_of_the_peak_errs_by_a_few_units():
    # There v_i is the number from which the mean is taken: what is left is the mean, in which nothing cancels
    z, v = RNG.normal(size=(400, 6)), RNG.uniform(0, 1, (400, 6))
    peak = np.arange(400), z.argmax(axis=1)
    v[peak] = 0
    with mpmath.workprec(200):
        for row, vector, got in zip(z.tolist(), v.tolist(), softmax_ce.hvp(z, 0, v)[peak], strict=True):
            e = [mpmath.exp(mpmath.mpf(logit)) for logit in row]
            total = mpmath.fsum(e)
            mean = mpmath.fdot(e, vector) / total
            assert oracle.ulps(got, -max(e) / total * mean, np.float64) < 3


def test_loss_of_equal_logits_is_the_sum_of_the_weights_times_log_k_to_little_more_than_a_rounding_and_log1p():
    y = RNG.uniform(0, 1, (500, 6))
    with mpmath.workprec(200):
        for weights, got in zip(y.tolist(), softmax_ce.loss(np.zeros_like(y), y, normalized=False), strict=True):
            assert oracle.ulps(got, mpmath.fsum(weights) * mpmath.log(6), np.float64) < 1.6


@pytest.mark.parametrize("classes", [3, 40])
def test_the_sum_without_the_largest_is_rounded_once_and_without_another_at_most_twice(classes):
    y = RNG.uniform(0, 1, (classes, 100))
    rest = softmax_ce._sum_without_each(Scratch(wide=True), y)
    for weights, sums in zip(y.T.tolist(), rest.T.tolist(), strict=True):
        whole, largest = sum(map(Fraction, weights)), max(weights)
        for weight, got in zip(weights, sums, strict=True):
            error = abs(Fraction(got) - (whole - Fraction(weight))) / Fraction(float(np.spacing(got)))
            assert error <= (0.5 if weight == largest else 1)
