r"""An answer as it was read, written back: as a line of text, as LaTeX, as `MathML`.

What is written is the tree of what was typed, term by term and with its brackets, not SymPy's own arrangement: one
should recognise one's answer. Only the brackets around a numerator, a denominator or an exponent go.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from lark import Token, Transformer

from .spelling import GREEK

_STANDARD = {"atan": "arctan", "atanh": "artanh", "sigmoid": "sigma", "KroneckerDelta": "delta", "ReLU": "relu"}
_STANDARD |= {"eps": "varepsilon", "lam": "lambda", "ln": "log"}
_IN_LATEX = {"log", "exp", "sinh", "cosh", "tanh", "coth", "sin", "cos", "arctan", "max", "min", *GREEK}


def word(token: Any) -> str:
    """A word of the grammar without its backslash, by the one name under which it is shown.

    >>> word("ln")
    'log'
    """
    name = str(token).lstrip("\\")
    return _STANDARD.get(name, name)


def letters(subscript: Any) -> list[str]:
    r"""The parts of an index, however it is written: ``_j``, ``_{i,j}``, ``[j]``, and ``_{k \ne j}`` of a sum.

    >>> letters("_{i,j}")
    ['i', 'j']
    """
    return re.findall(r"[A-Za-z]|\d+", re.sub(r"\\[a-z]*|=\s*1", " ", str(subscript or "")))


class Piece(str):
    """Something written, with what it is made of where another piece has to know."""

    inside: str = ""  # of brackets: they go where a bar or a raised line does their work
    sign: str = ""  # of something signed: it goes before the bar of a fraction
    unsigned: str = ""
    is_quotient: bool = False

    @classmethod
    def of(cls, text: str, **more: Any) -> Piece:
        """A piece that knows ``more``."""
        piece = cls(text)
        piece.__dict__.update(more)
        return piece


def unbracketed(piece: str) -> str:
    """What stands in the brackets, if these are all there is."""
    return getattr(piece, "inside", "") or piece


class Latex(Transformer[Token, Any]):
    """The tree as LaTeX. The other two dialects write the same kinds of things in another way."""

    # What makes a dialect

    operators: ClassVar[dict[str, str]] = {"PLUS": "+", "MINUS": "-", "TIMES": r"\cdot"}
    space, comma = " ", ", "

    def spelled(self, name: str) -> str:
        if name in _IN_LATEX:
            return rf"\{name}"
        return name if len(name) == 1 else rf"\operatorname{{{name}}}"

    def numeral(self, digits: str) -> str:
        return digits

    def in_brackets(self, inside: str) -> str:
        return rf"\left({inside}\right)" if re.search(r"\\frac|\\sum", inside) else f"({inside})"

    def between_bars(self, inside: str) -> str:
        return rf"\left|{inside}\right|"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{{{unbracketed(exponent)}}}"

    def lowered(self, base: str, index: list[str]) -> str:
        return f"{base}_{{{' '.join(index)}}}"

    def quotient(self, top: str, bottom: str) -> str:
        return rf"\frac{{{unbracketed(top)}}}{{{unbracketed(bottom)}}}"

    def root(self, inside: str) -> str:
        return rf"\sqrt{{{inside}}}"

    def summed(self, index: list[str], last: str, body: str) -> str:
        below = rf"{index[0]} \ne {index[1]}" if index[1:] else f"{index[0]}=1"
        above = "" if index[1:] else f"^{{{last}}}"
        return rf"\sum_{{{below}}}{above} {body}"

    def applied(self, function: str, arguments: str) -> str:
        return function + self.in_brackets(arguments)

    def row(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else self.space.join(parts)

    def with_sign(self, sign: str, whole: str) -> str:
        return sign + whole

    # The kinds of things that the grammar knows

    def start(self, children: list[str]) -> str:
        return str(children[0])

    def number(self, children: list[Token]) -> str:
        return self.numeral(str(children[0]))

    def name(self, children: list[Any]) -> str:
        name = self.spelled(word(children[0]))
        return self.lowered(name, letters(children[1])) if children[1] else name

    def iverson(self, children: list[Token]) -> str:
        return self.lowered(self.spelled("delta"), letters(children[0]))

    def sum(self, children: list[Any]) -> str:
        return self.row([self.operators[child.type] if isinstance(child, Token) else child for child in children])

    def signed(self, children: list[Any]) -> str:
        sign, inside = self.operators[children[0].type], children[1]
        return Piece.of(self.with_sign(sign, inside), sign=sign, unsigned=inside)

    def product(self, children: list[Any]) -> str:
        """Factors from left to right; a division makes a fraction of all that stands before it."""
        first, *rest = children
        sign = getattr(first, "sign", "")
        done, operator = [first.unsigned if sign else first], ""
        for child in rest:
            if isinstance(child, Token):
                operator = child.type
            elif operator == "OVER":
                done, operator = [Piece.of(self.quotient(self.row(done), child), is_quotient=True)], ""
            else:
                mixed = getattr(child, "is_quotient", False) and not operator  # 2 1/2 looks like two and a half
                done += [self.operators["TIMES"], child] if operator or mixed else [child]
                operator = ""
        whole = self.row(done)
        return Piece.of(self.with_sign(sign, whole), is_quotient=len(done) == 1 and not sign)

    def power(self, children: list[Any]) -> str:
        base, exponent = children
        return self.raised(self.in_brackets(base) if getattr(base, "is_quotient", False) else base, exponent)

    def group(self, children: list[str]) -> str:
        return Piece.of(self.in_brackets(children[0]), inside=children[0])

    def bars(self, children: list[str]) -> str:
        return self.between_bars(children[0])

    def fraction(self, children: list[Any]) -> str:
        if len(children) == 1:
            children = [self.numeral(digit) for digit in re.findall(r"\d", children[0])]
        return Piece.of(self.quotient(*children), is_quotient=True)

    def times_itself(self, children: list[str]) -> tuple[str]:
        return (children[0],)

    def call(self, children: list[Any]) -> str:
        name = word(children[0])
        exponents = [child[0] for child in children if isinstance(child, tuple)]
        arguments = self.comma.join(unbracketed(child) for child in children[1:] if not isinstance(child, tuple))
        if name == "sqrt" and not exponents:
            return self.root(arguments)
        if name == "abs" and not exponents:
            return self.between_bars(arguments)
        function = self.spelled(name)
        return self.applied(self.raised(function, exponents[0]) if exponents else function, arguments)

    def sum_over(self, children: list[Any]) -> str:
        _, subscript, last, body = children
        return self.summed(letters(subscript), str(last), body)


class Text(Latex):
    """The tree as one line that could be typed."""

    operators: ClassVar[dict[str, str]] = {"PLUS": "+", "MINUS": "-", "TIMES": "*"}

    def spelled(self, name: str) -> str:
        return name

    def in_brackets(self, inside: str) -> str:
        return f"({inside})"

    def between_bars(self, inside: str) -> str:
        return f"abs({inside})" if "|" in inside else f"|{inside}|"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{self.one(exponent)}"

    def lowered(self, base: str, index: list[str]) -> str:
        return f"{base}_{''.join(index)}"

    def quotient(self, top: str, bottom: str) -> str:
        return f"{self.one(top)}/{self.one(bottom)}"

    def one(self, piece: str) -> str:
        """The piece as one thing, in brackets unless it is one."""
        inside = unbracketed(piece)
        return inside if re.fullmatch(r"[A-Za-z]+(_\w+)?|[\d.]+", inside) else self.in_brackets(inside)

    def root(self, inside: str) -> str:
        return f"sqrt({inside})"

    def summed(self, index: list[str], last: str, body: str) -> str:
        return f"sum_{{{' != '.join(index)}}} {body}" if index[1:] else f"sum_{index[0]} {body}"


class Mathml(Latex):
    """The tree as presentation `MathML`, which browsers show without any script."""

    operators: ClassVar[dict[str, str]] = {
        "PLUS": "<mo>+</mo>",
        "MINUS": "<mo>−</mo>",
        "TIMES": "<mo>⋅</mo>",
    }
    space, comma = "", "<mo>,</mo>"

    def start(self, children: list[str]) -> str:
        return f'<math xmlns="http://www.w3.org/1998/Math/MathML" displaystyle="true">{children[0]}</math>'

    def spelled(self, name: str) -> str:
        return f"<mi>{GREEK.get(name, name)}</mi>"

    def numeral(self, digits: str) -> str:
        return f"<mn>{digits}</mn>"

    def row(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def with_sign(self, sign: str, whole: str) -> str:
        return self.row([sign, whole]) if sign else whole

    def in_brackets(self, inside: str) -> str:
        return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"

    def between_bars(self, inside: str) -> str:
        return f"<mrow><mo>|</mo>{inside}<mo>|</mo></mrow>"

    def raised(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{unbracketed(exponent)}</msup>"

    def lowered(self, base: str, index: list[str]) -> str:
        return f"<msub>{base}{self.row([f'<mi>{letter}</mi>' for letter in index])}</msub>"

    def quotient(self, top: str, bottom: str) -> str:
        return f"<mfrac>{unbracketed(top)}{unbracketed(bottom)}</mfrac>"

    def root(self, inside: str) -> str:
        return f"<msqrt>{inside}</msqrt>"

    def applied(self, function: str, arguments: str) -> str:
        return self.row([function, self.in_brackets(arguments)])

    def summed(self, index: list[str], last: str, body: str) -> str:
        first, *other = index
        relation = f"<mo>≠</mo><mi>{other[0]}</mi>" if other else "<mo>=</mo><mn>1</mn>"
        below = f"<mrow><mi>{first}</mi>{relation}</mrow>"
        sign = "<mo>∑</mo>"
        over = (
            f"<munder>{sign}{below}</munder>"
            if other
            else f"<munderover>{sign}{below}<mi>{last}</mi></munderover>"
        )
        return self.row([over, body])


LATEX, TEXT, MATHML = Latex(), Text(), Mathml()

__all__ = ["LATEX", "MATHML", "TEXT", "Latex", "Mathml", "Piece", "Text", "letters", "unbracketed", "word"]
