"""Softmax: three probabilities that share one unit."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from sympy import Expr, Symbol

from .canvas import blank, figure, write
from .curves import Points, evaluate
from .definitions import LOGITS, SOFTMAX


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
