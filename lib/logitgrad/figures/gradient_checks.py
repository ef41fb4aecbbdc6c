"""What the step size does to a difference quotient, and which gradient check catches which mistake."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sympy import lambdify

from ..audit.exact import exact
from ..numeric import sigmoid_bce
from ..symbolic.functions import relu, unfold
from ..symbolic.gradient_checks import bend, best, rounding
from ..symbolic.symbols import z
from .canvas import FAINT, blank, figure, legend_above, write

Array = NDArray[Any]

LOGITS = np.arange(-63, 64, 2) / 16  # from about -4 to 4, none of them 0; adding a power of two is exact
COMPLEX = {"float32": np.complex64, "float64": np.complex128}
SHORTEST = {"float32": 27, "float64": 56}  # so many halvings of 1 are one unit in the last place of 1/16


def differences(dtype: str, step: float) -> dict[str, Array]:
    """The derivative of the loss for target 0 at ``LOGITS``, from steps of one length, in one type."""
    logits, h = LOGITS.astype(dtype), np.dtype(dtype).type(step)
    left, middle, right = (sigmoid_bce.loss(logits + s * h, np.zeros_like(logits)) for s in (-1, 0, 1))
    lifted = (logits + 1j * h).astype(COMPLEX[dtype])
    return {
        "forward": (right - middle) / h,
        "central": (right - left) / (2 * h),
        "complex step": np.log(1 + np.exp(lifted)).imag / h,
    }


@cache
def gradients() -> Array:
    """What the differences should be, each rounded once."""
    return np.array([exact("sigmoid_bce.grad", logit, 0.0) for logit in LOGITS.tolist()])


def errors_by_step(dtype: str) -> tuple[Array, dict[str, Array]]:
    """The steps, and the largest relative error of each kind of difference at each of them."""
    steps = 2.0 ** -np.arange(1, SHORTEST[dtype] + 1)
    found = [differences(dtype, step) for step in steps]
    return steps, {
        kind: np.array([np.abs(f[kind].astype(float) / gradients() - 1).max() for f in found]) for kind in found[0]
    }


def predicted(dtype: str) -> float:
    """The best step of a central difference by the theorem, at the logit where it matters most."""
    gradient, unit = gradients(), float(np.finfo(dtype).eps) / 2
    loss = np.array([exact("sigmoid_bce.loss", logit, 0.0) for logit in LOGITS.tolist()])
    third = gradient * (1 - gradient) * (1 - 2 * gradient)
    noise, curve = (loss * unit / gradient).max(), np.abs(third / gradient).max()
    return float(lambdify((rounding, bend), best)(noise, curve))


@figure(
    "Relative error of the loss's derivative against the step, both axes logarithmic, in float32 and float64. "
    "Forward and central differences fall, turn and rise again, each a V: the central one turns lower, near the "
    "predicted step, at about 1e-5 in float32 and 2e-11 in float64. The complex step falls beside the central "
    "difference and stays at the last digit, however short the step."
)
def error_by_step() -> Figure:
    """A difference has a best step, and half to two thirds of the digits; a complex step has neither limit."""
    fig, axes = blank(len(COMPLEX), height=7.4, sharex=True)
    for ax, dtype in zip(axes, COMPLEX, strict=True):
        steps, errors = errors_by_step(dtype)
        for kind, error in errors.items():
            ax.plot(steps, error, label=kind)
        at = predicted(dtype)
        ax.axvline(at, color=FAINT, linewidth=1.2, linestyle=(0, (2, 2)))
        write(ax, at, 60, "predicted best", FAINT)
        ax.set(xscale="log", yscale="log", title=dtype, ylabel="relative error", ylim=(1e-17, 1e3))
        ax.set(yticks=(1e-16, 1e-12, 1e-8, 1e-4, 1), xticks=(1e-16, 1e-12, 1e-8, 1e-4, 1))
    axes[-1].set(xlabel="step $h$", xlim=(1e-17, 1))
    legend_above(fig)
    return fig


@figure(
    "The ReLU's central difference against z for steps of one half and one quarter, and its slope. The slope "
    "jumps from 0 to 1 at z = 0; each difference climbs there along a straight ramp, twice as wide as its step, "
    "and all ramps cross at one half."
)
def difference_at_kink(steps: tuple[float, ...] = (0.5, 0.25)) -> Figure:
    """Within a step of the kink the difference is an average of two slopes, at the kink one half."""
    fig, (ax,) = blank(height=3.6)
    value = lambdify(z, unfold(relu(z)), "numpy")
    at = np.linspace(-1, 1, 801)
    ax.plot([-1, 0, np.nan, 0, 1], [0, 0, np.nan, 1, 1], label="slope")
    for h in steps:
        ax.plot(at, (value(at + h) - value(at - h)) / (2 * h), label=f"$h = {h:g}$")
    ax.plot(0, 0.5, "o", color=FAINT, zorder=3)
    ax.set(xlabel="$z$", ylabel="difference", xlim=(-1, 1), xticks=(-1, -0.5, 0, 0.5, 1), yticks=(0, 0.5, 1))
    legend_above(fig)
    return fig


@figure(
    "A table with a row for each mistake and a column for each kind of gradient check. A filled cross says that "
    "the check notices the mistake, an empty circle that the wrong gradient passes. The row of the right "
    "gradient has circles only. The columns on the right have the fewest circles among the mistakes."
)
def mistakes_and_checks(noticed: Mapping[str, Mapping[str, bool]]) -> Figure:
    """Which check notices which mistake: ``noticed[mistake][check]``."""
    checks = list(next(iter(noticed.values())))
    fig, (ax,) = blank(height=1.9 + 0.36 * len(noticed))
    found = np.array([[row[check] for check in checks] for row in noticed.values()])
    _marks(ax, found, "X", "noticed", markersize=12)
    _marks(ax, ~found, "o", "passes", markerfacecolor="none", markeredgewidth=2)
    ax.set_xticks(range(len(checks)), checks, rotation=45, ha="left", rotation_mode="anchor")
    ax.set_yticks(range(len(noticed)), list(noticed))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(-0.6, len(checks) - 0.4), ylim=(len(noticed) - 0.4, -0.6), xlabel="check", ylabel="mistake")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


def _marks(ax: Axes, where: Array, marker: str, label: str, **look: Any) -> None:
    rows, columns = np.nonzero(where)
    ax.plot(columns, rows, marker, linestyle="none", label=label, clip_on=False, **look)
