"""What is measured along the margin is what a measurement by other means finds."""

import mpmath
import numpy as np
import pytest

import logitgrad as lg
from logitgrad.audit import exact
from logitgrad.audit.margins import margins, measure, truth
from logitgrad.numeric import naive

DTYPES = ("float16", "float32", "float64")


@pytest.mark.parametrize("dtype", DTYPES)
def test_margins_reach_as_far_as_the_gradient_is_a_number_of_the_type(dtype):
    end = margins(dtype)[-1]
    assert exact("sigmoid_bce.grad", -end, 0.0, dtype=dtype) > 0
    assert mpmath.exp(-end - 1) < float(np.finfo(dtype).smallest_subnormal)
    assert (margins(dtype).astype(dtype) == margins(dtype)).all()


@pytest.mark.parametrize("part", ["loss", "grad"])
def test_truth_is_the_theorem_s_value_to_more_than_a_hundred_bits(part):
    at = np.array([-744.0, -37.0, -0.125, 0.0, 20.0, 700.0])
    with mpmath.workprec(2400):
        for margin, value, lack in zip(at, *truth(part, at), strict=True):
            wanted = mpmath.log1p(mpmath.exp(margin)) if part == "loss" else 1 / (1 + mpmath.exp(-margin))
            assert abs((mpmath.mpf(value) + mpmath.mpf(lack)) / wanted - 1) < (1e-30 if margin > -600 else 1)
            assert value == float(wanted)


@pytest.mark.parametrize("part", ["loss", "grad"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_rounded_truth_is_within_half_a_unit_and_its_neighbour_is_not(part, dtype):
    at = margins(dtype)[::17]
    rounded = {m: exact(f"sigmoid_bce.{part}", m, 0.0, dtype=dtype) for m in at}

    def right(z, y):
        m = np.where(y == 0, z, -z).astype(float)
        value = np.array([rounded[float(k)] for k in m], dtype)
        return value if part == "loss" else np.where(y == 0, value, -value)

    def neighbour(z, y):
        value = right(z, y)
        return np.nextafter(value, np.inf * np.sign(value), dtype=dtype)

    assert measure(right, part, dtype, at).ulps.max() <= 0.5
    off = measure(neighbour, part, dtype, at).ulps
    assert (off >= 0.5).all()
    assert off.max() < 2.001  # just below a power of two the next number is two units away
    assert not measure(right, part, dtype, at).lost.any()


def test_the_worse_of_both_targets_counts():
    def wrong_for_one(z, y):
        return np.where(y == 1, 0, lg.sigmoid_bce.grad(z, y))

    measured = measure(wrong_for_one, "grad", "float64")
    assert measured.lost.all()
    assert (measured.got == 0).all()


def test_what_came_out_is_signed_so_that_the_exact_value_is_positive():
    assert measure(lg.sigmoid_bce.grad, "grad", "float64").at(5) > 0
    assert measure(lambda z, y: -lg.sigmoid_bce.grad(z, y), "grad", "float64").at(5) < 0


def test_the_first_that_is_lost_is_the_nearest_to_0_on_its_side():
    measured = measure(naive.bce_grad_fused, "grad", "float64")
    assert measured.first_lost(1) is None
    first = measured.first_lost(-1)
    assert measured.relative[measured.margin == first] >= 1
    nearer = (measured.margin > first) & (measured.margin <= 0)
    assert (measured.relative[nearer] < 1).all()


def test_nothing_finite_counts_as_an_infinite_error():
    measured = measure(naive.bce_grad, "grad", "float32")
    assert np.isinf(measured.ulps[~measured.finite]).all()
    assert measured.lost[~measured.finite].all()
    assert not measured.finite.all()
    assert np.isnan(measured.at(50))


def test_a_result_within_the_smallest_number_is_not_lost():
    flushed = measure(lambda z, y: np.where(np.abs(z) < 17, lg.sigmoid_bce.grad(z, y), 0), "grad", "float16")
    assert not flushed.lost.any()
    at = np.array([-17.0])  # exp(-17) is 0.7 of the smallest float16
    assert not measure(lambda z, y: np.zeros_like(z), "grad", "float16", at).lost.any()
