"""Matching losses: the loss as an area, matched beside mismatched gradients, and the gap under a convex curve."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Expr, Integer, Rational, log

from ..symbolic.functions import relu, sigma, softplus
from ..symbolic.matching_loss import MATCHINGS, bregman, f_sigma
from ..symbolic.pairings import ACTIVATIONS, LOSSES
from ..symbolic.symbols import a, y, z
from .canvas import FAINT, blank, colour, figure, legend_above, write
from .curves import derivative, evaluate

LOW, HIGH, TOP = -3, 2.5, 3.4
SHADE: dict[str, Any] = {"facecolor": "#cfe3ef", "edgecolor": "#8fb8d2", "hatch": "//", "linewidth": 0}


class Case(NamedTuple):
    """An activation, its potential, a target, the logit that hits the target, and another logit."""

    name: str
    output: Expr
    potential: Expr
    target: Expr
    hit: Expr
    logit: Expr


CASES = (
    Case("sigmoid", sigma(z), MATCHINGS["sigmoid"].potential, Rational(3, 4), log(3), Rational(-5, 2)),
    Case("exp", MATCHINGS["exp"].output, MATCHINGS["exp"].potential, Integer(1), Integer(0), Integer(1)),
    Case("ReLU", relu(z), relu(z) ** 2 / 2, Integer(1), Integer(1), Rational(-3, 2)),
)


def above_lowest(case: Case) -> Expr:
    """The loss of the logit, less its smallest value, which it has where the output is the target."""
    loss = case.potential - case.target * z
    return loss - loss.subs(z, case.hit)


@figure(
    "Three rows, for the sigmoid, the exponential and the ReLU. Left, the output against z and a dashed line at "
    "the target; the area between the two is shaded, from a logit to the one that hits the target. Right, the "
    "matching loss against z: convex, 0 where the target is hit, with a dot as high as the shaded area is large. "
    "The ReLU's loss is a falling straight line on the left, where the output is flat."
)
def matching_areas(cases: Sequence[Case] = CASES) -> Figure:
    """The height of the dot on the right is the area on the left."""
    fig, axes = blank(len(cases), 2, height=8.2, sharex=True)
    at = np.linspace(LOW, HIGH, 441)
    for case, left, right in zip(cases, axes[::2], axes[1::2], strict=True):
        _area(left, case, at)
        right.plot(at, evaluate(above_lowest(case), z, at))
        right.plot(float(case.logit), _number(above_lowest(case), float(case.logit)), "o", color=colour(1))
        left.set(title=case.name, ylabel="output $a$", ylim=(-0.15, TOP if case.name == "exp" else 1.65))
        right.set(title=f"{case.name}: loss", ylabel="$L$ above its lowest", ylim=(-0.15, TOP))
    for ax in axes[-2:]:
        ax.set(xlabel="$z$", xlim=(LOW, HIGH))
    return fig


def _area(ax: Axes, case: Case, at: Any) -> None:
    target, (low, high) = float(case.target), sorted((float(case.logit), float(case.hit)))
    ax.plot(at, evaluate(case.output, z, at))
    ax.axhline(target, color=FAINT, linewidth=1.4, linestyle=(0, (3, 2)))
    between = np.linspace(low, high, 201)
    ax.fill_between(between, evaluate(case.output, z, between), target, **SHADE)
    ax.plot(float(case.logit), _number(case.output, float(case.logit)), "o", color=colour(1))


HIT, FAR = Rational(3, 5), Integer(-2)
OTHERS = (
    ("sigmoid", "squared error"),
    ("arctan", "cross-entropy"),
    ("ReLU", "squared error"),
    ("exp", "squared error"),
)


@figure(
    "Gradient against z for target 1, in four panels, with the matching loss and with another. With its matching "
    "loss each gradient is the output minus 1: far from 0 on the left, and 0 only at the target. With squared "
    "error the sigmoid, the ReLU and the exponential fall silent on the left, and with cross-entropy the arctan."
)
def matched_and_mismatched(pairs: Sequence[tuple[str, str]] = OTHERS, target: int = 1) -> Figure:
    """What each activation hears of an error, with its own loss and with a borrowed one."""
    fig, axes = blank(2, 2, height=6.4, sharex=True, sharey=True)
    losses = {loss.name: loss for loss in LOSSES}
    outputs = {activation.name: activation.output for activation in ACTIVATIONS} | {
        "arctan": MATCHINGS["arctan"].output
    }
    at = np.linspace(-6, 2, 641)
    for ax, (activation, loss) in zip(axes, pairs, strict=True):
        other = losses[loss].value.subs(a, outputs[activation]).subs(y, target)
        ax.plot(at, evaluate(outputs[activation] - target, z, at), label="matching loss")
        ax.plot(at, evaluate(derivative(other, z), z, at), label="the loss named")
        ax.set(title=f"{activation}, {loss}", ylim=(-1.35, 1.35), xlim=(-6, 2))
    for ax in axes[2:]:
        ax.set_xlabel("$z$")
    for ax in axes[::2]:
        ax.set_ylabel("gradient $dL/dz$")
    legend_above(fig)
    return fig


@figure(
    "Two convex curves, each with a tangent and an upright line from the tangent to the curve. Left the negative "
    "entropy against the output: the tangent touches at the output a, and the line stands at the target y. Right "
    "softplus against the logit: the tangent touches at the target's logit u, and the line stands at z. Both "
    "lines are equally long, 0.65."
)
def tangent_gaps(target: Expr = HIT, logit: Expr = FAR) -> Figure:
    """The same loss twice: as a gap over the outputs and as a gap over the logits."""
    fig, (left, right) = blank(1, 2, height=4.4)
    output, hit = sigma(logit), log(target / (1 - target))
    _gap(left, f_sigma, _number(output), float(target), (0, 1))
    _gap(right, softplus, _number(hit), _number(logit), (-3, 2.5))
    left.set(title="of the output", xlabel="output", ylabel="potential", ylim=(-1.75, 0.45), xlim=(-0.02, 1.02))
    left.set_yticks([-1.5, -1, -0.5, 0])
    right.set(title="of the logit", xlabel="logit", ylabel="potential", ylim=(-0.85, 1.35), xlim=(-3, 2.5))
    right.set_yticks([-0.5, 0, 0.5, 1])
    left.set_xticks([_number(output), float(target)], ["$a$", "$y$"])
    right.set_xticks([_number(logit), _number(hit)], ["$z$", "$u$"])
    return fig


def _number(e: Expr, at: float = 0.0) -> float:
    return float(evaluate(e, z, at))


def _gap(ax: Axes, potential: Any, touching: float, at: float, ends: tuple[float, float]) -> None:
    points = np.linspace(*ends, 402)[1:-1]
    curve, slope = potential(z), derivative(potential(z), z)
    height, tilt = _number(curve, touching), _number(slope, touching)
    foot = height + tilt * (at - touching)
    ax.plot(points, evaluate(curve, z, points))
    ax.plot(points, height + tilt * (points - touching))
    ax.plot(
        [at, at],
        [foot, foot + _number(bregman(potential, at, touching))],
        color=colour(3),
        linewidth=4,
        linestyle="-",
    )
    ax.plot(touching, height, "o", color=colour(1))
    write(ax, at - 0.09 * (ends[1] - ends[0]), foot + 0.36, "$D$")
