"""Cross-entropy against the prediction, its minimum and the entropy that remains; Gibbs' inequality as areas."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Expr, Rational, Symbol, latex, log, solve

from ..symbolic.calculus import ground
from ..symbolic.cross_entropy import x
from ..symbolic.theorem import theorems
from .canvas import FAINT, blank, colour, figure, write
from .curves import Points, between, derivative, evaluate
from .definitions import CROSS_ENTROPY, p, y

OUTPUTS = between(0, 1)
LABELS = {Rational(1, 10): (0.26, 0.22), Rational(1, 4): (0.13, 0.79), Rational(1, 2): (0.29, 0.98)}
MARKED = Rational(1, 4)
FAR = Rational(4, 5)

GAP = theorems["log-below-line"].statement.lhs
TRUTH, MODEL = (0.5, 0.3, 0.2), (0.1, 0.3, 0.6)
HATCHES = ("//", "", "..")


@figure(
    "Cross-entropy H(y, p) against the prediction p for targets 1/10, 1/4 and 1/2, each with its minimum "
    "at p = y. The minima lie on the entropy H(p), a dome from 0 up to ln 2 at one half and back to 0. "
    "The height of a curve above its own minimum is the Kullback-Leibler divergence, marked for the "
    "target 1/4."
)
def entropy_and_kl(cross_entropy: Expr = CROSS_ENTROPY, p: Symbol = p, y: Symbol = y) -> Figure:
    """The best prediction is the target itself, and even then the loss is the target's entropy, not 0."""
    fig, (ax,) = blank(height=4.8)
    cross_entropy = ground(cross_entropy)
    for target, place in LABELS.items():
        _bowl(ax, cross_entropy.subs(y, target), p, f"$y = {latex(target, fold_short_frac=True)}$", place)
    entropy = evaluate(cross_entropy.subs(y, p), p, OUTPUTS)
    ax.plot(OUTPUTS, entropy, color=FAINT, linestyle="-", linewidth=1.6)
    write(ax, 0.6, 0.38, "entropy $H(p)$", FAINT)
    _divergence(ax, cross_entropy.subs(y, MARKED), p, MARKED)
    ax.set(xlabel="prediction $p$", ylabel="cross-entropy $H(y, p)$ (nats)", xlim=(0, 1), ylim=(0, 2))
    return fig


def _bowl(ax: Axes, loss: Expr, p: Symbol, name: str, place: tuple[float, float]) -> None:
    (line,) = ax.plot(OUTPUTS, evaluate(loss, p, OUTPUTS))
    (best,) = solve(derivative(loss, p), p)
    ax.plot(float(best), float(loss.subs(p, best)), "o", color=line.get_color())
    write(ax, *place, name, line.get_color())


def _divergence(ax: Axes, loss: Expr, p: Symbol, target: Expr) -> None:
    """An arrow from a curve's minimum up to the curve, at a prediction far from the target."""
    low, high = float(loss.subs(p, target)), float(loss.subs(p, FAR))
    ax.plot([float(target), float(FAR)], [low, low], color=FAINT, linestyle=":", linewidth=1.4)
    ax.annotate("", (FAR, high), (FAR, low), arrowprops={"arrowstyle": "<->", "color": FAINT, "linewidth": 1.4})
    write(ax, float(FAR) + 0.02, low + 0.13, r"$\mathrm{KL}(y\,\|\,p)$", ha="left")


@figure(
    "Left, the line x - 1 lies above the logarithm of x and touches it at x = 1; upright bars mark the gap at "
    "the ratios 1/5 and 3 of output to target, a dot the ratio 1, where there is none. Right, one rectangle for "
    "each of three classes, as wide as its target and as high as its gap: 0.5 by 0.81, 0.3 by 0, and 0.2 by "
    "0.90. Together they have the area of the divergence, 0.59."
)
def gaps_and_divergence(targets: Sequence[float] = TRUTH, outputs: Sequence[float] = MODEL) -> Figure:
    """A divergence is an area above 0: gaps between a line and the logarithm, weighted by the targets."""
    fig, (left, right) = blank(1, 2, height=4.4)
    ratios = np.divide(outputs, targets)
    gaps = evaluate(GAP, x, ratios)
    _tangent(left, ratios, gaps)
    _areas(right, np.asarray(targets), gaps)
    return fig


def _tangent(ax: Axes, ratios: Points, gaps: Points) -> None:
    at = np.linspace(0, 4, 401)[1:]
    ax.plot(at, evaluate(GAP + log(x), x, at))
    ax.plot(at, evaluate(log(x), x, at))
    write(ax, 1.75, 1.75, "$x - 1$", colour(0))
    write(ax, 2.55, 0.2, r"$\log x$", colour(1))
    feet = evaluate(log(x), x, ratios)
    for number, (ratio, middle) in enumerate(zip(ratios, feet + gaps / 2, strict=True), start=1):
        write(ax, ratio + 0.28, middle - 0.05, f"${number}$")
    ax.vlines(ratios, feet, feet + gaps, color=colour(3), linewidth=5)
    ax.plot(1, 0, "o", color=colour(3))
    ax.set(xlabel="ratio $x = q_k / y_k$", ylabel="line and logarithm", xlim=(0, 3.6), ylim=(-2.4, 2.6))


def _areas(ax: Axes, targets: Points, gaps: Points) -> None:
    ends = np.cumsum(targets)
    bars = ax.bar(ends, gaps, -targets, align="edge", facecolor="#ead7e6", edgecolor=colour(3), linewidth=1.4)
    for number, (bar, end, hatch) in enumerate(zip(bars, ends, HATCHES, strict=True), start=1):
        bar.set_hatch(hatch)
        write(ax, end - targets[number - 1] / 2, gaps[number - 1] + 0.06, f"${number}$")
    ax.set(xlabel="targets $y_k$, side by side", ylabel="gap", xlim=(0, 1), ylim=(0, 1.1), xticks=(0, 0.5, 1))
