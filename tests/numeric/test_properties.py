"""What must hold at any logits, looked for by Hypothesis."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import logitgrad as lg
from logitgrad import sigmoid_bce, softmax_ce

EPS = np.finfo(np.float64).eps
TINY = 4 * np.finfo(np.float64).smallest_subnormal

finite = st.floats(-800, 800)
probability = st.floats(0, 1)
# multiples of 1/64 below 2^20: any two differ by a float, exactly
dyadic = st.integers(-(2**20), 2**20).map(lambda n: n / 64)


def vectors(elements=finite, low=2, high=8):
    return hnp.arrays(np.float64, st.integers(low, high), elements=elements)


def few_units(got, expected, units=4):
    return np.abs(got - expected) <= units * EPS * np.abs(expected) + TINY


@given(finite)
def test_sigmoid_is_symmetric_about_one_half(z):
    assert abs(lg.sigmoid(z) + lg.sigmoid(-z) - 1) <= EPS


@given(finite, probability)
def test_swapping_label_and_sign_changes_the_gradient_s_sign_only(z, y):
    mirrored = 1 - y
    if 1 - mirrored == y:  # 1 - y is exact
        terms = max(y, mirrored)
        assert abs(sigmoid_bce.grad(z, y) + sigmoid_bce.grad(-z, mirrored)) <= 4 * EPS * terms
        assert few_units(sigmoid_bce.loss(z, y), sigmoid_bce.loss(-z, mirrored))


@given(finite)
def test_hard_labels_mirror_each_other_bit_for_bit(z):
    assert sigmoid_bce.loss(z, 1) == sigmoid_bce.loss(-z, 0) == lg.softplus(-z) == -lg.log_sigmoid(z)
    assert sigmoid_bce.grad(z, 1) == -sigmoid_bce.grad(-z, 0)
    assert sigmoid_bce.hess(z, 1) == sigmoid_bce.hess(-z, 0)


@given(finite, probability)
def test_bce_is_nonnegative_and_its_gradient_lies_between_minus_y_and_one_minus_y(z, y):
    loss, grad = sigmoid_bce.loss_and_grad(z, y)
    assert loss >= 0
    assert -y <= grad <= 1 - y
    assert 0 <= sigmoid_bce.hess(z, y) <= 0.25


@given(vectors(dyadic), dyadic)
def test_a_shift_changes_nothing(z, c):
    assert np.array_equal(lg.softmax(z + c), lg.softmax(z))
    assert np.array_equal(lg.log_softmax(z + c), lg.log_softmax(z))
    assert np.array_equal(softmax_ce.grad(z + c, 0), softmax_ce.grad(z, 0))


@given(vectors())
def test_probabilities_sum_to_one_and_gradients_to_zero(z):
    assert abs(lg.softmax(z).sum() - 1) <= z.size * EPS
    grad = softmax_ce.grad(z, 0)
    assert abs(grad.sum()) <= z.size * EPS * np.abs(grad).max() + z.size * TINY
    assert grad[0] <= 0
    assert (grad[1:] >= 0).all()


@given(vectors(st.floats(-50, 50)), st.data())
def test_soft_gradients_sum_to_zero(z, data):
    y = data.draw(hnp.arrays(np.float64, z.size, elements=probability))
    grad = softmax_ce.grad(z, y, normalized=False)
    assert abs(grad.sum()) <= 4 * z.size * EPS * (y.sum() + 1e-300)


@given(finite)
def test_two_classes_are_the_sigmoid(z):
    pair = np.array([z, 0.0])
    assert few_units(lg.softmax(pair)[0], lg.sigmoid(z))
    assert few_units(softmax_ce.loss(pair, 0), sigmoid_bce.loss(z, 1))
    assert few_units(softmax_ce.grad(pair, 0)[0], sigmoid_bce.grad(z, 1))
    assert few_units(softmax_ce.grad(pair, 1)[0], sigmoid_bce.grad(z, 0))
    assert few_units(softmax_ce.hvp(pair, 0, [1.0, 0.0])[0], sigmoid_bce.hess(z, 1))


@given(vectors(st.floats(-1e300, 1e300)))
def test_logsumexp_lies_between_the_maximum_and_the_maximum_plus_log_k(z):
    above = np.log(z.size) * (1 + EPS) + np.spacing(np.abs(z.max()))
    assert z.max() <= lg.logsumexp(z) <= z.max() + above


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats()))
def test_nothing_escapes_for_any_floats(z):
    with np.errstate(all="raise"):
        lg.sigmoid(z), lg.softplus(z), lg.log_sigmoid(z), lg.logsumexp(z)
        sigmoid_bce.loss_and_grad(z, np.full_like(z, 0.3))
        p = lg.softmax(z)
        bad = np.isnan(z).any(-1) | (np.isposinf(z).sum(-1) > 1) | np.isneginf(z).all(-1)
        assert np.array_equal(np.isnan(p).any(-1), bad)
        assert np.array_equal(np.isnan(p).all(-1), bad)
        loss, grad = softmax_ce.loss_and_grad(z, np.zeros(z.shape[:-1], int))
        assert np.array_equal(np.isnan(loss), bad)
        assert np.array_equal(np.isnan(grad).any(-1), bad)


@given(vectors(st.floats(-700, 700)), st.data())
def test_hvp_is_symmetric_positive_and_blind_to_constants(z, data):
    u, v = (data.draw(hnp.arrays(np.float64, z.size, elements=st.floats(-8, 8))) for _ in range(2))
    hu, hv = softmax_ce.hvp(z, 0, u), softmax_ce.hvp(z, 0, v)
    assert abs(v @ hu - u @ hv) <= 64 * z.size * EPS * 64
    assert u @ hu >= -64 * z.size * EPS * 64
    assert (softmax_ce.hvp(z, 0, np.full(z.size, 3.0)) == 0).all()
