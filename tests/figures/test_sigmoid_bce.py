import numpy as np
import pytest

from logitgrad.figures import loss_and_gradient, losses_side_by_side, two_factors, two_factors_mse


def upright(ax):
    """Where vertical lines stand in the panel."""
    return [
        line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) > 1
    ]


@pytest.mark.parametrize("target", [0, 1])
def test_the_product_is_prediction_minus_target(target):
    _, _, product = two_factors().axes[target].lines[:3]
    p, values = product.get_data()
    assert np.isfinite(values).all()
    np.testing.assert_allclose(values, p - target, rtol=0, atol=1e-15)


@pytest.mark.parametrize("target", [0, 1])
def test_the_product_is_what_the_two_factors_multiply_to(target):
    factors = [line.get_ydata()[1:-1] for line in two_factors().axes[target].lines if len(line.get_xdata()) > 2]
    np.testing.assert_allclose(factors[0] * factors[1], factors[2], rtol=1e-12)


@pytest.mark.parametrize(("target", "pole"), [(0, 1), (1, 0)])
def test_only_the_wrong_end_is_a_pole(target, pole):
    assert upright(two_factors().axes[target]) == [pole]
    assert upright(losses_side_by_side().axes[target]) == [pole]
    assert upright(two_factors_mse().axes[target]) == []


@pytest.mark.parametrize("target", [0, 1])
def test_the_gradient_panel_is_the_slope_of_the_loss_panel(target):
    above, below = loss_and_gradient().axes
    z, loss = above.lines[target].get_data()
    slope = np.gradient(loss, z, edge_order=2)
    np.testing.assert_allclose(below.lines[target].get_ydata(), slope, atol=2e-4)


@pytest.mark.parametrize("target", [0, 1])
def test_the_loss_is_finite_and_the_gradient_never_beyond_one(target):
    above, below = loss_and_gradient().axes
    assert np.isfinite(above.lines[target].get_ydata()).all()
    assert (np.abs(below.lines[target].get_ydata()) < 1).all()


def test_both_losses_vanish_at_the_target_and_squared_error_ends_at_one_half():
    for target, ax in enumerate(losses_side_by_side().axes):
        entropy, squared = (line.get_ydata() for line in ax.lines if line.get_label()[0] != "_")
        right, wrong = (0, -1) if target == 0 else (-1, 0)
        assert entropy[right] == squared[right] == 0
        assert np.isnan(entropy[wrong])
        assert squared[wrong] == 0.5
