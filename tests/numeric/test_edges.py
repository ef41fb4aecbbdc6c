"""The edge table: infinite logits, masked classes, NaN, targets that are none, shapes, types, layouts.

Every call runs with NumPy set to raise on any floating-point event: none may escape.
"""

import numpy as np
import pytest

import logitgrad as lg
from logitgrad import relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce

from .grids import DTYPES

inf, nan = np.inf, np.nan

dtypes = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


@pytest.fixture(autouse=True)
def every_floating_point_event_raises():
    with np.errstate(all="raise"):
        yield


def equal(got, expected, dtype):
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, np.asarray(expected, dtype))


@dtypes
@pytest.mark.parametrize(
    ("z", "y", "loss", "grad"),
    [
        pytest.param(inf, 1, 0, 0, id="bce-inf-right"),
        pytest.param(inf, 0, inf, 1, id="bce-inf-wrong"),
        pytest.param(-inf, 0, 0, 0, id="bce-minus-inf-right"),
        pytest.param(-inf, 1, inf, -1, id="bce-minus-inf-wrong"),
        pytest.param(inf, 0.25, inf, 0.75, id="bce-inf-soft"),
        pytest.param(-inf, 0.25, inf, -0.25, id="bce-minus-inf-soft"),
        pytest.param(nan, 0, nan, nan, id="bce-nan"),
        pytest.param(nan, 0.5, nan, nan, id="bce-nan-soft"),
    ],
)
def test_bce_is_extended_by_continuity(z, y, loss, grad, dtype):
    z = np.array([z, 0.0], dtype)
    for got, expected in zip(sigmoid_bce.loss_and_grad(z, np.full(2, y)), (loss, grad), strict=True):
        equal(got[:1], [expected], dtype)
        assert np.isfinite(got[1])
    hess = sigmoid_bce.hess(z, np.full(2, y))
    equal(hess, [nan if np.isnan(z[0]) else 0, 0.25], dtype)


@dtypes
@pytest.mark.parametrize(
    ("z", "y", "loss"),
    [
        pytest.param(inf, 1, 0, id="mse-inf-right"),
        pytest.param(inf, 0, 0.5, id="mse-inf-wrong"),
        pytest.param(-inf, 0, 0, id="mse-minus-inf-right"),
        pytest.param(-inf, 1, 0.5, id="mse-minus-inf-wrong"),
        pytest.param(inf, 0.25, 0.28125, id="mse-inf-soft"),
        pytest.param(-inf, 0.25, 0.03125, id="mse-minus-inf-soft"),
        pytest.param(nan, 0, nan, id="mse-nan"),
        pytest.param(nan, 0.5, nan, id="mse-nan-soft"),
    ],
)
def test_mse_ends_on_its_plateau_without_a_gradient(z, y, loss, dtype):
    z = np.array([z, 0.0], dtype)
    flat = nan if np.isnan(z[0]) else 0
    results = (*sigmoid_mse.loss_and_grad(z, np.full(2, y)), sigmoid_mse.hess(z, np.full(2, y)))
    for got, expected in zip(results, (loss, flat, flat), strict=True):
        equal(got[:1], [expected], dtype)
        assert np.isfinite(got[1])


