"""Measured errors against the logit: what an audit found, drawn."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .canvas import FAINT, blank, figure

Curve = Sequence[tuple[float, float | None]]

PLACES = (-100, -10, -1, 0, 1, 10, 100)
FLOOR = 1 / 32  # of the unit roundoff: smaller errors are drawn there
LOGIT = "logit $z$"
LEAD = "lead of the true, or of the largest, logit"


@figure(
    "Relative error of measured results against the logit, both axes logarithmic, a line for each group of "
    "points. A faint line marks the unit roundoff, which correctly rounded results do not exceed. Crosses at "
    "100 percent mark where no digit is right."
)
def relative_errors(curves: Mapping[str, Curve], dtype: str, place: str = LOGIT) -> Figure:
    """Where digits are lost: each neighbourhood's largest relative error; None, or 1 and more, is all of them."""
    info = np.finfo(dtype)
    roundoff, end = float(info.eps) / 2, 1 - float(np.log(np.float64(info.smallest_subnormal)))
    fig, [ax] = blank(height=4.6)
    ax.axhline(roundoff, color=FAINT, linewidth=1.4)
    for label, curve in curves.items():
        _draw(ax, label, [point for point in curve if abs(point[0]) <= end], roundoff * FLOOR)
    low = -end if any(at < 0 for curve in curves.values() for at, _ in curve) else 0
    places = [at for at in PLACES if low <= at <= end]
    ax.set(xscale="symlog", xticks=places, xticklabels=[f"${at}$" for at in places], xlim=(low, end), xlabel=place)
    ax.set(yscale="log", ylim=(roundoff * FLOOR / 2, 10), ylabel=f"relative error, {dtype}")
    ax.minorticks_off()
    if curves:
        fig.legend(loc="outside upper center", ncols=min(len(curves), 3), columnspacing=1.2)
    return fig


def _draw(ax: Axes, label: str, curve: Curve, floor: float) -> None:
    """A line that has a gap where everything is lost, and crosses there."""
    at = np.array([place for place, _ in curve])
    errors = np.array([np.inf if error is None else error for _, error in curve])
    lost = ~(errors < 1)
    (line,) = ax.plot(at, np.where(lost, np.nan, np.maximum(errors, floor)), label=label, linewidth=1.8)
    ax.plot(at[lost], np.ones(lost.sum()), "x", color=line.get_color(), markersize=5)
