"""Enclosures contain the exact value, at ordinary and at extreme points, and say when there is none."""

import mpmath as mp
import pytest
from sympy import (
    Abs,
    Add,
    E,
    Eq,
    Float,
    Function,
    Heaviside,
    I,
    IndexedBase,
    Max,
    Min,
    Ne,
    Piecewise,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    arg,
    atan,
    cos,
    cosh,
    cot,
    erf,
    exp,
    im,
    log,
    nan,
    pi,
    re,
    sign,
    sin,
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
from logitgrad.symbolic.intervals import Evaluator, NearPole, Pole, as_symbols, concrete, sign_of_number

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
    "erf": erf(z),
    "erfc by a difference": 1 - erf(z / 40),
    "atan": atan(z),
    "atan of a reciprocal": pi / 2 - atan(z),
    "cot": cot(z),
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
    "erf": mp.erf,
    "erfc by a difference": lambda x: mp.erfc(x / 40),
    "atan": mp.atan,
    "atan of a reciprocal": lambda x: mp.acot(x) + (mp.pi if x < 0 else 0),
    "cot": mp.cot,
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


# Rule by rule, at the borders

W = IndexedBase("W", real=True)
n = Symbol("n", integer=True)
s = Symbol("s", positive=True)
zero = log(exp(z) + 3 * y) - log(y + 3)  # at z = 0, y = 1; no interval tells


def at(**point):
    return Evaluator({Symbol(name, real=True): Rational(value) for name, value in point.items()})


def value(e, **point):
    """A midpoint as a float, where the interval is narrow."""
    found = at(**point)(e)
    assert found.delta < mp.mpf(10) ** -50
    return float(found.mid)


@pytest.mark.parametrize(
    ("e", "point", "expected"),
    [
        (z**3, 2, 8),
        (z**-2, -3, 1 / 9),
        (z**1.5, 4, 8),
        (z**y, Rational(1, 2), 0.5),  # y is 1
        (z ** (y - 1), 7, 1),
        (z ** (-y), -4, -0.25),
        (z ** (y / 2), 9, 3),
        (Abs(z), 0, 0),
        (Abs(z), -3, 3),
        (Max(z, y, 0), -2, 1),
        (Min(z, y, 0), -2, -2),
        (Min(z, y), 1, 1),
        (Max(z, y), 5, 5),
        (Heaviside(z, 7), 0, 7),
        (Heaviside(z), 0, 0.5),
        (Heaviside(z), 2, 1),
        (Heaviside(z), -2, 0),
        (sign(z), -2, -1),
        (sign(z), 0, 0),
        (sign(3 * z - 1), Rational(1, 3), 0),
        (sign(log(y)), 0, 0),
        (re(log(z), evaluate=False), -3, float(mp.log(3))),
        (im(log(z), evaluate=False), -3, float(mp.pi)),
        (sign(exp(z) - 1), Rational(1, 10**9), 1),
        (sign(1 - exp(z)), Rational(1, 10**9), -1),
        (arg(z), 2, 0),
        (arg(z), -2, float(mp.pi)),
        (re(z), 3, 3),
        (im(z), 3, 0),
        (re(log(z)), -1, 0),
        (im(log(z)), -3, float(mp.pi)),
        (im(3 * z + 2 * I), 5, 2),
        (Piecewise((1, z > 2), (2, z > 1), (3, True)), 2, 2),
        (sin(z), 1, float(mp.sin(1))),
        (cos(z), 2, float(mp.cos(2))),
        (cot(z), 2, float(mp.cot(2))),
        (erf(z), -2, float(mp.erf(-2))),
        (erf(z), 0, 0),
        (atan(z), 3, float(mp.atan(3))),
        (atan(z), 0, 0),
        (E**2 + z, 0, float(mp.exp(2))),
        (Add(0, z, evaluate=False), 4, 4),
    ],
    ids=str,
)
def test_each_rule_gives_the_value(e, point, expected):
    assert value(e, z=point, y=1) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("e", "kind", "words"),
    [
        (Function("f")(z), Undefined, "no interval rule for f(z)"),
        (sqrt(z), Undefined, "z to the power 1/2 where the base is not positive"),
        (sqrt(z - 1), Undefined, "z - 1 to the power 1/2 where the base is not positive"),
        (sqrt(I), Undefined, "I to the power 1/2 where the base is not positive"),
        (sqrt(y + I), Undefined, "y + I to the power 1/2 where the base is not positive"),
        (exp(I * y), Undefined, "exp of a number that is not real"),
        (sin(y + I), Undefined, "sin of a number that is not real"),
        (cos(y + I), Undefined, "cos of a number that is not real"),
        (erf(y + I), Undefined, "erf of a number that is not real"),
        (atan(y + I), Undefined, "atan of a number that is not real"),
        (cot(y + I), Undefined, "cos of a number that is not real"),
        (cot(z), Pole, "division by 0"),
        (cot(zero), NearPole, "division by a number too close to 0 to tell"),
        (log(I * y), Undefined, "log of a number that is not real"),
        (log(z), Pole, "log of 0"),
        (log(zero), NearPole, "log of a number too close to 0 to tell"),
        (1 / z, Pole, "division by 0"),
        (1 / (y + I), Undefined, "division by a number that is not real"),
        (1 / zero, NearPole, "division by a number too close to 0 to tell"),
        (Piecewise((1, z > 0)), Undefined, "no branch of Piecewise((1, z > 0)) applies"),
        (arg(z), Undefined, "the argument of 0"),
        (sign(zero), Undefined, f"the sign of {zero} cannot be told"),
        (Abs(log(-y)), Undefined, "the sign of log(-y) cannot be told"),
    ],
    ids=str,
)
def test_what_has_no_value_says_why(e, kind, words):
    with pytest.raises(Undefined) as problem:
        at(z=0, y=1)(e)
    assert type(problem.value) is kind
    assert str(problem.value) == words


