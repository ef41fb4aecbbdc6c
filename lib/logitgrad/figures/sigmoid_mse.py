"""Sigmoid and squared error: the product that vanishes where the unit is most wrong."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Expr, Rational, Symbol, diff, latex, log, simplify, solve

from .canvas import FAINT, blank, figure, legend_above, write
from .curves import derivative, evaluate
from .definitions import BCE, BCE_GRADIENT, MSE, MSE_GRADIENT, SIGMOID_SLOPE, SQUARED_ERROR, p, y, z
from .sigmoid_bce import factors

LOGITS = np.linspace(-8, 8, 481)
SOFT = Rational(1, 10)


@figure(
    "Two factors and their product against the output p, for the squared error and targets 0 and 1. The "
    "loss's derivative never exceeds 1 in size, the sigmoid's slope falls to 0 at both ends, so the "
    "product vanishes where the output is most wrong; it is largest, 4/27, at an output two thirds of the "
    "way to the wrong end."
)
def two_factors_mse(
    loss: Expr = SQUARED_ERROR, slope: Expr = SIGMOID_SLOPE, p: Symbol = p, y: Symbol = y
) -> Figure:
    """Nothing makes up for the factor that goes to 0: the gradient dies where it is needed most."""
    fig = factors(loss, slope, p, y, reach=1)
    for target, ax in enumerate(fig.axes):
        where, size = peak(simplify(derivative(loss, p).subs(y, target) * slope), p)
        ax.plot(float(where), float(size), "o", color=ax.lines[2].get_color())
        write(ax, float(where), float(size) - 0.09, f"${latex(size, fold_short_frac=True)}$")
    return fig


def peak(expr: Expr, p: Symbol) -> tuple[Expr, Expr]:
    """Where between 0 and 1 the expression is largest in size, and its value there."""
    inside = [point for point in solve(diff(expr, p), p) if 0 < point < 1]
    where = max(inside, key=lambda point: abs(expr.subs(p, point)))
    return where, expr.subs(p, where)


@figure(
    "Squared error and cross-entropy against the logit z for target 0, losses above and gradients beneath. "
    "Both losses are close to 0 on the left. On the right cross-entropy rises along a straight line and its "
    "gradient tends to 1; the squared error bends over onto a plateau at one half and its gradient, after a "
    "peak of 4/27 at z = log 2, falls back to 0."
)
def squared_error_and_cross_entropy(
    losses: tuple[Expr, Expr] = (MSE, BCE),
    gradients: tuple[Expr, Expr] = (MSE_GRADIENT, BCE_GRADIENT),
    z: Symbol = z,
    y: Symbol = y,
) -> Figure:
    """Where the prediction is wrong one loss keeps rising, the other has nothing left to descend."""
    fig, (above, below) = blank(2, height=5.8, sharex=True)
    for name, loss, gradient in zip(("squared error", "cross-entropy"), losses, gradients, strict=True):
        above.plot(LOGITS, evaluate(loss.subs(y, 0), z, LOGITS), label=name)
        below.plot(LOGITS, evaluate(gradient.subs(y, 0), z, LOGITS), label=name)
    top = gradients[0].subs({y: 0, z: log(2)}).rewrite("exp").doit()
    below.plot(np.log(2), float(top), "o", color=below.lines[0].get_color())
    write(below, 1.8, 0.3, f"${latex(simplify(top), fold_short_frac=True)}$")
    above.set(ylabel="loss $L$", ylim=(-0.15, 4), yticks=range(5))
    below.set(xlabel="logit $z$", ylabel="gradient $dL/dz$", yticks=(0, 0.5, 1), xlim=(-8, 8))
    legend_above(fig)
    return fig


@figure(
    "Gradient against the logit z for the targets 0 and 0.1, with squared error above and cross-entropy "
    "beneath. For target 0 both are positive everywhere. For target 0.1 both cross zero at z = -2.2, marked, "
    "and are negative to the left of it. On the right the soft target's gradient is a tenth smaller: the "
    "squared error's falls to 0 all the same, cross-entropy's ends at 0.9 instead of 1."
)
def soft_targets(
    gradients: tuple[Expr, Expr] = (MSE_GRADIENT, BCE_GRADIENT), z: Symbol = z, y: Symbol = y
) -> Figure:
    """A target of 0.1 puts the optimum at a finite logit; it does nothing for a prediction that is wrong."""
    fig, axes = blank(2, height=5.8, sharex=True)
    for ax, gradient, name in zip(axes, gradients, ("squared error", "cross-entropy"), strict=True):
        ax.axhline(0, color=FAINT, linestyle="-", linewidth=1)
        for target in (0, SOFT):
            curve = evaluate(gradient.subs(y, target), z, LOGITS)
            ax.plot(LOGITS, curve, label=f"target $y = {float(target):g}$")
        _mark_optimum(ax)
        ax.set(title=name, ylabel="$dL/dz$", xlim=(-8, 8))
    axes[-1].set(xlabel="logit $z$")
    legend_above(fig)
    return fig


def _mark_optimum(ax: Axes) -> None:
    best = float(log(SOFT / (1 - SOFT)))
    ax.plot(best, 0, "o", color=ax.lines[-1].get_color())
