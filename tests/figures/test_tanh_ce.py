import numpy as np
import pytest

from logitgrad.figures import tanh_ce_regions, tanh_ce_repair

TARGETS = (0, 0.5, 1)


@pytest.fixture(scope="module")
def panels():
    return dict(zip(TARGETS, tanh_ce_regions().axes, strict=True))


def curve(ax, number, low, high):
    """A curve's values strictly between two z."""
    z, values = ax.lines[number].get_data()
    return values[(z > low) & (z < high)]


@pytest.mark.parametrize("target", TARGETS)
def test_the_derivative_is_a_number_on_both_sides_and_positive_on_the_left(panels, target):
    assert np.isfinite(curve(panels[target], 1, 0, 9)).all()
    assert (curve(panels[target], 1, -9, 0) > 0).all()


def test_the_loss_is_a_gap_left_of_0_unless_the_target_is_0(panels):
    assert np.isfinite(curve(panels[0], 0, -9, 0)).all()
    for target in (0.5, 1):
        assert np.isnan(curve(panels[target], 0, -9, 0)).all()
        assert np.isfinite(curve(panels[target], 0, 0, 9)).all()


def test_for_target_0_the_loss_passes_0_and_stays_above_its_marked_end(panels):
    z, loss = panels[0].lines[0].get_data()
    assert (loss[z < 0] < 0).all()
    (end,) = {*panels[0].lines[-1].get_ydata()}
    assert end == -np.log(2)
    assert 0 < np.nanmin(loss) - end < 0.01


@pytest.mark.parametrize("target", [0.5, 1])
def test_the_best_output_right_of_0_is_the_target(panels, target):
    z, loss = panels[target].lines[0].get_data()
    best = np.tanh(z[np.nanargmin(loss)])
    assert abs(best - target) < 0.02


@pytest.mark.parametrize(("target", "poles"), [(0, []), (0.5, [0]), (1, [0])])
def test_poles_are_marked(panels, target, poles):
    upright = [line.get_xdata()[0] for line in panels[target].lines[2:] if len({*line.get_xdata()}) == 1]
    assert upright == poles


@pytest.mark.parametrize(("target", "word"), [(0, "falls"), (0.5, "no real"), (1, "no real")])
def test_the_left_side_says_what_is_left(panels, target, word):
    assert word in panels[target].texts[0].get_text()


def test_repaired_the_gradient_is_output_minus_signed_target():
    for target, ax in enumerate(tanh_ce_repair().axes):
        z, values = ax.lines[0].get_data()
        np.testing.assert_allclose(values, np.tanh(z) - (2 * target - 1), atol=1e-14)


def test_as_written_only_target_0_is_the_same():
    for target, ax in enumerate(tanh_ce_repair().axes):
        repaired, written = (line.get_ydata() for line in ax.lines[:2])
        z = ax.lines[0].get_xdata()
        if target == 0:
            np.testing.assert_allclose(written, repaired, atol=1e-14)
        else:
            assert (written[z < 0] > 0).all()
            assert (repaired[z < 0] < 0).all()