@pytest.mark.parametrize("ends", [(0, 1), (-1, 0), (-1, 1)])
def test_division_by_an_interval_that_touches_zero_is_not_answered(ends):
    iv = at().iv
    with pytest.raises(Undefined, match="too close to 0"):
        at()._nonzero(iv.mpf(ends))
    assert at()._nonzero(iv.mpf((1, 2))).a == 1


@pytest.mark.parametrize(
    ("low", "high", "certain"),
    [(0, 0, False), (0, 1, False), (-1, 0, False), (-1, 1, False), (0.5, 1, True), (-1, -0.5, True)],
)
def test_number_is_not_real_where_its_imaginary_part_is_certainly_not_zero(low, high, certain):
    iv = at().iv
    assert at().not_real(iv.mpc(1, iv.mpf((low, high)))) is certain


def test_coordinates_are_generic_if_odd_and_unrelated():
    assert at().generic
    assert at(z=Rational(1, 501), y=Rational(2, 503)).generic
    assert not at(z=Rational(1, 501), y=Rational(2, 501)).generic
    assert not at(z=Rational(1, 501), y=Rational(1, 500)).generic
    assert not at(z=1, y=Rational(2, 503)).generic


def test_working_precision_is_two_hundred_bits_unless_another_is_asked_for():
    assert Evaluator({}).iv.prec == 200
    assert Evaluator({}, 64).iv.prec == 64
    assert Evaluator({}).iv is Evaluator({z: 1}).iv


@pytest.mark.parametrize("point", [1, 2, 3, Rational(7, 2), Rational(1, 2)])
def test_relations_are_those_of_numbers(point):
    holds = at(z=point, y=2).holds
    relations = [z < y, z <= y, z > y, z >= y, Eq(z, y), Ne(z, y)]
    truths = [bool(relation.subs({z: point, y: 2})) for relation in relations]
    assert [holds(relation) for relation in relations] == truths
    assert holds(True) is True
    assert holds(False) is False
    assert holds(S.false) is False
    assert holds((z < y) & (y > 0)) is bool(point < 2)
    assert holds((z < y) | (y > 5)) is bool(point < 2)


def test_ranges_of_a_fixed_length_are_written_out_and_others_left():
    assert concrete(Sum(W[k], (k, -3, -1))) == W[-3] + W[-2] + W[-1]
    assert concrete(Sum(W[k], (k, n, n + 1))) == W[n] + W[n + 1]
    assert concrete(Sum(W[k], (k, 3, 2))) == 0
    assert concrete(Sum(W[k], (k, 3, 1))).has(Sum)  # a length below 0
    assert concrete(Sum(W[k], (k, 1, n))).has(Sum)
    assert concrete(Product(W[k], (k, 1, K)), 3) == W[1] * W[2] * W[3]
    assert concrete(Sum(Product(W[k], (k, 1, j)), (j, 1, 2))) == W[1] + W[1] * W[2]
    assert concrete(K * n, 3, {n: 5}) == 15


def test_components_become_symbols_with_the_assumptions_of_their_vector():
    even = IndexedBase("e", even=True)
    (first, second), names = as_symbols(W[1] + even[2] * z, W[1])
    assert set(names.values()) == {W[1], even[2]}
    assert first.xreplace(names) == W[1] + even[2] * z
    assert second.xreplace(names) == W[1]
    assert second.is_Symbol
    assert second.name == "W[1]"
    by_component = {component: symbol for symbol, component in names.items()}
    assert by_component[even[2]].is_even
    assert by_component[W[1]].is_even is None
    assert by_component[W[1]].is_real


