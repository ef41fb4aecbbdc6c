"""The normal form keeps the value, and the rules for sums apply only where they are valid."""

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Heaviside,
    I,
    IndexedBase,
    KroneckerDelta,
    Lambda,
    Max,
    Piecewise,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    cosh,
    diff,
    exp,
    log,
    nan,
    pi,
    tanh,
)
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from logitgrad.symbolic import (
    K,
    c,
    ce,
    differentiate,
    ground,
    i,
    j,
    k,
    logits,
    logsumexp,
    prove_equal,
    relu,
    s,
    sigma,
    softmax,
    softplus,
    targets,
    total,
    y,
    z,
)
from logitgrad.symbolic.calculus import fresh_indices
from logitgrad.symbolic.normal import normal, solve_hypothesis, vanishes
from logitgrad.symbolic.signs import NONNEGATIVE, POSITIVE, sign_of, sign_of_quotient, with_others

from . import plain

d = KroneckerDelta
n = Symbol("n", integer=True)
negative = Symbol("v", negative=True)
x = IndexedBase("x", real=True)
POINT = {z: Rational(-7, 5), y: Rational(1, 3), s: Rational(5, 2), K: 3, j: 2, i: 3}
POINT |= {logits[m]: Rational(m * m, 3) - 1 for m in (1, 2, 3)} | {
    targets[m]: Rational(2, m + 1) for m in (1, 2, 3)
}

FORMS = [
    log(1 + exp(-z)),
    log(s * (1 + exp(z)) / (2 + exp(-z))),
    log(-s / (1 + exp(z))),
    log(-z),
    tanh(z) / cosh(z),
    log(exp(z) * s**y),
    softmax(logits, j),
    logsumexp(logits) ** 2,
    total(targets[k] * log(softmax(logits, k))),
    total(total(d(i, k) * targets[k] * logits[i], k), i),
    total(d(j, k) ** 3 * logits[k]),
    total(Abs(logits[k])),
    Sum(k**2 * logits[k], (k, 2, K)),
    Sum(Abs(n), (n, -2, K)),
    Sum(k, (k, 1, j), (j, 1, K)),
]


@pytest.mark.parametrize("e", FORMS, ids=str)
def test_normal_form_has_the_same_value(e):
    assert plain.same(plain.value(e, POINT), plain.value(normal(ground(e)), POINT))


def test_equal_sums_get_one_form_whatever_their_index_is_called():
    assert normal(total(logits[k], k)) == normal(total(logits[j], j)) == normal(total(logits[n], n))
    assert normal(total(total(logits[k] * targets[j], k), j)) == normal(total(targets[k]) * total(logits[k]))


def test_delta_picks_its_term_only_from_the_whole_range():
    assert normal(total(d(j, k) * x[k])) == x[j]
    assert normal(total(d(1, k) * x[k])) == x[1]
    for partial in (
        Sum(d(j, k) * x[k], (k, 1, K - 1)),
        Sum(d(j, k) * x[k], (k, 2, K)),
        total(d(j + 1, k) * x[k]),
        total(d(n, k) * x[k]),
        total(d(2, k) * x[k]),  # there may be one class only
    ):
        assert normal(partial).has(Sum)


def test_index_of_an_outer_range_beyond_the_classes_is_no_class():
    assert normal(Sum(total(d(i, j), j), (i, 1, K + 1))) != K + 1
    assert normal(Sum(total(d(n, j), j), (n, 0, K))) != K + 1
    assert normal(Sum(total(d(i, j), j), (i, 1, K))) == K


def test_index_from_below_one_is_not_taken_for_positive():
    assert normal(Sum(Abs(n), (n, -1, K))) != normal(Sum(n, (n, -1, K)))
    assert fresh_indices(Sum(Abs(n), (n, -1, K))).function.has(Abs)
    assert normal(Sum(0**n, (n, 0, K))) != 0


def test_length_of_a_range_is_used_only_where_it_cannot_be_negative():
    assert normal(Sum(1, (k, 2, K))) == K - 1
    assert normal(Sum(1, (k, 1, K - 5))).has(Sum)


def test_bounds_that_contain_an_outer_index_move_with_it():
    renamed = fresh_indices(Sum(x[j], (j, 1, i), (i, 1, K)))
    (inner, _, high), (outer, _, _) = renamed.limits
    assert high == outer != inner
    assert normal(Sum(1, (j, 1, i), (i, 1, K))) == normal(Sum(i, (i, 1, K)))


def test_same_index_bound_twice_means_the_inner_one():
    assert normal(total(total(x[k], k), k)) == normal(K * total(x[k]))
    assert normal(Sum(x[k], (k, 1, K), (k, 1, K))) == normal(K * total(x[k]))


