"""What is shown is in the form people write, and nothing unproved can be shown."""

import pytest
from sympy import And, Eq, Gt, Lt, Sum

from logitgrad.symbolic import (
    K,
    i,
    in_order,
    j,
    logits,
    show,
    sigma,
    softmax,
    softplus,
    tex,
    theorems,
    times,
    y,
    z,
)
from logitgrad.symbolic.render import plain
from logitgrad.symbolic.theorem import Theorem, UnknownName


@pytest.mark.parametrize(
    ("expr", "latex"),
    [
        (in_order(sigma(z), -y), r"\sigma(z) - y"),
        (times(sigma(z), 1 - sigma(z)), r"\sigma(z) \left(1 - \sigma(z)\right)"),
        (softplus(z), r"\operatorname{softplus}(z)"),
        (softmax(logits, j), "p_{j}"),
        (sigma(z) ** 2, r"\sigma^{2}(z)"),
        (sigma(1 / z), r"\sigma\left(\frac{1}{z}\right)"),
        (
            in_order(sigma(sigma(1 / z)), sigma(y)),
            r"\sigma\left(\sigma\left(\frac{1}{z}\right)\right) + \sigma(y)",
        ),
        (Sum(logits[i] * logits[j], (j, 1, K), (i, 1, K)), r"\sum_{i, j = 1}^{K} {z}_{i} {z}_{j}"),
        (
            Sum(logits[i] * logits[j], (j, 1, i), (i, 1, K)),
            r"\sum_{\substack{1 \leq j \leq i\\1 \leq i \leq K}} {z}_{i} {z}_{j}",
        ),
        (And(Gt(sigma(z), 0, evaluate=False), Lt(sigma(z), 1, evaluate=False)), r"0 < \sigma(z) < 1"),
    ],
    ids=str,
)
def test_latex_is_the_form_people_write(expr, latex):
    assert tex(expr) == latex


@pytest.mark.parametrize("theorem", theorems.values(), ids=list(theorems))
def test_every_theorem_is_printed_without_the_engines_inner_words(theorem):
    assert not {word for word in ("Dummy", "Kronecker", "_k", "nan", "Lambda") if word in tex(theorem.statement)}
    assert not {word for word in ("Dummy", "_k", "nan") if word in plain(theorem.statement)}


def test_plain_text_is_one_line_in_the_written_order():
    assert plain(theorems["sigmoid-bce-gradient"].statement).endswith("= sigma(z) - y")
    assert all("\n" not in plain(theorem.statement) for theorem in theorems.values())


def test_shown_theorem_says_how_it_was_proved_and_under_which_assumptions():
    words = repr(show("softmax-ce-gradient-normalized"))
    assert "softmax(z, j, K) - y[j]" in words
    assert "proved by" in words
    assert "assuming Sum(y[k], (k, 1, K)) = 1" in words


def test_unknown_theorem_cannot_be_shown():
    with pytest.raises(UnknownName):
        show("no-such-theorem")


def test_unproved_theorem_cannot_be_shown():
    wrong = theorems.add(Theorem("test-wrong", Eq(sigma(z), z), "test", "Wrong."))
    try:
        with pytest.raises(AssertionError, match="not proved"):
            show(wrong.name)
    finally:
        del theorems._theorems[wrong.name]
