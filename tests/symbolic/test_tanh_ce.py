"""Tanh with cross-entropy: what plain SymPy says of it, and the mistakes that are made with it."""

import pytest
from sympy import Derivative, Eq, Gt, Limit, Ne, diff, im, log, oo, simplify, tanh

from logitgrad.symbolic import bce, ell, prove, sigma, theorems, y, z
from logitgrad.symbolic.tanh_ce import tanh_ce

a = tanh(z)


def test_gradient_is_what_plain_sympy_differentiates():
    plain = diff(-y * log(a) - (1 - y) * log(1 - a), z)
    assert simplify(plain - theorems["tanh-ce-gradient"].statement.rhs.doit()) == 0


def test_right_of_0_the_gradient_is_0_where_the_output_is_the_target():
    gradient = theorems["tanh-ce-gradient"].statement.rhs
    assert gradient.subs(y, a).doit() == 0


def test_plain_sympy_finds_the_imaginary_part_too():
    loss = -y * log(a) - (1 - y) * log(1 - a)
    assert abs(im(loss.subs({z: -1, y: 0.25}).evalf()) + 0.25 * 3.141592653589793) < 1e-12


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(Eq(Derivative(tanh_ce(z, y), z), a - y), id="both-ends-cancelled"),
        pytest.param(Eq(Derivative(tanh_ce(z, y), z), sigma(z) - y), id="taken-for-a-sigmoid"),
        pytest.param(Ne(im(tanh_ce(z, y)), 0), id="never-real"),
        pytest.param(Eq(ell((1 + a) / 2, y), bce(z, y)), id="without-the-factor-2"),
        pytest.param(Eq(Derivative(ell((1 + a) / 2, y), z), sigma(2 * z) - y), id="inner-derivative-forgotten"),
        pytest.param(Eq(Limit(Derivative(tanh_ce(z, y), z), z, oo), 1 - y), id="the-limit-of-a-sigmoid"),
        pytest.param(Gt(tanh_ce(z, 0), 0), id="a-loss-is-not-negative"),
    ],
)
def test_mistake_is_refuted(mistake):
    assert prove(mistake).status == "refuted"
