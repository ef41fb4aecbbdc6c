"""The verify command, as a person or a program meets it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from logitgrad.cli import main
from logitgrad.symbolic import theorems
from logitgrad.symbolic.theorem import UnknownName
from logitgrad.verdicts import CLAIMS, Case, Evidence, Finding
from logitgrad.verify import listing, verify


def run(*arguments: str):
    return CliRunner().invoke(main, ["verify", *arguments])


def made_false(theorem):
    """The same with a sign turned on its right side."""
    return replace(theorem, statement=theorem.statement.func(theorem.statement.lhs, -theorem.statement.rhs))


def test_a_named_theorem_is_proved_and_reported_on_one_line():
    result = run("sigmoid-bce-gradient")
    assert result.exit_code == 0
    first, last = result.output.strip().splitlines()
    assert first.startswith("proved") and "sigmoid-bce-gradient" in first and "rewriting" in first
    assert last.startswith("1 of 1 theorems proved")


def test_a_listing_has_each_theorem_of_its_chapters_once_and_counts_them():
    chapters = ("backprop", "frameworks")
    text = listing(*chapters)
    names = [name for name, theorem in theorems.items() if theorem.chapter in chapters]
    assert text.startswith(f"[{len(names)}]{{#theorems-proved}} theorems")
    assert sorted(re.findall(r"^`([\w-]+)`: ", text, flags=re.M)) == sorted(names)


def test_a_listing_shows_nothing_where_one_theorem_is_false(monkeypatch):
    [name, *_] = [name for name, theorem in theorems.items() if theorem.chapter == "backprop"]
    monkeypatch.setitem(theorems._theorems, name, made_false(theorems[name]))
    with pytest.raises(AssertionError, match=f"not proved: {name}: refuted at"):
        listing("backprop")


def test_a_listing_of_a_chapter_without_theorems_is_refused():
    with pytest.raises(ValueError, match="'glossary'"):
        listing("glossary")


def test_json_has_the_documented_keys():
    result = run("--json", "softmax-range")
    report = json.loads(result.output)
    assert set(report) == {"versions", "theorems", "verdicts"}
    [theorem] = report["theorems"]
    assert set(theorem) == {"name", "statement", "assumptions", "status", "method", "seconds"}
    assert theorem["status"] == "proved" and theorem["assumptions"] == ["K >= 2"]
    assert report["versions"]["sympy"]


def test_json_of_a_claim_has_the_documented_keys():
    report = json.loads(run("--json", "A9").output)
    assert not report["theorems"]
    [verdict] = report["verdicts"]
    assert set(verdict) >= {"id", "source", "claim", "verdict", "condition", "chapter"}
    assert (verdict["id"], verdict["verdict"], verdict["condition"]) == ("A9", "fails", "")


def test_a_named_claim_is_decided_and_reported_on_one_line():
    first, last = run("A2").output.strip().splitlines()
    assert first.startswith("holds if") and "A2" in first and "(if numbers are real; fails if" in first
    assert last.startswith("1 of 1 claims decided")


@pytest.mark.parametrize("name", ["D7", "d7"])
def test_theorems_and_claims_can_be_named_together(name):
    assert "1 of 1 theorems proved, 1 of 1 claims decided in" in run(name, "sigmoid-symmetry").output


def test_an_unknown_claim_is_answered_with_the_known_ones_and_status_2():
    result = run("F1")
    assert result.exit_code == 2
    assert "no claim named 'F1'" in result.output and "E10" in result.output


def test_a_claim_that_cannot_be_decided_gives_status_1(monkeypatch):
    open_case = Case("", Finding(None, (Evidence("nobody knows"),)))
    monkeypatch.setitem(CLAIMS, "A9", replace(CLAIMS["A9"], check=lambda: iter([open_case])))
    result = run("A9")
    assert result.exit_code == 1
    assert "UNDECIDED" in result.output and "0 of 1 claims decided" in result.output


def test_an_unknown_name_is_answered_with_the_nearest_and_status_2():
    result = run("sigmoid-bce-gradeint")
    assert result.exit_code == 2
    assert "did you mean sigmoid-bce-gradient" in result.output


def test_nothing_is_proved_before_all_names_are_known():
    with pytest.raises(UnknownName):
        verify(["sigmoid-range", "no-such-theorem"])


def test_a_theorem_that_is_made_false_gives_status_1_and_its_counterexample(monkeypatch):
    name = "sigmoid-bce-gradient"
    monkeypatch.setitem(theorems._theorems, name, made_false(theorems[name]))
    result = run(name)
    assert result.exit_code == 1
    assert "NOT PROVED" in result.output and "refuted at" in result.output
    assert "0 of 1 theorems proved" in result.output


def test_the_module_runs_as_a_command():
    command = [sys.executable, "-m", "logitgrad", "verify", "sigmoid-symmetry"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "1 of 1 theorems proved" in done.stdout and not done.stderr


def test_without_click_the_command_says_what_to_install():
    hide = "import sys, runpy; sys.modules['click'] = None; runpy.run_module('logitgrad', run_name='__main__')"
    command = [sys.executable, "-c", hide]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "The commands need click: pip install 'logitgrad[cli]'"
