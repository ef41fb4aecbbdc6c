r"""An answer as it was read, written back: as a line of text, as LaTeX, as MathML.

What is written is the tree of what was typed, term by term and with its brackets, not SymPy's own arrangement: one
should recognise one's answer. Only the brackets around a numerator, a denominator or an exponent go.
"""

from __future__ import annotations

import re
from typing import Any

from lark import Token, Transformer

from .spelling import GREEK

_LETTERS = GREEK | {"eps": "ε", "lam": "λ"}
_STANDARD = {"atan": "arctan", "atanh": "artanh", "sigmoid": "sigma", "KroneckerDelta": "delta", "ReLU": "relu"}
_STANDARD |= {"eps": "varepsilon", "lam": "lambda", "ln": "log"}
_IN_LATEX = {"log", "exp", "sinh", "cosh", "tanh", "coth", "sin", "cos", "arctan", "max", "min", *GREEK}


def word(token: Any) -> str:
    """A word of the grammar without its backslash, by the one name under which it is shown."""
    name = str(token).lstrip("\\")
    return _STANDARD.get(name, name)


def letters(subscript: Any) -> list[str]:
    r"""The parts of an index, however it is written: ``_j``, ``_{i,j}``, ``[j]``, and ``_{k \ne j}`` of a sum."""
    return re.findall(r"[A-Za-z]|\d+", re.sub(r"\\[a-z]*|=\s*1", " ", str(subscript or "")))


class Bracketed(str):
    """Something in brackets, which go where a bar or a raised line does their work."""

    inside: str


def _inside(piece: str) -> str:
    return piece.inside if isinstance(piece, Bracketed) else piece


class Latex(Transformer[Token, str]):
    """The tree as LaTeX. The other two dialects write the same kinds of things in another way."""

    # What a dialect is

    operators = {"PLUS": "+", "MINUS": "-", "TIMES": r"\cdot"}
    space, comma = " ", ", "

    def spelled(self, name: str) -> str:
        if name in _IN_LATEX:
            return rf"\{name}"
        return name if len(name) == 1 else rf"\operatorname{{{name}}}"

    def in_brackets(self, inside: str) -> str:
        return rf"\left({inside}\right)" if re.search(r"\\frac|\\sum", inside) else f"({inside})"

    def between_bars(self, inside: str) -> str:
        return rf"\left|{inside}\right|"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{{{_inside(exponent)}}}"

    def lowered(self, base: str, index: list[str]) -> str:
        return f"{base}_{{{' '.join(index)}}}"

    def quotient(self, top: str, bottom: str) -> str:
        return rf"\frac{{{_inside(top)}}}{{{_inside(bottom)}}}"

    def root(self, inside: str) -> str:
        return rf"\sqrt{{{inside}}}"

    def summed(self, index: list[str], last: str, body: str) -> str:
        below = rf"{index[0]} \ne {index[1]}" if index[1:] else f"{index[0]}=1"
        above = "" if index[1:] else f"^{{{last}}}"
        return rf"\sum_{{{below}}}{above} {body}"

    # The kinds of things

    def start(self, children: list[str]) -> str:
        return children[0]

    def number(self, children: list[Token]) -> str:
        return self.numeral(str(children[0]))

    def numeral(self, digits: str) -> str:
        return digits

    def name(self, children: list[Any]) -> str:
        name = self.spelled(word(children[0]))
        return self.lowered(name, letters(children[1])) if children[1] else name

    def iverson(self, children: list[Token]) -> str:
        return self.lowered(self.spelled("delta"), letters(children[0]))

    def sum(self, children: list[Any]) -> str:
        shown = [self.operators[child.type] if isinstance(child, Token) else child for child in children]
        return self.space.join(shown)

    def signed(self, children: list[Any]) -> str:
        return self.operators[children[0].type] + children[1]

    def product(self, children: list[Any]) -> str:
        """Factors from left to right; a division makes a fraction of all that stands before it."""
        done, sign = [children[0]], None
        for child in children[1:]:
            if isinstance(child, Token):
                sign = child.type
            elif sign == "OVER":
                done, sign = [self.quotient(self._row(done), child)], None
            else:
                done += [self.operators["TIMES"], child] if sign else [child]
                sign = None
        return self._row(done)

    def _row(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else self.space.join(parts)

    def power(self, children: list[str]) -> str:
        return self.raised(*children)

    def group(self, children: list[str]) -> str:
        found = Bracketed(self.in_brackets(children[0]))
        found.inside = children[0]
        return found

    def bars(self, children: list[str]) -> str:
        return self.between_bars(children[0])

    def fraction(self, children: list[Any]) -> str:
        if len(children) == 1:
            children = [self.numeral(digit) for digit in re.findall(r"\d", children[0])]
        return self.quotient(*children)

    def times_itself(self, children: list[str]) -> tuple[str]:
        return (children[0],)

    def call(self, children: list[Any]) -> str:
        name = word(children[0])
        exponents = [child[0] for child in children if isinstance(child, tuple)]
        arguments = self.comma.join(_inside(child) for child in children[1:] if not isinstance(child, tuple))
        if name == "sqrt" and not exponents:
            return self.root(arguments)
        if name == "abs" and not exponents:
            return self.between_bars(arguments)
        function = self.spelled(name)
        return self.applied(self.raised(function, exponents[0]) if exponents else function, arguments)

    def applied(self, function: str, arguments: str) -> str:
        return function + self.in_brackets(arguments)

    def upper(self, children: list[Token]) -> Token:
        return children[0]

    def sum_over(self, children: list[Any]) -> str:
        return self.summed(letters(children[1]), str(children[2]) if children[3:] else "K", children[-1])

    def sum_call(self, children: list[Any]) -> str:
        return self.summed([str(children[2])], "K", children[1])

    def sum_of(self, children: list[Any]) -> str:
        return self.summed(["k"], "K", children[1])


class Text(Latex):
    """The tree as one line that could be typed."""

    operators = {"PLUS": "+", "MINUS": "-", "TIMES": "*"}

    def spelled(self, name: str) -> str:
        return name

    def in_brackets(self, inside: str) -> str:
        return f"({inside})"

    def between_bars(self, inside: str) -> str:
        return f"|{inside}|"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{self._one(exponent)}"

    def lowered(self, base: str, index: list[str]) -> str:
        return f"{base}_{''.join(index)}"

    def quotient(self, top: str, bottom: str) -> str:
        return f"{self._one(top)}/{self._one(bottom)}"

    def _one(self, piece: str) -> str:
        single = isinstance(piece, Bracketed) or re.fullmatch(r"[\w.]+|\w+\([^()]*\)", piece)
        return piece if single else self.in_brackets(piece)

    def root(self, inside: str) -> str:
        return f"sqrt({inside})"

    def summed(self, index: list[str], last: str, body: str) -> str:
        return f"sum_{{{' != '.join(index)}}} {body}" if index[1:] else f"sum_{index[0]} {body}"


LATEX, TEXT = Latex(), Text()

__all__ = ["LATEX", "TEXT", "Latex", "Text", "letters", "word"]
