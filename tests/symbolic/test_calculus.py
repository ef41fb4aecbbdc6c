"""Differentiation and its two closed traps, rule by rule."""

import pytest
from sympy import (
    Abs,
    Derivative,
    Float,
    Function,
    Heaviside,
    Max,
    Min,
    Or,
    Piecewise,
    Rational,
    Subs,
    Sum,
    exp,
    nan,
    sign,
)

from logitgrad.symbolic import K, j, k, logits, sigma, softplus, total, y, z
from logitgrad.symbolic.calculus import differentiate, exact, fresh_indices, ground
from logitgrad.symbolic.intervals import concrete

from . import plain

POINTS = [-2, Rational(-1, 3), Rational(1, 3), 2]


@pytest.mark.parametrize(
    "e",
    [
        Max(z, 0) ** 2,
        Max(3 * z, 1 - z),
        Min(z, y),
        Abs(z) * z,
        Abs(2 * z - 3),
        Heaviside(z) * exp(z),
        Piecewise((z**2, z > 1), (3 * z, True)),
        Piecewise((z**2, Or(z > 1, z < -1)), (3 * z, y > z), (7, True)),
    ],
    ids=str,
)
@pytest.mark.parametrize("point", POINTS)
def test_derivative_beside_the_kinks_is_the_slope(e, point):
    at = {z: point, y: Rational(1, 7)}
    slope = plain.value(Derivative(e, z), at)
    assert plain.same(slope, plain.value(differentiate(e, z).subs(at), {}))
    assert plain.same(slope, plain.value(ground(Derivative(e, z)).subs(at), {}))


def test_derivative_of_a_smooth_expression_has_no_branches():
    assert differentiate(exp(2 * z), z) == 2 * exp(2 * z)
    assert differentiate(Piecewise((z, y > 0), (2 * z, True)), z).args == ((1, y > 0), (2, True))


@pytest.mark.parametrize("step", [Heaviside(z), sign(z), Abs(z), Max(z, 0)])
def test_second_derivative_at_a_kink_is_undefined_too(step):
    assert ground(Derivative(step * z, z, z)).subs(z, 0) is nan


@pytest.mark.parametrize("kink", [Abs(z), Max(z, 0)])
def test_slope_of_a_kink_says_itself_that_it_is_undefined(kink):
    *_, (value, otherwise) = differentiate(kink, z).args
    assert value is nan
    assert otherwise == True  # noqa: E712


def test_every_border_of_a_piecewise_leaves_the_derivative_undefined():
    slope = differentiate(Piecewise((z, z < 1), (2 * z - 1, z < 2), (3, True)), z)
    assert [slope.subs(z, point) for point in (0, 1, Rational(3, 2), 2, 3)] == [1, nan, 2, nan, 0]


def test_derivatives_by_several_variables_are_taken_in_turn():
    assert differentiate(z**3 * y**2, z, z, y) == 12 * z * y
    assert ground(Derivative(z**3 * y**2, (z, 2), y)) == 12 * z * y


def test_inner_derivatives_are_carried_out_first():
    assert ground(Derivative(Derivative(z**2 * y, z) ** 2, y)) == 8 * z**2 * y
    unknown = Derivative(z * Derivative(Function("f")(z), z), y)
    assert ground(unknown) == unknown  # what is inside cannot be


def test_named_functions_are_unfolded_before():
    assert ground(Derivative(softplus(z), z) - sigma(z)).subs(z, 2).simplify() == 0
    assert ground("anything else") == "anything else"


def test_floats_are_taken_for_the_fractions_that_they_are():
    assert exact(z + Float(0.1)) == z + Rational(0.1)
    assert exact(z + Rational(1, 10)) == z + Rational(1, 10)
    assert ground(z * Float(0.5)) == z / 2


@pytest.mark.parametrize(
    ("total_", "is_class"),
    [
        (Sum(logits[j], (j, 1, K)), True),
        (Sum(logits[j], (j, 2, K - 1)), True),
        (Sum(logits[j], (j, 0, K)), None),
        (Sum(logits[j], (j, 1, K + 1)), None),
        (Sum(logits[j], (j, 1, 2)), None),  # there may be one class only
    ],
    ids=str,
)
def test_fresh_index_is_a_class_only_where_its_range_lies_in_the_classes(total_, is_class):
    ((index, *bounds),) = fresh_indices(total_).limits
    assert index != j
    assert index.is_integer
    assert index.is_positive is is_class
    assert index.name == j.name
    assert tuple(bounds) == tuple(total_.limits[0][1:])


def test_nested_sums_get_an_index_each():
    inner, outer = fresh_indices(Sum(k * j, (j, 1, k), (k, 1, K))).limits
    assert inner[2] == outer[0]
    assert len({inner[0], outer[0], j, k}) == 4
    assert fresh_indices(total(total(logits[k]) * logits[k])).atoms(Sum) != {total(logits[k])}


def test_substitutions_are_carried_out_after_the_derivatives_inside():
    slope = Derivative(sigma(z), z).subs(z, -z)
    assert slope.has(Subs)
    assert not ground(slope).has(Subs, Derivative)
    assert plain.same(plain.value(ground(slope), {z: 2}), plain.value(slope, {z: 2}))
    assert ground(Derivative(z**2 * y, z).subs(z, z + y)) == 2 * y * (z + y)
    assert ground(Subs(z * y, (z, y), (y, z + 1))) == y * (z + 1)  # both at once
    assert ground(Derivative(Derivative(z**3, z).subs(z, 2 * z), z)) == 24 * z
    unknown = Derivative(Function("f")(z), z).subs(z, 3)
    assert ground(unknown) == unknown


def test_substituted_index_is_not_captured_by_a_sum():
    inside = Subs(total(logits[k] * logits[j]), j, k)
    assert ground(inside).has(logits[k])
    written_out = concrete(ground(inside), 2, {k: 1})
    assert plain.same(plain.value(written_out, {logits[1]: 3, logits[2]: 5}), (3 + 5) * 3)
