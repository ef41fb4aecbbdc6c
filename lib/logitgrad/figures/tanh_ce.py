"""Tanh and cross-entropy: what is left of the loss on either side of 0, and the repair."""

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Expr, Integer, Rational, Symbol, latex, limit, oo

from ..symbolic.calculus import ground
from .canvas import FAINT, asymptote, blank, figure, legend_above, write
from .curves import Points, between, derivative, evaluate, poles
from .definitions import TANH_CE, TANH_CE_GRADIENT, TANH_CE_REPAIRED_GRADIENT, y, z
from .relu_ce import BEYOND

REACH, TOP = 2.5, 4.5
TARGETS = (Integer(0), Rational(1, 2), Integer(1))


@figure(
    "Tanh with cross-entropy: loss and derivative against z for targets 0, one half and 1. Left of 0 the loss "
    "is not real for targets one half and 1, and a pole stands at 0; the derivative's formula is positive "
    "there and falls to 0. Right of 0 both losses have their slopes of the right sign. For target 0 the loss is "
    "real everywhere, passes the right output at z = 0 with slope 1 and falls on towards minus log 2."
)
def tanh_ce_regions(loss: Expr = TANH_CE, z: Symbol = z, y: Symbol = y) -> Figure:
    """Only right of 0, and only for targets above 0, is this a loss with its minimum where it should be."""
    fig, axes = blank(3, height=8.0, sharex=True)
    for ax, target in zip(axes, TARGETS, strict=True):
        _panel(ax, ground(loss.subs(y, target)), z)
        ax.set(title=f"target $y = {latex(target, fold_short_frac=True)}$", ylabel="$L$ (nats), $dL/dz$")
    axes[-1].set(xlabel="$z$, the input of the tanh", xlim=(-REACH, REACH))
    legend_above(fig)
    return fig


def _panel(ax: Axes, loss: Expr, z: Symbol) -> None:
    slope, at, real = derivative(loss, z), _on_both_sides(), loss.subs(z, -1).is_real
    if not real:
        ax.axvspan(-REACH, 0, **BEYOND)
    ax.plot(at, evaluate(loss, z, at), label="loss $L$")
    ax.plot(at, evaluate(slope, z, at), label="derivative $dL/dz$")
    for pole in poles(slope, z, [Integer(0)]):
        asymptote(ax, pole)
    if real:
        end = limit(loss, z, -oo)
        ax.axhline(float(end), color=FAINT, linewidth=1, linestyle=(0, (2, 2)))
        write(ax, -REACH / 2, float(end) - 1, f"falls towards ${latex(end)}$")
    else:
        write(ax, -REACH / 2, -2.4, "no real loss,\nyet a derivative")
    ax.set(ylim=(-TOP, TOP), yticks=(-4, -2, 0, 2, 4))


def _on_both_sides() -> Points:
    """Points left and right of 0, with a gap between: no line may bridge a pole."""
    sides = [between(a, b)[1:-1] for a, b in pairwise((-REACH, 0, REACH))]
    return np.concatenate([sides[0], [np.nan], sides[1]])


@figure(
    "Gradient against z for targets 0 and 1, as written and repaired. Repaired, it is an S-shaped curve: from 0 "
    "to 2 for target 0, from -2 to 0 for target 1. For target 0 the gradient as written is the same curve. For "
    "target 1 it has a pole at z = 0, joins the repaired curve on the right, and has the wrong sign on the left."
)
def tanh_ce_repair(
    written: Expr = TANH_CE_GRADIENT,
    repaired: Expr = TANH_CE_REPAIRED_GRADIENT,
    z: Symbol = z,
    y: Symbol = y,
) -> Figure:
    """What the affine map changes: nothing for target 0, everything for target 1."""
    fig, axes = blank(1, 2, height=4.4, sharey=True)
    at = _on_both_sides()
    for target, ax in enumerate(axes):
        for name, expr in (("repaired", repaired), ("as written", written)):
            ax.plot(at, evaluate(expr.subs(y, target), z, at), label=name)
        for pole in poles(written.subs(y, target), z, [Integer(0)]):
            asymptote(ax, pole)
        ax.set(title=f"target $y = {target}$", xlabel="$z$", ylim=(-4, 4), xlim=(-REACH, REACH))
    axes[0].set(ylabel="gradient $dL/dz$")
    legend_above(fig)
    return fig
