"""Inputs of public bug reports, each under its number; what is expected comes from exact arithmetic."""

import numpy as np
import pytest

import logitgrad as lg
from logitgrad import sigmoid_bce, softmax_ce

from . import claims, oracle

F32, F64 = np.float32, np.float64
inf = np.inf


def check(name, dtype, *arguments):
    """Call the library on a logit, or on a row with a class index; compare with the theorem."""
    z, *rest = arguments
    got = np.atleast_1d(_call(name)(np.array(z, dtype), *rest))
    assert got.dtype == dtype
    if not isinstance(z, list):
        claims.within(name, dtype, got[0], oracle.exact_or_vanishing(name, float(dtype(z)), *map(float, rest)))
        return
    row = tuple(float(dtype(v)) for v in z)
    target = [tuple(np.eye(len(row))[y]) for y in rest]
    entries = name.endswith(("softmax", "grad"))
    for index, entry in enumerate(got):
        value = oracle.exact_or_vanishing(name, row, *target, index=index if entries else None)
        claims.within(name, dtype, entry, value)


def _call(name):
    module, attribute = name.split(".")
    return getattr(lg if module == "logexp" else getattr(lg, module), attribute)


eps32, tiny32 = np.finfo(F32).eps, np.finfo(F32).smallest_normal

VALUES = [
    ("pytorch#51906", "sigmoid_bce.loss", F64, -2.3135e307, 1),
    ("pytorch#13773", "sigmoid_bce.loss", F32, -120.0, 1),
    ("pytorch#13773", "sigmoid_bce.grad", F32, -120.0, 1),
    ("pytorch#103316", "sigmoid_bce.grad", F32, -50.0, 1),
    ("pytorch#195677", "sigmoid_bce.grad", F64, 37.42994775023705, 1),
    ("pytorch#195677", "sigmoid_bce.grad", F64, -37.42994775023705, 0),
    ("pytorch#113708", "logexp.log_softmax", F32, [float(1 - np.log(eps32)), 0.0]),
    ("pytorch#113708", "logexp.log_softmax", F32, [float(1 - np.log(tiny32)), 0.0]),
    ("pytorch#1792", "sigmoid_bce.loss", F32, -100.0, 0),
    ("pytorch#1792", "sigmoid_bce.grad", F64, 0.0, 0),
    ("scipy#19521", "logexp.log_softmax", F64, [38.0, 0.0]),
    ("scipy#19521", "logexp.log_softmax", F32, [18.0, 0.0]),
    ("scipy#18295", "logexp.logsumexp", F64, [0.0, -40.0]),
    ("scipy#18295", "logexp.logsumexp", F64, [-600.0] * 7 + [0.0]),
    ("scikit-learn#28046", "sigmoid_bce.grad", F64, -1000.0, 1),
    ("scikit-learn#28046", "sigmoid_bce.hess", F64, -1000.0, 1),
    ("scikit-learn#28453", "sigmoid_bce.hess", F64, -37.0, 0),
    ("scikit-learn#28453", "sigmoid_bce.hess", F64, -5.0, 0),
    ("jax#777", "sigmoid_bce.hess", F32, -200.0, 0),
    ("jax#777", "sigmoid_bce.hess", F32, -66.66666667, 0),
    ("jax#2107", "sigmoid_bce.grad", F64, 0.0, 0),
    ("stan-dev/math#874", "logexp.sigmoid", F64, -740.0),
    ("stan-dev/math#874", "logexp.sigmoid", F64, 36.68),
    ("NNlib.jl#68", "softmax_ce.grad", F32, [-431.0, 279.0, 427.0], 0),
    ("NNlib.jl#68", "softmax_ce.loss", F32, [-431.0, 279.0, 427.0], 0),
    ("NNlib.jl#68", "logexp.softmax", F32, [-1047.0, -981.0, 1891.0]),
    ("xgboost#2955", "sigmoid_bce.hess", F32, 40.0, 1),
    ("xgboost#2955", "sigmoid_bce.grad", F32, 40.0, 1),
    ("keras#15249", "sigmoid_bce.loss", F32, 16.0, 1),
    ("keras#9664", "sigmoid_bce.grad", F32, 100.0, 1),
    ("keras#17634", "softmax_ce.loss", F64, [14.4, 50.1, 3.5], 0),
]


@pytest.mark.parametrize(
    ("name", "dtype", "arguments"),
    [
        pytest.param(name, dtype, rest, id=f"{number}-{name}-{n}")
        for n, (number, name, dtype, *rest) in enumerate(VALUES)
    ],
)
def test_value_is_the_theorem_s(name, dtype, arguments):
    check(name, dtype, *arguments)


@pytest.mark.parametrize(
    ("z", "y", "loss", "grad"),
    [
        pytest.param(inf, 1.0, 0, 0, id="pytorch#102894-right"),
        pytest.param(inf, 0.0, inf, 1, id="pytorch#102894-wrong"),
        pytest.param(-inf, 0.9, inf, -0.9, id="pytorch#135359"),
        pytest.param(inf, 0.9, inf, 1 - 0.9, id="tensorflow#75256"),
    ],
)
def test_bce_at_an_infinite_logit_is_the_limit(z, y, loss, grad):
    assert sigmoid_bce.loss_and_grad(z, y) == (loss, grad)


def test_huge_logits_and_empty_batches_are_not_nan():  # pytorch#51906
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


def test_point_mass_at_an_infinite_logit():  # scipy#23225
    np.testing.assert_array_equal(lg.softmax([1.0, 1.0, inf]), [0, 0, 1])
    np.testing.assert_array_equal(lg.softmax([1.0, 1.0, 1e100]), [0, 0, 1])


def test_class_index_minus_one_does_not_wrap():  # pytorch#72056
    with pytest.raises(ValueError, match="-1"):
        softmax_ce.loss(np.zeros((2, 2)), [0, -1])


@pytest.mark.parametrize("normalized", [True, False], ids=["gam#453-refused", "gam#453-weights"])
def test_targets_that_do_not_sum_to_one_are_refused_or_have_their_own_gradient(normalized):
    z, y = np.array([0.5, -1.0, 2.0]), np.array([0.5, 0.25, 0.75])
    if normalized:
        with pytest.raises(ValueError, match=r"1\.5"):
            softmax_ce.grad(z, y)
        return
    for index, entry in enumerate(softmax_ce.grad(z, y, normalized=False)):
        value = oracle.exact("softmax_ce.grad", tuple(z), tuple(y), index=index)
        claims.within("softmax_ce.grad", F64, entry, value, terms=1.5)
