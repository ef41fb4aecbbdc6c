"""Enclosures contain the exact value, at ordinary and at extreme points, and say when there is none."""

import mpmath as mp
import pytest
from sympy import (
    Abs,
    Float,
    Function,
    Heaviside,
    IndexedBase,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    Sum,
    Symbol,
    arg,
    cosh,
    exp,
    im,
    log,
    nan,
    pi,
    re,
    sign,
    sqrt,
    tanh,
)

from logitgrad.symbolic import (
    K,
    Undefined,
    bce,
    enclose,
    j,
    k,
    logits,
    logsumexp,
    relu,
    sigma,
    softmax,
    softplus,
    targets,
    y,
    z,
)
from logitgrad.symbolic.intervals import Evaluator, Pole, concrete

from . import plain

POINTS = [700, -700, 1e-300, -1e-300, 5e-324, 36.7368, 0.1, -0.5, 745.2, 1.7e3]
FORMS = {
    "sigma": sigma(z),
    "sigma - 1": sigma(z) - 1,
    "softplus": softplus(z),
    "softplus - z": softplus(z) - z,
    "sigma'": sigma(z).diff(z),
    "log sigma": log(sigma(z)),
    "relu + 1": relu(z) + 1,
    "tanh": tanh(z),
    "1/cosh": 1 / cosh(z),
    "expm1 by a difference": exp(z) - 1,
    "log1p by a sum": log(1 + exp(-Abs(z))),
    "stable bce": Max(z, 0) - z * Rational(1, 3) + log(1 + exp(-Abs(z))),
    "min, sign and branches": Min(z, 2) + 3 * sign(z) + Piecewise((5, z > 1), (7, True)),
    "root": sqrt(Abs(z)) + pi * Heaviside(z),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("point", POINTS)
def test_enclosure_is_the_exact_value_to_forty_digits(name, point):
    with mp.workdps(1600):
        exact = mp.mpf(point)
        expected = REFERENCE[name](exact)
        found = enclose(FORMS[name], {z: point}, digits=40)
        assert abs(found - expected) <= abs(expected) * mp.mpf(10) ** -39


REFERENCE = {
    "sigma": lambda x: 1 / (1 + mp.exp(-x)),
    "sigma - 1": lambda x: -mp.exp(-x) / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "softplus - z": lambda x: mp.log(1 + mp.exp(-x)),
    "sigma'": lambda x: mp.exp(-x) / (1 + mp.exp(-x)) ** 2,
    "log sigma": lambda x: -mp.log(1 + mp.exp(-x)),
    "relu + 1": lambda x: max(x, 0) + 1,
    "tanh": mp.tanh,
    "1/cosh": mp.sech,
    "expm1 by a difference": mp.expm1,
    "log1p by a sum": lambda x: mp.log(1 + mp.exp(-abs(x))),
    "stable bce": lambda x: mp.log(1 + mp.exp(x)) - x / 3,
    "min, sign and branches": lambda x: min(x, 2) + 3 * mp.sign(x) + (5 if x > 1 else 7),
    "root": lambda x: mp.sqrt(abs(x)) + (mp.pi if x > 0 else 0),
}


@pytest.mark.parametrize("bits", [30, 53, 200, 1000])
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("point", [Rational(7, 10), Rational(-1543, 607), Rational(40)])
def test_interval_contains_the_value_at_every_precision(name, point, bits):
    try:
        found = Evaluator({z: point}, bits)(FORMS[name])
    except Undefined:
        return  # too coarse to tell on which side of a branch the point lies
    with mp.workprec(3000):
        expected = REFERENCE[name](mp.mpf(int(point.p)) / int(point.q))
        slack = abs(expected) * mp.mpf(2) ** (8 - bits)  # mpmath rounds elementary functions to the last bit
        assert mp.mpf(found.a) - slack <= expected <= mp.mpf(found.b) + slack


def test_cancellation_at_700_keeps_every_digit():
    found = enclose(sigma(z) - 1, {z: 700}, digits=300)
    with mp.workdps(700):
        expected = -mp.exp(-700) / (1 + mp.exp(-700))
        assert abs(found / expected - 1) < mp.mpf(10) ** -299


def test_a_float_counts_as_the_binary_fraction_that_it_is():
    assert enclose(z, {z: 0.1}) == mp.mpf(0.1)
    with mp.workdps(60):
        assert enclose(z, {z: Rational(1, 10)}, digits=50) != mp.mpf(0.1)
    assert enclose(z * Float(0.1), {z: 1}) == mp.mpf(0.1)


def test_vectors_are_sequences_and_their_length_is_the_number_of_classes():
    row = (1.5, -2.25, 700.0, 3.0)
    with mp.workdps(700):
        weights = [mp.exp(mp.mpf(v)) for v in row]
        for n, weight in enumerate(weights, start=1):
            found = enclose(softmax(logits, j), {logits: row, j: n})
            assert abs(found / (weight / mp.fsum(weights)) - 1) < mp.mpf(10) ** -39
        assert abs(enclose(logsumexp(logits), {logits: row}) / mp.log(mp.fsum(weights)) - 1) < mp.mpf(10) ** -39
    assert enclose(K, {logits: row, K: 4}) == 4


def test_exact_rational_values_are_exact():
    assert enclose(Sum(logits[k] * targets[k], (k, 1, K)), {logits: (1, 2), targets: (0.5, 0.25)}) == 1
    assert enclose(bce(z, y) - bce(z, y) + 0.75, {z: 3, y: 0}) == 0.75


@pytest.mark.parametrize(
    ("expr", "point"),
    [
        (log(z), {z: 0}),
        (log(z), {z: -1}),  # a value, but no real one
        (1 / z, {z: 0}),
        (relu(z).diff(z), {z: 0}),
        (Abs(z) * 0 + nan, {z: 1}),
        (sqrt(z), {z: -1}),
        (exp(log(z) + 1) - exp(log(z) + 1 + y), {z: 2, y: 0}),  # an exact 0 that no interval confirms
        (z**y, {z: 0, y: -1}),
        (Function("f")(z), {z: 1}),
        (Piecewise((1, z > 0)), {z: -1}),
    ],
    ids=str,
)
def test_no_finite_real_value_is_said_so(expr, point):
    with pytest.raises(Undefined):
        enclose(expr, point)


def test_a_certain_pole_is_told_from_what_cannot_be_told():
    at = Evaluator({z: Rational(0), y: Rational(1)})
    with pytest.raises(Pole):
        at(1 / z)
    with pytest.raises(Pole):
        at(log(z))
    with pytest.raises(Undefined) as unclear:
        at(1 / (log(exp(z) + 3 * y) - log(y + 3)))
    assert not isinstance(unclear.value, Pole)


def test_logarithm_of_a_negative_number_has_its_imaginary_part():
    at = Evaluator({z: Rational(-2)})
    value = at(log(z))
    assert at.not_real(value)
    assert abs(complex(float(value.real.mid), float(value.imag.mid)) - complex(mp.log(-2))) < 1e-15
    assert float(at(im(log(z))).mid) == pytest.approx(float(mp.pi))
    assert float(at(re(log(z))).mid) == pytest.approx(float(mp.log(2)))
    assert float(at(arg(z)).mid) == pytest.approx(float(mp.pi))
    with pytest.raises(Undefined):
        Evaluator({z: Rational(0)})(arg(z))


@pytest.mark.parametrize(
    ("relation", "truth"),
    [
        (z > 1, True),
        (z < 1, False),
        (z >= 2, True),
        (z <= 2, True),
        ((z > 1) & (z < 2), False),
        ((z > 5) | (z < 3), True),
        (S.true, True),
    ],
    ids=str,
)
def test_relations_hold_or_fail_for_certain(relation, truth):
    assert Evaluator({z: Rational(2)}).holds(relation) is truth


def test_relation_between_numbers_too_close_to_tell_is_not_answered():
    with pytest.raises(Undefined):
        Evaluator({z: Rational(1, 3), y: Rational(1)}).holds(
            log(exp(z) + y) > log(exp(z) + y + Rational(1, 10**90))
        )


def test_step_has_at_its_jump_the_value_that_it_states():
    at = Evaluator({z: Rational(0)})
    assert at(Heaviside(z, 0)).mid == 0
    assert at(Heaviside(z, 1)).mid == 1


def test_sums_and_products_are_written_out_whatever_their_range_and_names():
    W = IndexedBase("W", real=True)
    n = Symbol("n", integer=True)
    assert concrete(Sum(W[k] * k, (k, 2, K)), 4) == 2 * W[2] + 3 * W[3] + 4 * W[4]
    assert concrete(Sum(Sum(W[k], (k, 1, K)) * W[k], (k, 1, K)), 2) == (W[1] + W[2]) * W[1] + (W[1] + W[2]) * W[2]
    assert concrete(Sum(1, (j, 1, k), (k, 1, K)), 4) == 10
    assert concrete(Sum(Abs(n), (n, -2, K)), 3) == 9
    assert concrete(Sum(W[k], (k, 2, K)), 1) == 0
    assert concrete(Sum(W[k], (k, 1, K)) * k, 2, {k: 2}) == 2 * (W[1] + W[2])


@pytest.mark.parametrize("point", [{z: Rational(3, 7), y: Rational(1, 3)}, {z: Rational(-12), y: Rational(1)}])
def test_the_tests_own_interpreter_agrees(point):
    for expr in (bce(z, y), bce(z, y).diff(z), *FORMS.values()):
        assert plain.same(plain.value(expr, point), enclose(expr, point, digits=50))
