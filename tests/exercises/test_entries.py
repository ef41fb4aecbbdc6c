"""The exercises' entries: the key is proved, mistakes are told apart, chapters agree, and each passes an exam."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

import pytest
from sympy import Sum, sympify, true

from logitgrad.exercises import check, exercises
from logitgrad.symbolic import Proved, Refuted, prove, prove_equal, theorems

from ..book.chapters import BOOK, TAUGHT

DERIVATIONS = {label: chapter for chapter in TAUGHT for label, kinds in chapter.kinds if "derivation" in kinds}


class Exam(NamedTuple):
    """What is handed in: right answers; one for each misconception; no formula; right ones that need a condition;
    right ones in another form than the one asked for."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    invalid: str
    right_if: tuple[str, ...] = ()
    in_another_form: tuple[str, ...] = ()


EXAMS = {
    "ex-how-to-read-assumption": Exam(
        right=("2 log|y|", r"2\ln\left|y\right|", "log(abs(y)) + log(abs(y))"),
        right_if=("2 log y",),
        wrong=("log(y)^2", "log|y|"),
        invalid="2 log x",
        in_another_form=("log(y^2)", "2 log sqrt(y^2)"),
    ),
    "ex-notation-in-code": Exam(
        right=("z_i - z_j", r"\left(z_i - z_{j}\right)", "-(z_j − z_i)"),
        wrong=("z_j - z_i", "z_i - log(sum_k e^(z_k))", "z_i/z_j"),
        invalid="z_i - z_k",
    ),
    "ex-cross-entropy-coin": Exam(
        right=("log((1-p)/p)", r"\log(1 - p) - \log p", "-logit(p)", "ln(1/p - 1)"),
        wrong=("0", "log(p/(1-p))", "log((1-p)/p)/log(2)", "-log p - log(1-p) - 2"),
        invalid="log_2((1-p)/p)",
    ),
    "ex-cross-entropy-curvature": Exam(
        right=("y/p^2 + (1-y)/(1-p)^2", r"\frac{y}{p^2} + \frac{1-y}{(1-p)^2}", "(y - 2 p y + p²)/(p²(1-p)²)"),
        right_if=("(-y/p + (1-y)/(1-p))^2", "1/(p(1-p))"),
        wrong=("y/p^2 - (1-y)/(1-p)^2", "-y/p^2 + (1-y)/(1-p)^2", "(p-y)/(p(1-p))"),
        invalid="y/p^2 + (1-y)/(1-p",
    ),
    "ex-sigmoid-mse-half": Exam(
        right=(
            "(1 + y + sqrt(1 - y + y^2))/3",
            r"\frac{1 + y + \sqrt{y^2 - y + 1}}{3}",
            "(2(1+y) + √(4(1+y)² - 12y))/6",
        ),
        right_if=("2/3", "1/2 + sqrt(3)/6"),
        wrong=("(1 + y - sqrt(1 - y + y^2))/3", "(1+y)/3", "1 + y + sqrt(1 - y + y^2)"),
        invalid="(1 + y ± sqrt(1 - y + y^2))/3",
    ),
    "ex-sigmoid-mse-bend": Exam(
        right=(
            "p(1-p)(1 - 6p + 6p^2)",
            r"p(1-p)\left(1 - 6p(1-p)\right)",
            "p - 7p² + 12p³ - 6p⁴",
            "p(1-p)((1-2p)^2 - 2p(1-p))",
        ),
        wrong=("1 - 6p + 6p^2", "p(1-p)(1-2p)", "p(1-p)(1-2p)^2", "-5p(1-p)"),
        invalid="p(1-p)(1-6q)",
        in_another_form=("σ(z)(1-σ(z))(1-6p(1-p))", "e^z(1-4e^z+e^(2z))/(1+e^z)^4"),
    ),
    "ex-sigmoid-mse-time": Exam(
        right=(
            "e^(z_0) + 3z_0 - 3e^(-z_0) - e^(-2z_0)/2 + 5/2",
            r"e^{z_0} + 3 z_0 - 3 e^{-z_0} - \tfrac12 e^{-2 z_0} + \frac{5}{2}",
            "e^(z_0) - 1 + 3z_0 + 3(1 - e^(-z_0)) + (1 - exp(-2z_0))/2",
        ),
        wrong=(
            "e^(z_0) + 3z_0 - 3e^(-z_0) - e^(-2z_0)/2",
            "e^(z_0) + 3z_0 + 3e^(-z_0) - e^(-2z_0)/2 - 7/2",
            "2 sinh(z_0) + 2z_0",
        ),
        invalid="e^z + 3z",
    ),
    "ex-sigmoid-bce-label": Exam(
        right=("-z", "−z", r"\log\frac{1-p}{p}", "log(1 - sigma(z)) - log(sigma(z))"),
        wrong=("log(p/(1-p))", "σ(z) - y", "1/2 - p"),
        invalid="-z +",
    ),
    "ex-sigmoid-bce-floats-where": Exam(
        right=(
            "-sign(z) e^(-|z|)/(1 + e^(-|z|))",
            r"-\frac{\operatorname{sign}(z)}{1 + e^{|z|}}",
            "sigma(z) - (1 + sign(z))/2",
        ),
        right_if=("-e^(-z)/(1 + e^(-z))", "e^z/(1 + e^z)"),
        wrong=(
            "sign(z) e^(-|z|)/(1 + e^(-|z|))",
            "1/(1 + e^(-|z|))",
            "-sign(z)/(1 + e^(-|z|))",
            "-sign(z) e^(-|z|)",
        ),
        invalid="-sgn(z) e^(-|z|)",
    ),
    "ex-softmax-log-gradient": Exam(
        right=("delta_ij - p_i", r"\delta_{ij} - p_i", "[i = j] - e^(z_i)/sum_k e^(z_k)"),
        right_if=("-p_i",),
        wrong=("p_j (delta_ij - p_i)", "delta_ij - p_j", "delta_ij"),
        invalid="delta_ij - p_l",
    ),
    "ex-softmax-ce-hvp": Exam(
        right=(
            "p_i (v_i - sum_k p_k v_k)",
            r"p_i\left(v_i - \sum_{k=1}^K p_k v_k\right)",
            "p_i v_i - p_i sum_j p_j v_j",
        ),
        wrong=("v_i - sum_k p_k v_k", "-p_i sum_k p_k v_k", "p_i (v_i - sum_k v_k)", "p_i (1-p_i) v_i"),
        invalid="p_i (v_i - p v)",
        in_another_form=("sum_j p_i (delta_ij - p_j) v_j",),
    ),
    "ex-softmax-ce-votes": Exam(
        right=(
            "(sum_k y_k) p_i (delta_ij - p_j)",
            r"\left(\sum_k y_k\right) \left(p_i \delta_{ij} - p_i p_j\right)",
            "p_j (delta_ij - p_i) sum_k y_k",
        ),
        right_if=("p_i (delta_ij - p_j)", "-p_i p_j sum_k y_k"),
        wrong=("(sum_k y_k) (delta_ij - p_j)", "p_i sum_k y_k - y_i", "p_i (delta_ij - p_j) - y_i delta_ij"),
        invalid="sum_k y_k p_i (delta_ij - p_j",
    ),
    "ex-softmax-ce-factor": Exam(
        right=(
            "(sum_k v_k^2)/K - (sum_k v_k)^2/K^2",
            r"\frac{1}{K}\sum_k v_k^2 - \left(\frac{1}{K}\sum_k v_k\right)^2",
            "(K sum_k v_k² - (sum_k v_k)²)/K²",
        ),
        right_if=("(sum_k v_k^2)/K",),
        wrong=(
            "(sum_k v_k^2)/K - (sum_k v_k)/K^2",
            "(1 - 1/K)/K sum_k v_k^2",
            "sum_k v_k^2 - (sum_k v_k)^2/K",
        ),
        invalid="|v|²/K",
    ),
    "ex-softmax-ce-floats-two-infinities": Exam(
        right=("log(p/(1-p))", r"\ln p - \ln(1-p)", "logit(p)", "-log(1/p - 1)"),
        wrong=("log((1-p)/p)", "log p", "p/(1-p)"),
        invalid="log(p) : log(1-p)",
    ),
    "ex-softmax-ce-floats-elasticity": Exam(
        right=("R/((1+R) log(1+R))", r"\frac{R}{(1+R)\ln(1+R)}", "(1 - 1/(1+R))/log1p(R)"),
        wrong=("1/log(1+R)", "R/(1+R)", "1/((1+R) log(1+R))", "R/log(1+R)"),
        invalid="R/((1+R) log)",
    ),
    "ex-relu-ce-softplus": Exam(
        right=(
            "(a - y)/(a(1-a)) sigma(z)",
            r"\frac{a - y}{a(1-a)} \cdot \frac{1}{1 + e^{-z}}",
            "(-y/log(1+e^z) + (1-y)/(1-log(1+e^z))) e^z/(1+e^z)",
        ),
        wrong=("(a-y)/(a(1-a))", "a - y", "(y-a)/(a(1-a)) sigma(z)"),
        invalid="(a - y)/(a(1-a)) a'",
    ),
    "ex-relu-ce-normalised": Exam(
        right=("1/(a_1+a_2) - 1/a_1", r"-\frac{a_2}{a_1(a_1 + a_2)}", "(a_1 - (a_1 + a_2))/(a_1 (a_1 + a_2))"),
        wrong=("-1/a_1", "a_2/(a_1(a_1+a_2))", "1/(a_1+a_2)", "-(a_1+a_2)/a_1"),
        invalid="-a_3/a_1",
    ),
    "ex-tanh-ce-absolute": Exam(
        right=("-(1 - a^2)/a", r"-\frac{2}{\sinh 2z}", "a - coth(z)", "-1/(sinh(z) cosh(z))"),
        right_if=("-2/sinh(2|z|)", "2/sinh(2|z|)"),
        wrong=("-1/a", "2/sinh(2z)", "-1/sinh(2z)"),
        invalid="-(1 - a^2)/|a",
    ),
    "ex-tanh-ce-signed": Exam(
        right=("a - t", r"\tanh z - t", "-2t/(1 + e^(2tz))", "-t(1 - tanh(tz))"),
        wrong=("-t sigma(-2tz)", "1/(1 + e^(2tz))", "t - a"),
        invalid="a - y",
    ),
    "ex-pairings-sigmoid-poisson": Exam(
        right=("(p-y)(1-p)", r"(1 - y/p)\, p(1-p)", "(σ(z) - y)/(1 + e^z)", "p - p^2 - y + p y"),
        wrong=("(p-y)/p", "(p-y) p (1-p)", "p - y", "(y-p)(1-p)"),
        invalid="(p-y)(1-p))",
    ),
    "ex-pairings-rates": Exam(
        right=(
            "1/(pi(1+z^2)(1-a))",
            r"\frac{1}{(1+z^2)\left(\frac{\pi}{2} - \arctan z\right)}",
            "2/((1+z²)(π - 2 atan(z)))",
        ),
        wrong=("1/(1-a)", "1/((1+z^2)(1-a))", "-1/(pi(1+z^2)(1-a))", "-1/(pi(1+z^2) a)"),
        invalid="1/(pi(1+z^2)(1-a)) dz",
    ),
    "ex-matching-loss-tanh": Exam(
        right=(
            "-(1-y)/2 log(1-a) - (1+y)/2 log(1+a)",
            r"-\frac{1}{2}\left((1+y)\log(1+a) + (1-y)\log(1-a)\right)",
            "-log(1-a^2)/2 - y artanh(a)",
        ),
        wrong=(
            "-(1-y) log(1-a) - (1+y) log(1+a)",
            "((1-y) log(1-a) + (1+y) log(1+a))/2",
            "-((1+y) log(1-a) + (1-y) log(1+a))/2",
            "(a-y)/(1-a^2)",
        ),
        invalid="-log(1-a^2)/2 - y artanh(a) + C",
    ),
    "ex-matching-loss-gamma": Exam(
        right=("1 - y e^(-z)", r"1 - \frac{y}{a}", "(exp(z) - y)/exp(z)"),
        wrong=("(a-y)/a^2", "e^z - y", "1 + y e^(-z)", "1 - y e^(-2z)"),
        invalid="1 - y e^",
    ),
    "ex-backprop-hidden-weight": Exam(
        right=("(p-y) u (1-a^2) x", r"(p - y)\,u\,(1 - a^2)\,x", "u x (sigma(u tanh(wx+s) + r) - y)(1-a)(1+a)"),
        wrong=("(p-y) u x", "(p-y) u (1-a^2)", "(p-y)(1-a^2) x", "(p-y) p (1-p) u (1-a^2) x", "(p-y) a"),
        invalid="(p-y) v (1-a^2) x",
    ),
    "ex-backprop-calibrated": Exam(
        right=("1/N sum_n (p_n - y_n)", r"\frac{1}{N} \sum_{n=1}^N (p_n - y_n)", "(sum_n p_n)/N - (sum_n y_n)/N"),
        wrong=("1/N sum_n (y_n - p_n)", "sum_n (p_n - y_n)", "1/N sum_n (p_n - y_n) p_n (1-p_n)"),
        invalid="p_n - y_n",
    ),
    "ex-gradient-checks-five-points": Exam(
        right=("-h^4 f_5/30", r"-\frac{4}{120} h^4 f_5", "(4 h⁴ f_5/120 - (2h)⁴ f_5/120)/3"),
        wrong=("h^4 f_5/120", "h^4 f_5/18", "-h^4 f_5/10", "-h^4 f_5/90"),
        invalid="-h^4 f^(5)/30",
    ),
    "ex-variants-other-convention": Exam(
        right=("mu K/(K-1)", r"\frac{K}{K-1}\mu", "μ/(1 - 1/K)"),
        wrong=("mu", "mu (K-1)/K", "mu/(K-1)"),
        invalid="lambda K/(K-1)",
    ),
    "ex-variants-calibration": Exam(
        right=("sum_k p_k z_k - z_j", r"\sum_{k=1}^{K} p_k z_k - z_j", "sum_k p_k (z_k - z_j)"),
        wrong=("z_j - sum_k p_k z_k", "-z_j", "beta (sum_k p_k z_k - z_j)", "sum_k z_k - z_j", "beta (p_j - 1)"),
        invalid="sum_k p_k z_k - z",
    ),
    "ex-variants-focal-one": Exam(
        right=("p^2 + p(1-p) s", r"p^2 + p(1-p)\log(1 + e^z)", "p(p - (1-p) log(1-p))"),
        wrong=("p^2", "p(1-p) s", "p^2 (1-p)", "p^2 + p s"),
        invalid="p^2 + p(1-p) c",
    ),
    "ex-frameworks-two-classes": Exam(
        right=("log(1 + e^(z_2 - z_1))", r"\log\left(e^{z_1} + e^{z_2}\right) - z_1", "softplus(-(z_1 - z_2))"),
        wrong=("log(1 + e^(z_1 - z_2))", "z_2 - z_1", "log(e^(z_1) + e^(z_2))", "log(1+e^(z_2)) - log(1+e^(z_1))"),
        invalid="log(1 + e^(z_2 - z_3))",
    ),
    "ex-cas-can-lie-turn": Exam(
        right=("2 pi i", r"2\pi i", "π i + i π"),
        wrong=("0", "i pi", "-2πi"),
        invalid="2 pi j",
    ),
}  # fmt: skip

