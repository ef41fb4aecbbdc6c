import numpy as np
import pytest

from logitgrad.figures import entropy_and_kl, gaps_and_divergence
from logitgrad.figures.cross_entropy import LABELS, MODEL, TRUTH


def entropy(p):
    return -(p * np.log(p) + (1 - p) * np.log1p(-p))


@pytest.fixture(scope="module")
def ax():
    return entropy_and_kl().axes[0]


def test_each_minimum_is_at_the_target_and_equals_its_entropy(ax):
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    assert len(marks) == len(LABELS)
    for target, mark in zip(map(float, LABELS), marks, strict=True):
        (where,), (height,) = mark.get_data()
        assert where == target
        assert abs(height - entropy(target)) < 1e-15


def test_no_point_of_a_curve_is_below_its_mark(ax):
    curves = [line.get_ydata() for line in ax.lines if len(line.get_xdata()) > 2]
    for target, curve in zip(map(float, LABELS), curves, strict=False):
        assert np.nanmin(curve) >= entropy(target) - 1e-15


def test_every_curve_leaves_the_picture_at_both_poles(ax):
    top = ax.get_ylim()[1]
    for curve in [line.get_ydata() for line in ax.lines if len(line.get_xdata()) > 2][: len(LABELS)]:
        assert curve[1] > top
        assert curve[-2] > top


def test_the_dome_is_the_entropy(ax):
    p, dome = [line for line in ax.lines if len(line.get_xdata()) > 2][-1].get_data()
    inside = np.isfinite(dome)
    assert inside.sum() == len(p) - 2
    np.testing.assert_allclose(dome[inside], entropy(p[inside]), rtol=1e-12, atol=1e-15)


def test_the_line_is_nowhere_below_the_logarithm_and_touches_it_once():
    line, logarithm, dot = gaps_and_divergence().axes[0].lines
    at = line.get_xdata()
    np.testing.assert_allclose(line.get_ydata(), at - 1, atol=1e-14)
    np.testing.assert_allclose(logarithm.get_ydata(), np.log(at), atol=1e-14)
    above = line.get_ydata() - logarithm.get_ydata()
    assert dot.get_xydata().tolist() == [[1, 0]]
    assert (above[abs(at - 1) > 1e-9] > 0).all()


@pytest.mark.parametrize(("targets", "outputs"), [(TRUTH, MODEL), ((0.1, 0.6, 0.3), (0.7, 0.2, 0.1))])
def test_the_area_of_the_bars_is_the_divergence(targets, outputs):
    left, right = gaps_and_divergence(targets, outputs).axes
    bars = right.patches
    np.testing.assert_allclose([abs(bar.get_width()) for bar in bars], targets, rtol=1e-15)
    drawn = [segment[1, 1] - segment[0, 1] for segment in left.collections[0].get_segments()]
    np.testing.assert_allclose([bar.get_height() for bar in bars], drawn, atol=1e-15)
    divergence = (targets * np.log(np.divide(targets, outputs))).sum()
    assert abs(sum(abs(bar.get_width()) * bar.get_height() for bar in bars) - divergence) < 1e-15
