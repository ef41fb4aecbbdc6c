"""Every line of a derivation has been proved, and a line that does not follow is not added."""

import sys

import pytest
from sympy import Derivative, Eq, Gt, Integer, floor

from logitgrad.symbolic import (
    Derivation,
    Proved,
    StepError,
    bce,
    ce,
    in_order,
    j,
    k,
    logits,
    relu,
    sigma,
    softmax,
    targets,
    times,
    total,
    y,
    z,
)

module = sys.modules["logitgrad.symbolic.derivation"]


def test_chain_of_proved_lines_ends_in_its_result():
    work = Derivation(Derivative(bce(z, y), z)).step(sigma(z) * (1 - y) - y * sigma(-z), because="chain rule")
    work = work.step(in_order(sigma(z), -y), because="collect")
    assert work.result == in_order(sigma(z), -y)
    assert [step.because for step in work.steps] == ["chain rule", "collect"]
    assert all(step.result.status == "proved" for step in work.steps)


def test_wrong_line_says_which_and_shows_a_counterexample():
    work = Derivation(Derivative(bce(z, y), z)).step(in_order(sigma(z), -y))
    with pytest.raises(StepError, match=r"step 2 \(sign\) does not follow") as error:
        work.step(in_order(y, -sigma(z)), because="sign")
    assert error.value.number == 2
    assert error.value.before == in_order(sigma(z), -y)
    assert error.value.after == in_order(y, -sigma(z))
    assert error.value.result.status == "refuted"
    assert "refuted at" in str(error.value)
    assert len(work.steps) == 1


def test_undecided_line_is_not_added_either():
    with pytest.raises(StepError, match="undecided") as error:
        Derivation(z).step(floor(z))
    assert error.value.result.status == "undecided"


def test_lines_follow_under_the_assumptions_and_not_without():
    loss = Derivative(ce(logits, targets), logits[j])
    gradient = in_order(softmax(logits, j), -targets[j])
    assert Derivation(loss, given=Eq(total(targets[k]), 1)).step(gradient).result == gradient
    with pytest.raises(StepError):
        Derivation(loss).step(gradient)
    assert Derivation(relu(z), given=(Gt(z, 0),)).step(z).given == (z > 0,)


def test_a_derivation_is_not_changed_by_its_next_step():
    start = Derivation(sigma(z))
    start.step(1 - sigma(-z))
    assert start.steps == ()
    assert start.result == sigma(z)


def test_text_is_not_taken_for_mathematics():
    with pytest.raises(TypeError, match="made with SymPy"):
        Derivation("z")
    with pytest.raises(TypeError, match="made with SymPy"):
        Derivation(z).step("z")


def test_display_has_a_line_for_each_step_and_its_reason_escaped():
    work = Derivation(sigma(-z)).step(1 - sigma(z), because="100% of {it}: a_b & $c #1")
    tex = work._repr_latex_()
    assert tex.startswith("$$\\begin{aligned}")
    assert tex.count("& =") == 1
    assert r"100\% of \{it\}: a\_b \& \$c \#1" in tex
    assert str(work).splitlines()[1].endswith("[100% of {it}: a_b & $c #1]")


def test_order_of_terms_and_factors_is_kept():
    work = Derivation(sigma(z) - y).step(in_order(sigma(z), -y))
    assert work._repr_latex_().endswith("= \\sigma(z) - y\n\\end{aligned}$$")
    product = Derivation(sigma(z) * sigma(-z)).step(times(sigma(z), 1 - sigma(z)))
    assert "\\sigma(z)" in product._repr_latex_()


# Word for word

WORK = Derivation(Derivative(sigma(z), z)).step(sigma(z) * sigma(-z), because="quotient rule")
WORK = WORK.step(sigma(z) * (1 - sigma(z)))


def test_text_has_the_start_then_a_line_for_each_step_with_the_reasons_in_one_column():
    assert str(WORK) == repr(WORK)
    assert str(WORK).splitlines() == [
        "Derivative(sigma(z), z)",
        "  = sigma(-z)*sigma(z)        [quotient rule]",
        "  = (1 - sigma(z))*sigma(z)",
    ]
    assert str(Derivation(z)) == "z"


def test_display_puts_the_reason_above_its_line_and_none_where_there_is_none():
    assert WORK._repr_latex_() == (
        "$$\\begin{aligned}\n"
        r"& \frac{d}{d z} \sigma(z) \\" + "\n"
        r"&\quad {\scriptsize\textsf{quotient rule}} \\[-0.3em] & = \sigma(z) \sigma(- z) \\" + "\n"
        r" & = \left(1 - \sigma(z)\right) \sigma(z)" + "\n"
        "\\end{aligned}$$"
    )
    assert Derivation(z)._repr_latex_() == "$$\\begin{aligned}\n& z\n\\end{aligned}$$"


def test_only_what_latex_reads_as_a_command_is_escaped():
    tex = Derivation(z)._repr_latex_()
    assert r"\textsf{X, X}" in Derivation(z).step(z, because="X, X")._repr_latex_()
    assert "textsf" not in tex


def test_numbers_are_taken_for_expressions():
    work = Derivation(0).step(z - z)
    assert isinstance(work.start, Integer)
    assert isinstance(work.result, Integer)


def test_error_tells_the_step_its_reason_both_sides_and_the_verdict():
    with pytest.raises(StepError) as error:
        WORK.step(z, because="guess")
    assert str(error.value) == (
        "step 3 (guess) does not follow.\n  from: (1 - sigma(z))*sigma(z)\n  to:   z\n"
        "  refuted at z = 1: the sides are 0.196612 and 1"
    )
    with pytest.raises(StepError, match=r"^step 3 does not follow\.\n"):
        WORK.step(z)


def test_step_is_given_the_time_that_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "climb", lambda claim, seconds: asked.append(seconds) or Proved("trust"))
    assert Derivation(z).step(y, seconds=0.5).step(z).steps[0].result == Proved("trust")
    assert asked == [0.5, 10.0]


def test_start_and_assumptions_are_kept_through_the_steps():
    work = Derivation(relu(z), given=(Gt(z, 0), True)).step(z).step(relu(z))
    assert work.start == relu(z)
    assert work.given == (z > 0,)
    assert [step.expr for step in work.steps] == [z, relu(z)]
    assert [step.because for step in work.steps] == ["", ""]
