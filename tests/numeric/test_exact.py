"""The functions against the theorems' exact values."""

import mpmath
import numpy as np
import pytest

import logitgrad as lg

from . import claims, oracle
from .grids import DTYPES

dtypes = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


def test_oracle_agrees_with_plain_definitions_at_many_digits():
    with mpmath.workdps(400):
        z, row = mpmath.mpf(7.25), [mpmath.mpf(v) for v in (-1.5, 0.25, 3.0)]
        p = [mpmath.exp(v) / sum(map(mpmath.exp, row)) for v in row]
        sigmoid = 1 / (1 + mpmath.exp(-z))
        plain = {
            ("sigmoid_bce.loss", 7.25, 1.0): -mpmath.log(sigmoid),
            ("sigmoid_bce.grad", 7.25, 1.0): sigmoid - 1,
            ("sigmoid_bce.hess", 7.25, 1.0): sigmoid * (1 - sigmoid),
            ("logexp.logsumexp", (-1.5, 0.25, 3.0)): mpmath.log(sum(map(mpmath.exp, row))),
            ("softmax_ce.loss", (-1.5, 0.25, 3.0), (0.0, 1.0, 0.0)): -mpmath.log(p[1]),
        }
        for point, value in plain.items():
            assert abs(oracle.exact(*point) / value - 1) < mpmath.mpf(10) ** -39
        assert abs(oracle.exact("softmax_ce.grad", (-1.5, 0.25, 3.0), (0.0, 1.0, 0.0), index=1) - p[1] + 1) < 1e-39


@dtypes
@pytest.mark.parametrize("name", ["logexp.sigmoid", "logexp.softplus", "logexp.log_sigmoid"])
def test_function_of_a_logit_is_within_its_bound(library, name, dtype):
    claims.scalar_is_exact(library, name, dtype)


@dtypes
@pytest.mark.parametrize("name", ["sigmoid_bce.loss", "sigmoid_bce.grad", "sigmoid_bce.hess"])
def test_bce_with_hard_labels_is_within_its_bound(library, name, dtype):
    claims.hard_labels_are_exact(library, name, dtype)


@dtypes
@pytest.mark.parametrize("name", ["sigmoid_bce.loss", "sigmoid_bce.grad"])
def test_bce_with_soft_labels_is_within_its_bound(library, name, dtype):
    claims.soft_labels_are_exact(library, name, dtype)


def test_what_rounding_takes_from_one_minus_a_soft_label_is_not_lost():
    rng = np.random.default_rng(54)
    z, y = rng.uniform(56, 64, 400), rng.uniform(0.25, 0.5, 400)  # where 1 - y loses most
    loss, grad = lg.sigmoid_bce.loss_and_grad(z, y)
    hess = lg.sigmoid_bce.hess(z, y)
    with mpmath.workprec(1200):
        for logit, label, *got in zip(*(a.tolist() for a in (z, y, loss, grad, hess)), strict=True):
            e, weight = mpmath.exp(-mpmath.mpf(logit)), 1 - mpmath.mpf(label)
            exact = (logit * weight + mpmath.log1p(e), weight - e / (1 + e), e / (1 + e) ** 2)
            for value, true, most in zip(got, exact, (1.01, 0.51, 0.6), strict=True):
                assert oracle.ulps(value, true, np.float64) <= most


def test_second_derivative_errs_by_little_more_than_a_rounding():
    z = np.random.default_rng(54).uniform(-3, 3, 2000)
    with mpmath.workprec(200):
        for logit, got in zip(z.tolist(), lg.sigmoid_bce.hess(z, 0).tolist(), strict=True):
            e = mpmath.exp(-mpmath.mpf(logit))
            assert oracle.ulps(got, e / (1 + e) ** 2, np.float64) <= 1.1


def test_log_sum_exp_of_two_errs_by_little_more_than_a_rounding_and_log1p():
    z = np.random.default_rng(54).uniform(-3, 0, 1000)
    with mpmath.workprec(200):
        for logit, got in zip(z.tolist(), lg.logsumexp(np.stack([z, 0 * z], axis=1)).tolist(), strict=True):
            assert oracle.ulps(got, mpmath.log1p(mpmath.exp(mpmath.mpf(logit))), np.float64) <= 1.25


