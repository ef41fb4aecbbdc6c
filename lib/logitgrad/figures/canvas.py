"""What every figure shares: the style, the alternative text, and how one is saved."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import IO, Any, ParamSpec

import matplotlib
import matplotlib.colors
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.typing import ColorType

STYLE = Path(__file__).with_name("style.mplstyle")
UNDATED: dict[str, Any] = {"Date": None}

PAPER, INK, FAINT = "#fbfaf7", "#222222", "#666666"

_alt: dict[str, str] = {}
Drawn = ParamSpec("Drawn")


def figure(alt: str) -> Callable[[Callable[Drawn, Figure]], Callable[Drawn, Figure]]:
    """Draw in the style, and keep what the picture says in words beside the code that draws it."""

    def register(draw: Callable[Drawn, Figure]) -> Callable[Drawn, Figure]:
        @wraps(draw)
        def styled(*args: Drawn.args, **kwargs: Drawn.kwargs) -> Figure:
            with matplotlib.style.context(STYLE):
                return draw(*args, **kwargs)

        _alt[draw.__name__] = alt
        return styled

    return register


def alt(name: str) -> str:
    """The alternative text of the figure with this name.

    >>> alt("two_factors").split(".")[0]
    'Two factors and their product against the output p, for target 0 and target 1'
    """
    return _alt[name]


def names() -> tuple[str, ...]:
    """The names of all figures.

    >>> from logitgrad import figures
    >>> "two_factors" in figures.names()
    True
    """
    return tuple(_alt)


def save(fig: Figure, file: str | Path | IO[bytes]) -> None:
    """Write a figure as SVG; the same figure gives the same bytes.

    >>> import io
    >>> from logitgrad import figures
    >>> figures.save(figures.two_factors(), file := io.BytesIO())
    >>> b"<svg" in file.getvalue()
    True
    """
    with matplotlib.style.context(STYLE):
        fig.savefig(file, format="svg", metadata=UNDATED)


def use_style() -> None:
    """Apply the style to this session; in a notebook, also show figures as reproducible SVG.

    >>> import warnings
    >>> with matplotlib.rc_context(), warnings.catch_warnings(action="ignore"):
    ...     use_style()
    ...     matplotlib.rcParams["figure.facecolor"] == PAPER
    True
    """
    matplotlib.style.use(STYLE)
    try:
        from IPython import get_ipython
        from matplotlib_inline.config import InlineBackend
    except ImportError:
        return
    if (shell := get_ipython()) is not None:
        inline = InlineBackend.instance(parent=shell)
        inline.shell = shell
        inline.set_trait("print_figure_kwargs", {"metadata": UNDATED})
        inline.set_trait("figure_formats", {"svg"})


def blank(
    rows: int = 1, columns: int = 1, height: float = 4.0, *, sharex: bool = False, sharey: bool = False
) -> tuple[Figure, list[Axes]]:
    """A figure of the style's width, free of pyplot's state, with its axes row by row."""
    fig = Figure(figsize=(matplotlib.rcParams["figure.figsize"][0], height))
    grid = fig.subplots(rows, columns, squeeze=False, sharex=sharex, sharey=sharey)
    return fig, list(grid.flat)


def write(ax: Axes, x: float, y: float, text: str, color: ColorType = INK, **options: Any) -> None:
    """A label inside the axes, on paper so that lines behind it do not disturb it."""
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
    look: dict[str, Any] = {"ha": "center", "va": "center", "bbox": box, "color": color, **options}
    ax.text(x, y, text, **look)


def colour(number: int) -> str:
    """The style's colour with this number, fixed now: "C0" would be looked up when the figure is saved."""
    return matplotlib.colors.to_hex(f"C{number}")


def asymptote(ax: Axes, x: float) -> None:
    """A pole of one of the curves: a line that they approach and never meet."""
    ax.axvline(x, color=FAINT, linestyle=(0, (2, 2)), linewidth=1.4)


def legend_above(fig: Figure) -> None:
    """One legend for all panels, above them, in the order of the first panel's lines."""
    handles, labels = fig.axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper center", ncols=len(labels), columnspacing=1.2)