def test_positive_numbers_are_no_indices_and_the_number_of_classes_may_be_a_coordinate():
    assert enclose(s, {s: 2.5}) == 2.5
    assert enclose(Sum(k, (k, 1, K)), {K: 4}) == 10
    assert enclose(Sum(k, (k, 1, K)), {}, classes=3) == 6
    assert enclose(n, {n: -3}) == -3


@pytest.mark.parametrize("digits", [1, 15, 40, 500])
def test_as_many_digits_as_asked_for_are_right(digits):
    with mp.workdps(digits + 20):
        for e, expected in ((z / 3, mp.mpf(1) / 3), (exp(z), mp.e), (S.Zero, 0)):
            found = enclose(e, {z: 1}, digits=digits)
            assert abs(found - expected) < mp.mpf(10) ** -digits
    assert abs(enclose(pi, {}) - mp.pi) < 1e-15
    assert enclose(log(z), {z: 1}) == 0


def test_error_names_the_expression_and_the_point():
    with pytest.raises(Undefined, match=r"^log\(z\) has no real value that can be enclosed at \{z: -1\}$"):
        enclose(log(z), {z: -1})


#: Where an end of mpmath 1.3.0 lies inside: the function, the bits, the argument (log's is 1 more).
INSIDE = [
    (exp, 256, 2.120758496604293e-43),
    (exp, 200, 2.2e-65),
    (exp, 53, 4.104589145732742e-21),
    (log, 53, 2.0**-52),
]


@pytest.mark.parametrize(("function", "bits", "argument"), INSIDE)
def test_the_ends_lie_outside_where_mpmath_s_own_do_not(function, bits, argument):
    form, due = (exp(z), mp.exp) if function is exp else (log(1 + z), mp.log1p)
    found = Evaluator({z: argument}, bits)(form)
    with mp.workprec(2000):
        low, high = (mp.make_mpf(end) for end in found._mpi_)
        assert low < due(mp.mpf(argument)) < high


def test_the_ends_meet_where_the_value_is_whole():
    for form, value in ((exp(z), 1), (log(1 + z), 0)):
        found = Evaluator({z: 0})(form)
        assert found.delta == 0
        assert found == value


@pytest.mark.parametrize("bits", [20, 53, 200, 1000])
@pytest.mark.parametrize("function", [erf, atan])
@pytest.mark.parametrize("argument", [2.0**-1000, 1e-30, 0.3, 1, 5.5, 26, 1e9])
def test_the_ends_of_a_rising_function_lie_outside(function, bits, argument):
    due = {erf: mp.erf, atan: mp.atan}[function]
    for point in (argument, -argument):
        found = Evaluator({z: point}, bits)(function(z))
        with mp.workprec(4000):
            low, high = (mp.make_mpf(end) for end in found._mpi_)
            assert low < due(mp.mpf(point)) < high
            assert high - low <= 8 * abs(due(mp.mpf(point))) * mp.mpf(2) ** -bits


@pytest.mark.parametrize("function", [erf, atan])
def test_a_rising_function_of_an_interval_lies_between_its_values_at_the_ends(function):
    due = {erf: mp.erf, atan: mp.atan}[function]
    evaluator = Evaluator({})
    evaluator.known[z] = evaluator.iv.mpf([-1, 2])
    found = evaluator(function(z))
    with mp.workprec(400):
        assert found.a < due(-1) < found.a + mp.mpf(10) ** -50
        assert found.b - mp.mpf(10) ** -50 < due(2) < found.b


# Signs of numbers

distant = exp(-1000)


@pytest.mark.parametrize(
    ("number", "sign_"),
    [
        (S.Zero, 0),
        (Rational(-3, 7), -1),
        (log(2) - Rational(69, 100), 1),
        (log(1 + exp(-30)), 1),
        (log(1 + distant) - distant / 2, 1),  # SymPy: negative
        (distant / 2 - log(1 + distant), -1),  # SymPy: positive
        (sigma(-3) - Rational(1, 2), -1),
        (log(1 + exp(-(10**5))), None),  # beyond 3200 bits
        (log(S(4)) - 2 * log(S(2)) + log(1 + exp(-(10**5))), None),
        (log(-S(2), evaluate=False), None),
    ],
    ids=str,
)
def test_sign_of_a_number_is_by_enclosures(number, sign_):
    assert sign_of_number(number) == sign_


def test_sympy_takes_the_sign_from_digits_that_have_cancelled():
    assert (log(1 + distant) - distant / 2).is_negative
