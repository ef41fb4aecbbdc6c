"""ReLU and cross-entropy: three regions, what is left of the loss in each, and how a step leaves the strip."""

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Expr, Integer, Poly, Rational, Symbol, latex, limit, numer, oo, together

from ..symbolic.calculus import ground
from ..symbolic.theorem import theorems
from .canvas import FAINT, asymptote, blank, figure, legend_above, write
from .curves import between, derivative, evaluate, poles
from .definitions import CROSS_ENTROPY, RELU, p, y, z

LEFT, RIGHT, REACH = -1.4, 2.6, 4.5
BORDERS = (Integer(0), Integer(1))
DEAD: dict[str, Any] = {"facecolor": "#dedbd3", "edgecolor": "none"}
BEYOND: dict[str, Any] = {"facecolor": "#f8e8db", "edgecolor": "#e6c8b0", "hatch": "//", "linewidth": 0}
TARGETS = (Integer(0), Rational(1, 2), Integer(1))
GRADIENT = theorems["relu-ce-gradient"].statement.rhs
RATE = Rational(1, 10)


@figure(
    "ReLU with cross-entropy: loss and derivative against z for targets 0, one half and 1. For z below 0 "
    "both are 0 with target 0; with the others the loss is infinite and the derivative undefined. Between "
    "0 and 1 both are finite. Beyond 1 the loss is not real, though the derivative's formula goes on; "
    "only for target 1 is it real, and it falls without bound. Poles stand at z = 1 for targets 0 and one "
    "half and at z = 0 for targets one half and 1."
)
def relu_ce_regions(
    loss: Expr = CROSS_ENTROPY, activation: Expr = RELU, p: Symbol = p, y: Symbol = y, z: Symbol = z
) -> Figure:
    """Only the strip between 0 and 1 behaves: left of it nothing is learned, right of it no loss is left."""
    fig, axes = blank(3, height=8.0, sharex=True)
    for ax, target in zip(axes, TARGETS, strict=True):
        _panel(ax, ground(loss.subs(y, target).subs(p, activation)), z)
        ax.set(title=f"target $y = {latex(target, fold_short_frac=True)}$", ylabel="$L$ (nats), $dL/dz$")
    axes[-1].set(xlabel="$z$, the input of the ReLU", xlim=(LEFT, RIGHT))
    legend_above(fig)
    return fig


def _panel(ax: Axes, loss: Expr, z: Symbol) -> None:
    slope = derivative(loss, z)
    ax.axvspan(LEFT, 0, **DEAD)
    ax.axvspan(1, RIGHT, **BEYOND)
    at = _by_region()
    ax.plot(at, evaluate(loss, z, at), label="loss $L$")
    ax.plot(at, evaluate(slope, z, at), label="derivative $dL/dz$")
    for pole in poles(slope, z, BORDERS):
        asymptote(ax, pole)
    write(ax, LEFT / 2, 2.4, _dead_side(loss, z))
    write(ax, (1 + RIGHT) / 2, 2.4, _beyond(loss, z))
    ax.set(ylim=(-REACH, REACH), yticks=(-4, -2, 0, 2, 4))


def _by_region() -> np.ndarray:
    """Points inside each region, with a gap between regions: no line may bridge a jump."""
    borders = (LEFT, *map(float, BORDERS), RIGHT)
    regions = [between(a, b) for a, b in pairwise(borders)]
    return np.concatenate([part for region in regions for part in (region, [np.nan])])


def _dead_side(loss: Expr, z: Symbol) -> str:
    return "dead:\n$L$ stays 0" if loss.subs(z, -1) == 0 else "dead:\n$L$ infinite,\n$dL/dz$ is $\\infty \\cdot 0$"


def _beyond(loss: Expr, z: Symbol) -> str:
    if not loss.subs(z, 2).is_real:
        return "no real loss,\nyet a derivative"
    return "loss falls\nwithout bound" if limit(loss, z, oo) == -oo else "real"


@figure(
    "The logit after one step of gradient descent at rate 0.1, against the start between 0 and 1, for targets "
    "0, one half and 1. From the middle all steps stay between 0 and 1. For target 0 starts below 0.11 and "
    "above 0.89 end on the dead side, for target 1 the same starts end beyond 1. For one half the ends are "
    "exchanged: starts below 0.05 land beyond 1, starts above 0.95 on the dead side. The borders are marked."
)
def relu_ce_steps(gradient: Expr = GRADIENT, rate: Expr = RATE, y: Symbol = y, z: Symbol = z) -> Figure:
    """Nothing keeps the unit inside: from near an end of the strip one step leads out of it."""
    fig, (ax,) = blank(height=5.0)
    low, high = -0.8, 1.8
    ax.axhspan(low, 0, **DEAD)
    ax.axhspan(1, high, **BEYOND)
    at = between(0, 1)
    for target in TARGETS:
        landing = z - rate * gradient.subs(y, target)
        (line,) = ax.plot(at, evaluate(landing, z, at), label=f"$y = {latex(target, fold_short_frac=True)}$")
        for border in BORDERS:
            starts = crossings(landing, z, border)
            ax.plot(starts, [float(border)] * len(starts), "o", color=line.get_color())
    ax.plot([0, 1], [0, 1], color=FAINT, linestyle="-", linewidth=1)
    write(ax, 0.5, -0.4, "dead side")
    write(ax, 0.5, 1.4, "beyond 1")
    ax.set(xlabel="start $z$", ylabel="$z$ after one step", xlim=(0, 1), ylim=(low, high))
    legend_above(fig)
    return fig


def crossings(landing: Expr, z: Symbol, border: Expr) -> list[float]:
    """The starts inside the strip from which a step leads exactly to the border."""
    roots = Poly(numer(together(landing - border)), z).real_roots()
    return [float(root) for root in roots if 0 < root < 1]
