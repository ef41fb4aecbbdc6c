"""Softmax and cross-entropy in floating point: what the shift costs, and where each remedy gives up."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ..audit.leads import LEADS, NOT_FINITE, RIGHT, WRONG, normal_gap, relative_errors, states, worst_ulps
from ..numeric import naive
from ..numeric.logexp import softmax
from ..numeric.softmax_remedies import REMEDIES, shifted
from .canvas import FAINT, blank, figure, write

DTYPES = ("float16", "float32", "float64")
FLOOR = 1e-18
LOOKS: dict[int, dict[str, Any]] = {
    RIGHT: {"facecolor": "#d9e6dc", "label": "usable"},
    WRONG: {"facecolor": "#e9a46a", "hatch": "//", "label": "not one bit right"},
    NOT_FINITE: {"facecolor": "#444444", "label": "not finite"},
}


@figure(
    "Relative error against the label's lead, for the loss and for its gradient by the label's logit, in float16, "
    "float32 and float64. A shifted softmax and log-softmax climb to an error of 100 %, reached at leads between "
    "7 and 8, near 16 and near 37. In float64 an epsilon costs the loss half of its digits everywhere, and "
    "clipping jumps to 100 % at a lead of 16. The library's error is a flat line at the last digit of each type."
)
def softmax_ce_by_lead() -> Figure:
    """The surer and the more right the model is, the fewer digits are left, in every form but one."""
    fig, axes = blank(len(DTYPES), 2, height=7.6, sharex=True, sharey=True)
    ahead = (LEADS > 0) & (LEADS < 45)
    for row, dtype in enumerate(DTYPES):
        for ax, name, errors in zip(axes[2 * row :], ("loss", "gradient"), range(2), strict=False):
            for remedy in REMEDIES[1:]:
                worst = np.maximum.accumulate(relative_errors(remedy, dtype)[errors][ahead])
                ax.plot(LEADS[ahead], np.clip(worst, FLOOR, 1), label=remedy.name)
            ax.set(yscale="log", ylim=(FLOOR, 20), yticks=(1e-16, 1e-12, 1e-8, 1e-4, 1), xlim=(0, 45))
            ax.set_title(f"{name}, {dtype}")
    for ax in axes[-2:]:
        ax.set_xlabel("lead of the label")
    for ax in axes[::2]:
        ax.set_ylabel("relative error")
    handles, names = axes[0].get_legend_handles_labels()
    fig.legend(handles, names, loc="outside upper center", ncols=3, columnspacing=1.2)
    return fig


@figure(
    "The largest error of a small softmax probability in units in the last place, against the gap between the "
    "logits, both axes logarithmic. For the shifted softmax float16, float32 and float64 lie on one staircase "
    "that doubles at each power of two and follows the gap itself: up to 8, 64 and 512. The softmax as written "
    "and the library's stay below 4 at every gap, in float64."
)
def softmax_error_by_gap() -> Figure:
    """What the shift costs: about as many units in the last place as the gap is wide, in any type."""
    fig, (ax,) = blank(height=4.6)
    for dtype in DTYPES[::-1]:
        _by_gap(ax, shifted, dtype, f"shifted, {dtype}")
    _by_gap(ax, naive.softmax, "float64", "as written, float64")
    _by_gap(ax, softmax, "float64", "logitgrad, float64")
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    ax.set(xlabel="gap between the logits", ylabel="error (ulp)", ylim=(0.25, 2**13))
    ax.legend(loc="upper left")
    ax.plot([1, 1000], [1, 1000], color=FAINT, linestyle="-", linewidth=1, zorder=0)
    write(ax, 400, 1400, "error = gap", FAINT)
    return fig


def _by_gap(ax: Axes, computed: Callable[[Any], Any], dtype: str, name: str) -> None:
    # No power of two among the gaps: random multiples of one would be subtracted without an error.
    gaps = 2 ** np.arange(0.06, np.log2(normal_gap(dtype)), 0.12)
    ax.plot(gaps, [worst_ulps(computed, gap, dtype) for gap in gaps], label=name)


@figure(
    "For each remedy a bar in float16, float32 and float64 over the label's lead, from minus 800 to 800. As "
    "written, results are not finite at both ends. Shifted, the loss is infinite far behind, and not one bit is "
    "right from leads of about 7, 16 and 37 on; with log-softmax only the latter. An epsilon and clipping are "
    "wrong on both sides from about 16 to 18 on. The library's bars are clear from end to end."
)
def softmax_ce_limits() -> Figure:
    """Where loss and gradient are both usable, and where each type gives up."""
    fig, (ax,) = blank(height=8.6)
    places: dict[float, str] = {}
    for number, remedy in enumerate(REMEDIES):
        for line, dtype in enumerate(DTYPES):
            place = 4.6 * number + line
            places[place] = dtype
            _bar(ax, place, np.maximum(*map(states, relative_errors(remedy, dtype))))
        write(ax, -700, 4.6 * number - 1, remedy.name, ha="left")
    ax.set_xscale("symlog", linthresh=1, linscale=0.4)
    ax.set(xlabel="lead of the label", ylabel="type", xlim=(-800, 800), ylim=(4.6 * len(REMEDIES) - 1.4, -1.7))
    ax.set(xticks=(-100, -10, 0, 10, 100), xticklabels=(-100, -10, 0, 10, 100))
    ax.set_yticks(list(places), list(places.values()))
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    fig.legend(handles=[Patch(**look) for look in LOOKS.values()], loc="outside upper center", ncols=3)
    return fig


def _bar(ax: Axes, place: float, found: NDArray[Any]) -> None:
    """Each run of leads in one state as a block; the borders lie between two leads."""
    ends = np.concatenate([LEADS[:1], (LEADS[1:] + LEADS[:-1]) / 2, LEADS[-1:]])
    start = 0
    for state, run in groupby(found.tolist()):
        stop = start + len(list(run))
        block = (ends[start], ends[stop] - ends[start])
        ax.broken_barh([block], (place - 0.4, 0.8), edgecolor="none", **LOOKS[state] | {"label": None})
        start = stop
