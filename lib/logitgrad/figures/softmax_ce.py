"""Softmax and cross-entropy: on the simplex of three probabilities, and class by class beside squared error."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from sympy import Expr, Symbol, diff, lambdify, log

from ..symbolic.functions import softmax
from ..symbolic.sigmoid_mse import squared_error
from ..symbolic.symbols import j, probabilities, targets
from ..symbolic.symbols import logits as z
from ..symbolic.theorem import theorems
from .canvas import FAINT, INK, PAPER, blank, colour, figure, legend_above, write
from .curves import component, derivative
from .definitions import LOGITS, SOFTMAX

Points = NDArray[np.float64]
CORNERS = np.array([[0.5, np.sqrt(3) / 2], [0.0, 0.0], [1.0, 0.0]])
LEVELS = (0.25, 0.5, 1.0, 2.0)
START = (0.03, 0.77, 0.2)
ARROWS: dict[str, Any] = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.006}


@figure(
    "The triangle of three probabilities with the target's corner on top. Arrows show the negative "
    "gradient by the logits, y - p, at points all over the triangle: every arrow points straight at the "
    "target's corner and is longer the further away it starts. Level lines of the loss are parallel to "
    "the opposite side, since it depends on the target's probability alone. A dashed path of gradient "
    "descent bends on its way to the corner."
)
def softmax_simplex(probabilities: Sequence[Expr] = SOFTMAX, logits: Sequence[Symbol] = LOGITS) -> Figure:
    """The push on the logits aims at the target's corner from everywhere; the probabilities still bend."""
    fig, (ax,) = blank(height=5.6)
    softmax, push = directions(probabilities, logits)
    _triangle(ax)
    _level_lines(ax)
    start = interior(9)
    arrows = 0.17 * (project(start + push(np.log(start))) - project(start))
    ax.quiver(*project(start).T, *arrows.T, **ARROWS, color=colour(0))
    ax.plot(*project(descend(softmax, push, START)).T, color=colour(1), linestyle="--")
    ax.plot(*project(np.array([START])).T, "o", color=colour(1))
    ax.set(xlim=(-0.12, 1.2), ylim=(-0.12, 0.99), aspect="equal")
    ax.axis("off")
    return fig


def directions(
    probabilities: Sequence[Expr], logits: Sequence[Symbol]
) -> tuple[Callable[[Points], Points], Callable[[Points], Points]]:
    """Softmax, and minus the gradient of -log p_1, of an array of logits (last axis: classes)."""
    downhill = [diff(log(probabilities[0]), logit) for logit in logits]
    return _on_rows(probabilities, logits), _on_rows(downhill, logits)


def _on_rows(expressions: Sequence[Expr], logits: Sequence[Symbol]) -> Callable[[Points], Points]:
    function = lambdify(logits, list(expressions), "numpy")
    return lambda rows: np.stack(function(*np.moveaxis(rows, -1, 0)), axis=-1)


def project(probabilities: ArrayLike) -> Points:
    """Barycentric coordinates to the plane: a probability vector is a weighted mean of the corners."""
    return np.matmul(np.asarray(probabilities, dtype=float), CORNERS, dtype=float)


def interior(n: int) -> Points:
    """An even grid of points strictly inside the simplex."""
    return np.array([(i, j, n - i - j) for i in range(1, n) for j in range(1, n - i)]) / n


def descend(
    softmax: Callable[[Points], Points], push: Callable[[Points], Points], start: ArrayLike, steps: int = 3000
) -> Points:
    """The probabilities on the way, while the logits follow the push in steps of 0.01."""
    logits, path = np.log(start), []
    for _ in range(steps):
        path.append(softmax(logits))
        logits = logits + 0.01 * push(logits)
    return np.array(path)


def _triangle(ax: Axes) -> None:
    ax.fill(*CORNERS.T, facecolor="none", edgecolor=INK, linewidth=1.4)
    names = ("target: $p_1 = 1$", "$p_2 = 1$", "$p_3 = 1$")
    for (x, y), name, away in zip(CORNERS, names, (0.06, -0.06, -0.06), strict=True):
        write(ax, x, y + away, name)


