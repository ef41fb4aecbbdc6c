"""Sigmoid and binary cross-entropy: the loss, its gradient, and the two factors behind it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator
from sympy import Expr, Integer, Symbol, simplify

from .canvas import asymptote, blank, figure, legend_above, write
from .curves import between, derivative, evaluate, poles
from .definitions import BCE, BCE_GRADIENT, CROSS_ENTROPY, SIGMOID_SLOPE, SQUARED_ERROR, p, y, z

LOGITS = np.linspace(-6, 6, 361)
OUTPUTS = between(0, 1)
ENDS = (Integer(0), Integer(1))


@figure(
    "Binary cross-entropy and its gradient against the logit z, for targets 0 and 1. The losses mirror "
    "each other: each is close to 0 on its target's side and grows along a straight line of slope 1 on "
    "the other. The gradients are the same S-shaped curve, one unit apart: from 0 to 1 for target 0, from "
    "-1 to 0 for target 1, never beyond."
)
def loss_and_gradient(loss: Expr = BCE, gradient: Expr = BCE_GRADIENT, z: Symbol = z, y: Symbol = y) -> Figure:
    """The loss above, its slope beneath: where the model is wrong the slope tends to 1 in size."""
    fig, (above, below) = blank(2, height=5.8, sharex=True)
    for target, side in ((0, 1), (1, -1)):
        for ax, expr, place in (
            (above, loss, (3.1 * side, 4.6)),
            (below, gradient, (3.6 * side, 0.68 * side)),
        ):
            (line,) = ax.plot(LOGITS, evaluate(expr.subs(y, target), z, LOGITS))
            write(ax, *place, f"$y = {target}$", line.get_color())
    above.set(ylabel="loss $L$ (nats)")
    below.set(xlabel="logit $z$", ylabel="gradient $dL/dz$", yticks=(-1, 0, 1), xlim=(-6, 6))
    return fig


@figure(
    "Two factors and their product against the output p, for target 0 and target 1. Where the output is "
    "wrong, the loss's derivative by p grows without bound while the sigmoid's slope falls to 0; their "
    "product is the straight line p - y, which reaches 1 for target 0 and -1 for target 1."
)
def two_factors(loss: Expr = CROSS_ENTROPY, slope: Expr = SIGMOID_SLOPE, p: Symbol = p, y: Symbol = y) -> Figure:
    """One factor goes to infinity, one to 0, and the product goes to plus or minus 1."""
    return factors(loss, slope, p, y, reach=4)


@figure(
    "Cross-entropy and squared error against the output p, side by side for target 0 and target 1. Both "
    "are 0 at the target and grow away from it; the squared error ends at one half, cross-entropy grows "
    "without bound."
)
def losses_side_by_side(
    losses: tuple[Expr, Expr] = (CROSS_ENTROPY, SQUARED_ERROR), p: Symbol = p, y: Symbol = y
) -> Figure:
    """Both losses rise with the error; only one of them rises fast enough to outweigh a saturated sigmoid."""
    fig, axes = blank(1, 2, height=4.0, sharey=True)
    for target, ax in enumerate(axes):
        curves = [loss.subs(y, target) for loss in losses]
        _over_outputs(ax, curves, ("cross-entropy (nats)", "squared error"), p)
        ax.set(ylim=(-0.1, 4), yticks=range(5), title=f"target $y = {target}$")
    axes[0].set(ylabel="loss $L$")
    legend_above(fig)
    return fig


def factors(loss: Expr, slope: Expr, p: Symbol, y: Symbol, reach: float) -> Figure:
    """Both factors of the chain rule and their product, a panel for each target."""
    fig, axes = blank(1, 2, height=4.6)
    for target, ax in enumerate(axes):
        outer = derivative(loss, p).subs(y, target)
        product = simplify(outer * slope)
        _over_outputs(ax, (outer, slope, product), ("$dL/dp$", "$dp/dz$", "product $dL/dz$"), p)
        ends = (-0.05 * reach, reach) if target == 0 else (-reach, 0.25 + 0.05 * reach)
        ax.yaxis.set_major_locator(MultipleLocator(max(reach / 4, 0.5)))
        ax.set(ylim=ends, title=f"target $y = {target}$")
    axes[0].set(ylabel="factor or product")
    legend_above(fig)
    return fig


def _over_outputs(ax: Axes, curves: tuple[Expr, ...] | list[Expr], names: tuple[str, ...], p: Symbol) -> None:
    for expr, name in zip(curves, names, strict=True):
        ax.plot(OUTPUTS, evaluate(expr, p, OUTPUTS), label=name)
    for pole in sorted({pole for expr in curves for pole in poles(expr, p, ENDS)}):
        asymptote(ax, pole)
    ax.set(xlabel="output $p$", xlim=(-0.02, 1.02), xticks=(0, 0.5, 1))
