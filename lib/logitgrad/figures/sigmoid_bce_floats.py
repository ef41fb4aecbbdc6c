"""How many digits are right: computed values against exact ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from sympy import Expr, Symbol, lambdify

from ..numeric import naive
from ..symbolic.functions import unfold
from .canvas import blank, figure, legend_above, write
from .curves import Points
from .definitions import BCE, BCE_GRADIENT, y, z

DTYPES = (np.float16, np.float32, np.float64)
LOGITS = np.arange(1, 45 * 16 + 1) / 16  # multiples of 1/16 below 128 are exact in all three
FLOOR = 1e-18
DIGITS = 100

Computed = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Trial:
    """One panel: its name, a computed function of (logits, targets), the exact expression, and the target."""

    name: str
    computed: Computed
    exact: Expr
    target: int


def naive_loss(z: ArrayLike, y: ArrayLike) -> ArrayLike:
    """The loss from the probability, as written."""
    return naive.bce(naive.sigmoid(z), y)


TRIALS = (
    Trial("loss from $p$", naive_loss, BCE, target=0),
    Trial("two factors multiplied", naive.bce_grad, BCE_GRADIENT, target=0),
    Trial("$p - y$", naive.bce_grad_fused, BCE_GRADIENT, target=1),
)


@figure(
    "Relative error of computed values against the logit z, in float16, float32 and float64, on a "
    "logarithmic scale: the loss from p and the product of two factors for target 0, p - y for target 1. "
    "Crosses mark where no digit is right any more: near z = 7.6, 16.7 and 36.8 in all three panels. Before "
    "that the loss and p - y lose digits steadily; the product looks perfect until it fails at once."
)
def bce_in_floats(trials: Sequence[Trial] = TRIALS, z: Symbol = z, y: Symbol = y) -> Figure:
    """Each type loses everything at a logit of its own, and more precision only moves that point."""
    fig, axes = blank(len(trials), height=1.0 + 2.5 * len(trials), sharex=True)
    for ax, trial in zip(axes, trials, strict=True):
        exact = exact_values(trial.exact.subs(y, trial.target), z)
        for dtype in DTYPES:
            _errors(ax, relative_error(trial, exact, dtype), np.dtype(dtype).name)
        ax.set(yscale="log", ylim=(FLOOR, 1e4), yticks=(1e-16, 1e-12, 1e-8, 1e-4, 1))
        ax.set(ylabel="relative error", title=f"{trial.name}, target $y = {trial.target}$")
    axes[-1].set(xlabel="logit $z$", xlim=(0, LOGITS[-1]))
    legend_above(fig)
    return fig


def exact_values(expr: Expr, z: Symbol) -> list[mpmath.mpf]:
    """The expression at each logit, with enough digits for the cancellation in sigma(z) - 1."""
    exact = lambdify(z, unfold(expr), "mpmath")
    with mpmath.workdps(DIGITS):
        return [exact(mpmath.mpf(at)) for at in LOGITS]


def relative_error(trial: Trial, exact: Sequence[mpmath.mpf], dtype: type[np.floating]) -> Points:
    """|computed - exact| / |exact| at each logit, infinite where the computed value is not finite."""
    with np.errstate(all="ignore"):
        values = np.asarray(trial.computed(LOGITS.astype(dtype), np.full(LOGITS.shape, trial.target, dtype)))
    with mpmath.workdps(DIGITS):
        return np.array([_relative(value, true) for value, true in zip(values, exact, strict=True)])


def _relative(value: np.floating, exact: mpmath.mpf) -> float:
    return float(abs(mpmath.mpf(float(value)) / exact - 1)) if np.isfinite(value) else np.inf


def lost(errors: Points) -> int | None:
    """The first index from which on no digit is right: an error of 100 % or more, up to the end."""
    right = np.flatnonzero(errors < 1)
    first = int(right[-1]) + 1 if right.size else 0
    return first if first < errors.size else None


def _errors(ax: Axes, errors: Points, name: str) -> None:
    """The largest error so far, up to the logit where everything is lost."""
    end = lost(errors)
    so_far = np.maximum(np.maximum.accumulate(errors[:end]), FLOOR)
    (line,) = ax.plot(LOGITS[:end], so_far, label=name)
    if end is not None:
        colour = line.get_color()
        ax.plot([LOGITS[end]] * 2, [so_far[-1], 1], color=colour, linestyle=line.get_linestyle())
        ax.plot(LOGITS[end], 1, "X", color=colour, markersize=10)
        write(ax, float(LOGITS[end]), 60, f"{LOGITS[end]:.1f}", colour)
