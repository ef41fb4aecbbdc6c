r"""What an answer says: text to mathematics, without ever evaluating text.

The stations are modules: `spelling` brings characters into one alphabet, `reading` makes a tree of them by the
grammar in ``answers.lark``, `building` makes an expression of that within `bounds`, and `written` writes it back.
The words are those of the exercise and a list of functions (`vocabulary`); nothing else can be said. SymPy's own
readers are not used: the one of Python's syntax runs ``eval``, the one of LaTeX evaluates while it reads, before
any bound could be looked at.

How what is ambiguous is read, and shown back:

- Division and multiplication go from left to right, so ``1/2z`` is half of z; ``1/(2z)`` needs its brackets.
- A sign comes after a power: ``-z^2`` is minus the square. ``2^3^2`` is 2 to the power 9.
- A function without brackets takes what stands side by side: ``log 2z``; and ``log p^2`` is the logarithm of the
  square. With brackets it ends there: ``log(p)^2`` and ``\log^2 p`` are squares of the logarithm.
- A sum goes on to the next plus or minus: ``sum_k y_k z_k - y_j`` takes ``y_j`` away after summing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token, Tree
from lark.exceptions import VisitError
from sympy import Expr

from .building import Build, with_ranges
from .reading import read
from .spelling import NotUnderstood, spell
from .vocabulary import Vocabulary
from .written import LATEX, MATHML, TEXT, word


@dataclass(frozen=True)
class Understood:
    """What a text was read as: the expression, how it is written, and the words that it uses.

    ``notes`` say how what might be read in two ways was read.
    """

    expression: Expr
    text: str
    latex: str
    mathml: str
    names: frozenset[str]
    notes: tuple[str, ...] = ()


def understand(text: str, vocabulary: Vocabulary) -> Understood:
    r"""Read an answer.

    Raises NotUnderstood, with the place, for whatever is no formula in these words; TypeError for what is no text.

    >>> from logitgrad.symbolic import y, z
    >>> understood = understand("1/(1+e^-z) - y", Vocabulary({"z": z, "y": y}))
    >>> understood.expression
    -y + 1/(1 + exp(-z))
    >>> print(understood.latex)
    \frac{1}{1 + e^{-z}} - y
    """
    if not isinstance(text, str):
        raise TypeError(f"an answer is text, not {type(text).__name__}")
    spelled = spell(text)
    tree = read(spelled, vocabulary.names, frozenset(vocabulary.functions))
    builder = Build(vocabulary, spelled)
    try:
        expression = builder.transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    names, notes = frozenset(_words(tree)), tuple(dict.fromkeys(_notes(tree, spelled.text)))
    text, latex, mathml = (way.transform(with_ranges(tree, builder.ranges)) for way in (TEXT, LATEX, MATHML))
    return Understood(expression, text, latex, mathml, names, notes)


def _words(tree: Tree[Token]) -> Iterator[str]:
    """The names and functions that a text uses, each by one name, without indices."""
    if any(tree.find_data("bars")):
        yield "abs"
    for token in tree.scan_values(lambda value: isinstance(value, Token)):
        if token.type in ("NAME", "FUNCTION"):
            yield word(token)
        elif token.type in ("SUM", "IVERSON"):
            yield {"SUM": "sum", "IVERSON": "delta"}[token.type]


def _notes(tree: Tree[Token], text: str) -> Iterator[str]:
    """How what might be read in two ways was read."""
    for node in tree.find_data("product"):
        for sign, divisor, after in zip(node.children, node.children[1:], node.children[2:], strict=False):
            divides = isinstance(sign, Token) and sign.type == "OVER"
            if divides and isinstance(divisor, Tree) and isinstance(after, Tree):
                yield "a quotient is read from left to right: 1/2z is half of z, and 1/(2z) needs its brackets"
    if re.search(r"\be\s*\^\s*[-+]?\d+\\?[A-Za-z(]", text):
        yield "an exponent ends with its number: e^2z is e^2 times z, and e^(2z) needs its brackets"
    if re.search(r"\d\s*e\s*[-+]\s*\d", text):
        yield "e is Euler's number: 1e-3 is e minus 3, and a thousandth is 0.001"


__all__ = ["NotUnderstood", "Understood", "Vocabulary", "understand"]
