"""No false statement is proved, no true one refuted, and what neither can be said of stays open."""

import pytest
import sympy as sp

from logitgrad.symbolic import Proved, Refuted, Undecided, prove_equal, theorems, y, z
from logitgrad.symbolic.functions import sigma
from logitgrad.symbolic.refute import points, settings
from logitgrad.symbolic.symbols import i, j

from . import exam, plain

pytestmark = pytest.mark.slow  # 1,400 statements


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case[0] for case in cases])


def sides_at(left, right, point):
    """Both values, None for a side that has none."""
    values = []
    for side in (left, right):
        try:
            values.append(plain.value(side, point))
        except plain.NoValue:
            values.append(None)
    return values


def differs(left, right, point):
    one, other = sides_at(left, right, point)
    if one is None or other is None:
        return one is not other
    return not plain.same(one, other)


def test_exam_is_long_enough_and_nothing_is_asked_twice():
    assert len(exam.TRUE) >= 60
    assert len(exam.FALSE) >= 60
    assert len(exam.OPEN) >= 10
    names = [case[0] for case in exam.TRUE + exam.FALSE + exam.OPEN]
    assert len(set(names)) == len(names)


@named(exam.TRUE)
def test_true_statement_is_proved(case):
    _, left, right, *given = case
    result = prove_equal(left, right, given)
    assert isinstance(result, Proved), result


@named(exam.TRUE)
def test_true_statement_holds_at_every_point_of_the_search(case):
    _, left, right, *given = case
    seen = [sides_at(left, right, point) for point in some_points(left, right, given)]
    defined = [sides for sides in seen if None not in sides]
    assert defined
    assert all(plain.same(*sides) for sides in defined)


@named(exam.FALSE)
def test_false_statement_is_refuted_at_a_point_where_the_sides_differ_as_shown(case):
    _, left, right, *given = case
    result = prove_equal(left, right, given)
    assert isinstance(result, Refuted), result
    assert all(plain.holds(assumption, result.counterexample) for assumption in given)
    assert differs(left, right, result.counterexample), result
    for shown, true in zip(result.values, sides_at(left, right, result.counterexample), strict=True):
        assert (shown is None) == (true is None)
        assert shown is None or shown == pytest.approx(complex(true), rel=1e-12, abs=1e-300)


@named(exam.FALSE)
def test_false_statement_is_not_proved_by_the_other_rungs_alone(case, without_counterexamples):
    _, left, right, *given = case
    assert not isinstance(prove_equal(left, right, given, seconds=2), Proved)


@pytest.fixture
def without_counterexamples(monkeypatch):
    """The ladder without the rung that cross-examines the others."""
    import sys

    ladder = sys.modules["logitgrad.symbolic.prove"]
    monkeypatch.setattr(ladder, "RUNGS", tuple(r for r in ladder.RUNGS if r[0] != "counterexample"))


@named(exam.OPEN)
def test_open_statement_stays_undecided_and_has_no_truth_value(case):
    _, left, right, *given = case
    result = prove_equal(left, right, given, seconds=2)
    assert isinstance(result, Undecided), result
    assert result.reasons
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(result)


# Mutants of the registry's equalities


def some_points(left, right, given, number=4):
    """Points of the statement in its own terms, for several numbers of classes and choices of indices."""
    from logitgrad.symbolic.domain import flatten

    for setting in settings((sp.sympify(left), sp.sympify(right)), flatten(given)):
        for _, point in zip(range(number), points(setting), strict=False):
            yield setting.named(point)


def swapped(e, one, other):
    """The expression with two symbols exchanged, bound indices left alone."""
    return e.subs({one: other, other: one}, simultaneous=True)


MUTATIONS = {
    "sign": lambda e: -e,
    "twice": lambda e: 2 * e,
    "plus one": lambda e: e + 1,
    "halved": lambda e: e / 2,
    "i and j swapped": lambda e: swapped(e, i, j),
    "z negated inside sigma": lambda e: e.replace(sigma, lambda inner: sigma(-inner)),
    "label swapped": lambda e: e.subs(y, 1 - y),
    "logit negated": lambda e: e.subs(z, -z),
    "square": lambda e: e**2,
    "delta dropped": lambda e: e.replace(sp.KroneckerDelta, lambda *_: sp.S.Zero),
    "abs dropped": lambda e: e.replace(sp.Abs, lambda inner: inner),
    "max for min": lambda e: e.replace(sp.Max, sp.Min),
}
EQUALITIES = [
    theorem
    for theorem in theorems.values()
    if isinstance(theorem.statement, sp.Eq) and not isinstance(theorem.statement.lhs, sp.Limit)
]
MUTANTS = [
    pytest.param(theorem, mutate(theorem.statement.rhs), id=f"{theorem.name}: {mutation}")
    for theorem in EQUALITIES
    for mutation, mutate in MUTATIONS.items()
    if mutate(theorem.statement.rhs) != theorem.statement.rhs
]


@pytest.mark.parametrize(("theorem", "mutant"), MUTANTS)
def test_mutant_is_refuted_unless_it_is_true(theorem, mutant):
    left, given = theorem.statement.lhs, theorem.assumptions
    result = prove_equal(left, mutant, given, seconds=2)
    if isinstance(result, Refuted):
        assert differs(left, mutant, result.counterexample), result
        assert all(plain.holds(assumption, result.counterexample) for assumption in given)
    else:
        assert not any(differs(left, mutant, point) for point in some_points(left, mutant, given)), result
