"""Training runs side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .canvas import blank, figure


@figure(
    "Loss against training step, one curve for each named run. A run that becomes not a number ends in a "
    "cross at its last finite value."
)
def training_curves(
    histories: Mapping[str, Sequence[float]], *, step: str = "epoch", unit: str = "nats", log: bool = True
) -> Figure:
    """Who learns, who stalls, and where a run dies."""
    fig, (ax,) = blank(height=4.4)
    for name, history in histories.items():
        _run(ax, name, np.asarray(history, dtype=float))
    ax.set(xlabel=step, ylabel=f"loss ({unit})", yscale="log" if log else "linear")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return fig


def _run(ax: Axes, name: str, history: np.ndarray) -> None:
    finite = np.isfinite(history)
    alive = len(history) if finite.all() else int(np.argmin(finite))
    died = alive < len(history)
    label = f"{name} (dies at {alive})" if died else name
    (line,) = ax.plot(np.arange(alive), history[:alive], label=label)
    if died and alive:
        ax.plot(alive - 1, history[alive - 1], "X", color=line.get_color(), markersize=11, clip_on=False)