@dtypes
@pytest.mark.parametrize(
    ("z", "y", "loss", "grad"),
    [
        pytest.param([0, -inf, 0], 0, np.log(2), [-0.5, 0, 0.5], id="masked-class-with-index"),
        pytest.param([0, -inf, 0], [0.5, 0.0, 0.5], np.log(2), [0, 0, 0], id="masked-class-with-probabilities"),
        pytest.param([0, -inf, -inf], 0, 0, [0, 0, 0], id="all-but-the-target-masked"),
        pytest.param([0, -inf, 0], 1, inf, [0.5, -1, 0.5], id="target-on-a-masked-class"),
        pytest.param([0, -inf, 0], [0.5, 0.5, 0.0], inf, [0, -0.5, 0.5], id="target-mass-on-a-masked-class"),
        pytest.param([0, inf, 5], 1, 0, [0, 0, 0], id="one-inf-is-the-target"),
        pytest.param([0, inf, 5], [0.0, 1.0, 0.0], 0, [0, 0, 0], id="one-inf-has-all-the-mass"),
        pytest.param([0, inf, 5], 0, inf, [-1, 1, 0], id="one-inf-is-not-the-target"),
        pytest.param([0, inf, 5], [0.5, 0.5, 0.0], inf, [-0.5, 0.5, 0], id="one-inf-has-half-the-mass"),
        pytest.param([-inf, inf, -inf], 1, 0, [0, 0, 0], id="one-inf-others-masked"),
        pytest.param([-inf] * 3, 0, nan, [nan] * 3, id="all-minus-inf"),
        pytest.param([-inf] * 3, [1.0, 0.0, 0.0], nan, [nan] * 3, id="all-minus-inf-probabilities"),
        pytest.param([inf, 0, inf], 0, nan, [nan] * 3, id="two-inf"),
        pytest.param([inf, 0, inf], [0.0, 1.0, 0.0], nan, [nan] * 3, id="two-inf-probabilities"),
        pytest.param([nan, 0, 1], 2, nan, [nan] * 3, id="nan-in-the-row"),
        pytest.param([nan, inf, 1], [0.0, 0.0, 1.0], nan, [nan] * 3, id="nan-and-inf-in-the-row"),
        pytest.param([0, -inf, nan], 0, nan, [nan] * 3, id="nan-and-masked-class"),
    ],
)
def test_ce_is_extended_by_continuity_and_only_in_its_row(z, y, loss, grad, dtype):
    z = np.array([[1, 2, 3], z], dtype)
    y = np.array([np.eye(3)[1], y] if isinstance(y, list) else [1, y])
    losses, grads = softmax_ce.loss_and_grad(z, y)
    equal(losses[1], np.float64(loss).astype(dtype), dtype)
    equal(grads[1], grad, dtype)
    clean_loss, clean_grad = softmax_ce.loss_and_grad(z[:1], y[:1])
    equal(losses[:1], clean_loss, dtype)
    equal(grads[:1], clean_grad, dtype)
    hvp = softmax_ce.hvp(z, y, np.ones_like(z))
    assert np.isnan(hvp[1]).all() == np.isnan(loss)


@dtypes
@pytest.mark.parametrize(
    ("name", "z", "expected"),
    [
        ("sigmoid", [-inf, inf, nan], [0, 1, nan]),
        ("softplus", [-inf, inf, nan], [0, inf, nan]),
        ("log_sigmoid", [-inf, inf, nan], [-inf, 0, nan]),
        ("softmax", [0, -inf, 0], [0.5, 0, 0.5]),
        ("softmax", [0, inf, 0], [0, 1, 0]),
        ("softmax", [-inf, -inf], [nan, nan]),
        ("softmax", [inf, inf], [nan, nan]),
        ("softmax", [-inf], [nan]),
        ("softmax", [inf], [1]),
        ("log_softmax", [-inf, 0], [-inf, 0]),
        ("log_softmax", [0, inf], [-inf, 0]),
        ("log_softmax", [nan, 0], [nan, nan]),
        ("logsumexp", [-inf, -inf], -inf),
        ("logsumexp", [-inf], -inf),
        ("logsumexp", [inf, inf, 0], inf),
        ("logsumexp", [inf, -inf], inf),
        ("logsumexp", [0, -inf], 0),
        ("logsumexp", [nan, inf], nan),
    ],
)
def test_functions_take_infinite_logits_as_limits(name, z, expected, dtype):
    equal(getattr(lg, name)(np.array(z, dtype)), expected, dtype)


