"""A domain is never smaller than the assumptions leave it, and its pieces cover it."""

import pytest
from sympy import (
    Abs,
    And,
    Eq,
    FiniteSet,
    Float,
    Ge,
    Gt,
    Heaviside,
    Interval,
    KroneckerDelta,
    Le,
    Lt,
    Max,
    Min,
    Ne,
    Or,
    Piecewise,
    Rational,
    S,
    Symbol,
    exp,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
)

from logitgrad.symbolic import j, logits, relu, s, y, z
from logitgrad.symbolic.domain import Piece, _components, between, cuts_of, domain, flatten, pieces, resolve

w = Symbol("w")


def test_assumptions_are_taken_apart_and_trivial_ones_dropped():
    assert flatten(And(z > 0, z < 1)) == flatten((And(z > 0, z < 1),))
    assert set(flatten(And(z > 0, z < 1))) == {z > 0, z < 1}
    assert flatten([True, S.true, Eq(z, z)]) == ()
    assert flatten((False,)) == (S.false,)
    assert flatten((Ge(z, Float(0.5)),)) == (Ge(z, Rational(1, 2)),)


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ((), S.Reals),
        ((z > 0,), Interval.open(0, oo)),
        ((Ge(z, 0), Lt(z, 1)), Interval.Ropen(0, 1)),
        ((2 * z + 1 > 0,), Interval.open(Rational(-1, 2), oo)),
        ((-z > 1,), Interval.open(-oo, -1)),
        ((Eq(z * (1 - z), 0),), FiniteSet(0, 1)),
        ((Ne(z, 0),), Interval.open(-oo, 0) + Interval.open(0, oo)),
        ((z**2 <= 4,), Interval(-2, 2)),
        ((z > 1, z < 0), S.EmptySet),
        ((y > 1,), S.Reals),
        ((Or(z > 1, z < -1),), S.Reals),  # not used, so nothing is left out
        ((exp(z) + z > 3,), S.Reals),
        ((sin(z) > 0,), S.Reals),
        ((z > 1 + exp(-30),), S.Reals),
        ((z < log(1 + exp(-30)), z > 0), Interval.open(0, oo)),  # SymPy takes the number for 0
    ],
    ids=str,
)
def test_domain_is_what_the_assumptions_on_the_symbol_leave(given, region):
    assert domain(z, given) == region


def test_own_assumptions_of_a_symbol_count():
    assert domain(s, ()) == Interval.open(0, oo)
    assert domain(Symbol("n", negative=True), ()) == Interval.open(-oo, 0)
    assert domain(Symbol("n", nonnegative=True), (Symbol("n", nonnegative=True) < 1,)) == Interval.Ropen(0, 1)


def test_pieces_are_points_and_open_intervals():
    names = [piece.name for piece in pieces(z, (Ge(z, 0), Le(z, 2)), cuts=[1])]
    assert names == ["z = 0", "z = 1", "z = 2", "0 < z < 1", "1 < z < 2"]
    assert [piece.name for piece in pieces(z, (), cuts=[0])] == ["z = 0", "z < 0", "z > 0"]
    assert [piece.name for piece in pieces(z, (Ne(z, 0),))] == ["z < 0", "z > 0"]


@pytest.mark.parametrize(
    "given", [(z > 0, z < 1), (z > -3,), (z < 2,), (Gt(z, Rational(1, 3)), Le(z, 7))], ids=str
)
def test_form_of_a_piece_stays_inside_it_and_reaches_its_ends(given):
    for piece in pieces(z, given):
        free = piece.form.free_symbols
        for value in (Rational(1, 10**9), 1, 10**9) if free else (0,):
            point = piece.form.subs(dict.fromkeys(free, value))
            assert all(relation.subs(z, point) == True for relation in given)  # noqa: E712
        assert all(relation.subs(z, piece.sample) == True for relation in given)  # noqa: E712


def test_only_real_symbols_are_cut_into_pieces():
    with pytest.raises(ValueError, match="not declared to be real"):
        pieces(w, ())


def in_order(value):
    """A name that is the same in every process: of a set, a file that was compiled before has another order."""
    return str({symbol: sorted(cuts) for symbol, cuts in value.items()} if isinstance(value, dict) else value)


