"""The kept run is of the sources as they are, enough mutants were caught, and each survivor is explained."""

import pytest

from . import run, survivors

KEPT = survivors.kept()
EXPLAINED = survivors.explained()
modules = pytest.mark.parametrize("module", KEPT)
ENOUGH = 0.95


def listed(module):
    return sorted(s for s in EXPLAINED if s[0] == module)


def test_each_module_has_been_run_or_is_said_not_to_have_been():
    assert sorted([*KEPT, *survivors.not_run()]) == sorted(run.TESTS)


@modules
def test_module_is_as_it_was_when_its_mutants_were_run(module):
    changed = KEPT[module]["digest"] != survivors.digest(module)
    assert not changed, f"{module} has changed since its mutants were run: make mutants MODULE={module}"


@modules
def test_enough_mutants_are_killed(module):
    assert KEPT[module]["killed"] >= ENOUGH * KEPT[module]["mutants"] > 0


def test_enough_mutants_are_killed_in_all():
    assert sum(m["killed"] for m in KEPT.values()) >= ENOUGH * sum(m["mutants"] for m in KEPT.values())


@modules
def test_survivors_are_those_that_are_explained(module):
    assert listed(module) == sorted({tuple(s.values()) for s in KEPT[module]["survivors"]})


@pytest.mark.parametrize("survivor", EXPLAINED, ids=lambda s: " ".join(s[:3]))
def test_line_of_an_explained_survivor_is_in_its_function(survivor):
    module, function, line, mutant = survivor
    assert module in run.TESTS
    assert set(line.splitlines()) <= survivors.lines(module, function)
    assert mutant != line
    assert len(EXPLAINED[survivor]) > 10
