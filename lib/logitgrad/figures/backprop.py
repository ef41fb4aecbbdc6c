"""Training runs side by side, and what the trained networks say about the plane."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .canvas import INK, PAPER, blank, colour, figure

Numbers = Sequence[float] | NDArray[np.float64]
Labels = NDArray[np.int_]
Classifier = Callable[[NDArray[np.float64]], Labels]

TINTS = 0.35  # how much of a class's colour its region gets
MARKERS = "os^Dv"


@figure(
    "Loss against training step, one curve for each named run. A run that becomes not a number ends in a "
    "cross at its last finite value."
)
def training_curves(
    histories: Mapping[str, Numbers],
    *,
    step: str = "step",
    unit: str = "nats",
    log: bool = True,
    log_step: bool = False,
) -> Figure:
    """Who learns, who stalls, and where a run dies."""
    fig, (ax,) = blank(height=4.4)
    for name, history in histories.items():
        _run(ax, name, np.asarray(history, dtype=float))
    ax.set(xlabel=step, ylabel=f"loss ({unit})", yscale="log" if log else "linear")
    if log_step:
        _logarithmic_steps(ax)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return fig


@figure(
    "Two panels over one axis of training steps: above, the loss as a multiple of its first value, below, the "
    "norm of the gradient by all weights; one curve for each pairing, from one start. A run that becomes not a "
    "number ends in a cross at its last finite value."
)
def loss_and_gradient_norm(runs: Mapping[str, tuple[Numbers, Numbers]]) -> Figure:
    """Losses of different units side by side: each relative to its start."""
    fig, axes = blank(2, 1, height=6.4, sharex=True)
    for name, (losses, norms) in runs.items():
        losses = np.asarray(losses, dtype=float)
        for ax, history in zip(axes, (losses / losses[0], np.asarray(norms, dtype=float)), strict=True):
            _run(ax, name, history)
    for ax, label in zip(axes, ("loss / first loss", "norm of the gradient"), strict=True):
        ax.set(ylabel=label, yscale="log")
    axes[1].set_xlabel("step")
    _logarithmic_steps(axes[1])
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return fig


def _logarithmic_steps(ax: Axes) -> None:
    """Step 0 has a place, and the first ten steps as much room as the next ninety."""
    ax.set_xscale("symlog", linthresh=1)
    ax.set_xlim(left=-0.05)


def _run(ax: Axes, name: str, history: NDArray[np.float64]) -> None:
    finite = np.isfinite(history)
    alive = len(history) if finite.all() else int(np.argmin(finite))
    died = alive < len(history)
    label = f"{name} (dies at {alive})" if died else name
    (line,) = ax.plot(np.arange(alive), history[:alive], label=label)
    if died and alive:
        ax.plot(alive - 1, history[alive - 1], "X", color=line.get_color(), markersize=11, clip_on=False)


@figure(
    "Panels of the plane with the examples of several classes as markers, one shape for each class. Behind them "
    "each panel shows the regions in which a trained network names each class, in the class's tint."
)
def decision_regions(classifiers: Mapping[str, Classifier], points: NDArray[np.float64], labels: Labels) -> Figure:
    """Which class each network names where, under the examples that it was trained on."""
    fig, axes = blank(1, len(classifiers), height=3.9, sharex=True, sharey=True)
    reach = 1.1 * float(np.abs(points).max())
    for ax, (name, classify) in zip(axes, classifiers.items(), strict=True):
        _regions(ax, classify, reach, int(labels.max()) + 1)
        for label in np.unique(labels):
            look: dict[str, Any] = {"color": colour(label), "markeredgecolor": INK, "markeredgewidth": 0.4}
            ax.plot(
                *points[labels == label].T, MARKERS[label % len(MARKERS)], linestyle="None", markersize=4, **look
            )
        ax.set(title=name, xlabel="$x_1$", aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach))
        ax.grid(False)
    axes[0].set_ylabel("$x_2$")
    return fig


def _regions(ax: Axes, classify: Classifier, reach: float, classes: int) -> None:
    side = np.linspace(-reach, reach, 90)
    across, up = np.meshgrid(side, side)
    named = classify(np.stack([across.ravel(), up.ravel()], axis=1)).reshape(across.shape)
    for label in range(classes):  # one by one: a scale would run through 1 and 2 on its way from 0 to 3
        here = (named == label).astype(float)
        if here.any():
            ax.contourf(across, up, here, levels=[0.5, 1.5], colors=[_tint(colour(label))])
        if 0 < here.mean() < 1:
            ax.contour(across, up, here, levels=[0.5], colors=INK, linewidths=0.5, linestyles="-")


def _tint(strong: str) -> tuple[float, ...]:
    """A class's colour, mixed with paper."""
    ink, paper = (np.array([int(c[n : n + 2], 16) for n in (1, 3, 5)]) / 255 for c in (strong, PAPER))
    return tuple(TINTS * ink + (1 - TINTS) * paper)
