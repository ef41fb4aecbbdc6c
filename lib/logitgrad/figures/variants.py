"""Variants of cross-entropy: where smoothing puts the optimum, what weights and focusing do to outputs."""

import numpy as np
from matplotlib.figure import Figure
from sympy import Expr, Integer, Rational, Symbol, log

from ..symbolic.functions import sigma, unfold
from ..symbolic.symbols import K, logits, targets, z
from ..symbolic.theorem import theorems
from ..symbolic.variants import F, gamma, lam, q, smoothed_ce, w
from .canvas import FAINT, blank, colour, figure, legend_above
from .curves import Points, derivative, evaluate

CLASSES = 10
AMOUNTS = (Integer(0), Rational(1, 10), Rational(3, 10))
EXPONENTS = (Integer(0), Integer(2), Integer(5))
WEIGHTS = (Integer(1), Integer(3), Integer(10))
LEAD = log(theorems["smoothing-odds"].statement.rhs)
BEST = theorems["pos-weight-optimum"].statement.rhs
PULL = theorems["focal-gradient"].statement.rhs
LOGITS = np.linspace(-8, 8, 481)


def _led() -> Expr:
    """The smoothed loss of ten classes whose first has the label and leads the others, all equal, by z."""
    row = {logits[n]: z if n == 1 else Integer(0) for n in range(1, CLASSES + 1)}
    label = {targets[n]: Integer(n == 1) for n in range(1, CLASSES + 1)}
    loss: Expr = unfold(smoothed_ce(logits, targets, lam, CLASSES)).doit()
    return loss.xreplace(row | label)


@figure(
    "Loss and its slope against the lead of the label's logit over nine equal ones, without smoothing and with "
    "smoothing of 0.1 and 0.3. Unsmoothed, the loss falls towards 0 for ever. Smoothed, it has a lowest point, "
    "marked at leads of 4.5 and 3.2, above 0.5 and 1.2 nats, and rises along a line beyond, where the slope is "
    "positive."
)
def smoothed_loss(lead: Expr = LEAD) -> Figure:
    """A smoothed label is met by a finite lead, and what exceeds it is paid for."""
    fig, (above, below) = blank(2, height=5.8, sharex=True)
    at, loss = np.linspace(-3, 12, 481), _led()
    below.axhline(0, color=FAINT, linestyle="-", linewidth=1)
    for amount in AMOUNTS:
        cost = loss.subs(lam, amount)
        above.plot(at, evaluate(cost, z, at), label=rf"$\lambda = {float(amount):g}$")
        below.plot(at, evaluate(derivative(cost, z), z, at))
    for number, amount in enumerate(AMOUNTS[1:], start=1):
        best = float(lead.subs({lam: amount, K: CLASSES}))
        above.plot(best, float(evaluate(loss.subs(lam, amount), z, [best])[0]), "o", color=colour(number))
        below.plot(best, 0, "o", color=colour(number))
    above.set(ylabel="loss (nats)", ylim=(0, 5.5))
    below.set(xlabel="lead of the label's logit", ylabel="slope", xlim=(-3, 12))
    legend_above(fig)
    return fig


@figure(
    "Two panels: the output that costs least against how often the label is 1. Left, weights 1, 3 and 10 for "
    "positives: the first is the diagonal, the others bend far above it. Right, focal loss with exponents 0, 2 "
    "and 5: the first is the diagonal, the others lie nearer to one half, where they cross it."
)
def best_outputs(best: Expr = BEST, pull: Expr = PULL) -> Figure:
    """What a unit learns to output: only without weight and without focusing is it a probability."""
    fig, (left, right) = blank(1, 2, height=4.9, sharey=True)
    often = np.linspace(0, 1, 401)
    for weight in WEIGHTS:
        left.plot(often, evaluate(best.subs(w, weight), q, often), label=f"$w = {weight}$")
    for exponent in EXPONENTS:
        right.plot(*_met(pull.subs(gamma, exponent), z), label=rf"$\gamma = {exponent}$")
    for ax, title in ((left, "positives weighted"), (right, "focal loss")):
        ax.set(title=title, xlabel="how often $y = 1$", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        ax.set(xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.12))
    left.set(ylabel="best output $p$")
    return fig


def _met(pull: Expr, z: Symbol) -> tuple[Points, Points]:
    """How often the label must be 1 for an output to be the best: there the two pulls balance."""
    at = np.linspace(-12, 12, 801)
    up, down = evaluate(pull.subs(z, -z), z, at), evaluate(pull, z, at)
    return down / (up + down), evaluate(sigma(z), z, at)


@figure(
    "Focal loss and its gradient against the logit z for target 0 and exponents 0, 2 and 5. On the left, where "
    "the unit is right, loss and gradient vanish the sooner the larger the exponent. On the right all losses "
    "approach one line. The gradients rise from 0 to 1; those with focusing overshoot to 1.13 and 1.31 near z = 3 "
    "and come back down."
)
def focal_loss_and_gradient(loss: Expr = F, gradient: Expr = PULL) -> Figure:
    """Easy examples are silenced, and hard ones pull harder than under cross-entropy: a hump, so not convex."""
    fig, (above, below) = blank(2, height=5.8, sharex=True)
    for exponent in EXPONENTS:
        above.plot(LOGITS, evaluate(loss.subs(gamma, exponent), z, LOGITS), label=rf"$\gamma = {exponent}$")
        below.plot(LOGITS, evaluate(gradient.subs(gamma, exponent), z, LOGITS))
    above.set(ylabel="loss $F$ (nats)", ylim=(-0.2, 6))
    below.set(xlabel="logit $z$", ylabel="gradient $dF/dz$", yticks=(0, 0.5, 1), xlim=(-8, 8))
    legend_above(fig)
    return fig
