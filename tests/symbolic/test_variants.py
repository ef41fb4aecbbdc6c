"""Variants of cross-entropy: what plain SymPy finds, what the libraries document, and mistakes that fail."""

import pytest
from sympy import Derivative, Eq, Ge, Limit, Rational, Symbol, diff, exp, log, oo, simplify, solve

from logitgrad.symbolic import (
    K,
    bce,
    j,
    logits,
    prove,
    prove_equal,
    sigma,
    softmax,
    softplus,
    targets,
    total,
    unfold,
    z,
)
from logitgrad.symbolic import y as target
from logitgrad.symbolic.variants import (
    T,
    bend,
    cooled,
    distillation,
    focal,
    gamma,
    lam,
    smoothed_ce,
    tempered_ce,
    w,
    weighted_bce,
)

one = (Eq(total(targets[j], j), 1),)
F = focal(z, 0, gamma)


def test_the_gap_is_where_plain_sympy_finds_the_zero_of_the_gradient():
    odds = Symbol("odds", positive=True)
    for classes in (2, 3, 10):
        p = odds / (odds + classes - 1)  # the label leads all others by log(odds)
        (found,) = solve(Eq(p, 1 - lam + lam / classes), odds)
        assert simplify(found - (1 + classes * (1 - lam) / lam)) == 0


def test_the_focal_derivatives_are_plain_sympy_s_for_gamma_2():
    p = 1 / (1 + exp(-z))
    loss = -(p**2) * log(1 - p)
    assert prove_equal(diff(loss, z), Derivative(F.subs(gamma, 2), z))
    point = {z: 3.0}
    assert diff(loss, z, 2).subs(point).evalf(30) < 0
    assert unfold(bend(z, gamma)).subs({gamma: 2, z: 3}).evalf(30) < 0


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(Eq(Derivative(F, z), sigma(z) ** (gamma + 1)), id="the-weight-s-derivative-forgotten"),
        pytest.param(Ge(Derivative(F.subs(gamma, 2), (z, 2)), 0), id="focal-convex"),
        pytest.param(
            Eq(focal(z, target, gamma), sigma((1 - 2 * target) * z) ** gamma * softplus(z)), id="margin-lost"
        ),
        pytest.param(
            Eq(Derivative(weighted_bce(z, target, w), z), w * (sigma(z) - target)), id="weight-as-a-factor"
        ),
        pytest.param(Eq(sigma(log(target / (1 - target)) + w), w * target), id="w-instead-of-log-w"),
        pytest.param(Eq(Limit(T * sigma(z / T), T, oo), z / 4), id="limit-without-the-difference"),
    ],
)
def test_mistake_is_refuted(mistake):
    assert prove(mistake).status == "refuted"


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        pytest.param(
            Derivative(smoothed_ce(logits, targets, lam), logits[j]),
            softmax(logits, j) - (1 - lam) * targets[j] - lam / (K + 1),
            one,
            id="smoothing-over-another-number-of-classes",
        ),
        pytest.param(
            Derivative(tempered_ce(logits, targets, T), logits[j]),
            cooled(logits, j) - targets[j],
            one,
            id="no-1-over-T",
        ),
        pytest.param(
            Derivative(distillation(logits, targets, T), logits[j]),
            softmax(logits, j) - cooled(targets, j),
            (),
            id="student-not-tempered",
        ),
    ],
)
def test_mistake_with_many_classes_is_refuted(left, right, given):
    assert prove_equal(left, right, given=given).status == "refuted"


def test_a_weight_of_one_and_no_smoothing_are_cross_entropy():
    assert prove_equal(weighted_bce(z, target, w).definition.subs(w, 1), bce(z, target))
    assert prove_equal(
        smoothed_ce(logits, targets, lam).definition.subs(lam, 0),
        tempered_ce(logits, targets, T).definition.subs(T, 1),
    )


def test_alpha_balancing_is_a_weight_and_a_factor():
    alpha = Symbol("alpha", positive=True)
    balanced = -alpha * target * log(sigma(z)) - (1 - alpha) * (1 - target) * log(sigma(-z))
    by_weight = (1 - alpha) * weighted_bce(z, target, w).definition.subs(w, alpha / (1 - alpha))
    assert prove_equal(balanced, by_weight)
    assert prove_equal(by_weight.subs(alpha, Rational(1, 4)), balanced.subs(alpha, Rational(1, 4)))
