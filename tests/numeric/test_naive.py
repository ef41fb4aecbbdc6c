"""The naive forms fail where their docstrings say, and their gradients are those of their own losses."""

import numpy as np
import pytest

import logitgrad as lg
from logitgrad import naive

inf, nan = np.inf, np.nan


@pytest.mark.parametrize(
    ("dtype", "saturates", "vanishes"), [(np.float16, 8, -12), (np.float32, 17, -89), (np.float64, 37, -710)]
)
def test_sigmoid_rounds_to_one_and_underflows_too_early(dtype, saturates, vanishes):
    assert naive.sigmoid(dtype(saturates)) == 1
    assert naive.sigmoid(dtype(vanishes)) == 0 < lg.sigmoid(dtype(vanishes))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        pytest.param(lambda: naive.softplus(710.0), inf, id="softplus-overflows"),
        pytest.param(lambda: naive.softplus(-37.5), 0, id="softplus-vanishes"),
        pytest.param(lambda: naive.bce(naive.sigmoid(40.0), 1), nan, id="bce-0-log-0-when-right"),
        pytest.param(lambda: naive.bce(naive.sigmoid(40.0), 0), inf, id="bce-inf-when-wrong"),
        pytest.param(lambda: naive.bce(naive.sigmoid(np.float32(17)), 1), nan, id="bce-float32"),
        pytest.param(lambda: naive.bce_grad(40.0, 1), nan, id="two-factors-0-over-0"),
        pytest.param(lambda: naive.bce_grad(40.0, 0), nan, id="two-factors-inf-times-0"),
        pytest.param(lambda: naive.bce_grad(-720.0, 1), nan, id="two-factors-left"),
        pytest.param(lambda: naive.bce_grad_fused(40.0, 1), 0, id="fused-loses-all-digits"),
        pytest.param(lambda: naive.bce_eps_grad(-1000.0, 1), 0, id="eps-no-gradient-where-wrong"),
        pytest.param(lambda: naive.bce_eps_grad(30.0, 0) > 0.5, False, id="eps-gradient-too-small-where-wrong"),
        pytest.param(lambda: naive.bce_eps(40.0, 1) < 0, True, id="eps-negative-loss"),
        pytest.param(lambda: naive.bce_eps(-1000.0, 1) == -np.log(1e-8), True, id="eps-caps-the-loss"),
        pytest.param(lambda: naive.bce_clip_grad(-20.0, 1), 0, id="clip-no-gradient-where-wrong"),
        pytest.param(lambda: naive.bce_clip_grad(20.0, 0), 0, id="clip-no-gradient-on-the-other-side"),
        pytest.param(lambda: naive.bce_clip(-20.0, 1) == naive.bce_clip(-1e3, 1), True, id="clip-flat"),
        pytest.param(lambda: naive.bce_clip(np.float32(20), 1, 1e-9), nan, id="clip-eps-below-the-type-s"),
        pytest.param(lambda: naive.bce_nan_to_num(40.0, 1), 0, id="nan-to-num-hides-the-loss"),
        pytest.param(lambda: naive.bce_nan_to_num(40.0, 0), np.finfo(float).max, id="nan-to-num-next-to-inf"),
        pytest.param(lambda: naive.logsumexp([710.0, 0.0]), inf, id="logsumexp-overflows"),
        pytest.param(lambda: naive.logsumexp([-746.0, -746.0]), -inf, id="logsumexp-underflows"),
        pytest.param(lambda: naive.softmax([710.0, 0.0])[0], nan, id="softmax-inf-over-inf"),
        pytest.param(lambda: naive.softmax([-746.0, -746.0])[0], nan, id="softmax-0-over-0"),
        pytest.param(lambda: naive.log_softmax([0.0, -746.0])[1], -inf, id="log-softmax-log-0"),
        pytest.param(lambda: naive.log_softmax([0.0, -40.0])[0], 0, id="log-softmax-loses-the-dominant"),
        pytest.param(lambda: naive.softmax_ce_grad_fused([0.0, -40.0], [1.0, 0.0])[0], 0, id="p-minus-y"),
    ],
)
def test_naive_form_fails_here(call, expected):
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(call(), expected)


@pytest.mark.parametrize(
    ("z", "y"),
    [(710.0, 0), (-37.5, 0), (40.0, 1), (40.0, 0), (-720.0, 1), (-1000.0, 1), (-20.0, 1), (20.0, 0)],
)
def test_library_is_right_where_they_fail(z, y):
    loss, grad = lg.sigmoid_bce.loss_and_grad(z, y)
    assert 0 < loss < 1001
    assert 0 < abs(grad) <= 1
    assert np.sign(grad) == 1 - 2 * y


