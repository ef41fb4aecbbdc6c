"""The icon and the card are what their code draws, and what is drawn is true."""

from __future__ import annotations

import re

import brand
import numpy as np
import pytest
from PIL import Image

from logitgrad import sigmoid


def curve() -> list[list[tuple[float, float]]]:
    """The cubics of the icon's curve, by their four points."""
    numbers = [
        float(number) for number in re.findall(r"[\d.]+", re.search(r'd="(M[^"]*C[^"]*)"', brand.icon())[1])
    ]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    return [points[start : start + 4] for start in range(0, len(points) - 1, 3)]


def test_the_icon_is_what_its_code_draws():
    assert (brand.STATIC / "icon.svg").read_text(encoding="utf-8") == brand.icon()


def test_the_curve_of_the_icon_is_a_sigmoid():
    for cubic in curve():
        for t in np.linspace(0, 1, 9):
            weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3]
            x, y = np.array(weights) @ np.array(cubic)
            z = (x - brand.LEFT) / brand.WIDTH * 2 * brand.FARTHEST - brand.FARTHEST
            assert y == pytest.approx(brand.BOTTOM - brand.HEIGHT * sigmoid(z), abs=0.2)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures' colours, of 255."""
    assert one.size == other.size
    return float(np.abs(np.asarray(one.convert("RGB"), float) - np.asarray(other.convert("RGB"), float)).mean())


def test_the_card_is_what_its_code_draws():
    with Image.open(brand.STATIC / "card.png") as kept:
        assert kept.size == (1200, 630)
        assert difference(kept, brand.card()) < 1


@pytest.mark.parametrize("pixels", brand.ICON_SIZES)
def test_the_icon_for_programs_without_svg_is_what_its_code_draws(pixels):
    with Image.open(brand.STATIC / "favicon.ico") as kept:
        assert set(kept.ico.sizes()) == {(size, size) for size in brand.ICON_SIZES}
        assert difference(kept.ico.getimage((pixels, pixels)), brand.small_icon(pixels)) < 1
