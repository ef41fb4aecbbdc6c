"""Softmax: three probabilities that share one unit, and the direction that it does not see."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from sympy import Expr, Symbol, lambdify

from .canvas import FAINT, blank, colour, figure, write
from .curves import Points, evaluate
from .definitions import LOGITS, SOFTMAX, TWO_CLASSES

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
REACH, LABELLED = 4.0, -3.0
HERE, COMMON, ALONE = (0.2, -0.4), (2.2, 2.2), (2.4, 0.0)


@figure(
    "Three softmax probabilities against the first logit, the other two logits fixed at 1 and 0. The "
    "first rises from 0 to 1 like a sigmoid; the other two fall to 0 together and keep their ratio e to "
    "1."
)
def softmax_probabilities(
    probabilities: Sequence[Expr] = SOFTMAX,
    logits: Sequence[Symbol] = LOGITS,
    fixed: tuple[float, float] = (1, 0),
) -> Figure:
    """Raising one logit takes from the others in proportion to what they have, not the same from each."""
    fig, (ax,) = blank()
    moving, *others = logits
    at = np.linspace(-5, 6, 331)
    for index, probability in enumerate(probabilities, start=1):
        values = evaluate(probability.subs(dict(zip(others, fixed, strict=True))), moving, at)
        (line,) = ax.plot(at, values)
        write(ax, *_beside(at, values, rising=index == 1), f"$p_{index}$", line.get_color())
    ax.set(
        xlabel=f"logit $z_1$   (with $z_2 = {fixed[0]}$, $z_3 = {fixed[1]}$)",
        ylabel="probability",
        xlim=(at[0], at[-1]),
        ylim=(-0.02, 1.02),
    )
    return fig


def _beside(at: Points, values: Points, *, rising: bool) -> tuple[float, float]:
    index = int(np.searchsorted(at, 3.6 if rising else -4.0))
    return float(at[index]), float(values[index]) + (-0.09 if rising else 0.08)


@figure(
    "The plane of two logits with the lines on which the first of two probabilities is 0.05, 0.25, 0.5, 0.75 and "
    "0.95. All are parallel to the diagonal. An arrow for a common push runs beside the lines and crosses none; "
    "an arrow that raises the first logit alone crosses them towards larger probabilities."
)
def softmax_level_lines(probability: Expr = TWO_CLASSES, logits: Sequence[Symbol] = LOGITS[:2]) -> Figure:
    """A common push leads along a level line; only the difference of the logits is felt."""
    fig, (ax,) = blank(height=5.4)
    at = np.linspace(-REACH, REACH, 161)
    first, second = np.meshgrid(at, at)
    shares = lambdify(logits, probability, "numpy")(first, second)
    lines = ax.contour(first, second, shares, levels=SHARES, colors=FAINT, linewidths=1.4)
    for share, path in zip(SHARES, lines.get_paths(), strict=True):
        points = np.asarray(path.vertices, dtype=float)
        x, y = points[np.argmin(np.abs(points.sum(axis=1) - LABELLED))]
        write(ax, x, y, f"{share:g}", FAINT)
    for move, words, number in ((COMMON, "common push", 0), (ALONE, "first logit alone", 1)):
        x, y = np.add(HERE, move)
        ax.annotate("", (x, y), HERE, arrowprops={"color": colour(number), "arrowstyle": "-|>", "linewidth": 2.4})
        write(ax, x + 0.1, y + 0.35, words, colour(number))
    ax.plot(*HERE, "o", color=colour(3))
    ax.set(xlabel="logit $z_1$", ylabel="logit $z_2$", xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal")
    ax.grid(False)
    return fig