each_entry = pytest.mark.parametrize("entry", exercises.values(), ids=exercises)
each_exam = pytest.mark.parametrize(("id", "exam"), EXAMS.items(), ids=EXAMS)


# The key


@pytest.mark.slow
@each_entry
def test_the_answer_is_proved_from_the_definition(entry):
    assert isinstance(prove(entry.statement, entry.assumptions), Proved)


@pytest.mark.slow
@each_entry
def test_a_misconception_is_no_answer_and_no_two_of_an_exercise_are_the_same(entry):
    found = [misconception.expression for misconception in entry.misconceptions]
    assert found
    for one, other in combinations([entry.answer, *found], 2):
        assert isinstance(prove_equal(one, other, entry.assumptions), Refuted), (one, other)
    assert len({misconception.hint for misconception in entry.misconceptions}) == len(found)


PARTICULAR = {"ex-softmax-ce-hvp": {"c": 0}, "ex-variants-focal-one": {"gamma": 1}, "ex-cas-can-lie-turn": {}}


def test_an_entry_that_names_a_theorem_asks_for_a_case_of_it():
    assert {id for id, entry in exercises.items() if entry.theorem} == set(PARTICULAR)
    for id, values in PARTICULAR.items():
        theorem = theorems[exercises[id].theorem]
        named = {
            symbol: sympify(values[symbol.name])
            for symbol in theorem.statement.free_symbols
            if symbol.name in values
        }
        left, right = (side.subs(named) for side in theorem.statement.args)
        assert isinstance(
            prove_equal(left - right, exercises[id].definition - exercises[id].answer, exercises[id].assumptions),
            Proved,
        )