@pytest.mark.parametrize(
    ("expr", "cuts"),
    [
        (relu(z).definition, {z: {0}}),
        (Abs(2 * z - 3), {z: {Rational(3, 2)}}),
        (Max(z, 0) + Max(z, 1), {z: {0, 1}}),
        (Max(z, 0) + Abs(y - 1), {z: {0}, y: {1}}),
        (Piecewise((1, And(z > 0, z < 2)), (3, Eq(z, 5)), (0, True)), {z: {0, 2, 5}}),
        (Heaviside(z - 1) + sign(z), {z: {0, 1}}),
        (z**2, {}),
        (Max(z, y), None),
        (Abs(z**2 - 1), None),
        (Abs(Abs(z) - 1), {z: {-1, 0, 1}}),
        (Max(0, Min(z, 1)), {z: {0, 1}}),
        (Abs(sin(z)), None),
        (Abs(w), {w: {0}}),
        (Abs(Max(z, 0) - 1), {z: {0, 1}}),
        (Max(Abs(z), 1), {z: {-1, 0, 1}}),
        (Abs(Max(Abs(z), 1) - 2), {z: {-2, -1, 0, 1, 2}}),
        (Heaviside(Max(z, 3) - 5), {z: {3, 5}}),
        (Piecewise((1, Abs(z) > 2), (0, True)), {z: {-2, 0, 2}}),
        (Abs(z + sign(z)), {z: {-1, 0, 1}}),
        (Abs(Max(z, y) - 1), None),
        (Abs(Max(z**2, 1)), None),
        (Abs(Max(z, y) + z), None),
        (Abs(z - sqrt(2)), None),  # SymPy would put it in order by its first digits
        (Max(z, exp(-30)), None),
        (Abs(pi * z - 1), None),
    ],
    ids=in_order,
)
def test_switching_points_are_found_or_declined(expr, cuts):
    assert cuts_of(expr) == cuts


def test_branches_are_chosen_by_a_point_inside():
    e = Max(z, 0) + Abs(z) + Piecewise((7, z > 0), (9, True)) + sign(z)
    assert resolve(e, {z: S.One}) == 2 * z + 8
    assert resolve(e, {z: -S.One}) == -z + 8
    assert resolve(Max(0, Min(1, z)), {z: Rational(1, 2)}) == z
    assert resolve(Heaviside(z, 0), {z: S.Zero}) == 0
    assert resolve(Heaviside(z, 1), {z: S.Zero}) == 1
    assert resolve(sqrt(z) + y, {z: S.One}) == sqrt(z) + y


# Piece by piece


def test_whole_line_is_one_piece_that_is_written_as_the_symbol_itself():
    assert pieces(z, ()) == [Piece("", z, z, S.One)]


@pytest.mark.parametrize(
    ("low", "high", "name", "sample", "near_low", "near_high"),
    [
        (-oo, S(2), "z < 2", 1, -(10**9), 2),
        (S(-3), oo, "z > -3", -2, -3, 10**9),
        (S(1), S(4), "1 < z < 4", Rational(5, 2), 1, 4),
    ],
)
def test_interval_runs_from_one_end_to_the_other(low, high, name, sample, near_low, near_high):
    piece = between(z, low, high)
    (t,) = piece.form.free_symbols
    assert t.is_positive
    assert (piece.name, piece.symbol, piece.sample) == (name, z, sample)
    ends = sorted(piece.form.subs(t, value) for value in (Rational(1, 10**12), 10**12))
    assert all(low < end < high for end in ends)
    assert abs(ends[0] - near_low) < Rational(1, 10**9) or ends[0] < near_low
    assert abs(ends[1] - near_high) < Rational(1, 10**9) or ends[1] > near_high


def test_cut_outside_the_domain_or_at_its_end_changes_nothing():
    inside = (Ge(z, 0), Lt(z, 2))
    assert [piece.name for piece in pieces(z, inside, cuts=[-1, 0, 2, 3])] == ["z = 0", "0 < z < 2"]
    assert [piece.name for piece in pieces(z, (Eq(z * (z - 5), 0),), cuts=[0, 1])] == ["z = 0", "z = 5"]
    assert [(piece.symbol, piece.form, piece.sample) for piece in pieces(z, (Eq(z, 5),))] == [(z, 5, 5)]


def test_region_of_another_kind_is_declined():
    assert list(_components(S.EmptySet)) == []
    assert list(_components(FiniteSet(1, 2))) == [FiniteSet(1), FiniteSet(2)]
    with pytest.raises(ValueError, match=r"^Integers is neither an interval nor a finite set$"):
        list(_components(S.Integers))


def test_domain_of_an_integer_is_taken_for_an_interval():
    n = Symbol("n", integer=True, positive=True)
    assert domain(n, (n >= 2,)) == Interval(2, oo)
    assert domain(n, (Lt(n, 7), n > 2)) == Interval.open(2, 7)


def test_terms_that_cancel_between_the_sides_do_not_make_a_relation_too_hard():
    assert domain(z, (Gt(z + exp(z), exp(z), evaluate=False),)) == Interval.open(0, oo)
    assert domain(z, (Gt(sin(z), -sin(z), evaluate=False),)) == S.Reals


@pytest.mark.parametrize(
    ("expr", "cuts"),
    [
        (Piecewise((1, z > 3), (0, True)) + Piecewise((1, z > 5), (0, True)) + Max(z, 7), {z: {3, 5, 7}}),
        (Abs(exp(z) - 2), None),
        (Max(KroneckerDelta(j, 1), Rational(1, 2)), None),
        (Abs(logits[j]), None),
    ],
    ids=str,
)
def test_all_switches_count_and_only_linear_ones_have_a_place(expr, cuts):
    assert cuts_of(expr) == cuts


def test_branch_of_an_absolute_value_near_its_kink():
    assert resolve(Abs(z), {z: Rational(1, 2)}) == z
    assert resolve(Abs(z), {z: Rational(-1, 2)}) == -z
