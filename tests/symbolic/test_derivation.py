"""Every line of a derivation has been proved, and a line that does not follow is not added."""

import pytest
from sympy import Derivative, Eq, Gt, sin

from logitgrad.symbolic import (
    Derivation,
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
        Derivation(z).step(sin(z))
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
