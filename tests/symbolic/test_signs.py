"""A sign is read off the shape where SymPy itself says nothing, and never off a shape that does not show it."""

import pytest
from sympy import Abs, Add, Mul, Pow, Rational, Sum, Symbol, exp, log, sqrt

from logitgrad.symbolic import K, a, j, k, logits, s, total, y, z
from logitgrad.symbolic.normal import normal
from logitgrad.symbolic.signs import (
    NONNEGATIVE,
    POSITIVE,
    _rests_on_numbers,
    sign_of,
    sign_of_quotient,
    with_others,
)

w = Symbol("w")
n = Symbol("n", integer=True)
positive = z**-2  # wherever it has a value; SymPy, which thinks of z = 0, does not say so
nonnegative = y**2 * z**-2
SILENT = [positive, nonnegative, 1 + positive, -1 - positive]


@pytest.mark.parametrize("e", SILENT, ids=str)
def test_examples_are_such_that_sympy_says_nothing(e):
    assert e.is_positive is None
    assert e.is_nonnegative is None


@pytest.mark.parametrize(
    ("e", "sign"),
    [
        (positive, POSITIVE),
        (nonnegative, NONNEGATIVE),
        (Abs(z), NONNEGATIVE),
        # sums: all terms have a sign, one of them a strict one
        (1 + positive, POSITIVE),
        (nonnegative + positive, POSITIVE),
        (nonnegative + y**2, NONNEGATIVE),
        (positive + z, None),
        (1 + positive - exp(z), None),
        # products: no unknown sign, an even number of negative factors
        (positive * exp(y), POSITIVE),
        (nonnegative * exp(y), NONNEGATIVE),
        (Abs(z) * (1 + positive), NONNEGATIVE),
        (positive * y, None),
        (-positive, None),
        (s * (-1 - positive), None),
        (-s * (-1 - positive), POSITIVE),
        ((-1 - positive) * (-2 - positive), POSITIVE),
        ((-1 - positive) * (-2 - positive) * (-3 - positive), None),
        (-s * (-1 - positive) * (-2 - positive) * (-3 - positive), POSITIVE),
        (-nonnegative * (-1 - positive), NONNEGATIVE),
        ((y - positive) * (-1 - positive), None),
        (-log(2 + positive) * (-1 - positive), POSITIVE),
        (y * a * exp(positive), None),  # two factors of unknown sign
        (log(a) * log(y) * positive, None),
        # powers
        ((1 + positive) ** y, POSITIVE),
        ((1 + positive) ** w, None),
        ((y - 1) ** -2, POSITIVE),
        ((y - 1) ** (-2 * K), POSITIVE),
        ((y - 1) ** 2, NONNEGATIVE),
        ((y - 1) ** (2 * n), NONNEGATIVE),
        (y ** (-3 * K), None),
        ((y**2 + nonnegative) ** Rational(1, 3), NONNEGATIVE),
        ((y**2 + nonnegative) ** Rational(-1, 3), None),
        ((y + positive) ** Rational(1, 3), None),
        (w**-2, None),
        (z**-3, None),
        # logarithms of what exceeds 1
        (log(2 + positive), POSITIVE),
        (log(1 + positive), POSITIVE),
        (log(1 + nonnegative), NONNEGATIVE),
        (log(positive), None),
        (log(Rational(1, 2) + positive), None),
        # sums over the classes
        (total(1 / logits[k] ** 2), POSITIVE),
        (total(nonnegative * logits[k] ** 2), NONNEGATIVE),
        (total(logits[k] ** 2), NONNEGATIVE),
        (total(logits[k]), None),
        (Sum(1 / logits[k] ** 2, (j, 1, k), (k, 1, K)), POSITIVE),
    ],
    ids=str,
)
def test_sign_follows_from_the_signs_of_the_parts(e, sign):
    assert sign_of(e) == sign


@pytest.mark.parametrize(
    "limits",
    [[(k, 2, K)], [(k, 0, K)], [(k, 1, K - 1)], [(k, 1, -K)], [(j, 2, k), (k, 1, K)], [(j, 1, K), (k, 2, K)]],
    ids=str,
)
def test_sum_whose_range_may_be_empty_or_leaves_the_classes_has_no_sign(limits):
    assert sign_of(Sum(1 / logits[k] ** 2, *limits)) is None


