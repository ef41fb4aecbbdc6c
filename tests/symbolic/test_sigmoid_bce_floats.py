"""The guarded and the clipped loss, by roads that the proofs do not take."""

import mpmath as mp
import pytest
from sympy import Derivative, Piecewise, Rational, limit, log, oo, solve, symbols

from logitgrad.symbolic import ell, eps, p, prove_equal, sigma, theorems, y, z
from logitgrad.symbolic.sigmoid_bce_floats import LOW, clip, guarded

from . import plain

GUARD = guarded(z, y, eps)


@pytest.mark.parametrize("target", [0, Rational(3, 10), 1])
@pytest.mark.parametrize("logit", [-30, -2, 0, 5, 40])
def test_the_guarded_gradient_is_a_difference_of_the_guarded_loss(logit, target):
    point = {y: target, eps: Rational(1, 10**8)}
    stated = plain.value(theorems["guarded-gradient"].statement.rhs, {**point, z: logit})
    with mp.workdps(plain.DIGITS):
        step, h = Rational(1, 10**20), mp.mpf(10) ** -20
        up, down = (plain.value(GUARD.definition, {**point, z: logit + s * step}) for s in (1, -1))
        assert abs((up - down) / (2 * h) - stated) < mp.mpf(10) ** -30


def test_without_the_constant_the_guarded_loss_is_cross_entropy():
    assert prove_equal(guarded(z, y, 0), ell(sigma(z), y)).status == "proved"


def test_half_of_the_gradient_is_left_where_the_distance_to_one_is_the_constant():
    x = symbols("x", positive=True)  # sigma(-z)
    assert solve(x / (x + eps) - Rational(1, 2), x) == [eps]


def test_the_share_at_the_logit_of_the_constant():
    share = sigma(-z) / (sigma(-z) + eps)
    assert prove_equal(share.subs(z, -log(eps)), 1 / (2 + eps)).status == "proved"


def test_a_ceiling_by_plain_sympy():
    q = symbols("q", positive=True)
    assert limit(-log(q + eps), q, 0, "+") == -log(eps)


@pytest.mark.parametrize("constant", [Rational(1, 10), Rational(1, 10**6)])
@pytest.mark.parametrize(("name", "target"), [("guarded-ceiling", 0), ("guarded-below-zero", 1)])
def test_the_ends_of_the_guarded_loss_with_numbers(name, target, constant):
    value = plain.value(GUARD.definition, {z: 200, y: target, eps: constant})
    assert plain.same(value, plain.value(theorems[name].statement.rhs, {eps: constant}))


@pytest.mark.parametrize("logit", [-40, -3, 0, 3, 40])
def test_the_bounds_on_the_guarded_gradient_are_of_the_right_size(logit):
    for name, target, sure in (("guarded-wrong-zero", 0, 40), ("guarded-wrong-one", 1, -40)):
        low, high = (
            abs(plain.value(side, {z: logit, y: target, eps: Rational(1, 10**8)}))
            for side in theorems[name].statement.args
        )
        assert low < high
        assert logit != sure or low / high > 0.99


def test_clipping_keeps_what_lies_between():
    assert clip(Rational(1, 3)).definition == Rational(1, 3)
    assert clip(Rational(1, 10**4)).definition == LOW
    assert clip(Rational(99999, 10**5)).definition == 1 - LOW


@pytest.mark.parametrize("constant", [Rational(1, 10), Rational(1, 10**7)])
def test_clipping_is_flat_for_other_constants_too(constant):
    other = Piecewise((constant, p < constant), (1 - constant, p > 1 - constant), (p, True))
    for given in (p > 1 - constant, p < constant):
        assert prove_equal(Derivative(ell(other, y), p), 0, given=(given,)).status == "proved"
    inside = prove_equal(Derivative(ell(other, y), p), 0, given=(p > constant, p < 1 - constant))
    assert inside.status == "refuted"


def test_the_odds_grow_without_bound():
    assert limit(theorems["sigmoid-odds"].statement.rhs, z, oo) == oo
