"""The pictures show what their alternative texts say."""

from itertools import pairwise

import numpy as np
import pytest

from logitgrad import figures
from logitgrad.figures.softmax_ce_floats import DTYPES, LOOKS


@pytest.fixture(scope="module")
def by_lead():
    return figures.softmax_ce_by_lead()


def line(ax, name):
    return next(line for line in ax.lines if line.get_label() == name)


def full_loss(ax, name):
    """The lead from which on the error is 100 %."""
    leads, errors = line(ax, name).get_data()
    return leads[np.argmax(errors >= 1)]


@pytest.mark.parametrize("name", ["shifted", "log-softmax"])
def test_all_is_lost_between_7_and_8_near_16_and_near_37(by_lead, name):
    for ax, low, high in zip(by_lead.axes, (7, 7, 15.5, 15.5, 36, 36), (8, 8, 17, 17, 38, 38), strict=True):
        assert low < full_loss(ax, name) < high


def test_in_float64_constants_cost_half_the_digits_and_the_gradient_beyond_16(by_lead):
    loss, gradient = by_lead.axes[4:]
    assert line(loss, "ε in the logarithm").get_ydata().min() > 1e-9
    assert 16 <= full_loss(gradient, "clipping") < 16.5


def test_the_librarys_line_is_flat_at_the_last_digit(by_lead):
    for ax, dtype in zip(by_lead.axes, np.repeat(DTYPES, 2), strict=True):
        assert line(ax, "logitgrad").get_ydata().max() < 2.4 * np.finfo(dtype).eps


def test_the_shifts_error_is_a_staircase_below_the_gap_up_to_8_64_and_512():
    (ax,) = figures.softmax_error_by_gap().axes
    for dtype, top in zip(DTYPES, (8, 64, 512), strict=True):
        gaps, errors = line(ax, f"shifted, {dtype}").get_data()
        assert 0.9 * top < errors.max() < top + 2
        assert (errors < gaps + 3).all()
    for name in ("as written, float64", "logitgrad, float64"):
        assert line(ax, name).get_ydata().max() < 4


def test_each_bar_is_filled_from_end_to_end_and_the_librarys_are_clear():
    (ax,) = figures.softmax_ce_limits().axes
    bars = {}
    for blocks in ax.collections:
        (path,) = blocks.get_paths()
        box = path.get_extents()
        bars.setdefault(box.y0, []).append((box.x0, box.x1, tuple(blocks.get_facecolor()[0])))
    assert len(bars) == 18
    for blocks in bars.values():
        blocks.sort()
        assert blocks[0][0] <= -799
        assert blocks[-1][1] >= 799
        assert all(left[1] == pytest.approx(right[0]) for left, right in pairwise(blocks))
    lowest = sorted(bars)[-3:]
    assert all(len(bars[place]) == 1 for place in lowest)
    assert len(LOOKS) == 3