@pytest.mark.slow
@dtypes
@pytest.mark.parametrize("targets", [claims.HARD, (0.1, 0.3, 0.5, 0.9, 1e-3)], ids=["hard", "soft"])
@pytest.mark.parametrize("name", ["sigmoid_mse.loss", "sigmoid_mse.grad", "sigmoid_mse.hess"])
def test_mse_is_within_its_bound(library, name, targets, dtype):
    claims.mse_is_exact(library, name, dtype, targets)


@pytest.mark.slow
@dtypes
@pytest.mark.parametrize("name", ["logexp.softmax", "logexp.log_softmax"])
def test_function_of_a_row_is_within_its_bound(library, name, dtype):
    claims.rows_are_exact(library, name, dtype)


@dtypes
def test_logsumexp_is_within_its_bound(library, dtype):
    claims.logsumexp_is_exact(library, dtype)


@pytest.mark.slow
@dtypes
@pytest.mark.parametrize("name", ["softmax_ce.loss", "softmax_ce.grad"])
def test_ce_with_class_indices_is_within_its_bound(library, name, dtype):
    claims.class_indices_are_exact(library, name, dtype)


@pytest.mark.slow
@dtypes
@pytest.mark.parametrize("name", ["softmax_ce.loss", "softmax_ce.grad"])
def test_ce_with_probabilities_is_within_its_bound(library, name, dtype):
    claims.probabilities_are_exact(library, name, dtype)


@pytest.mark.slow
@dtypes
def test_hvp_is_within_its_bound(library, dtype):
    claims.hvp_is_exact(library, dtype)


def in_float64(name, z, y):
    """The same functions by NumPy's own ``logaddexp``, good to a few units of float64 times |z|."""
    z = z.astype(np.float64)
    softplus = np.logaddexp(0, z)
    return {
        "sigmoid": lambda: np.exp(-np.logaddexp(0, -z)),
        "softplus": lambda: softplus,
        "log_sigmoid": lambda: -np.logaddexp(0, -z),
        "loss": lambda: np.logaddexp(0, (1 - 2 * y) * z),
        "grad": lambda: (1 - 2 * y) * np.exp(-np.logaddexp(0, (2 * y - 1) * z)),
        "hess": lambda: np.exp(-np.logaddexp(0, -z) - softplus),
    }[name]()


def every_float16():
    bits = np.arange(2**16, dtype=np.uint16).view(np.float16)
    return bits[np.isfinite(bits)]


def sampled_float32():
    rng = np.random.default_rng(20240607)
    bits = rng.integers(0, 2**32, 200_000, dtype=np.uint32).view(np.float32)
    values = np.concatenate([bits, rng.uniform(-104, 104, 400_000).astype(np.float32)])
    return values[np.isfinite(values)]


@pytest.mark.parametrize("values", [every_float16, sampled_float32])
@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("name", ["sigmoid", "softplus", "log_sigmoid", "loss", "grad", "hess"])
def test_small_types_are_rounded_once(values, name, y):
    z = values()
    got = getattr(lg, name)(z) if hasattr(lg, name) else getattr(lg.sigmoid_bce, name)(z, y)
    assert got.dtype == z.dtype
    # float64 errs by 2^-52 |z| at most where the value is not 0 (|z| < 104): 2^-22 units of a float32
    reference = in_float64(name, z, y)
    with np.errstate(under="ignore"):
        unit = np.maximum(
            np.ldexp(1.0, np.frexp(reference)[1] - 1 - np.finfo(z.dtype).nmant),
            np.float64(np.finfo(z.dtype).smallest_subnormal),
        )
    assert np.abs(got.astype(np.float64) - reference).max(initial=0, where=reference == 0) == 0
    assert (np.abs(got.astype(np.float64) - reference) <= 0.501 * unit).all()
