import numpy as np
import pytest

from logitgrad import sigmoid, variants
from logitgrad.figures import best_outputs, focal_loss_and_gradient, smoothed_loss


@pytest.fixture(scope="module")
def smoothed():
    return smoothed_loss().axes


@pytest.mark.parametrize("number", [1, 2])
def test_the_marked_lead_is_where_the_smoothed_loss_is_lowest(smoothed, number):
    above, below = smoothed
    curve, mark = above.lines[number], above.lines[number + 2]
    ((best, lowest),) = mark.get_xydata()
    at, values = curve.get_data()
    assert abs(at[values.argmin()] - best) < 0.04
    assert 0 <= values.min() - lowest < 1e-4
    slope = below.lines[number + 1].get_ydata()
    assert ((slope > 0) == (at > best)).all()


def test_the_unsmoothed_loss_falls_for_ever(smoothed):
    assert (np.diff(smoothed[0].lines[0].get_ydata()) < 0).all()
    assert (smoothed[1].lines[1].get_ydata() < 0).all()


def test_only_weight_1_and_exponent_0_give_probabilities():
    for ax in best_outputs().axes:
        plain, *others = ax.lines
        np.testing.assert_allclose(plain.get_ydata(), plain.get_xdata(), atol=1e-12)
        assert all(abs(line.get_ydata() - line.get_xdata()).max() > 0.1 for line in others)


def test_weights_push_outputs_up_and_focusing_towards_one_half():
    left, right = best_outputs().axes
    assert all((line.get_ydata()[1:-1] > line.get_xdata()[1:-1]).all() for line in left.lines[1:])
    for line in right.lines[1:]:
        often, output = line.get_data()
        inside = (abs(often - 0.5) > 0.01) & (often > 0.001) & (often < 0.999)
        assert (abs(output - 0.5) < abs(often - 0.5))[inside].all()


def test_the_focal_curves_are_the_library_s():
    above, below = focal_loss_and_gradient().axes
    for exponent, loss, gradient in zip((0, 2, 5), above.lines, below.lines, strict=True):
        at = loss.get_xdata()
        exact = variants.focal(at, 0, gamma=exponent)
        np.testing.assert_allclose(loss.get_ydata(), exact[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(gradient.get_ydata(), exact[1], rtol=1e-9, atol=1e-12)


def test_focusing_overshoots_and_comes_back():
    plain, *focused = focal_loss_and_gradient().axes[1].lines
    assert plain.get_ydata().max() < 1
    for line, peak in zip(focused, (1.13, 1.31), strict=True):
        at, values = line.get_data()
        assert round(values.max(), 2) == peak
        assert abs(at[values.argmax()] - 3) < 0.25
        assert 1 < values[-1] < values.max()
    assert sigmoid(8.0) < 1
