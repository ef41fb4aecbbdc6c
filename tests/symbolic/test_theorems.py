"""Every theorem of the registry is proved, needs each of its assumptions, and stands in good order."""

import pytest
import sympy as sp
from sympy import Eq, Limit, Sum, Symbol, exp

from logitgrad.symbolic import K, i, j, k, theorems, unfold
from logitgrad.symbolic.backprop import D, N
from logitgrad.symbolic.intervals import as_symbols, concrete

from . import plain

everyone = pytest.mark.parametrize("theorem", theorems.values(), ids=list(theorems))
ASSUMED = [(theorem, assumption) for theorem in theorems.values() for assumption in theorem.assumptions]


@pytest.mark.slow  # `make verify` proves them too
@everyone
def test_theorem_is_proved(theorem):
    result = theorem.prove()
    assert result.status == "proved", result


@pytest.mark.slow
@pytest.mark.parametrize(("theorem", "assumption"), ASSUMED, ids=[f"{t.name} without {a}" for t, a in ASSUMED])
def test_theorem_fails_without_the_assumption_at_a_point_that_breaks_it(theorem, assumption):
    result = theorem.without(assumption).prove()
    assert result.status == "refuted", result
    kept = [other for other in theorem.assumptions if other != assumption]
    assert all(plain.holds(other, result.counterexample) for other in kept)
    assert not plain.holds(assumption, result.counterexample)


@everyone
def test_theorem_uses_only_earlier_ones_so_there_is_no_circle(theorem):
    names = list(theorems)
    for used in theorem.uses:
        assert used in theorems
        assert names.index(used) < names.index(theorem.name)


@everyone
def test_theorem_has_words_a_chapter_and_its_own_label(theorem):
    assert theorem.words.endswith(".")
    assert theorem.chapter
    assert theorem.label == f"eq-{theorem.name}"
    assert str(theorem) == f"{theorem.name}: {theorem.words}"


# Explicit numbers of classes, by an independent road: symbols z1 .. zK, plain diff, plain simplify


def counts_classes(equation):
    sides = [unfold(side) for side in equation.args]  # one by one: SymPy would try to decide the equation
    return any(K in side.free_symbols.union(*(total.free_symbols for total in side.atoms(Sum))) for side in sides)


SYMBOLIC = [
    theorem
    for theorem in theorems.values()
    if isinstance(theorem.statement, Eq) and not theorem.statement.has(Limit) and counts_classes(theorem.statement)
]


OTHER_SIZES = {N: 2, D: 1}  # a batch, a layer's inputs


def is_zero(gap):
    """Whether a rational function of exponentials vanishes, by plain SymPy."""
    gap = sp.expand_log(gap, force=False)
    letters = {e: Symbol(f"E{n}", positive=True) for n, e in enumerate(sorted(gap.atoms(exp), key=str))}
    if sp.simplify(sp.cancel(sp.together(gap.xreplace(letters)))) == 0 or sp.simplify(gap) == 0:
        return True
    return gap.is_real and sp.simplify(exp(gap)) == 1  # the logarithm of a quotient, against that of a sum


@pytest.mark.slow
@pytest.mark.parametrize("classes", range(2, 6))
@pytest.mark.parametrize("theorem", SYMBOLIC, ids=[theorem.name for theorem in SYMBOLIC])
def test_theorem_for_any_number_of_classes_holds_for_explicit_ones(theorem, classes):
    free = {s for s in theorem.statement.atoms(Symbol) if s in (i, j, k)}
    for numbers in ({i: 1, j: 1, k: 1}, {i: 1, j: 2, k: 1}):
        chosen = {s: numbers[s] for s in free} | OTHER_SIZES
        parts = [concrete(e, classes, chosen) for e in theorem.statement.args]
        given = [concrete(a, classes) for a in theorem.assumptions]
        (left, right, *given), _ = as_symbols(*parts, *given)
        gap = left - right
        for relation in given:
            last = max(relation.free_symbols, key=str)
            gap = gap.subs(last, sp.solve(relation, last)[0])
        assert is_zero(gap), gap


def test_explicit_classes_are_checked_for_every_symbolic_equality():
    names = {theorem.name for theorem in SYMBOLIC}
    assert {"softmax-jacobian", "softmax-ce-gradient", "softmax-ce-hessian", "softmax-shift"} <= names
    assert len(names) >= 15