def _level_lines(ax: Axes) -> None:
    """Where the loss -log p_1 has one value; p_1 is the height above the base."""
    for level in LEVELS:
        share = np.exp(-level)
        ends = project([(share, 1 - share, 0), (share, 0, 1 - share)])
        ax.plot(*ends.T, color=FAINT, linestyle="-", linewidth=1)
        write(ax, ends[1, 0] + 0.02, ends[1, 1], f"$L = {level:g}$ nats", FAINT, ha="left")


CLASSES = range(1, 5)
STATES = {"sure and wrong": (0, 4, 0, 0), "unsure": (0, 0, 0, 0), "sure and right": (4, 0, 0, 0)}
TICKS = (-100, -10, -1, 0, 1)
BY_OUTPUTS = (
    theorems["cross-entropy-output-derivative"].statement.rhs,
    derivative(squared_error(probabilities[j], targets[j]), probabilities[j]),
)
BY_LOGITS = tuple(
    theorems[name].statement.rhs for name in ("softmax-ce-gradient-normalized", "softmax-mse-gradient")
)
LOSSES: dict[str, dict[str, Any]] = {
    "cross-entropy": {"hatch": ""},
    "squared error": {"hatch": "////", "facecolor": PAPER},
}


@figure(
    "Derivatives for four classes, the label being class 1, as bars: solid for cross-entropy, hatched for "
    "squared error; by outputs left, by logits right. By outputs cross-entropy has one bar, at the label: -58 "
    "if the model is sure and wrong, -4 if unsure, -1.05 if sure and right. By logits its bars are -0.98 and "
    "0.95 if sure and wrong, where those of squared error are below 0.07; unsure, all classes have bars; sure "
    "and right, none is above 0.06."
)
def feedback_by_class(by_outputs: Sequence[Expr] = BY_OUTPUTS, by_logits: Sequence[Expr] = BY_LOGITS) -> Figure:
    """At the outputs cross-entropy speaks to the label alone; at the logits it is squared error that is silent."""
    fig, axes = blank(len(STATES), 2, height=7.6, sharex=True)
    for row, (state, logits) in enumerate(STATES.items()):
        left, right = axes[2 * row : 2 * row + 2]
        _bars(left, by_outputs, logits)
        _bars(right, by_logits, logits)
        left.set(title=f"{state}: outputs", ylabel="derivative", yscale="symlog", ylim=(-200, 4))
        left.set_yticks(TICKS, [f"${level}$" for level in TICKS])
        right.set(title=f"{state}: logits", ylim=(-1.15, 1.15), yticks=(-1, 0, 1))
    for ax in axes[-2:]:
        ax.set(xlabel="class (label: 1)", xticks=CLASSES)
    legend_above(fig)
    return fig


def _bars(ax: Axes, results: Sequence[Expr], logits: Sequence[float]) -> None:
    ax.axhline(0, color=FAINT, linewidth=1)
    for side, (result, (name, look)) in enumerate(zip(results, LOSSES.items(), strict=True)):
        heights = [at_state(result, number, logits) for number in CLASSES]
        style = {"facecolor": colour(side), "edgecolor": colour(side), "label": name, **look}
        ax.bar(np.add(CLASSES, 0.4 * side - 0.2), heights, 0.4, **style)


def at_state(result: Expr, number: int, logits: Sequence[float]) -> float:
    """The component of a result for one of these logits, where the label is class 1."""
    given = {z[n]: logit for n, logit in zip(CLASSES, logits, strict=True)} | {
        targets[n]: int(n == 1) for n in CLASSES
    }
    outputs = {probabilities[n]: component(softmax(z, j), n, len(logits)) for n in CLASSES}
    return float(component(result, number, len(logits)).subs(outputs).subs(given))
