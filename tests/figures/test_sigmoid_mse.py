import numpy as np
import pytest
from sympy import Rational

from logitgrad.figures import soft_targets, squared_error_and_cross_entropy, two_factors_mse
from logitgrad.figures.sigmoid_mse import peak
from logitgrad.symbolic.symbols import p


@pytest.mark.parametrize("target", [0, 1])
def test_the_marked_point_is_the_largest_product(target):
    ax = two_factors_mse().axes[target]
    product = ax.lines[2].get_ydata()
    (where,), (size,) = ax.lines[-1].get_data()
    assert abs(where - (2 / 3 if target == 0 else 1 / 3)) < 1e-15
    assert abs(size) >= np.abs(product).max()
    assert abs(size) - np.abs(product).max() < 1e-5


def test_the_peak_is_exact():
    assert peak(p**2 * (1 - p), p) == (Rational(2, 3), Rational(4, 27))


@pytest.mark.parametrize("target", [0, 1])
def test_the_product_vanishes_where_the_output_is_most_wrong(target):
    product = two_factors_mse().axes[target].lines[2].get_ydata()
    assert product[-1 if target == 0 else 0] == 0


def test_both_losses_rise_and_only_the_squared_error_levels_off_below_one_half():
    squared, entropy = (line.get_ydata() for line in squared_error_and_cross_entropy().axes[0].lines)
    assert (np.diff(squared) > 0).all()
    assert (np.diff(entropy) > 0).all()
    assert 0.499 < squared[-1] < 0.5
    assert entropy[-1] > 8


def test_the_gradient_panel_is_the_slope_of_the_loss_panel():
    above, below = squared_error_and_cross_entropy().axes
    for loss, gradient in zip(above.lines, below.lines[:2], strict=True):
        z, values = loss.get_data()
        np.testing.assert_allclose(gradient.get_ydata(), np.gradient(values, z, edge_order=2), atol=2e-4)


def test_the_marked_peak_is_the_largest_gradient():
    squared, entropy, mark = squared_error_and_cross_entropy().axes[1].lines
    ((where, height),) = mark.get_xydata()
    assert (where, height) == (np.log(2), 4 / 27)
    assert 0 <= height - squared.get_ydata().max() < 1e-4
    assert entropy.get_ydata()[-1] > 0.999


def test_a_target_of_a_tenth_crosses_zero_once_at_the_mark_and_a_target_of_zero_never():
    for ax in soft_targets().axes:
        _, hard, soft, mark = ax.lines
        ((where, height),) = mark.get_xydata()
        assert height == 0
        assert (hard.get_ydata() > 0).all()
        assert ((soft.get_ydata() > 0) == (soft.get_xdata() > where)).all()


def test_a_wrong_prediction_is_forgotten_by_the_squared_error_whatever_the_target():
    squared, entropy = soft_targets().axes
    assert max(line.get_ydata()[-1] for line in squared.lines[1:3]) < 4e-4
    assert min(line.get_ydata()[-1] for line in entropy.lines[1:3]) > 0.89
