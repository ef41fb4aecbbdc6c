"""Every theorem of the registry is proved, needs each of its assumptions, and stands in good order."""

import pytest
import sympy as sp
from sympy import Derivative, Eq, Gt, Limit, Sum, Symbol, exp

from logitgrad.symbolic import (
    K,
    Theorem,
    bce,
    i,
    j,
    k,
    logits,
    logsumexp,
    mse,
    prove_equal,
    relu,
    sigma,
    softmax,
    softplus,
    theorems,
    y,
    z,
)
from logitgrad.symbolic.cross_entropy import excess
from logitgrad.symbolic.functions import Defined, unfold
from logitgrad.symbolic.intervals import as_symbols, concrete
from logitgrad.symbolic.theorem import Registry, UnknownName

from . import plain

everyone = pytest.mark.parametrize("theorem", theorems.values(), ids=list(theorems))
ASSUMED = [(theorem, assumption) for theorem in theorems.values() for assumption in theorem.assumptions]


@everyone
def test_theorem_is_proved(theorem):
    result = theorem.prove()
    assert result.status == "proved", result


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


def test_without_leaves_the_other_assumptions():
    theorem = theorems["cross-entropy-minimiser"]
    for assumption in theorem.assumptions:
        fewer = theorem.without(assumption).assumptions
        assert set(fewer) == set(theorem.assumptions) - {assumption}


def test_unknown_name_names_the_nearest():
    with pytest.raises(UnknownName, match="sigmoid-bce-gradient") as error:
        theorems["sigmoid-bce-gradiant"]
    assert "did you mean" in str(error.value)
    assert isinstance(error.value, KeyError)
    with pytest.raises(UnknownName) as error:
        theorems["xyzzyqq"]
    assert "did you mean" not in str(error.value)


def test_name_can_be_given_once_only():
    registry = Registry()
    registry.add(Theorem("a", Eq(z, z), "c", "W."))
    with pytest.raises(ValueError, match="already"):
        registry.add(Theorem("a", Eq(y, y), "c", "W."))
    assert list(registry) == ["a"]
    assert len(registry) == 1


def test_vacuous_theorem_is_not_proved():
    assert Theorem("x", Gt(z, z + 1, evaluate=False), "c", "W.", (z > 1, z < 0)).prove().status == "undecided"


# The named functions, held to their definitions

SCALAR = [sigma(z), softplus(z), relu(z), bce(z, y), mse(z, y), excess(Symbol("x", positive=True))]


@pytest.mark.parametrize("f", SCALAR, ids=str)
def test_derivative_of_a_named_function_is_that_of_its_definition(f):
    for variable in f.free_symbols:
        given = (Gt(z, 0),) if isinstance(f, relu) else ()
        written = f.diff(variable)
        assert prove_equal(written, Derivative(f.definition, variable), given).status == "proved"
    if isinstance(f, relu):
        assert prove_equal(f.diff(z), Derivative(f.definition, z), (z < 0,)).status == "proved"


@pytest.mark.parametrize("f", [softmax(logits, j), logsumexp(logits), softmax(logits, 1, 3)], ids=str)
@pytest.mark.parametrize("variable", [logits[i], logits[j], logits[1]], ids=str)
def test_derivative_of_a_function_of_a_vector_is_that_of_its_definition(f, variable):
    assert prove_equal(f.diff(variable), Derivative(f.definition, variable)).status == "proved"


def test_component_that_is_no_class_has_no_influence():
    assert prove_equal(softmax(logits, 1, 2).diff(logits[3]), 0).status == "proved"
    assert prove_equal(logsumexp(logits, 2).diff(logits[3]), 0).status == "proved"


def all_named():
    found, queue = [], [Defined]
    while queue:
        kinds = queue.pop().__subclasses__()
        found += kinds
        queue += kinds
    return [kind for kind in found if kind.__module__.startswith("logitgrad.")]


BACKED = {
    ("sigma", "_eval_is_positive"): "sigmoid-range",
    ("sigma", "_eval_is_real"): "sigmoid-range",
    ("softmax", "_eval_is_positive"): "softmax-range",
    ("excess", "_eval_is_nonnegative"): "log-below-line",
}


def test_every_assumption_that_a_named_function_makes_is_a_theorem():
    claims = {(kind.__name__, name) for kind in all_named() for name in vars(kind) if name.startswith("_eval_is_")}
    assert claims == set(BACKED)
    for name in BACKED.values():
        # Proved on the definition: with the names unfolded the claim cannot prove itself.
        theorem = theorems[name]
        unfolded = theorem.statement.func(
            *(unfold(part) for part in theorem.statement.args),
            **({} if isinstance(theorem.statement, sp.And) else {"evaluate": False}),
        )
        assert not unfolded.has(Defined)
        result = Theorem("unfolded", unfolded, "c", "W.", theorem.assumptions, via=theorem.via).prove()
        assert result.status == "proved", result


def test_nothing_is_claimed_of_arguments_that_may_not_be_real():
    w, v = Symbol("w"), sp.IndexedBase("w")
    assert sigma(w).is_positive is None
    assert sigma(2 * sp.pi * sp.I).is_positive is None  # it is 1/2
    assert softmax(v, j).is_positive is None
    assert excess(z).is_nonnegative is None


# Explicit numbers of classes, by an independent road: symbols z1 .. zK, plain diff, plain simplify


def counts_classes(e):
    e = unfold(e)
    return K in e.free_symbols.union(*(total.free_symbols for total in e.atoms(Sum)))


SYMBOLIC = [
    theorem
    for theorem in theorems.values()
    if isinstance(theorem.statement, Eq) and not theorem.statement.has(Limit) and counts_classes(theorem.statement)
]


def is_zero(gap):
    """Whether a rational function of exponentials vanishes, by plain SymPy."""
    gap = sp.expand_log(gap, force=False)
    letters = {e: Symbol(f"E{n}", positive=True) for n, e in enumerate(sorted(gap.atoms(exp), key=str))}
    return sp.simplify(sp.cancel(sp.together(gap.xreplace(letters)))) == 0 or sp.simplify(gap) == 0


@pytest.mark.parametrize("classes", [2, 3, 4, 5])
@pytest.mark.parametrize("theorem", SYMBOLIC, ids=[theorem.name for theorem in SYMBOLIC])
def test_theorem_for_any_number_of_classes_holds_for_explicit_ones(theorem, classes):
    free = {s for s in theorem.statement.atoms(Symbol) if s in (i, j, k)}
    for numbers in ({i: 1, j: 1, k: 1}, {i: 1, j: 2, k: 1}):
        parts = [concrete(e, classes, {s: numbers[s] for s in free}) for e in theorem.statement.args]
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