# Entries and chapters


def test_every_derivation_exercise_has_an_entry_and_every_entry_its_exercise_in_the_books_order():
    toc = (BOOK.parent / "_toc.yml").read_text(encoding="utf-8")
    order = re.findall(r"book/(\w+)", toc)
    assert list(exercises) == sorted(DERIVATIONS, key=lambda label: order.index(DERIVATIONS[label].slug))


@pytest.mark.parametrize("chapter", TAUGHT, ids=lambda chapter: chapter.slug)
def test_each_derivation_asks_and_its_solution_answers_from_the_entry_and_nothing_else_does(chapter):
    own = [label for label, kinds in chapter.kinds if "derivation" in kinds]
    for directive, place in {"asked": "exercise", "answer": "solution"}.items():
        told = re.findall(rf"^```\{{{directive}\}} ([\w-]+)\n```$", chapter.text, flags=re.M)
        assert told == own
        for label in own:
            start = {"exercise": rf"[^\n]*\n:label: {label}", "solution": f" {label}"}[place]
            gated = re.search(
                rf"^```\{{{place}-start\}}{start}\n.*?^```\{{{place}-end\}}$", chapter.text, re.M | re.S
            )
            assert f"```{{{directive}}} {label}\n```" in gated[0]


@each_entry
def test_what_is_asked_is_one_question_and_hints_are_sentences_without_dollars(entry):
    assert entry.asked.endswith("?") and entry.asked.count("$") % 2 == 0
    for misconception in entry.misconceptions:
        assert misconception.hint.endswith((".", "?")) and "$" not in misconception.hint