@dtypes
def test_shift_is_done_where_it_cannot_overflow(dtype):
    top = np.finfo(dtype).max
    z = np.array([top, -top], dtype)
    equal(lg.softmax(z), [1, 0], dtype)
    equal(softmax_ce.grad(z, 1), [1, -1], dtype)
    equal(softmax_ce.loss(z, 0), 0, dtype)
    equal(lg.logsumexp(z), top, dtype)
    # the exact loss exceeds the largest number for the index, and does not for a quarter of the mass
    equal(softmax_ce.loss(z, 1), inf, dtype)
    equal(softmax_ce.loss(z, np.array([0.75, 0.25])), top / 2, dtype)
    equal(sigmoid_bce.loss(z, np.array([0, 1])), [top, top], dtype)


PAIRINGS = (sigmoid_bce, sigmoid_mse, relu_ce, tanh_ce)
each_pairing = pytest.mark.parametrize("module", PAIRINGS, ids=lambda module: module.__name__.rpartition(".")[2])

BCE_TARGETS = [-0.5, 1.5, nan, inf, -inf]


@each_pairing
@pytest.mark.parametrize("bad", BCE_TARGETS)
def test_target_outside_0_1_is_an_error_that_names_rule_and_value(module, bad):
    names = module.__all__
    for y in (np.array([0.5, bad, 0.5]), bad):
        for name in names:
            with pytest.raises(ValueError, match=rf"\[0, 1\].*{bad}"):
                getattr(module, name)(np.zeros(3), y)


@pytest.mark.parametrize("y", [[0, 3], [0, -1], [0, 2**40]])
@pytest.mark.parametrize("name", ["loss", "grad", "loss_and_grad"])
def test_class_index_out_of_range_is_an_error_and_does_not_wrap(name, y):
    with pytest.raises(ValueError, match=rf"0\.\.2.*{y[1]}"):
        getattr(softmax_ce, name)(np.zeros((2, 3)), np.array(y))
    with pytest.raises(ValueError, match=rf"0\.\.2.*{y[1]}"):
        getattr(softmax_ce, name)(np.zeros((2, 3)), y[1])


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0.5, 0.6], r"1 .*normalized=False.*1\.1"),
        ([0.0, 0.0], r"normalized=False.*0\.0"),
        ([1.5, -0.5], r">= 0; got -0\.5"),
        ([nan, 1.0], "finite.*nan"),
        ([inf, 1.0], "finite.*inf"),
    ],
)
def test_probabilities_that_are_none_are_an_error(y, message):
    with pytest.raises(ValueError, match=message):
        softmax_ce.loss(np.zeros((1, 2)), np.array([y]))


@pytest.mark.parametrize("y", [[-0.5, 1.0], [nan, 1.0], [inf, 1.0], [1e308, 1e308]])
def test_weights_must_be_nonnegative_with_a_finite_sum(y):
    with pytest.raises(ValueError, match="finite"):
        softmax_ce.grad(np.zeros(2), np.array(y), normalized=False)


def test_weights_have_the_gradient_of_their_own_sum():
    z, y = np.array([1.0, 2.0, 4.0]), np.array([0.5, 1.0, 2.5])
    grad = softmax_ce.grad(z, y, normalized=False)
    np.testing.assert_allclose(grad, 4 * lg.softmax(z) - y, rtol=1e-14)
    equal(softmax_ce.grad(z, np.zeros(3), normalized=False), [0, 0, 0], np.float64)


@pytest.mark.parametrize("classes", [2, 10, 1000, 50_000])
def test_rounding_of_a_float32_normaliser_is_accepted_and_a_percent_is_not(classes):
    y = np.random.default_rng(0).dirichlet(np.ones(classes)).astype(np.float32)
    y /= y.sum()
    for targets in (y, y.astype(np.float64)):
        softmax_ce.loss(np.zeros(classes), targets)
    with pytest.raises(ValueError, match="normalized=False"):
        softmax_ce.loss(np.zeros(classes), y * np.float32(1.01))


