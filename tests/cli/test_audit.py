"""The audit command, as a person or a program meets it."""

import json
import re
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest
from click.testing import CliRunner

import logitgrad as lg
from logitgrad.audit.peers import PEERS
from logitgrad.cli import main
from logitgrad.results import latest

pytestmark = pytest.mark.slow

module = import_module("logitgrad.cli.audit")
FEW = ("--points", "32")
GRAD = ("--against", "sigmoid_bce.grad")


def run(*arguments: str):
    return CliRunner().invoke(main, ["audit", *arguments])


@pytest.fixture
def mine(monkeypatch):
    """A module of somebody's own, with a right and a wrong gradient."""
    own = ModuleType("mine")
    own.right, own.wrong = lg.sigmoid_bce.grad, lambda z, y: 1 / (1 + np.exp(-z)) - y
    monkeypatch.setitem(sys.modules, "mine", own)


def test_without_a_name_it_is_this_library_that_is_measured():
    result = run(*GRAD, *FEW)
    assert result.exit_code == 0
    title, head, *rows = result.stdout.splitlines()
    assert title == "logitgrad, float32" and head.split()[:3] == ["function", "max", "ulp"]
    assert [row.split()[0] for row in rows if row] == ["sigmoid_bce.grad"] * 3


def test_there_is_a_table_for_each_implementation_and_type():
    result = run("naive", "logitgrad", "--dtype", "float16", "--dtype", "float64", *GRAD, *FEW)
    titles = re.findall(r"^(\w+, float\d+)$", result.stdout, flags=re.M)
    assert titles == ["naive, float16", "logitgrad, float16", "naive, float64", "logitgrad, float64"]
    assert "100 %" in result.stdout and "bad targets refused: 0 of 7" in result.stdout


def test_progress_and_remarks_go_to_stderr():
    result = run(*GRAD, *FEW)
    assert result.stderr == "1 of 1: logitgrad, sigmoid_bce.grad, float32\n"


def test_a_function_of_ones_own_is_measured_and_details_name_the_worst_input(mine):
    result = run("mine:wrong", *GRAD, *FEW, "--details")
    assert result.exit_code == 0
    assert result.stdout.startswith("mine:wrong against sigmoid_bce.grad, float32")
    assert "worst at y = 1: " in result.stdout and "warns: overflow encountered in exp" in result.stdout


def test_a_limit_is_held_or_the_status_is_1(mine):
    assert run("mine:right", *GRAD, *FEW, "--limit", "0.51").exit_code == 0
    result = run("mine:wrong", *GRAD, *FEW, "--limit", "1000")
    assert result.exit_code == 1
    assert "mine:wrong, sigmoid_bce.grad, float32: not everywhere within 1000 ulp" in result.stderr


def test_what_is_not_installed_is_named_with_what_to_do_and_the_others_are_measured(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "logitgrad.audit.peers.torch", raising=False)
    result = run("torch", "naive", *GRAD, *FEW)
    assert result.exit_code == 1
    assert "torch cannot be measured" in result.stderr and "pip install torch" in result.stderr
    assert result.stdout.startswith("naive, float32\n")