# The exam


def test_every_entry_has_an_exam():
    assert set(EXAMS) == set(exercises)
    for id, exam in EXAMS.items():
        assert len(exam.right) >= 3
        assert len(exam.wrong) == len(exercises[id].misconceptions)
        assert len(exam.right_if) == len(exercises[id].conditions)
        assert any("\\" in answer for answer in exam.right), "none is LaTeX"


@pytest.mark.slow
@each_exam
def test_right_answers_are_right_however_they_are_typed(id, exam):
    found = {answer: check(id, answer) for answer in exam.right}
    assert {answer: str(verdict) for answer, verdict in found.items() if verdict.kind != "right"} == {}
    assert all(verdict.in_form for verdict in found.values())


@pytest.mark.slow
@each_exam
def test_a_right_answer_in_another_form_is_right_and_is_told_the_form(id, exam):
    form = exercises[id].form
    assert bool(form) == bool(exam.in_another_form)
    for answer in exam.in_another_form:
        verdict = check(id, answer)
        assert (verdict.kind, verdict.in_form) == ("right", False), str(verdict)
        assert form.words in verdict.hint


@pytest.mark.slow
@each_exam
def test_an_answer_that_needs_a_condition_is_right_if_it_holds(id, exam):
    for answer, condition in zip(exam.right_if, exercises[id].conditions, strict=True):
        verdict = check(id, answer)
        assert (verdict.kind, verdict.condition) == ("right if", condition.words), str(verdict)


@pytest.mark.slow
@each_exam
def test_a_wrong_answer_fails_at_a_point_and_gets_the_hint_for_what_went_wrong(id, exam):
    for answer, misconception in zip(exam.wrong, exercises[id].misconceptions, strict=True):
        verdict = check(id, answer)
        assert (verdict.kind, verdict.hint) == ("wrong", misconception.hint), f"{answer}: {verdict}"
        assert satisfies(verdict.point, exercises[id].assumptions)
        assert verdict.values[0] != verdict.values[1]


@each_exam
def test_what_is_no_formula_is_not_understood_and_the_place_is_in_the_text(id, exam):
    verdict = check(id, exam.invalid)
    assert verdict.kind == "not understood", str(verdict)
    start, end = verdict.place
    assert 0 <= start <= end <= len(exam.invalid)


def satisfies(point, assumptions):
    """Whether a point, as it is printed, satisfies the assumptions, those about sums of components apart."""
    values = {name: sympify(value) for name, value in point.items()}
    plain = [relation for relation in assumptions if not relation.has(Sum)]
    return all(
        relation.subs({symbol: values[symbol.name] for symbol in relation.free_symbols}) == true
        for relation in plain
    )