def test_classes_count_as_positive_numbers_in_a_normal_form_too():
    assert sign_of(normal(total(k / logits[k] ** 2))) == POSITIVE


@pytest.mark.parametrize(
    ("e", "sign"),
    [
        ((1 + z**2) / (2 + s), POSITIVE),
        (z**2 / (1 + z**2), NONNEGATIVE),
        ((1 + s) / (-2 - s), None),
        ((-1 - s) / (-2 - s), POSITIVE),
        (Mul(-1 - s, Pow(-2 - s, -1), evaluate=False), POSITIVE),
        ((1 + z**2) / y, None),
        ((1 + z**2) / (y - 1) ** 3, None),
        (y / (1 + z**2), None),
        (s / z**2, None),  # the denominator may be 0
    ],
    ids=str,
)
def test_sign_of_a_quotient_needs_both_signs(e, sign):
    assert sign_of_quotient(e) == sign


@pytest.mark.parametrize(("at_least_two", "sign"), [(True, "positive"), (False, "nonnegative")])
def test_sum_over_the_classes_is_one_term_and_the_others(at_least_two, sign):
    found = with_others(1 + total(exp(logits[k])), j, at_least_two)
    (others,) = (found - exp(logits[j]) - 1).atoms(Symbol)
    assert found == 1 + exp(logits[j]) + others
    assert others.is_nonnegative
    assert others.is_positive is (True if sign == "positive" else None)


@pytest.mark.parametrize(
    "e",
    [
        Sum(exp(logits[k]), (k, 2, K)),
        Sum(exp(logits[k]), (k, 1, K), (j, 1, K)),
        total(logits[k]),
        total(logits[k] ** 2),
    ],
    ids=str,
)
def test_other_sums_are_left_whole(e):
    assert with_others(e, j, True) == e


def test_every_sum_over_the_classes_is_taken_apart():
    e = total(exp(logits[k])) + total(exp(2 * logits[k])) + Sum(exp(logits[k]), (k, 1, K), (j, 1, K))
    assert len(with_others(e, j, True).atoms(Sum)) == 1


# Numbers: SymPy takes their signs from digits that may have cancelled

beyond = log(1 + exp(-1000)) - exp(-1001)  # positive
further = log(1 + exp(-(10**5)))  # beyond every enclosure that is tried, but its shape shows it


def test_sympy_is_wrong_about_these():
    assert beyond.is_negative
    assert (beyond * s).is_negative
    assert (beyond * z**2).is_nonpositive


@pytest.mark.parametrize(
    ("e", "sign"),
    [
        (Rational(0), NONNEGATIVE),
        (Rational(2, 3), POSITIVE),
        (Rational(-2, 3), None),
        (sqrt(2) - 1, POSITIVE),
        (1 - sqrt(2), None),
        (beyond, POSITIVE),
        (-beyond, None),
        (beyond * s, POSITIVE),
        (-beyond * s, None),
        (Mul(-1, beyond, -s, evaluate=False), POSITIVE),
        (beyond * z**2, NONNEGATIVE),
        (-beyond * z**2, None),
        (Mul(-beyond, -s, evaluate=False), POSITIVE),
        (z**2 + beyond, None),  # true, but the terms are looked at one by one
        (z**2 - beyond, None),
        ((s + sqrt(2)) * (1 - sqrt(2)), None),
        ((s + sqrt(2)) * (1 - sqrt(2)) * -1, POSITIVE),
        (-s * (-beyond * s - 1), POSITIVE),
        (beyond**s, POSITIVE),
        ((-beyond) ** s, None),
        (further, POSITIVE),
        (-further, None),
        (further * s, POSITIVE),
        (Abs(z + beyond), None),  # true, but no rule says so
        (sqrt(2) * s, POSITIVE),
        (-sqrt(2) * -s, POSITIVE),
    ],
    ids=str,
)
def test_sign_of_what_contains_numbers_is_not_sympy_s(e, sign):
    assert sign_of(e) == sign


def test_sum_of_numbers_alone_makes_the_difference():
    assert _rests_on_numbers(z * (1 + sqrt(2)))
    assert _rests_on_numbers(exp(Add(z, sqrt(2) - 1)) + log(1 + sqrt(2)))
    assert not _rests_on_numbers(z * sqrt(2) + 1)
    assert not _rests_on_numbers(exp(z))
