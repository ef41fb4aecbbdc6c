"""How a result looks: LaTeX in the form people write, and the one call that shows a theorem in a chapter."""

from __future__ import annotations

import re
from itertools import combinations, permutations
from typing import Any

from sympy import And, Ge, Gt, Le, Lt, latex, sstr
from sympy.core.relational import Relational

from .prove import Proved


def tex(expr: Any) -> str:
    r"""LaTeX with terms and factors in the order in which they were written.

    >>> from logitgrad.symbolic import in_order, sigma, y, z
    >>> print(tex(in_order(sigma(z), -y)))
    \sigma(z) - y
    """
    if isinstance(expr, And):
        return _chained(expr) or r" \quad\text{and}\quad ".join(tex(part) for part in expr.args)
    if isinstance(expr, str):
        return rf"\text{{{expr}}}"
    written = str(latex(expr, order="none")).replace(r"\operatorname{im}", r"\operatorname{Im}")
    # The derivative by one component of a vector is a partial one.
    written = re.sub(r"\\frac\{d\}\{d (\{\w\}_)", r"\\frac{\\partial}{\\partial \1", written)
    # Two sums over one range have one sign.
    written = re.sub(
        r"\\substack\{1 \\leq (\w) \\leq (\w)\\\\1 \\leq (\w) \\leq \2\}\}", r"\3, \1 = 1}^{\2}", written
    )
    return _as_tall_as_what_they_hold(written)


def _as_tall_as_what_they_hold(written: str) -> str:
    """Brackets that grow around a fraction or a sum, also those of a function of our own."""
    pieces = re.split(r"(?<!left)(?<!right)([()])", written)
    opened: list[int] = []
    for place, piece in enumerate(pieces):
        if piece == "(":
            opened.append(place)
        elif piece == ")" and opened:
            start = opened.pop()
            if re.search(r"\\(?:frac|sum|prod)\b", "".join(pieces[start:place])):
                pieces[start], pieces[place] = r"\left(", r"\right)"
    return "".join(pieces)


def plain(expr: Any) -> str:
    """One line of text, for terminals and data.

    >>> from logitgrad.symbolic import theorems
    >>> plain(theorems["sigmoid-bce-gradient"].statement)
    'Derivative(bce(z, y), z) = sigma(z) - y'
    """
    if isinstance(expr, And):
        return " and ".join(plain(part) for part in expr.args)
    if isinstance(expr, Relational):
        sign = {"==": "=", "!=": "is not"}.get(expr.rel_op, expr.rel_op)
        return f"{plain(expr.lhs)} {sign} {plain(expr.rhs)}"
    return str(sstr(expr, order="none"))


def _chained(both: And) -> str:
    """0 < x < 1 for the conjunction of 0 < x and x < 1."""
    if len(both.args) != 2 or not all(isinstance(part, Gt | Ge | Lt | Le) for part in both.args):
        return ""
    for low, high in permutations(both.args):
        if low.gts == high.lts:
            return f"{tex(low.lts)} {_less(low)} {tex(low.gts)} {_less(high)} {tex(high.gts)}"
    return ""


def _less(relation: Relational) -> str:
    return "<" if relation.rel_op in ("<", ">") else r"\le"


class Shown:
    """Theorems after their proof, as a reader meets them: that they are proved, and how.

    A notebook whose text has the equations, with their numbers, sets `equations` to False.
    """

    equations = True

    def __init__(self, proofs: dict[Any, Proved]) -> None:
        self.proofs = proofs

    def __repr__(self) -> str:
        return "\n".join(
            f"{plain(theorem.statement)}{_assuming(theorem)}\n  {result}"
            for theorem, result in self.proofs.items()
        )

    def _repr_html_(self) -> str:
        # The page shows the equations themselves, with their numbers, below; a live notebook shows them here.
        equations = "".join(
            f'<div class="live-only">$${statement_tex(t)}$$</div>' for t in self.proofs if self.equations
        )
        methods = ", ".join(dict.fromkeys(result.method for result in self.proofs.values()))
        return f'{equations}<p class="proved">Proved by {methods}.</p>'


def _assuming(theorem: Any) -> str:
    return ", assuming " + "; ".join(map(plain, theorem.assumptions)) if theorem.assumptions else ""


def statement_tex(theorem: Any) -> str:
    """A theorem's statement with its assumptions below it, in the width of a phone."""
    statement = _broken(theorem.statement)
    if not theorem.assumptions:
        return statement
    assuming = ",\\; ".join(tex(assumption) for assumption in joined(theorem.assumptions))
    return rf"\begin{{gathered}} {statement} \\ {{\small\text{{if }} {assuming}}} \end{{gathered}}"


PHONE = 26  # symbols that fit beside an equation's number at 390 px


def _broken(statement: Any) -> str:
    """The statement on one line if a phone can hold it, else broken at its relation."""
    whole = tex(statement)
    if not isinstance(statement, Relational) or _width(whole) <= PHONE:
        return whole
    left, right = tex(statement.lhs), tex(statement.rhs)
    sign = whole[len(left) : len(whole) - len(right)]
    return rf"\begin{{aligned}} & {left} \\ & \quad {sign} {right} \end{{aligned}}"


def _width(written: str) -> int:
    """About how many symbols wide LaTeX is: of a fraction the wider part, of a sum its sign."""
    text = re.sub(r"\\sum_\{(?:\\substack\{.*?\}|.*?)\}(?:\^\{\w\})?", "xxx", written)
    text = re.sub(r"\\(?:log|max|lim)\b", "xxx", text)
    text = re.sub(r"\\tanh\b", "xxxx", text)
    text = re.sub(r"\\frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", _wider, text)
    text = re.sub(r"\\(?:left|right|operatorname|small|to)\b", "", text)
    text = re.sub(r"\\[a-zA-Z]+", "x", text)  # a Greek letter, a sign
    return len(re.sub(r"[{}\\_^ ]", "", text))


def _wider(fraction: re.Match[str]) -> str:
    return max(fraction.groups(), key=len)


def joined(assumptions: tuple[Any, ...]) -> list[Any]:
    """The assumptions with each pair of bounds on one symbol as a chain: 0 < p < 1."""
    rest, chains = list(assumptions), []
    for left, right in combinations(assumptions, 2):
        both = And(left, right)
        if left in rest and right in rest and isinstance(both, And) and _chained(both):
            chains.append(both)
            rest = [part for part in rest if part not in (left, right)]
    return chains + rest


def show(*names: str) -> Shown:
    """Prove theorems of the registry and make them available to the page under their names.

    The page pastes each, with its number, by ``{glue:math}``. Raises AssertionError unless all are proved,
    so that no page can be built that shows an unproved result.

    >>> show("sigmoid-bce-gradient")
    Derivative(bce(z, y), z) = sigma(z) - y
      proved by rewriting
    """
    from .theorem import theorems

    proofs = {}
    for name in names:
        theorem = theorems[name]
        result = theorem.prove()
        if not isinstance(result, Proved):
            raise AssertionError(f"{name} is not proved; it is {result}")
        glue(name, theorem)
        proofs[theorem] = result
    return Shown(proofs)


def glue(key: str, thing: Any) -> None:
    """Hand an object to the page; outside a notebook, or without MyST-NB, there is no page.

    >>> glue("one", 1)
    """
    try:
        import myst_nb
    except ImportError:
        return
    myst_nb.glue(key, thing, display=False)


__all__ = ["Shown", "glue", "plain", "show", "statement_tex", "tex"]
