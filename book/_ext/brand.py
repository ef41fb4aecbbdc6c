"""The book's mark: a sigmoid, and the distance from it to the target, which is the gradient p - y.

``python book/_ext/brand.py`` draws it into book/_static: the icon, its copy for programs that know no SVG, and the
picture that stands for the book where someone links to it. A test holds the files to this code.
"""

import io
from itertools import pairwise
from pathlib import Path

import matplotlib.style
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from logitgrad import sigmoid
from logitgrad.figures.canvas import INK, PAPER, STYLE

STATIC = Path(__file__).parents[1] / "_static"
BLUE, ORANGE = "#0072b2", "#ffc247"
#: The icon is 32 units wide; the curve is drawn for logits up to this one, the gap at another.
SIZE, FARTHEST, GAP_AT = 32, 5.0, -2.0
ICON_SIZES, STROKE = (48, 32, 16), 3.2
LEFT, WIDTH, BOTTOM, HEIGHT = 4.0, 24.0, 26.0, 20.0


def place(z: float, p: float) -> tuple[float, float]:
    """Where a point of the curve lies on the icon, whose y axis points down."""
    return LEFT + WIDTH * (z + FARTHEST) / (2 * FARTHEST), BOTTOM - HEIGHT * p


def icon() -> str:
    """The mark on a tile, which stands on light and dark pages alike, as SVG.

    Between its knots the curve is the cubic that has the sigmoid's values and slopes, p(1 - p), at both.
    """
    knots = [-FARTHEST, -2.0, 0.0, 2.0, FARTHEST]
    curve = "M{:.2f} {:.2f}".format(*place(knots[0], sigmoid(knots[0])))
    for start, end in pairwise(knots):
        third = (end - start) / 3
        p, q = sigmoid(start), sigmoid(end)
        points = [(start + third, p + third * p * (1 - p)), (end - third, q - third * q * (1 - q)), (end, q)]
        curve += "C" + " ".join("{:.2f} {:.2f}".format(*place(*point)) for point in points)
    (x, y), (_, target) = place(GAP_AT, sigmoid(GAP_AT)), place(GAP_AT, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">\n'
        f'<rect width="{SIZE}" height="{SIZE}" rx="7" fill="{BLUE}"/>\n'
        f'<g fill="none" stroke-width="{STROKE}" stroke-linecap="round">\n'
        f'<path d="M{x:.2f} {target:.2f}V{y:.2f}" stroke="{ORANGE}"/>\n'
        f'<path d="{curve}" stroke="#fff"/>\n'
        "</g>\n</svg>\n"
    )


def small_icon(pixels: int) -> Image.Image:
    """The same mark as a picture of so many pixels."""
    fig = Figure(figsize=(1, 1), dpi=pixels, facecolor="none")
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, SIZE), ylim=(SIZE, 0))
    ax.axis("off")
    thick = STROKE * 72 / SIZE
    tile = FancyBboxPatch((7, 7), SIZE - 14, SIZE - 14, boxstyle="round,pad=7", facecolor=BLUE, linewidth=0)
    ax.add_patch(tile)
    (x, y), (_, target) = place(GAP_AT, sigmoid(GAP_AT)), place(GAP_AT, 1)
    ax.plot([x, x], [target, y], color=ORANGE, linewidth=thick, solid_capstyle="round")
    curve = [place(z, sigmoid(z)) for z in _logits()]
    ax.plot([x for x, _ in curve], [y for _, y in curve], color="white", linewidth=thick, solid_capstyle="round")
    return _drawn(fig)


def card() -> Image.Image:
    """What stands for the book elsewhere: its title beside its mark, 1200 by 630 pixels."""
    with matplotlib.style.context(STYLE):
        fig = Figure(figsize=(12, 6.3), dpi=100, facecolor=PAPER, layout="none")
        words = {"color": INK, "ha": "left"}
        fig.text(0.06, 0.66, "Logit gradients,\nderived", fontsize=40, weight="bold", linespacing=1.15, **words)
        fig.text(0.06, 0.47, r"$\frac{\partial L}{\partial z} = p - y$", fontsize=44, **words)
        fig.text(
            0.06,
            0.20,
            "Cross-entropy and the activations\nbefore it: proved with SymPy,\nrun in NumPy.",
            fontsize=21,
            **words,
        )
        ax = fig.add_axes((0.58, 0.14, 0.37, 0.72), xlim=(-5, 5), ylim=(-0.06, 1.16))
        at = -1.2
        p = sigmoid(at)
        ax.axhline(1, color=INK, linewidth=1.5, linestyle=(0, (5, 4)))
        ax.plot(_logits(), [sigmoid(z) for z in _logits()], color="C0", linewidth=7, solid_capstyle="round")
        ax.plot([at, at], [p, 1], color="C1", linewidth=7, linestyle="-", solid_capstyle="round")
        ax.text(at - 0.3, (1 + p) / 2, r"$p - y$", fontsize=30, color="C1", ha="right", va="center")
        ax.text(4.9, 1.03, r"target $y = 1$", fontsize=20, ha="right", va="bottom")
        ax.text(1.7, 0.62, r"$p = \sigma(z)$", fontsize=26, color="C0", ha="left", va="center")
        ax.set(yticks=[0, 1], xticks=[])
        ax.tick_params(labelsize=20)
        ax.set_xlabel("logit $z$", fontsize=20)
        return _drawn(fig)


def _logits() -> list[float]:
    return [FARTHEST * step / 100 for step in range(-100, 101)]


def _drawn(fig: Figure) -> Image.Image:
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=fig.dpi)
    return Image.open(file).convert("RGBA")


def main() -> None:
    """Draw them all."""
    (STATIC / "icon.svg").write_text(icon(), encoding="utf-8")
    largest, *smaller = [small_icon(pixels) for pixels in ICON_SIZES]
    largest.save(STATIC / "favicon.ico", append_images=smaller, sizes=[(pixels, pixels) for pixels in ICON_SIZES])
    # Few colours: a palette is a third of the size.
    card().convert("RGB").quantize(64, dither=Image.Dither.NONE).save(STATIC / "card.png", optimize=True)


if __name__ == "__main__":
    main()
