"""Squared error behind a sigmoid: the numbers in its theorems are what plain SymPy finds, and mistakes fail."""

import pytest
from sympy import Derivative, Eq, Ge, Le, Limit, Lt, Rational, Symbol, diff, exp, log, oo, solve

from logitgrad.symbolic import ell, mse, prove, prove_equal, sigma, squared_error, theorems, unfold, y, z

p = Symbol("p", real=True)
product = (p - y) * p * (1 - p)  # the gradient as a function of the output


def test_peak_is_where_plain_sympy_finds_it():
    (inside,) = [root for root in solve(diff(product.subs(y, 0), p), p) if 0 < root < 1]
    assert (inside, product.subs({y: 0, p: inside})) == (Rational(2, 3), Rational(4, 27))
    assert solve(Eq(unfold(sigma(z)), inside), z) == [log(2)]


def test_inflections_are_where_plain_sympy_finds_them():
    stated = theorems["sigmoid-mse-inflections"].statement.rhs.subs(sigma(z), p)
    assert set(solve(diff(product, p), p)) == set(solve(stated / (p * (1 - p)), p))


@pytest.mark.parametrize("target", [0, Rational(1, 10), Rational(1, 2), 1])
def test_loss_is_convex_somewhere_and_concave_elsewhere(target):
    curvature = diff(unfold(mse(z, target)), z, 2)
    signs = {curvature.subs(z, logit).evalf() > 0 for logit in (-8, -2, 0, 2, 8)}
    assert signs == {True, False}


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(Eq(Derivative(mse(z, y), z), sigma(z) - y), id="chain-factor-forgotten"),
        pytest.param(Eq(Derivative(squared_error(p, y), p), 2 * (p - y)), id="the-half-forgotten"),
        pytest.param(Le(Derivative(mse(z, 0), z), Rational(1, 7)), id="a-smaller-peak"),
        pytest.param(Ge(Derivative(mse(z, y), (z, 2)), 0), id="convex"),
        pytest.param(Lt(mse(z, y), Rational(1, 2)), id="bounded-whatever-the-target"),
        pytest.param(Eq(Limit(Derivative(mse(z, 0), z), z, oo), 1), id="the-limit-of-cross-entropy"),
        pytest.param(Eq(mse(z, y), mse(-z, y)), id="mirror-without-the-target"),
    ],
)
def test_mistake_is_refuted(mistake):
    assert prove(mistake).status == "refuted"


def test_gradient_is_cross_entropy_s_times_the_slope_also_in_plain_exponentials():
    plain = diff((1 / (1 + exp(-z)) - y) ** 2 / 2, z)
    assert prove_equal(plain, Derivative(ell(sigma(z), y), z) * exp(-z) / (1 + exp(-z)) ** 2)