@pytest.mark.parametrize(
    ("loss", "grad"), [(naive.bce_eps, naive.bce_eps_grad), (naive.bce_clip, naive.bce_clip_grad)]
)
@pytest.mark.parametrize("y", [0, 0.3, 1])
def test_repaired_loss_has_the_gradient_that_is_given_for_it(loss, grad, y):
    # No point straddles the kink of clipping, |z| = 16.1; h is large: log(p + eps) has 2^-53/eps of noise
    h, z = 2.0**-13, np.array([-30.0, -17.0, -15.0, -3.0, 0.5, 4.0, 15.0, 17.0, 30.0])
    difference = (loss(z + h, y) - loss(z - h, y)) / (2 * h)
    np.testing.assert_allclose(grad(z, y), difference, atol=2.0**-52 / 1e-8 / h)


def test_naive_forms_agree_with_the_library_where_they_do_not_fail():
    z, y = np.linspace(-8, 8, 33), 0.3
    for name in ("sigmoid", "softplus"):
        np.testing.assert_allclose(getattr(naive, name)(z), getattr(lg, name)(z), rtol=1e-12)
    np.testing.assert_allclose(naive.bce(naive.sigmoid(z), y), lg.sigmoid_bce.loss(z, y), rtol=1e-12)
    for form in (naive.bce_grad, naive.bce_grad_fused):
        np.testing.assert_allclose(form(z, 1), lg.sigmoid_bce.grad(z, 1), rtol=1e-12)
    rows = z.reshape(3, 11).T
    for name in ("logsumexp", "softmax", "log_softmax"):
        for axis in (0, 1):
            np.testing.assert_allclose(
                getattr(naive, name)(rows, axis=axis), getattr(lg, name)(rows, axis=axis), rtol=1e-11
            )
    np.testing.assert_allclose(
        naive.softmax_ce_grad_fused(rows, np.eye(3)[[0] * 11]), lg.softmax_ce.grad(rows, [0] * 11), rtol=1e-10
    )


@pytest.mark.parametrize("z", [[inf, 0.0], [-inf, 0.0], [nan, 0.0], [1.7e308, -1.7e308], [800.0, -800.0]], ids=str)
def test_no_warning_is_issued_whatever_fails(z):
    y = np.array([1.0, 0.0])
    with np.errstate(all="raise"):
        for form in (naive.sigmoid, naive.softplus, naive.logsumexp, naive.softmax, naive.log_softmax):
            form(z)
        for form in (naive.bce_grad, naive.bce_grad_fused, naive.bce_eps, naive.bce_eps_grad, naive.bce_clip):
            form(z, y)
        for form in (naive.bce_clip_grad, naive.bce_nan_to_num, naive.softmax_ce_grad_fused):
            form(z, y)
        naive.bce(naive.sigmoid(z), y)


def test_clipping_has_no_gradient_where_the_output_is_the_limit_itself():
    low, high = np.log(1 / 3), np.log(3.0)
    assert naive.sigmoid([low, high]).tolist() == [0.25, 0.75]
    assert naive.bce_clip_grad([low, high], 1, 0.25).tolist() == [0, 0]
    assert (naive.bce_clip_grad([low, high], 1, 0.24) < 0).all()


def test_each_row_is_shifted_by_its_own_maximum_along_the_axis():
    rows = np.array([[900.0, 0.0, 899.0], [-900.0, -901.0, -1700.0]])
    for axis, z in ((1, rows), (0, rows.T), (-1, rows)):
        y = np.zeros_like(z)
        np.testing.assert_allclose(
            naive.softmax_ce_grad_fused(z, y, axis=axis), lg.softmax(z, axis=axis), rtol=1e-13
        )


def test_integers_become_float64():
    for dtype in (bool, np.int8, np.uint64):
        assert naive.real(np.ones(2, dtype)).dtype == np.float64
    assert naive.real([1, 2]).dtype == np.float64


def test_types_are_kept_since_the_type_s_limits_are_the_point():
    for dtype in (np.float16, np.float32, np.float64):
        assert naive.bce_grad(np.zeros(2, dtype), 1).dtype == dtype
        assert naive.softmax(np.zeros(2, dtype)).dtype == dtype
    assert naive.sigmoid([0, 1]).dtype == np.float64
