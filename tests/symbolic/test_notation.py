"""The tables of the notation page are complete: no theorem speaks of anything that is not in them."""

from importlib import import_module

import pytest
import sympy
from sympy import Function, IndexedBase

from logitgrad.symbolic import notation, symbols, theorems, variants
from logitgrad.symbolic.notation import CHAPTERS, FUNCTIONS, NOTATION
from logitgrad.symbolic.render import tex

ENTRIES = [("", entry) for entry in NOTATION + FUNCTIONS]
ENTRIES += [(chapter, entry) for chapter, entries in CHAPTERS.items() for entry in entries]


def letters(expr):
    """The free symbols of an expression and the vectors in it, without what a sum or a limit binds."""
    return expr.free_symbols - expr.atoms(sympy.Indexed) | expr.atoms(IndexedBase)


def functions(expr):
    """The named functions of this library; those of SymPy need no entry, save the delta."""
    kinds = {type(call) for call in expr.atoms(Function)}
    return {kind for kind in kinds if kind.__module__.startswith("logitgrad") or kind is sympy.KroneckerDelta}


def explained(chapter):
    """The letters and functions that a reader of a chapter finds in the tables."""
    entries = [entry.symbol for entry in NOTATION + FUNCTIONS + CHAPTERS.get(chapter, ())]
    known = set().union(*map(letters, entries)), set().union(*map(functions, entries))
    return known[0] | known[1]


@pytest.mark.parametrize("name", theorems)
def test_every_symbol_of_a_theorem_is_in_the_tables(name):
    theorem = theorems[name]
    for expr in (theorem.statement, *theorem.assumptions):
        assert letters(expr) | functions(expr) <= explained(theorem.chapter)


@pytest.mark.parametrize(("chapter", "entry"), ENTRIES, ids=lambda part: getattr(part, "name", part) or "all")
def test_name_in_code_gives_the_symbol(chapter, entry):
    own = vars(import_module(f"logitgrad.symbolic.{chapter}")) if chapter else {}
    names = vars(notation) | own | vars(symbols)
    assert eval(entry.name, names) == entry.symbol


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_entry_of_a_chapter_is_that_of_the_whole_book(chapter):
    assert not {entry.symbol for entry in CHAPTERS[chapter]} & {entry.symbol for entry in NOTATION + FUNCTIONS}


def test_a_missing_entry_is_noticed():
    statement = theorems["temperature-gradient"].statement
    assert {tex(letter) for letter in letters(statement) - explained("softmax_ce")} == {"T"}
    assert functions(statement) - explained("softmax_ce") == {variants.tempered_ce}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapters_entry_occurs_in_its_theorems_or_in_an_entry_that_does(chapter):
    used = set()
    for theorem in theorems.values():
        if theorem.chapter == chapter:
            for expr in (theorem.statement, *theorem.assumptions):
                used |= letters(expr) | functions(expr) | expr.atoms(sympy.Symbol)
    for entry in CHAPTERS[chapter]:
        assert (letters(entry.symbol) | functions(entry.symbol)) & used, entry.name