def test_free_index_of_the_same_name_is_not_captured():
    assert normal(ground(softmax(Lambda(i, logits[i] - logits[k]), j) - softmax(logits, j))) == 0
    assert softmax(Lambda(i, logits[i] - logits[k]), j).definition.has(logits[k])
    for captured in (logsumexp(Lambda(i, k * logits[i])), ce(Lambda(i, logits[i] - logits[k]), targets)):
        assert k in captured.definition.free_symbols


def test_logarithm_is_split_only_over_positive_factors():
    assert normal(log(s * exp(z))) == z + log(s)
    assert normal(log(-s)) == log(s) + I * pi
    assert normal(log(z * y)) == log(z * y)
    assert normal(log(z**2)) == log(z**2)
    w = Symbol("w")
    assert normal(log(exp(w))) == log(exp(w))


def test_zero_is_seen_over_one_denominator():
    assert vanishes(1 / (1 + z) + z / (1 + z) - 1)
    assert not vanishes(1 / (1 + z) - 1)


@pytest.mark.parametrize(
    ("left", "right", "solution"),
    [
        (total(targets[k]), S.One, 1),
        (2 * total(targets[k]) - 3, S.Zero, Rational(3, 2)),
        (total(targets[k] + x[k]), S.Zero, None),
    ],
    ids=str,
)
def test_hypothesis_is_solved_for_its_sum(left, right, solution):
    (found,) = solve_hypothesis(left, right).items()
    assert isinstance(found[0], Sum)
    assert solution is None or found[1] == solution


def test_hypothesis_that_is_not_linear_is_not_used():
    assert solve_hypothesis(exp(z) + z, S.One) == {}
    assert solve_hypothesis(z**2, S.One) == {}


# Calculus


def test_plain_sympy_captures_the_index_and_ours_does_not():
    lse = log(Sum(exp(logits[j]), (j, 0, K - 1)))
    assert diff(lse, logits[j]) == 1  # the trap: true for one class only
    ours = differentiate(logsumexp(logits), logits[j])
    assert prove_equal(ours, softmax(logits, j)).status == "proved"
    assert prove_equal(Derivative(log(total(exp(logits[j]), j)), logits[j]), softmax(logits, j)).status == "proved"
    assert prove_equal(Derivative(log(total(exp(logits[j]), j)), logits[j]), S.One).status == "refuted"


def test_products_are_renamed_as_sums_are():
    fresh = fresh_indices(Product(logits[k], (k, 1, K)))
    assert fresh.limits[0][0] != k


@pytest.mark.parametrize("kink", [Abs(z), Max(z, 0), relu(z), Heaviside(z) * z, abs(z) * z])
def test_derivative_at_a_kink_is_undefined(kink):
    assert ground(Derivative(kink, z)).subs(z, 0) is nan


def test_derivative_of_a_piecewise_where_its_branch_changes_is_undefined():
    step = Piecewise((0, Eq(z, 0)), (z, True))  # this is z: its derivative at 0 is 1, not that of the branch
    slope = differentiate(step, z)
    assert slope.subs(z, 0) is nan
    assert slope.subs(z, 3) == 1
    assert differentiate(Piecewise((z, y > 0), (2 * z, True)), z).subs({y: 0, z: 1}) == 2


def test_derivative_that_cannot_be_carried_out_is_left():
    f = Function("f")
    assert ground(Derivative(f(z), z)) == Derivative(f(z), z)


def test_nested_derivatives_are_carried_out():
    e = Derivative(Derivative(softplus(z), z) * y, y)
    assert not ground(e).has(Derivative)
    assert prove_equal(e, sigma(z)).status == "proved"


# Signs


@pytest.mark.parametrize(
    ("e", "sign"),
    [
        (exp(z), POSITIVE),
        (exp(z) + z**2, POSITIVE),
        (z**2, NONNEGATIVE),
        (z**2 * exp(y), NONNEGATIVE),
        (log(1 + exp(z)), POSITIVE),
        (log(1 + z**2), NONNEGATIVE),
        (total(exp(logits[k])), POSITIVE),
        (z, None),
        (log(z), None),
        (-exp(z), None),
        (Sum(exp(logits[k]), (k, 2, K)), None),  # empty for one class
        (total(logits[k]), None),
        (s * z, None),
        ((-1 - exp(z)) * (-s), POSITIVE),
        (Symbol("w") ** 2, None),
        (exp(Symbol("w")), None),
        (sigma(Symbol("w")), None),
        (softmax(IndexedBase("w"), j), None),
    ],
    ids=str,
)
def test_sign_is_read_off_the_shape_or_not_at_all(e, sign):
    assert sign_of(e) == sign


def test_sign_of_a_quotient_with_a_negative_denominator():
    assert sign_of_quotient(-s / (-1 - exp(z))) == POSITIVE
    assert sign_of_quotient(s / (-1 - exp(z))) is None


