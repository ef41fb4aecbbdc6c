"""How many digits are right: each remedy and each type against exact values, and what a constant does."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from sympy import Expr, Float, latex

from ..audit.margins import Measured, Part, measure, reach
from ..numeric import naive
from ..numeric.remedies import REMEDIES, Remedy
from ..symbolic.sigmoid_bce_floats import guarded
from .canvas import FAINT, blank, colour, figure, legend_above, write
from .curves import derivative, evaluate
from .definitions import BCE, BCE_GRADIENT, y, z

DTYPES = ("float16", "float32", "float64")
FORMS: tuple[tuple[str, Part], ...] = (
    ("as written", "loss"),
    ("as written", "grad"),
    ("where, by sign", "grad"),
    ("logits and p − y", "grad"),
    ("logitgrad", "grad"),
)
NAMES = {"loss": "loss", "grad": "gradient"}
LONG, FAR = 50, 1200  # from which margin on the label stands on its bar; the ends of the axis
NOT_FINITE: dict[str, Any] = {"facecolor": "#f6d9c2", "edgecolor": "#D55E00", "hatch": "///", "linewidth": 0}
SHADES = LinearSegmentedColormap.from_list("digits", ["#0072B2", "#8fbbd6", "#f1ede2"])
STEPS = 8  # margins in eighths are exact in all three types
EPS = (1e-4, 1e-8)


def remedy(name: str) -> Remedy:
    """The remedy of this name."""
    return next(found for found in REMEDIES if found.name == name)


@figure(
    "Bars over the margin, from confident and right on the left to confident and wrong on the right: where a "
    "result has at least one right digit, in float16, float32 and float64. The written loss and gradient end "
    "near 8, 17 and 37 on both sides, where by sign near 12, 89 and 710, p - y on the right side only. The "
    "library's bars reach the end of each type."
)
def where_types_give_up(forms: Sequence[tuple[str, Part]] = FORMS) -> Figure:
    """More precision moves the border; a better form removes it."""
    fig, axes = blank(len(forms), height=0.9 + 1.25 * len(forms), sharex=True)
    for ax, (name, part) in zip(axes, forms, strict=True):
        for row, dtype in enumerate(DTYPES):
            _bar(ax, row, measure(getattr(remedy(name), part), part, dtype))
        ax.set(title=f"{name}: {NAMES[part]}", yticks=range(len(DTYPES)), yticklabels=DTYPES, ylim=(2.6, -0.6))
        ax.set_xscale("symlog", linthresh=4, linscale=0.4)
        ax.grid(axis="y", visible=False)
    ticks = (-1000, -100, -10, 0, 10, 100, 1000)
    axes[-1].set(xlabel="← right      margin      wrong →", xlim=(-FAR, FAR), xticks=ticks)
    axes[-1].set_xticklabels([f"{tick}".replace("-", "−") for tick in ticks])
    axes[0].set(ylabel="type")
    return fig


def _bar(ax: Axes, row: int, measured: Measured) -> None:
    low, high = (measured.first_lost(side) for side in (-1, 1))
    left, right = (measured.margin[end] if at is None else at for end, at in ((0, low), (-1, high)))
    ax.barh(row, right - left, left=left, height=0.62, color=colour(row))
    for at, align in ((low, ("right", "left")), (high, ("left", "right"))):
        if at is not None:
            text = f"{measured.at(at):g} at {at:g}".replace("-", "−")
            if abs(at) > LONG:
                write(ax, at * 0.85, row, text, "white", ha=align[1], bbox=None)
            else:
                write(ax, at * 1.12, row, text, ha=align[0])


@figure(
    "Two panels of eleven strips, one strip for each remedy, over the margin in float32: the loss above, the "
    "gradient below. Dark where the result is right to the last digit, pale where no digit is, hatched where it "
    "is nan or infinite. Most remedies are right between -17 and 17 only. The last strip, the library's, is dark "
    "everywhere."
)
def remedies_measured(remedies: Sequence[Remedy] = REMEDIES, dtype: str = "float32") -> Figure:
    """Each remedy trades one failure for another, until the logit itself is used, in a form that keeps digits."""
    fig, axes = blank(2, height=1.7 + 0.58 * len(remedies), sharex=True)
    best = float(np.finfo(dtype).eps) / 2
    parts: tuple[Part, ...] = ("loss", "grad")
    for ax, part in zip(axes, parts, strict=True):
        for row, each in enumerate(remedies):
            _strip(ax, row, measure(getattr(each, part), part, dtype), best)
        ax.set(title=NAMES[part], yticks=range(len(remedies)), yticklabels=[each.name for each in remedies])
        ax.set(ylim=(len(remedies) - 0.5, -0.5), ylabel="remedy", xlim=(-reach(dtype), reach(dtype)))
        ax.grid(visible=False)
        ax.tick_params(axis="y", length=0)
    axes[-1].set(xlabel="← right      margin      wrong →")
    bar = fig.colorbar(ScalarMappable(LogNorm(best, 1), SHADES), ax=axes, location="top", aspect=30, pad=0.02)
    bar.set_label("relative error")
    fig.legend(handles=[Patch(label="nan or infinite", **NOT_FINITE)], loc="outside lower center")
    return fig


def _strip(ax: Axes, row: int, measured: Measured, best: float) -> None:
    shown = np.where(measured.finite, np.clip(measured.relative, best, 1), np.nan)
    shown = np.where(measured.ulps <= 1, best, shown)  # the type has no better number
    edge = float(measured.margin[-1])
    ax.imshow(
        shown[np.newaxis], cmap=SHADES, norm=LogNorm(best, 1), aspect="auto", interpolation="nearest",
        extent=(-edge - 0.5, edge + 0.5, row + 0.38, row - 0.38),
    )  # fmt: skip
    for first, last in _runs(~measured.finite):
        start, stop = measured.margin[first] - 0.5, measured.margin[last] + 0.5
        ax.barh(row, stop - start, left=start, height=0.76, **NOT_FINITE)


def _runs(marked: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of each stretch that is marked."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(int), [0]])))
    return [(int(first), int(after) - 1) for first, after in zip(steps[::2], steps[1::2], strict=True)]


@figure(
    "Loss and gradient against the logit for target 0: exact, and with a constant of 1e-4 and of 1e-8 inside the "
    "logarithms. The exact loss rises along a straight line and its gradient stays at 1. The guarded losses "
    "flatten at 9.2 and 18.4, and there their gradients fall from 1 through one half to 0."
)
def guarded_loss_and_gradient(exact: tuple[Expr, Expr] = (BCE, BCE_GRADIENT)) -> Figure:
    """The constant puts a ceiling on the loss, and under a ceiling there is no slope."""
    fig, (above, below) = blank(2, height=6.2, sharex=True)
    logits = np.linspace(-5, 30, 701)
    for ax, expr in ((above, exact[0]), (below, exact[1])):
        ax.plot(logits, evaluate(expr.subs(y, 0), z, logits), label="exact", color=FAINT, linestyle="-")
    for number, size in enumerate(EPS):
        loss = guarded(z, 0, Float(size))
        look: dict[str, Any] = {"color": colour(number), "linestyle": ("--", "-.")[number]}
        name = rf"$\varepsilon = 10^{{{latex(round(np.log10(size)))}}}$"
        above.plot(logits, evaluate(loss, z, logits), label=name, **look)
        below.plot(logits, evaluate(derivative(loss, z), z, logits), label=name, **look)
        below.plot(-np.log(size), 0.5, "o", color=colour(number))
        write(below, -np.log(size) + 0.7, 0.5, f"{-np.log(size):.1f}", colour(number), ha="left")
    above.set(ylabel="loss $L$ (nats)")
    below.set(xlabel="logit $z$, target 0", ylabel="gradient $dL/dz$", xlim=(-5, 30))
    legend_above(fig)
    return fig


@figure(
    "Largest error so far, in units in the last place, against how far the model is on the right side, for "
    "float16, float32 and float64. With p - y the error doubles with every step of ln 2, until crosses near 7.6, "
    "16.8 and 36.8 mark that no digit is left. The library's gradient stays at about half a unit throughout."
)
def digits_lost_by_subtraction(
    forms: Sequence[tuple[str, Callable[..., Any]]] = (
        ("$p - y$", naive.bce_grad_fused),
        ("logitgrad", remedy("logitgrad").grad),
    ),
) -> Figure:
    """Subtracting loses one bit for each ln 2 of the margin; a form without a difference loses none."""
    fig, axes = blank(len(forms), height=1.0 + 2.6 * len(forms), sharex=True, sharey=True)
    for ax, (name, computed) in zip(axes, forms, strict=True):
        for dtype in DTYPES:
            at = -np.arange(1, min(45, reach(dtype)) * STEPS + 1) / STEPS
            _errors(ax, measure(computed, "grad", dtype, at), dtype)
        ax.set(title=name, yscale="log", ylim=(0.1, 1e18), ylabel="error (ulp)", yticks=(1, 1e5, 1e10, 1e15))
    axes[-1].set(xlabel="margin, on the right side", xlim=(0, -45))
    axes[-1].set_xticks(range(0, -41, -10), [f"{at}".replace("-", "−") for at in range(0, -41, -10)])
    legend_above(fig)
    return fig


def _errors(ax: Axes, measured: Measured, dtype: str) -> None:
    """The largest error so far, up to the margin where everything is lost."""
    lost = measured.first_lost(-1)
    kept = measured.margin >= (-np.inf if lost is None else lost)
    worst = np.maximum.accumulate(measured.ulps[kept])
    (line,) = ax.plot(measured.margin[kept], worst, label=dtype)
    if lost is not None:
        ax.plot(lost, worst[-1], "X", color=line.get_color(), markersize=10)
        write(ax, lost, worst[-1] * 40, f"{lost:.1f}".replace("-", "−"), line.get_color())
