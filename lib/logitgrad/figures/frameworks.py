"""What an audit of other libraries found, as strips: dark where digits are right, pale where none is."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .canvas import blank, figure
from .sigmoid_bce_floats import SHADES

Array = NDArray[Any]
Parts = Mapping[str, Any]
Found = Mapping[tuple[str, str, str], Parts]  # by name, function and type; its parts are those of a kept result

LIBRARIES = {
    "torch": "PyTorch",
    "optax": "JAX, optax",
    "tensorflow": "TensorFlow",
    "scipy": "SciPy",
    "sklearn": "scikit-learn",
    "logitgrad": "logitgrad",
}
REMEDIES = {
    "torch_remedy": "PyTorch, lead",
    "jax_remedy": "JAX, lead",
    "tensorflow_remedy": "TensorFlow, lead",
    "scipy_remedy": "SciPy, lead",
}
NAMES = {"loss": "loss", "grad": "gradient"}
LINEAR, FAR = 50, 500  # the axis is linear so far, and marked so far


@figure(
    "Four panels of six strips, one strip for each library, over the logit in float64: loss and gradient, each "
    "for target 0 and target 1. Dark where the result is right to the last digit, pale where no digit is. "
    "PyTorch's loss is pale on the left for target 0, scikit-learn's on the right for target 1, and the gradients "
    "of PyTorch and SciPy on the right for target 1. All other strips are dark."
)
def frameworks_bce(found: Found, dtype: str = "float64") -> Figure:
    """Each library loses its digits on one side only, where a number close to 1 or to the logit was subtracted."""
    fig, axes = blank(2, 2, height=1.9 + 0.62 * len(LIBRARIES), sharex=True, sharey=True)
    for ax, (name, label) in zip(axes, product(NAMES, ("y = 0", "y = 1")), strict=True):
        _strips(ax, [found[library, f"sigmoid_bce.{name}", dtype][label] for library in LIBRARIES], dtype)
        ax.set(title=f"{NAMES[name]}, ${label}$")
    _finish(fig, axes, LIBRARIES.values(), dtype, (-1, 0, 1))
    for ax in axes[2:]:
        ax.set(xlabel="logit $z$")
    return fig


@figure(
    "Two panels of ten strips over the label's lead in float64, the loss above and its gradient below. Dark where "
    "digits are right, pale where none is. The strips of all five libraries fade as the lead grows and are pale "
    "from about 37 on. Those of the forms on the lead, in PyTorch, JAX, TensorFlow and SciPy, stay dark, and so "
    "does logitgrad's."
)
def frameworks_ce(found: Found, dtype: str = "float64", label: str = "one class dominates") -> Figure:
    """Behind a shift and a logarithm nobody keeps the digits of a right answer; on the lead they are kept."""
    *others, ours = LIBRARIES.items()
    rows = dict([*others, *REMEDIES.items(), ours])
    fig, axes = blank(2, height=1.7 + 0.62 * len(rows), sharex=True)
    for ax, name in zip(axes, NAMES, strict=True):
        _strips(ax, [found[row, f"softmax_ce.{name}", dtype][label] for row in rows], dtype)
        ax.set(title=NAMES[name])
    _finish(fig, axes, rows.values(), dtype, (-FAR, -1, 0, 1, FAR))
    axes[-1].set(xlabel="lead of the label's logit")
    return fig


def _finish(fig: Figure, axes: Sequence[Axes], rows: Iterable[str], dtype: str, places: Sequence[int]) -> None:
    """Ticks, of which 1 stands for the end of the digits, the rows' names, and one scale of shades for all."""
    names, end, border = list(rows), normal_end(dtype), round(-np.log(np.finfo(dtype).eps / 2))
    ticks = [border * place if abs(place) == 1 else place for place in places]
    for ax in axes:
        ax.set_xscale("symlog", linthresh=LINEAR, linscale=1.5)
        ax.set(xlim=(-end, end), ylim=(len(names) - 0.5, -0.5), ylabel="")
        ax.set_xticks(ticks, [f"{tick}".replace("-", "−") for tick in ticks])
        ax.set_yticks(range(len(names)), names)
        ax.minorticks_off()
        ax.grid(visible=False)
        ax.tick_params(axis="y", length=0)
    axes[0].set_ylabel("library")
    shades = ScalarMappable(LogNorm(float(np.finfo(dtype).eps) / 2, 1), SHADES)
    fig.colorbar(shades, ax=axes, location="top", aspect=30, pad=0.02).set_label(f"relative error, {dtype}")


def normal_end(dtype: str) -> float:
    """How far from 0 a logit's exponential is still a normal number.

    >>> normal_end("float32") == -np.log(np.finfo("float32").tiny, dtype=float)
    np.True_
    """
    return float(-np.log(np.float64(np.finfo(dtype).tiny)))


def _strips(ax: Axes, parts: Sequence[Mapping[str, Any]], dtype: str) -> None:
    """A strip for each part of a result, in the shades of its relative errors."""
    best, end = float(np.finfo(dtype).eps) / 2, normal_end(dtype)
    far = np.geomspace(LINEAR, end, 200)
    edges = np.concatenate([-far[:0:-1], np.linspace(-LINEAR, LINEAR, 501), far[1:]])
    for row, part in enumerate(parts):
        errors = np.clip(errors_at((edges[1:] + edges[:-1]) / 2, part), best, 1)
        ax.pcolormesh(
            edges, [row - 0.38, row + 0.38], errors[np.newaxis],
            cmap=SHADES, norm=LogNorm(best, 1), rasterized=True,  # else the paper shines through the seams
        )  # fmt: skip


def errors_at(places: Array, part: Mapping[str, Any], least: float = 1e-20) -> Array:
    """The relative errors of a part at some places: on lines between its points, and 1 where all is lost."""
    curve, end = part["curve"], np.abs(places).max()
    known = {
        at: 1.0 if error is None else np.clip(error, least, 1)
        for at, error in zip(curve["at"], curve["relative"], strict=True)
        if abs(at) <= end
    }
    errors = np.exp(np.interp(places, list(known), np.log(list(known.values()))))
    lost = [(first <= places) & (places <= last) for first, last in part["lost_ranges"]]
    return np.where(np.any([np.zeros(places.shape, bool), *lost], axis=0), 1.0, errors)
