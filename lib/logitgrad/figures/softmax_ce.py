"""Softmax and cross-entropy on the simplex of three probabilities, and squared error beside it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from sympy import Expr, Symbol, diff, lambdify, log

from .canvas import FAINT, INK, blank, colour, figure, legend_above, write
from .curves import evaluate
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


@figure(
    "Gradient by the label's logit against that logit, the other two logits fixed at 0. With cross-entropy it is "
    "close to -1 on the left, where the label has almost no probability, and rises to 0 on the right. With "
    "squared error it is close to 0 on the left as well, and lowest, at about -0.2, in between."
)
def softmax_two_losses(probabilities: Sequence[Expr] = SOFTMAX, logits: Sequence[Symbol] = LOGITS) -> Figure:
    """What the label's logit hears when the label has lost: everything, or almost nothing."""
    fig, (ax,) = blank()
    label, *others = logits
    first, *rest = probabilities
    at = np.linspace(-8, 8, 401)
    losses = {"cross-entropy": -log(first), "squared error": ((first - 1) ** 2 + sum(p**2 for p in rest)) / 2}
    for name, loss in losses.items():
        slope = diff(loss, label).subs(dict.fromkeys(others, 0))
        ax.plot(at, evaluate(slope, label, at), label=name)
    ax.set(xlabel="logit of the label, the others at 0", ylabel="gradient by it", xlim=(-8, 8), ylim=(-1.08, 0.08))
    legend_above(fig)
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
