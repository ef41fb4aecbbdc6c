"""Answers that mean harm, or nothing: each is answered in time, and nothing of it is executed."""

import json
import sys
from collections import Counter
from contextlib import suppress
from itertools import islice
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import sympify

from logitgrad.exercises import KINDS, check, check_apart, exercises
from logitgrad.exercises.language import NotUnderstood, understand

from . import fuzz, fuzz_atheris
from .inputs import PARTS, RIGHT, hostile, made, mutated
from .watched import watched

CORPUS = list(hostile())
EXERCISES = ("ex-tanh-ce-signed", "ex-softmax-log-gradient")
#: What means something after all: only the symbols of a formula, or a formula whose values are hard.
FORMULAS = {
    *("${7*7}", "{{7*7}}", "|||||||||z|||||||||", "ℯ^z", "½½", "e", "pi", "K", "\\,z", "+z", "-(z"),
    *("e^(z^60)", "e^(z/97)+e^(z/89)+e^(z/83)+e^(z/79)+e^(z/73)"),
    *("sqrt(-1)", "log(-1)", "(-1)^(1/2)", "(-8)^(1/3)", "1/(sin(z)^2+cos(z)^2-1)", "1/sum_k 0"),
}


@pytest.fixture(autouse=True, scope="module")
def _warm():
    for name, answers in RIGHT.items():
        check(name, answers[0])


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("kind", dict.fromkeys(kind for kind, _ in CORPUS))
def test_hostile_input_is_answered_in_time_and_nothing_is_executed(name, kind):
    for answer in (answer for found, answer in CORPUS if found == kind):
        started = process_time()
        with watched() as events:
            verdict = check(name, answer)
        assert not events, answer
        assert process_time() - started < 3, answer
        assert verdict.kind in ("not understood", "wrong", "undecided"), answer
        start, end = verdict.place or (0, 0)
        assert 0 <= start <= end <= len(answer), answer
        for shown in (str(verdict), verdict._repr_html_(), json.dumps(verdict.as_json())):
            assert len(shown) < 12 * len(answer) + 6000


def test_nearly_all_of_it_is_not_understood():
    for kind, answer in CORPUS:
        if kind not in ("undefined", "repeated") and check(EXERCISES[0], answer).kind != "not understood":
            assert answer in FORMULAS, answer


@pytest.mark.parametrize("kind", ["large", "LaTeX", "Python"])
def test_it_is_answered_in_a_process_of_its_own_as_well(kind):
    for answer in [answer for found, answer in CORPUS if found == kind][:12]:
        assert check_apart(EXERCISES[0], answer) == check(EXERCISES[0], answer), answer


@given(
    st.sampled_from(sorted(RIGHT)),
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PARTS)).map("".join),
        st.text(st.sampled_from("zyp()^*/+-e0123456789_{}[]|\\ ")),
    ),
)
def test_any_text_is_read_or_ends_at_a_place(name, text):
    kind, _, events = fuzz.answered(exercises[name], text, None)
    assert kind in ("understood", "not understood"), kind
    assert not events


@given(st.sampled_from(sorted(RIGHT)), st.integers(0, 2**32))
def test_any_change_of_a_right_answer_has_a_verdict(name, seed):
    random = Random(seed)
    answer = mutated(random, random.choice(RIGHT[name]), random.randint(1, 2))
    verdict = check(name, answer, seconds=2)
    assert verdict.kind in KINDS
    json.dumps(verdict.as_json(), allow_nan=False)


@pytest.mark.parametrize(
    "execute",
    [
        lambda: eval("1"),
        lambda: exec("1"),
        lambda: compile("1", "", "eval"),
        lambda: open(__file__, encoding="utf-8").close(),
        lambda: __import__("this_module_is_not_there"),
        lambda: __import__("os").system(""),
    ],
)
def test_what_is_executed_would_be_heard(execute):
    with watched() as events, suppress(ImportError):
        execute()
    assert events


@pytest.mark.slow
def test_text_that_sympy_made_of_a_number_is_excepted_and_any_other_is_heard():
    for answer in ("coth((logit(60))^-1)", "log1p(1)"):
        with watched() as events:
            check("ex-tanh-ce-signed", answer)
        assert not events
    with watched() as events:
        sympify("z")
    assert events


def test_nothing_is_heard_outside_and_lazy_imports_are_excepted():
    with watched() as events:
        sys.modules.pop("sympy.solvers.bivariate", None)
        import sympy.solvers.bivariate  # noqa: F401
    assert not events
    eval("1")
    assert not events


def test_fuzzer_counts_what_it_read_and_checked(capsys):
    assert fuzz.main(["--inputs", "60", "--seed", "7", "--seconds", "2"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("60 inputs in ")
    assert out.endswith("0 faults\n")


@pytest.mark.parametrize("fault", ["executed", "raised", "slow"])
def test_fuzzer_fails_on_a_fault(capsys, monkeypatch, fault):
    def understand(text, vocabulary):
        if fault == "executed":
            eval("1")
        if fault == "raised":
            raise ZeroDivisionError
        return text

    monkeypatch.setattr(fuzz, "understand", understand)
    if fault == "slow":
        monkeypatch.setattr(fuzz, "READING", -1)
    assert fuzz.main(["--inputs", "5", "--seed", "7", "--seconds", "2", "--every", "1000000"]) == 1
    assert "0 faults" not in capsys.readouterr().out


def test_fuzzer_s_inputs_are_of_all_kinds_and_repeat_themselves():
    one, two = (list(islice(made(Random(3)), 600)) for _ in range(2))
    assert one == two
    kinds = Counter()
    for name, text in one:
        try:
            understand(text, exercises[name].vocabulary)
            kinds["understood"] += 1
        except NotUnderstood as error:
            kinds[error.reason.split()[-1]] += 1
    assert kinds["understood"] > 60
    assert len(kinds) > 30


def test_atheris_target_takes_any_bytes():
    for data in (b"", b"\x00", b"\x01-z", b"\x02\xff\xfe", b"\x039**9**9", bytes(range(256))):
        fuzz_atheris.one_input(data)


@pytest.mark.skipif(fuzz_atheris.atheris is not None, reason="atheris is installed")
def test_atheris_target_says_what_is_missing():
    with pytest.raises(SystemExit, match="pip install atheris"):
        fuzz_atheris.main()
