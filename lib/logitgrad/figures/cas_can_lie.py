"""Where SymPy's numbers lose their digits, and what it says of a slope where there is none."""

from functools import cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sympy import Abs, Expr, Integer, Max, Piecewise, exp, lambdify, log

from ..symbolic.functions import sigma
from ..symbolic.intervals import enclose
from ..symbolic.symbols import z
from .canvas import FAINT, blank, figure, legend_above

Array = NDArray[Any]

DISTANCES = (*range(1, 61), *range(65, 281, 5), *range(281, 321))  # from 0 to the left
FULL = 15.95  # the digits of a float64: log10 of 2 to the power 53
TAIL = log(1 + exp(z))  # small far to the left, as is the next: no digit of either is lost on paper
GAP = sigma(-z).definition - 1


def digits(found: Any, true: Any) -> float:
    """How many leading digits are right, at most those of a float64."""
    error = abs(float((found - true) / true))
    return min(FULL, -np.log10(error)) if error > 0 else FULL


def by_evalf(expr: Expr) -> list[float]:
    """The digits that ``evalf`` gets right at each distance; it is given exact numbers and asked for 15."""
    found = (expr.subs(z, -Integer(far)).evalf() for far in DISTANCES)
    return [max(0.0, digits(value, true)) for value, true in zip(found, truth(expr), strict=True)]


def by_floats(expr: Expr) -> list[float]:
    """The digits that the same formula keeps in float64."""
    with np.errstate(all="ignore"):
        found = lambdify(z, expr, "numpy")(-np.array(DISTANCES, dtype=float))
    return [max(0.0, digits(value, true)) for value, true in zip(found, truth(expr), strict=True)]


@cache
def truth(expr: Expr) -> tuple[Any, ...]:
    """The value at each distance, enclosed."""
    return tuple(enclose(expr, {z: -far}) for far in DISTANCES)


@figure(
    "Right digits against the distance of the logit from 0, up to 320. Floats lose the digits of softplus one by "
    "one and have none at 37. SymPy's evalf has all of them up to 46 and none from 47 on, in one step. Of the "
    "sigmoid's difference from 1 it has all up to 250, then loses them one by one, and has none left at 290."
)
def evalf_loses_all_digits() -> Figure:
    """Floats lose their digits one by one; SymPy's logarithm of a sum keeps them all, and then none."""
    fig, (ax,) = blank(height=4.2)
    ax.plot(DISTANCES, by_floats(TAIL), label="softplus, floats")
    ax.plot(DISTANCES, by_evalf(TAIL), label="softplus, evalf")
    ax.plot(DISTANCES, by_evalf(GAP), label=r"$\sigma - 1$, evalf")
    ax.set(xlabel="distance of the logit from 0", ylabel="right digits", xlim=(0, 320), ylim=(-0.5, 17))
    ax.set(yticks=(0, 5, 10, 15), xticks=(0, 37, 100, 200, 290))
    legend_above(fig)
    return fig


WRITINGS = {
    r"$\max(z, 0)$": Max(z, 0),
    r"$(z + |z|)/2$": (z + Abs(z)) / 2,
    r"$z$ if $z \geq 0$, else 0": Piecewise((0, z < 0), (z, True)),
    r"0 if $z \leq 0$, else $z$": Piecewise((0, z <= 0), (z, True)),
}
MARKS = ("o", "x", "^", "v")


@figure(
    "The slope of the ReLU against z: 0 to the left, 1 to the right, with a gap at z = 0. Four marks stand in the "
    "gap, SymPy's derivative at 0 for four ways of writing the function: one half for the maximum and for half of "
    "z plus its absolute value, 1 for the choice that counts 0 to the right, 0 for the one that counts it left."
)
def slopes_at_a_kink() -> Figure:
    """One function written in four ways has three derivatives at its kink."""
    fig, (ax,) = blank(height=4.0)
    ax.plot([-1, 0, np.nan, 0, 1], [0, 0, np.nan, 1, 1], color=FAINT)
    for number, (writing, f) in enumerate(WRITINGS.items()):
        size = 16 if MARKS[number] == "o" else 11
        look: dict[str, Any] = {"markersize": size, "markeredgewidth": 2.4, "fillstyle": "none"}
        ax.plot(0, float(f.diff(z).subs(z, 0)), MARKS[number], linestyle="none", label=writing, **look)
    ax.set(xlabel="$z$", ylabel="slope", xlim=(-1, 1), ylim=(-0.15, 1.15))
    ax.set(xticks=(-1, -0.5, 0, 0.5, 1), yticks=(0, 0.5, 1))
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig
