"""Each remedy fails where its docstring says, and its gradient is that of its own loss."""

import numpy as np
import pytest

from logitgrad import softmax_ce
from logitgrad.numeric.softmax_remedies import (
    REMEDIES,
    as_written,
    as_written_grad,
    clipped,
    clipped_grad,
    from_log_probabilities,
    from_shifted,
    on_logits,
    on_logits_grad,
    shifted,
    shifted_log,
    with_eps,
    with_eps_grad,
)

inf, nan = np.inf, np.nan
FIRST, SECOND = np.array([1.0, 0.0]), np.array([0.0, 1.0])
each_remedy = pytest.mark.parametrize("remedy", REMEDIES)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        pytest.param(lambda: as_written([710.0, 0.0], FIRST), nan, id="overflow"),
        pytest.param(lambda: as_written([0.0, -746.0], SECOND), inf, id="log-0"),
        pytest.param(lambda: as_written_grad([710.0, 0.0], FIRST), [nan, 0], id="overflow-gradient"),
        pytest.param(lambda: shifted([inf, 0.0]), [nan, nan], id="shift-of-infinity"),
        pytest.param(lambda: from_shifted([0.0, -746.0], SECOND), inf, id="shifted-log-0"),
        pytest.param(lambda: from_shifted([40.0, 0.0], FIRST), 0, id="shifted-loses-the-sure"),
        pytest.param(lambda: on_logits([0.0, -746.0], SECOND), 746, id="log-softmax-is-right-behind"),
        pytest.param(lambda: on_logits([40.0, 0.0], FIRST), 0, id="log-softmax-loses-the-sure"),
        pytest.param(lambda: on_logits_grad([40.0, 0.0], FIRST)[0], 0, id="log-softmax-gradient"),
        pytest.param(lambda: with_eps([1e3, 0.0], SECOND) == -np.log(1e-8), True, id="eps-caps-the-loss"),
        pytest.param(lambda: with_eps([1e3, 0.0], FIRST) < 0, True, id="eps-negative-loss"),
        pytest.param(lambda: with_eps_grad([1e3, 0.0], SECOND), [0, 0], id="eps-no-gradient-where-wrong"),
        pytest.param(lambda: with_eps(np.float16([20, 0]), SECOND), inf, id="eps-is-0-in-float16"),
        pytest.param(lambda: clipped([20.0, 0.0], SECOND) == clipped([1e3, 0.0], SECOND), True, id="clip-flat"),
        pytest.param(lambda: clipped_grad([20.0, 0.0], SECOND), [0, 0], id="clip-no-gradient-where-wrong"),
        pytest.param(lambda: clipped_grad([20.0, 0.0], FIRST), [0, 0], id="clip-no-gradient-where-right"),
    ],
)
def test_remedy_fails_here(call, expected):
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(call(), expected)


def test_library_is_right_where_they_fail():
    for row in ([710.0, 0.0], [40.0, 0.0], [1e3, 0.0]):
        loss, grad = softmax_ce.loss_and_grad(row, 1)
        assert loss == row[0]
        assert grad.tolist() == [1, -1]
    assert softmax_ce.loss([40.0, 0.0], 0) > 0 > softmax_ce.grad([40.0, 0.0], 0)[0]


@each_remedy
@pytest.mark.parametrize("y", [[1.0, 0, 0], [0.2, 0.5, 0.3]])
def test_gradient_is_that_of_the_remedied_loss(remedy, y):
    # The kink of clipping, and log(p + eps) with its 2^-53/eps of noise, decide step and tolerance
    h, z = 2.0**-13, np.array([[3.0, -1, 0.5], [-17.5, 0, -30], [20, 1, 0]])
    for n, step in enumerate(h * np.eye(3)):
        difference = (remedy.loss(z + step, [y] * 3) - remedy.loss(z - step, [y] * 3)) / (2 * h)
        np.testing.assert_allclose(remedy.grad(z, [y] * 3)[:, n], difference, atol=2.0**-52 / 1e-8 / h)


@each_remedy
def test_remedy_agrees_with_the_library_on_ordinary_logits(remedy):
    z = np.random.default_rng(0).normal(size=(50, 4))
    y = np.eye(4)[np.arange(50) % 4]
    slack = 1e-5 if remedy.name.startswith("ε") else 1e-13
    np.testing.assert_allclose(remedy.loss(z, y), softmax_ce.loss(z, y), rtol=slack)
    np.testing.assert_allclose(remedy.grad(z, y), softmax_ce.grad(z, y), rtol=slack)


@each_remedy
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_types_are_kept(remedy, dtype):
    z, y = np.zeros((2, 3), dtype), np.eye(3, dtype=dtype)[:2]
    assert remedy.loss(z, y).dtype == remedy.grad(z, y).dtype == dtype


@each_remedy
def test_inputs_are_not_changed_and_nothing_escapes(remedy):
    z = np.array([[800.0, 0.0], [0.0, -800.0]])
    before = z.copy()
    with np.errstate(all="raise"):
        remedy.loss(z, np.eye(2)), remedy.grad(z, np.eye(2))
    np.testing.assert_array_equal(z, before)


def test_a_target_of_0_has_no_term():
    assert from_log_probabilities(np.array([-1.0, -inf]), [1, 0]) == 1
    assert from_log_probabilities(np.array([-1.0, -inf]), [0.5, 0.5]) == inf


def test_log_softmax_is_the_logarithm_where_nothing_is_lost():
    z = np.random.default_rng(1).normal(size=(20, 5))
    np.testing.assert_allclose(shifted_log(z), np.log(shifted(z)), rtol=1e-13)


def test_each_row_is_shifted_by_its_own_maximum():
    z = np.array([[900.0, 0.0], [-900.0, -901.0]])
    second = 1 / (1 + np.exp([-1.0, 1.0]))
    np.testing.assert_allclose(shifted(z), [[1, 0], second], rtol=1e-14)
    np.testing.assert_allclose(shifted_log(z), [[0, -900], np.log(second)], rtol=1e-14)


def test_clipping_costs_the_sure_and_right_as_much_as_the_constant_says():
    assert clipped([40.0, 0.0], FIRST) == -np.log(1 - 1e-7)
    assert clipped([40.0, 0.0], SECOND) == -np.log(1e-7)


def test_clipping_has_no_gradient_where_the_probability_is_the_limit_itself():
    z = [np.log(3.0), 0.0]
    assert shifted(z).tolist() == [0.75, 0.25]
    for y in (FIRST, SECOND):
        assert clipped_grad(z, y, eps=0.25).tolist() == [0, 0]
        assert np.abs(clipped_grad(z, y, eps=0.24)).all()
