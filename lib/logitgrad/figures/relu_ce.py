"""ReLU and cross-entropy: three regions, what is left of the loss in each, and how runs end that start there."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Expr, Integer, Rational, Symbol, latex, limit, oo

from ..numeric import relu_ce
from ..symbolic.calculus import ground
from .canvas import INK, asymptote, blank, figure, legend_above, write
from .curves import between, derivative, evaluate, poles
from .definitions import CROSS_ENTROPY, RELU, p, y, z

LEFT, RIGHT, REACH = -1.4, 2.6, 4.5
BORDERS = (Integer(0), Integer(1))
DEAD: dict[str, Any] = {"facecolor": "#dedbd3", "edgecolor": "none"}
BEYOND: dict[str, Any] = {"facecolor": "#f8e8db", "edgecolor": "#e6c8b0", "hatch": "//", "linewidth": 0}
TARGETS = (Integer(0), Rational(1, 2), Integer(1))


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


@figure(
    "The logit of the example with target one quarter over the first ten steps of gradient descent, from four "
    "starting biases. From 0.5 it settles at the target. From 0.97 one step throws it below 0, and from -0.5 it "
    "does not move; both runs then end in nan, marked by a cross. From 1.5 it climbs away from the target."
)
def relu_ce_runs(starts: Sequence[float] = (1.5, 0.97, 0.5, -0.5), steps: int = 10) -> Figure:
    """The start decides the end: only the run from the middle of the strip reaches its target."""
    fig, (ax,) = blank(height=4.6)
    ax.axhspan(-2, 0, **DEAD)
    ax.axhspan(1, 3, **BEYOND)
    for start in starts:
        path = run(start, steps)
        (line,) = ax.plot(path, marker="o", markersize=5, label=f"from {start:g}")
        if len(path) > steps:
            write(ax, 0.7 * steps, path[-1] + 0.3, f"from {start:g}", line.get_color())
        else:
            ax.plot(len(path) - 1, path[-1], "x", color=INK, markersize=13, markeredgewidth=2.4)
            write(ax, len(path) + 1.3, path[-1], f"from {start:g}: nan", line.get_color())
    ax.set(xlabel="step", ylabel="logit, target 1/4", xlim=(-0.4, steps + 0.4), ylim=(-2, 3))
    return fig


def run(bias: float, steps: int, rate: float = 0.1) -> list[float]:
    """The first of two examples' logit w x + b, from w = 0, for as long as it is a number."""
    x, y, weight, path = np.array([-1.0, 1.0]), np.array([0.25, 0.75]), 0.0, [bias]
    while len(path) <= steps:
        slope = relu_ce.grad(weight * x + bias, y)
        weight, bias = weight - rate * float(np.mean(slope * x)), bias - rate * float(np.mean(slope))
        if not np.isfinite(weight):
            break
        path.append(bias - weight)
    return path


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