@pytest.mark.parametrize(
    ("z", "y"), [((3,), (3, 1)), ((3, 1), (3,)), ((2, 3), (3,)), ((3,), (1,)), ((0,), (1,)), ((), (1,))]
)
@each_pairing
def test_shapes_that_differ_are_an_error_with_both_shapes(module, z, y):
    for name in module.__all__:
        with pytest.raises(ValueError, match="shapes differ") as caught:
            getattr(module, name)(np.zeros(z), np.zeros(y))
        assert str(z) in str(caught.value)
        assert str(y) in str(caught.value)


@pytest.mark.parametrize(
    ("z", "y"), [((4, 3), (4, 1)), ((4, 3), (3,)), ((4, 3), (1, 4)), ((3,), (1,)), ((3,), (3,))]
)
def test_class_indices_have_the_batch_s_shape(z, y):
    with pytest.raises(ValueError, match=r"shapes differ") as caught:
        softmax_ce.loss(np.zeros(z), np.zeros(y, int))
    assert str(y) in str(caught.value)


@pytest.mark.parametrize(("z", "y"), [((4, 3), (3,)), ((4, 3), (4,)), ((4, 3), (3, 4)), ((4, 3), ())])
def test_probabilities_and_vectors_have_the_logits_shape(z, y):
    with pytest.raises(ValueError, match=r"shapes differ") as caught:
        softmax_ce.loss(np.zeros(z), np.ones(y) / 3)
    assert str(z) in str(caught.value)
    with pytest.raises(ValueError, match=r"shapes differ"):
        softmax_ce.hvp(np.zeros(z), np.zeros(z[0], int), np.ones(y))


def test_one_target_stands_for_all_logits_and_nothing_else_is_broadcast():
    z = np.linspace(-3, 3, 12).reshape(4, 3)
    for y in (1, 1.0, True, np.float32(1), np.array(1)):
        equal(sigmoid_bce.loss(z, y), sigmoid_bce.loss(z, np.ones_like(z)), np.float64)
    equal(softmax_ce.grad(z, 2), softmax_ce.grad(z, np.full(4, 2)), np.float64)


@dtypes
@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 3)])
def test_empty_batch_gives_an_empty_result(shape, dtype):
    z = np.zeros(shape, dtype)
    for name in ("sigmoid", "softplus", "log_sigmoid"):
        equal(getattr(lg, name)(z), z, dtype)
    for module in PAIRINGS:
        for got in module.loss_and_grad(z, z):
            equal(got, z, dtype)
    for module in (sigmoid_bce, sigmoid_mse):
        equal(module.hess(z, z), z, dtype)
    if shape[-1] == 3:
        y = np.zeros(shape[:-1], int)
        for targets in (y, z):
            loss, grad = softmax_ce.loss_and_grad(z, targets)
            equal(loss, np.zeros(shape[:-1]), dtype)
            equal(grad, z, dtype)
        equal(softmax_ce.hvp(z, y, z), z, dtype)
        equal(lg.softmax(z), z, dtype)
        equal(lg.logsumexp(z), np.zeros(shape[:-1]), dtype)


def test_empty_batch_does_not_hide_a_bad_target():
    with pytest.raises(ValueError, match="2"):
        sigmoid_bce.loss(np.zeros(0), 2)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_no_class_at_all_is_an_error(name):
    with pytest.raises(ValueError, match=r"one class.*\(3, 0\)"):
        getattr(lg, name)(np.zeros((3, 0)))


