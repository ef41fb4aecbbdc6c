"""Pairings of an activation with a loss: which questions each fails, and its gradient against the output."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..symbolic.pairings import ACTIVATIONS, LOSSES, QUESTIONS, Activation, Loss, Pairing
from ..symbolic.symbols import y, z
from .canvas import FAINT, INK, PAPER, blank, figure
from .curves import Points, derivative, evaluate

HARD = (0, 1)
SOUND, GROWS = "#bfe0d3", "#dfeee4"
LOW, HIGH, REACH = -1.3, 2.3, 2.2
WRONG: dict[str, Any] = {"facecolor": "#f8e8db", "edgecolor": "#e6c8b0", "hatch": "//", "linewidth": 0}


def failures(pairing: Pairing, targets: Sequence[int] = HARD) -> str:
    """The initials of the questions that are answered no for a target, "?" for one that stays open."""
    answers = [[pairing.verdicts(target)[question.name].answer for target in targets] for question in QUESTIONS]
    letters = [question.name[0].upper() for question in QUESTIONS]
    return "".join(
        letter if False in answer else "?"
        for letter, answer in zip(letters, answers, strict=True)
        if not all(answer)
    )


@figure(
    "A grid of seven activations by four losses. Three cells are marked as answering all six questions with yes: "
    "sigmoid with cross-entropy, softplus with Poisson, identity with absolute error. Two more, identity with "
    "squared error and exp with Poisson, fail only in that the gradient grows without bound. Every other cell "
    "has the initial of a question that matters more."
)
def pairings_map(activations: Sequence[Activation] = ACTIVATIONS, losses: Sequence[Loss] = LOSSES) -> Figure:
    """What each pairing fails in, over both targets: the first letters of the six questions."""
    fig, (ax,) = blank(height=0.62 * len(activations) + 2)
    for row, activation in enumerate(activations):
        for column, loss in enumerate(losses):
            _cell(ax, row, column, failures(Pairing(activation, loss)))
    ax.set(xlim=(0, len(losses) + 0.01), ylim=(len(activations), 0), ylabel="activation")
    ax.set_xlabel("loss\n\nR real   B bounded   E ends\nD direction   A alive   T target")
    ax.set_xticks(np.arange(len(losses)) + 0.5, [loss.name.replace(" ", "\n") for loss in losses])
    ax.set_yticks(np.arange(len(activations)) + 0.5, [activation.name for activation in activations])
    ax.tick_params(length=0)
    ax.grid(False)
    return fig


def _cell(ax: Axes, row: int, column: int, failed: str) -> None:
    colour = SOUND if not failed else GROWS if set(failed) <= {"B", "E"} else PAPER
    ax.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, edgecolor=FAINT, linewidth=0.8))
    ax.text(column + 0.5, row + 0.5, " ".join(failed) or "all six", ha="center", va="center", color=INK)


@figure(
    "Four panels, one for each loss: the gradient by the logit against the output, for target 1, with the line "
    "a minus y in grey. In each panel but that of absolute error one curve lies on the line: the identity's with "
    "squared error, the sigmoid's with cross-entropy, the exponential's with Poisson. Others bend to 0 where "
    "the output is wrong, or run through the hatched quarters, where the gradient points the wrong way."
)
def pairings_against_output(
    names: Sequence[str] = ("identity", "sigmoid", "tanh", "softplus", "exp"),
    losses: Sequence[Loss] = LOSSES,
    target: int = 1,
) -> Figure:
    """The same line in three panels: three pairings whose gradient is the output minus the target."""
    fig, axes = blank(2, 2, height=6.6, sharex=True, sharey=True)
    chosen = [activation for activation in ACTIVATIONS if activation.name in names]
    for ax, loss in zip(axes, losses, strict=True):
        _panel(ax, [Pairing(activation, loss) for activation in chosen], target)
        ax.set(title=loss.name, xlim=(LOW, HIGH), ylim=(-REACH, REACH))
    for ax in axes[2:]:
        ax.set_xlabel("output $a$")
    for ax in axes[::2]:
        ax.set_ylabel("gradient $dL/dz$")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return fig


def _panel(ax: Axes, pairings: Sequence[Pairing], target: int) -> None:
    for corner, width, height in (((LOW, 0), target - LOW, REACH), ((target, 0), HIGH - target, -REACH)):
        ax.add_patch(Rectangle(corner, width, height, **WRONG))
    ax.axline((target, 0), slope=1, color="#c9c5ba", linestyle="-", linewidth=8)
    for pairing in pairings:
        ax.plot(*_curve(pairing, target), label=pairing.activation.name)


def _curve(pairing: Pairing, target: int) -> tuple[Points, Points]:
    """Output and gradient as the logit runs, with gaps: no line may bridge a pole or a jump."""
    logits = np.linspace(-9, 9, 3602)  # 0 is not among them
    gradient = evaluate(derivative(pairing.value.subs(y, target), z), z, logits)
    broken = (np.abs(gradient) > 4 * REACH) | (np.abs(np.diff(gradient, prepend=gradient[0])) > REACH / 4)
    gradient = np.where(broken, np.nan, gradient)
    return evaluate(pairing.activation.output, z, logits), gradient
