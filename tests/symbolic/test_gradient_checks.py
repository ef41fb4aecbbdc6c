"""Difference quotients: the constants are the right ones, and independent of how they were proved."""

import mpmath
import pytest
from sympy import (
    Derivative,
    Eq,
    Gt,
    I,
    Limit,
    Lt,
    Rational,
    Symbol,
    arg,
    exp,
    im,
    lambdify,
    log,
    re,
    series,
    sin,
    solve,
)

from logitgrad.symbolic import (
    bce,
    direction,
    in_order,
    k,
    p,
    prove,
    prove_equal,
    relu,
    sigma,
    theorems,
    total,
    y,
    z,
)
from logitgrad.symbolic.gradient_checks import angle, bend, best, h, rise, rounding, size, third, turning

forward = rise(p, h) / h
central = (rise(p, h) - rise(p, -h)) / (2 * h)

WRONG = [
    ("difference-forward", 2),
    ("difference-forward", -1),
    ("difference-central", 2),
    ("difference-central", -1),
    ("complex-step-error", Rational(1, 3)),
    ("complex-step-error", -1),
    ("difference-at-kink", 2),
    ("difference-at-kink", 0),
]


@pytest.mark.parametrize(("name", "factor"), WRONG)
def test_another_constant_is_refuted(name, factor):
    statement = theorems[name].statement
    assert prove(Eq(statement.lhs, factor * statement.rhs)).status == "refuted"


@pytest.mark.parametrize(
    ("name", "quotient", "order"), [("difference-forward", forward, 1), ("difference-central", central, 2)]
)
def test_the_limit_is_that_of_the_quotient_s_error_by_the_step_s_power(name, quotient, order):
    assert prove_equal(theorems[name].statement.lhs.args[0], (quotient - p) / h**order)


@pytest.mark.parametrize("power", [1, 3])
def test_the_central_difference_is_of_second_order_and_no_other(power):
    assert prove(Eq(Limit((central - p) / h**power, h, 0, "+"), third / 6)).status == "refuted"


def test_the_rise_s_taylor_coefficients_are_the_derivatives_of_the_loss():
    taylor = series(rise(p, h).definition, h, 0, 4).removeO()
    for power, derivative in enumerate([p, p * (1 - p), third], start=1):
        assert (taylor.coeff(h, power) * [1, 1, 2, 6][power] - derivative).simplify() == 0


@pytest.mark.parametrize("output", [Rational(1, 100), Rational(1, 3), Rational(1, 2), Rational(99, 100)])
@pytest.mark.parametrize("step", [Rational(1, 10), Rational(-1, 2), Rational(3, 2)])
def test_the_angle_is_the_imaginary_part_of_the_logarithm(output, step):
    with mpmath.workdps(40):
        q, t = mpmath.mpf(output.p) / output.q, mpmath.mpf(step.p) / step.q
        exact = mpmath.log(1 - q + q * mpmath.expj(t)).imag
        assert mpmath.almosteq(lambdify((p, h), angle(p, h).definition, "mpmath")(q, t), exact, 1e-38)


def test_the_angle_is_that_of_the_point_it_is_taken_from():
    turned = 1 - p + p * exp(I * h)
    assert prove_equal(re(turned), angle(p, h).definition.args[0].as_numer_denom()[1])
    assert prove_equal(im(turned), p * sin(h))
    assert prove_equal(im(log(turned)), arg(turned))


def test_the_angle_grows_by_the_real_part_of_a_sigmoid():
    forth, back = (p * exp(s * I * h) / (1 - p + p * exp(s * I * h)) for s in (1, -1))
    gap = turning(p, h).definition - (forth + back) / 2
    assert gap.rewrite(exp).simplify() == 0


def test_the_best_step_is_where_rounding_and_bending_pull_equally():
    bound = rounding / size + bend * size**2 / 6
    (stationary,) = solve(bound.diff(size), size)
    assert (stationary - best).simplify() == 0
    assert prove(Gt(bound.diff(size, 2), 0, evaluate=False)).status == "proved"


def test_another_step_costs_strictly_more_somewhere():
    statement = theorems["difference-best-step"].statement
    elsewhere = statement.lhs.subs(size, 2 * best)
    assert prove(Lt(elsewhere, statement.rhs, evaluate=False)).status == "refuted"
    assert prove(Gt(elsewhere, statement.rhs, evaluate=False)).status != "refuted"


def test_the_third_derivative_is_that_of_the_loss():
    loss = bce(z, y)
    assert prove_equal(Derivative(loss, (z, 2)), Derivative(sigma(z), z))
    assert prove_equal(Derivative(sigma(z), (z, 2)), third.subs(p, sigma(z)))


@pytest.mark.parametrize(("side", "slope"), [("+", 1), ("-", 0)])
def test_a_one_sided_difference_of_the_relu_sees_one_side(side, slope):
    assert prove(Eq(Limit(in_order(relu(h), -relu(0)) / h, h, 0, side), slope)).status == "proved"


def test_a_pullback_without_its_sum_is_refuted():
    pulled_back = theorems["log-softmax-pullback"].statement.lhs
    wrong = prove_equal(pulled_back, theorems["log-softmax-pullback-of-a-label"].statement.rhs)
    assert wrong.status == "refuted"
    assert prove_equal(pulled_back, pulled_back.doit(), (Eq(total(direction[k]), 0),)).status == "proved"


def test_the_definitions_are_plain_functions_of_their_symbols():
    x = Symbol("x", real=True)
    assert rise(p, x).definition.subs(x, 0) == 0
    assert angle(p, x).definition.subs(x, 0) == 0
    assert prove_equal(Derivative(rise(p, h), h), p * exp(h) / (1 - p + p * exp(h)))
