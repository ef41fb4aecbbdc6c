"""Formulas as text: one line, that says the same, and can be read."""

from __future__ import annotations

import doctest

import formulas
import pytest

X, Y, Z = "<mi>x</mi>", "<mi>y</mi>", "<mi>z</mi>"
MINUS, PLUS, EQUAL, COMMA = "<mo>−</mo>", "<mo>+</mo>", "<mo>=</mo>", "<mo>,</mo>"
LOG = "<mi>log</mi><mo>\u2061</mo>"


def row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def sub(base: str, index: str) -> str:
    return f"<msub>{base}{index}</msub>"


CASES = {
    row(X, MINUS, Y): "x − y",
    row(X, EQUAL, MINUS, Y): "x = −y",
    row("<mo>(</mo>", MINUS, X, COMMA, Y, "<mo>)</mo>"): "(−x, y)",
    f"<mfrac>{X}{row('<mn>1</mn>', MINUS, X)}</mfrac>": "x/(1 − x)",
    f"<mfrac>{row(X, PLUS, Y)}{Z}</mfrac>": "(x + y)/z",
    f"<msup>{X}<mn>2</mn></msup>": "x^2",
    f"<msup>{X}{row(MINUS, Z)}</msup>": "x^(−z)",
    f"<msup>{X}{sub(Z, Y)}</msup>": "x^(z_y)",
    f"<msup>{X}<mo>′</mo></msup>": "x′",
    f"<msup>{X}{row('<mo>′</mo>', '<mo>′</mo>')}</msup>": "x′′",
    row(sub(X, Y), sub(Z, Y)): "x_y z_y",
    row(LOG, X): "log x",
    row(X, LOG, "<mo>(</mo>", Y, "<mo>)</mo>"): "x log(y)",
    row(f"<munder><mo>lim</mo>{row(X, '<mo>→</mo>', MINUS, '<mi>∞</mi>')}</munder>", Y): "lim_(x → −∞) y",
    row(f"<munderover><mo>∑</mo>{row(X, EQUAL, '<mn>1</mn>')}{Y}</munderover>", Z): "∑_(x = 1)^y z",
    f"<msqrt>{X}{PLUS}{Y}</msqrt>": "√(x + y)",
    f"<mtable><mtr><mtd>{X}</mtd><mtd>{EQUAL}{Y}</mtd></mtr><mtr>{EQUAL}{Z}</mtr></mtable>": "x = y = z",
    f"<semantics>{X}<annotation>\\mathrm{{x}}</annotation></semantics>": "x",
}


@pytest.mark.parametrize("mathml", CASES, ids=lambda mathml: CASES[mathml])
def test_a_formula_is_one_line_that_says_the_same(mathml):
    assert formulas.plain(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{mathml}</math>') == CASES[mathml]


def test_the_example_of_the_docstring_runs():
    assert doctest.testmod(formulas) == (0, 2)
