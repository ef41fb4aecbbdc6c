"""Inputs of public bug reports, each under its number; what is expected comes from exact arithmetic."""

import mpmath
import numpy as np
import pytest

import logitgrad as lg
from logitgrad import sigmoid_bce, softmax_ce
from logitgrad.audit.vectors import REPORTS
from logitgrad.audit.vectors.edges import ERROR
from logitgrad.audit.vectors.values import value_of

from . import claims, oracle

F64 = np.float64
inf = np.inf

CASES = [
    pytest.param(case, id=f"{report.id}-{case.function}-{n}")
    for report in REPORTS
    for n, case in enumerate(report.cases)
]


def call(case):
    """The library's answer, in the case's type; targets that are given as such need not sum to 1."""
    z, *rest = case.arguments
    module, _, name = case.function.rpartition(".")
    weights = rest and isinstance(rest[0], tuple) and case.result is None
    options = {"normalized": False} if weights else {}
    function = getattr(getattr(lg, module) if module else lg, name)
    return function(np.array(z, case.dtype), *map(np.array, rest), **options)


def expected(case):
    """The theorem's value to 40 digits, or the row of them."""
    z, *rest = (rounded(argument, case.dtype) for argument in case.arguments)
    rest = [
        argument if isinstance(argument, tuple | float) else tuple(np.eye(len(z))[argument]) for argument in rest
    ]
    rows = case.function.endswith(("softmax", "softmax_ce.grad", "hvp"))
    indices = range(len(z)) if rows else [None]
    values = [value_of(form(case), (z, *rest), index, np.dtype(case.dtype)) for index in indices]
    with mpmath.workprec(oracle.BITS):
        return [mpmath.mpf(value.digits or 0) for value in values]


def form(case):
    return case.function if "." in case.function else f"logexp.{case.function}"


def rounded(argument, dtype):
    if isinstance(argument, tuple):
        return tuple(rounded(part, dtype) for part in argument)
    return float(np.dtype(dtype).type(argument)) if isinstance(argument, float) else argument


@pytest.mark.parametrize("case", CASES)
def test_value_of_a_report_is_what_it_should_be(case):
    if case.result == ERROR:
        with pytest.raises(ValueError, match=r"must|class"):
            call(case)
        return
    got = np.atleast_1d(call(case))
    assert got.dtype == case.dtype
    if case.result is not None:
        values = np.atleast_1d(np.array(case.result, dtype=float))
        np.testing.assert_array_equal(got, values.astype(case.dtype))
        return
    soft = form(case) == "softmax_ce.grad" and isinstance(case.arguments[1], tuple)
    terms = max(case.arguments[1]) if soft else 0.0
    for entry, value in zip(got, expected(case), strict=True):
        claims.within(form(case), np.dtype(case.dtype).type, entry, value, terms=terms)


def test_every_report_has_a_case_and_a_sentence_of_its_own():
    assert len({report.id for report in REPORTS}) == len(REPORTS)
    assert len({report.summary for report in REPORTS}) == len(REPORTS)
    assert all(report.cases and report.summary.endswith(".") for report in REPORTS)


def test_logits_of_a_report_are_those_that_it_computes():
    [case, other] = next(report.cases for report in REPORTS if report.id == "pytorch#113708")
    info = np.finfo(np.float32)
    for given, number in ((case, info.eps), (other, info.smallest_normal)):
        assert np.float32(given.arguments[0][0]) == np.float32(1 - np.log(np.float64(number)))


def test_softplus_does_not_jump_at_any_threshold_of_others():  # pytorch#31110, LogExpFunctions.jl#37
    for threshold in (-37.0, -36.7, 0.4, 4.0, 9.0, 16.0, 18.0, 20.0, 33.3):
        below, at, above = lg.softplus(np.nextafter(threshold, [-inf, threshold, inf]))
        slope = 2 * np.spacing(abs(threshold)) * lg.sigmoid(threshold)
        assert below <= at <= above <= below + slope + 3 * np.spacing(at)


def test_bce_of_huge_logits_is_the_logit_and_of_no_logits_nothing():  # pytorch#51906
    # 0 < log(1 + e^-z) < e^-z, which is below the smallest subnormal
    np.testing.assert_array_equal(sigmoid_bce.loss([-2.3135e307, 6.6756e307], [1, 1]), [2.3135e307, 0])
    assert sigmoid_bce.loss([], []).shape == (0,)


@pytest.mark.parametrize("y", [1, [0.0, 1.0, 0.0]], ids=["optax#896", "optax#1762"])
def test_masked_class_without_mass_leaves_loss_gradient_and_hvp_finite(y):
    z = np.array([-inf, 0.0, 0.0])
    loss, grad = softmax_ce.loss_and_grad(z, np.array(y))
    claims.within("softmax_ce.loss", F64, loss, oracle.exact("softmax_ce.loss", (0.0, 0.0), (1.0, 0.0)))
    np.testing.assert_array_equal(grad, [0, -0.5, 0.5])
    np.testing.assert_array_equal(softmax_ce.hvp(z, np.array(y), np.zeros(3)), [0, 0, 0])


def test_weights_that_are_no_probabilities_have_their_own_gradient_or_are_refused():  # gam#453
    z, y = np.array([0.5, -1.0, 2.0]), np.array([0.5, 0.25, 0.75])
    with pytest.raises(ValueError, match=r"1\.5"):
        softmax_ce.grad(z, y)
    own = softmax_ce.grad(z, y, normalized=False)
    assert abs(own.sum()) < 1e-15 < abs((lg.softmax(z) - y).sum())
