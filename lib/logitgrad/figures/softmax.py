"""Softmax: three probabilities that share one unit, and what a temperature does to them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from sympy import Expr, Symbol

from ..symbolic.functions import softmax
from ..symbolic.softmax import heated
from ..symbolic.symbols import beta, j
from ..symbolic.symbols import logits as z
from ..symbolic.theorem import theorems
from .canvas import FAINT, blank, figure, legend_above, write
from .curves import Points, component, evaluate
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


SHARE = softmax(heated, j)
SLOPE = theorems["softmax-temperature"].statement.rhs


@figure(
    "Probabilities of three classes with logits 2, 1 and 0 against the inverse temperature, and below them the "
    "slopes of their logarithms. At 0 all three probabilities are one third; the first rises towards 1, the "
    "second starts level and falls, the third falls at once. The slopes are parallel curves, one apart: they "
    "start at 1, 0 and -1 and tend to 0, -1 and -2; only the first is ever positive."
)
def softmax_by_temperature(
    share: Expr = SHARE, slope: Expr = SLOPE, logits: Sequence[float] = (2, 1, 0)
) -> Figure:
    """A class gains while its logit lies above the mean, and the mean climbs to the largest logit."""
    fig, (above, below) = blank(2, height=5.8, sharex=True)
    at = np.linspace(0, 5, 251)
    row = {z[number]: logit for number, logit in enumerate(logits, start=1)}
    below.axhline(0, color=FAINT, linestyle="-", linewidth=1)
    for number, logit in enumerate(logits, start=1):
        for ax, result in ((above, share), (below, slope)):
            values = evaluate(component(result, number, len(logits)).subs(row), beta, at)
            ax.plot(at, values, label=f"$z_{number} = {logit:g}$")
    above.set(ylabel="probability", ylim=(-0.02, 1.02), yticks=(0, 0.5, 1))
    below.set(
        xlabel=r"inverse temperature $\beta$", ylabel=r"slope of $\log p_j$", xlim=(0, 5), yticks=(-2, -1, 0, 1)
    )
    legend_above(fig)
    return fig