def test_axis_that_does_not_exist_is_an_error():
    for call in (lambda: lg.softmax(np.zeros(3), axis=1), lambda: softmax_ce.loss(np.float64(1), 0)):
        with pytest.raises(ValueError, match="axis"):
            call()


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros(2, complex),
        np.array([1, None], object),
        np.array(["0", "1"]),
        np.zeros(2, "M8[s]"),
        np.zeros(2, np.longdouble),
    ],
    ids=["complex", "object", "string", "datetime", "longdouble"],
)
def test_types_that_are_not_real_floats_are_a_type_error(bad):
    if bad.dtype == np.float64:
        pytest.skip("long double is float64 here")
    for name in ("sigmoid", "softplus", "log_sigmoid", "softmax", "log_softmax", "logsumexp"):
        with pytest.raises(TypeError, match=str(bad.dtype).replace("[", r"\[")):
            getattr(lg, name)(bad)
    for module in (*PAIRINGS, softmax_ce):
        for arguments in ((bad, np.zeros(2)), (np.zeros(2), bad)):
            with pytest.raises(TypeError, match="must be"):
                module.loss(*arguments)


def test_boolean_targets_of_ce_are_refused_since_they_could_mean_either():
    with pytest.raises(TypeError, match="bool"):
        softmax_ce.loss(np.zeros((2, 2)), np.eye(2, dtype=bool))


def signed_zero(got, negative, dtype):
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, np.zeros(got.shape))
    np.testing.assert_array_equal(np.signbit(got), np.broadcast_to(negative, got.shape))


FAR = [800.0, 1e4, inf]  # sigmoid(-z) is below half of the smallest number


@dtypes
@pytest.mark.parametrize("module", [sigmoid_bce, sigmoid_mse], ids=["bce", "mse"])
def test_gradient_that_underflows_keeps_the_sign_of_its_exact_value(module, dtype):
    z = np.array(FAR, dtype)
    for y in (1, np.ones(3)):
        for call in (module.grad, lambda z, y: module.loss_and_grad(z, y)[1]):
            signed_zero(call(z, y), True, dtype)
            signed_zero(call(-z, 1 - y), False, dtype)
    signed_zero(module.grad(z[0], 1), True, dtype)
    if module is sigmoid_mse:
        for y in (0, 0.25):
            signed_zero(module.grad(z, y), False, dtype)
        for y in (1, 0.25):
            signed_zero(module.grad(-z, y), True, dtype)


@dtypes
def test_second_derivative_that_underflows_keeps_the_sign_of_its_exact_value(dtype):
    z = np.array(FAR, dtype)
    for side in (z, -z):
        signed_zero(sigmoid_bce.hess(side, 1), False, dtype)
    signed_zero(sigmoid_mse.hess(z, 1), False, dtype)
    signed_zero(sigmoid_mse.hess(-z, 0), False, dtype)
    for y in (0, 0.25):
        signed_zero(sigmoid_mse.hess(z, y), True, dtype)
    for y in (1, 0.25):
        signed_zero(sigmoid_mse.hess(-z, y), True, dtype)


@dtypes
def test_true_class_s_gradient_that_underflows_is_minus_0_and_the_others_are_0(dtype):
    rows = np.array([[far, 0, 1] for far in FAR], dtype)
    for y in (np.zeros(3, int), np.eye(3)[[0, 0, 0]], 0):
        for grad in (softmax_ce.grad(rows, y), softmax_ce.loss_and_grad(rows, y)[1]):
            signed_zero(grad, [True, False, False], dtype)


@dtypes
def test_losses_that_underflow_are_0_and_log_sigmoid_is_minus_0(dtype):
    z = np.array(FAR, dtype)
    for module in (sigmoid_bce, sigmoid_mse):
        signed_zero(module.loss(z, 1), False, dtype)
        signed_zero(module.loss(-z, 0), False, dtype)
    signed_zero(lg.softplus(-z), False, dtype)
    signed_zero(lg.log_sigmoid(z), True, dtype)
    signed_zero(lg.sigmoid(-z), False, dtype)
    signed_zero(softmax_ce.loss(np.stack([z, -z], axis=-1), 0), False, dtype)


@dtypes
def test_logarithm_of_a_probability_that_rounds_to_1_is_a_negative_zero(dtype):
    z = np.array(FAR, dtype)
    signed_zero(lg.log_sigmoid(z), True, dtype)
    signed_zero(lg.log_softmax(np.stack([z, -z]), axis=0)[0], True, dtype)