def test_a_function_that_an_implementation_does_not_have_is_named():
    result = run("naive", "--against", "softmax_ce.hvp", *FEW)
    assert result.exit_code == 0 and "naive has no softmax_ce.hvp" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tporch",), "did you mean torch"),
        (("--against", "sigmoid_bce.gard"), "did you mean sigmoid_bce.grad"),
        (("mine:right",), "--against"),
        (("mine:other", *GRAD), "has no function 'other'"),
        (("no.module:f", *GRAD), "cannot be imported"),
        (("--dtype", "float8"), "float16"),
        (("--points", "3"), "16"),
        (("--exhaustive", "--dtype", "float64"), "too many values"),
        (("--exhaustive", "naive"), "of this library"),
        (("--exhaustive", *GRAD), "of this library"),
        (("--exhaustive", "--dtype", "float16", "--dtype", "float32"), "one type at a time"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_answered_with_status_2(mine, arguments, said):
    result = run(*arguments)
    assert result.exit_code == 2 and said in result.stderr


def test_json_is_what_is_kept(tmp_path):
    result = run("naive", *GRAD, *FEW, "--json", "--save", str(tmp_path / "new"))
    [path] = (tmp_path / "new").iterdir()
    assert path.name.startswith("peers-") and f"Written to {path}" in result.stderr
    printed = json.loads(result.stdout)
    assert printed == json.loads(path.read_text(encoding="utf-8"))
    assert printed["kind"] == "peers" and printed["points"] == 32
    assert [report["name"] for report in printed["reports"]] == ["naive"]


def test_versions_of_what_was_measured_are_kept(monkeypatch):
    monkeypatch.setitem(PEERS, "naive", ("hypothesis",))
    versions = json.loads(run("naive", *GRAD, *FEW, "--json").stdout)["environment"]["versions"]
    assert set(versions) == {"logitgrad", "numpy", "sympy", "mpmath", "hypothesis"}


def test_a_check_passes_where_the_kept_verdicts_come_out_and_says_where_not(monkeypatch):
    kept = json.loads(run("naive", *GRAD, *FEW, "--json").stdout)
    monkeypatch.setattr("logitgrad.results.latest", lambda kind: kept)
    assert run("naive", *GRAD, *FEW, "--check").exit_code == 0
    kept["reports"][0]["parts"][0] |= {"verdict": "100 %", "kind": "lost"}
    result = run("naive", *GRAD, *FEW, "--check")
    assert result.exit_code == 1
    assert (
        "naive, sigmoid_bce.grad, float32, y = 0: " in result.stderr and "and 100 % in the kept" in result.stderr
    )


def test_a_check_needs_as_many_points_as_the_kept_result_has():
    result = run("naive", *GRAD, *FEW, "--check")
    assert result.exit_code == 2 and f"--points {latest('peers')['points']}" in result.stderr


def test_all_are_those_that_have_a_name(monkeypatch):
    asked = []
    monkeypatch.setattr("logitgrad.audit.peers.implementation", lambda name, against: asked.append(name) or 1 / 0)
    assert run("all", "naive").exception
    assert asked == ["logitgrad"]
    chosen = []

    def absent(name, against):
        from logitgrad.audit.peers import Missing

        chosen.append(name)
        raise Missing(name)

    monkeypatch.setattr("logitgrad.audit.peers.implementation", absent)
    assert run("all", "naive").exit_code == 1
    assert chosen == list(PEERS)


def test_on_a_terminal_the_table_is_drawn(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    from logitgrad.audit.peers import implementation
    from logitgrad.audit.survey import survey, tasks

    module._print_tables(list(survey(tasks([implementation("naive")], GRAD[1:], ["float32"]), 32)))
    printed = capsys.readouterr().out
    assert "naive, float32" in printed and "max ulp" in printed and "┃" in printed and "100 %" in printed


@pytest.mark.parametrize("passed", [True, False])
def test_exhaustive_hands_its_options_on_and_tells_by_its_status(monkeypatch, passed):
    given = []
    monkeypatch.setattr(module, "exhaustive", lambda dtype, **others: given.append((dtype, others)) or passed)
    result = run("--exhaustive", "--dtype", "float16", "--scheduler", "tcp://h:1", "--workers", "2", "--json")
    assert result.exit_code == 1 - passed
    assert given == [("float16", {"into": None, "scheduler": "tcp://h:1", "workers": 2, "as_json": True})]


def test_help_has_examples_that_are_understood():
    examples = re.findall(r"python -m logitgrad audit ?(.*?)(?:  |$)", run("--help").stdout, flags=re.M)
    assert len(examples) >= 5
    for example in examples:
        main.commands["audit"].make_context("audit", example.split())


def test_the_module_runs_as_a_command():
    command = [sys.executable, "-m", "logitgrad", "audit", *GRAD, *FEW, "--dtype", "float16"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("logitgrad, float16\n") and "0.50" in done.stdout
