"""How a result looks: LaTeX in the form people write, and the one call that shows a theorem in a chapter."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from sympy import And, latex
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
    return str(latex(expr, order="none"))


def _chained(both: And) -> str:
    """0 < x < 1 for the conjunction of 0 < x and x < 1."""
    if len(both.args) != 2 or not all(isinstance(part, Relational) for part in both.args):
        return ""
    for low, high in permutations(both.args):
        if low.gts == high.lts:
            return f"{tex(low.lts)} {_less(low)} {tex(low.gts)} {_less(high)} {tex(high.gts)}"
    return ""


def _less(relation: Relational) -> str:
    return "<" if relation.rel_op in ("<", ">") else r"\le"


class Shown:
    """A theorem after its proof, as a reader meets it: how it was proved, and under which assumptions."""

    def __init__(self, theorem: Any, result: Proved) -> None:
        self.theorem, self.result = theorem, result

    def __repr__(self) -> str:
        assuming = "; ".join(map(str, self.theorem.assumptions))
        return f"{self.theorem.name}: {self.result}" + (f", assuming {assuming}" if assuming else "")

    def _repr_html_(self) -> str:
        return f'<p class="proved"><code>{self.theorem.name}</code> {self.result}</p>'

    def _repr_latex_(self) -> str:
        return str(self.theorem._repr_latex_())


def show(name: str) -> Shown:
    """Prove a theorem of the registry and make it available to the page under its name.

    The page pastes it, with its number, by ``{glue:math}``. Raises AssertionError unless it is
    proved, so that no page can be built that shows an unproved result.
    """
    from .theorem import theorems

    theorem = theorems[name]
    result = theorem.prove()
    if not isinstance(result, Proved):
        raise AssertionError(f"{name} is not proved; it is {result}")
    shown = Shown(theorem, result)
    _glue(f"eq-{name}", theorem)
    return shown


def _glue(key: str, thing: Any) -> None:
    """Hand an object to the page; outside a notebook, or without MyST-NB, there is no page."""
    try:
        from myst_nb import glue
    except ImportError:
        return
    glue(key, thing, display=False)


__all__ = ["Shown", "show", "tex"]