def test_only_a_sum_over_all_classes_contains_the_given_one():
    everything, some = total(exp(logits[k])), Sum(exp(logits[k]), (k, 2, K))
    assert with_others(everything, j, True).has(exp(logits[j]))
    assert with_others(some, j, True) == some
    assert with_others(total(logits[k]), j, True) == total(logits[k])


# Exactly


@pytest.mark.parametrize(
    ("e", "form"),
    [
        (log(s * exp(z) + s), log(s) + log(exp(z) + 1)),
        (log(s / (1 + exp(z)) + s * exp(z) / (1 + exp(z))), log(s)),
        (log(-1 - exp(z)), log(exp(z) + 1) + I * pi),
        (log(1 / (-1 - exp(z))), -log(exp(z) + 1) + I * pi),
        (log((-1 - exp(z)) ** 2), 2 * log(exp(z) + 1)),
        (log((-1 - exp(z)) ** 3 * z), 3 * log(exp(z) + 1) + log(-z)),
        (log(s**y), y * log(s)),
        (log(negative), log(-negative) + I * pi),
        (log(1 / negative), -log(-negative) + I * pi),
        (log(negative**3), 3 * log(-negative) + I * pi),
        (log(negative**2), 2 * log(-negative)),
        (log(exp(I * z)), log(exp(I * z))),
        (log(y / s), log(y) - log(s)),
        ((z + 1) * (z - 1) + 1, z**2),
        (exp(z + y) * exp(-y), exp(z)),
        ((1 + d(i, j)) ** 2, 3 * d(i, j) + 1),
        (d(i, j) ** 3, d(i, j)),
        (d(i, j) ** y, d(i, j) ** y),
        (d(i, j) ** (-2), d(i, j) ** (-2)),
        (Abs((z + 1) * 2), Abs(2 * z + 2)),
        (
            Piecewise((z * (z + 1), (z > 0) & (z < 1)), (0, True)),
            Piecewise((z**2 + z, (z > 0) & (z < 1)), (0, True)),
        ),
        (x[j], x[j]),
    ],
    ids=str,
)
def test_normal_form_is(e, form):
    assert normal(e) == form


def test_hyperbolic_functions_leave():
    assert not normal(tanh(z) / cosh(z)).has(HyperbolicFunction)


def test_range_of_a_fixed_length_is_written_out():
    assert normal(Sum(x[k], (k, -3, -1))) == x[-3] + x[-2] + x[-1]
    assert normal(Sum(x[k] * y, (k, n, n + 1))) == x[n] * y + x[n + 1] * y
    assert normal(Sum(x[k], (k, 2, 2))) == x[2]
    assert normal(Sum(x[k], (k, 3, 2))) == 0
    assert normal(Sum(x[k], (k, 3, 1))).has(Sum)  # a length below 0
    assert normal(Sum(log(s * exp(k)), (k, 1, 2))) == 2 * log(s) + 3


def test_terms_of_a_range_are_counted_where_there_cannot_be_fewer_than_none():
    assert normal(Sum(c, (k, 1, K))) == K * c
    assert normal(Sum(c, (k, 0, K))) == K * c + c
    for first in (3, 4):
        assert normal(Sum(1, (k, first, K))).has(Sum)


def test_index_keeps_what_its_range_says_of_it():
    ((index, *_),) = normal(total(x[k])).limits
    assert index.is_positive
    ((index, *_),) = normal(Sum(x[k], (k, 0, K))).limits
    assert index.is_integer
    assert index.is_positive is None


def test_indices_of_nested_sums_have_different_names():
    nested = normal(total(x[k] * total(targets[j] * x[j] ** k, j), k))
    assert len({limits[0] for inner in nested.atoms(Sum) for limits in inner.limits}) == 2
    assert nested == normal(total(x[j] * total(targets[k] * x[k] ** j, k), j))
    deep = total(x[i] ** total(x[j] ** total(x[k], k), j), i)
    assert len({limits[0] for inner in normal(deep).atoms(Sum) for limits in inner.limits}) == 3


def test_delta_is_replaced_in_its_whole_term():
    assert normal(total(d(j, k) * exp(k) * x[k])) == exp(j) * x[j]
    assert normal(total(d(j, k) * d(k, i) * x[k])) == d(i, j) * x[i]
    assert normal(total(d(j, k) ** d(j, k))).has(Sum)
    assert normal(total((1 + d(j, k)) * x[k])) == x[j] + normal(total(x[k]))


@pytest.mark.parametrize(
    ("left", "right", "solved"),
    [
        (3 * z + 2, S.Zero, {z: Rational(-2, 3)}),
        (y, 2 * z, {y: 2 * z}),
        (z * y, S.One, {}),
        (z + exp(z), S.One, {}),
        (total(targets[k]) ** 2, S.One, {}),
        (z - z, S.Zero, {}),
    ],
    ids=str,
)
def test_linear_hypothesis_is_solved(left, right, solved):
    assert solve_hypothesis(left, right) == solved
