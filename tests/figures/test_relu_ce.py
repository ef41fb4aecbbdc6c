import numpy as np
import pytest

from logitgrad.figures import relu_ce_regions, relu_ce_runs
from logitgrad.figures.relu_ce import run

TARGETS = (0, 0.5, 1)


@pytest.fixture(scope="module")
def panels():
    return dict(zip(TARGETS, relu_ce_regions().axes, strict=True))


def curve(ax, number, low, high):
    """A curve's values strictly between two z."""
    z, values = ax.lines[number].get_data()
    return values[(z > low) & (z < high)]


@pytest.mark.parametrize("target", TARGETS)
def test_between_0_and_1_loss_and_derivative_are_finite(panels, target):
    assert np.isfinite(curve(panels[target], 0, 0, 1)).all()
    assert np.isfinite(curve(panels[target], 1, 0, 1)).all()


@pytest.mark.parametrize("target", TARGETS)
def test_the_derivative_has_its_right_sign(panels, target):
    z, values = panels[target].lines[1].get_data()
    inside = (z > 0) & (z < 1)
    expected = (z - target)[inside] / (z * (1 - z))[inside]
    np.testing.assert_allclose(values[inside], expected, rtol=1e-9)


def test_on_the_dead_side_only_target_0_has_values(panels):
    assert (curve(panels[0], 0, -9, 0) == 0).all()
    assert (curve(panels[0], 1, -9, 0) == 0).all()
    for target in (0.5, 1):
        assert np.isnan(curve(panels[target], 0, -9, 0)).all()
        assert np.isnan(curve(panels[target], 1, -9, 0)).all()


def test_beyond_1_the_loss_is_a_gap_unless_the_target_is_1(panels):
    assert np.isnan(curve(panels[0], 0, 1, 9)).all()
    assert np.isnan(curve(panels[0.5], 0, 1, 9)).all()
    falling = curve(panels[1], 0, 1, 9)
    assert (np.diff(falling) < 0).all()
    assert (falling < 0).all()


@pytest.mark.parametrize(("target", "poles"), [(0, [1]), (0.5, [0, 1]), (1, [0])])
def test_poles_are_marked(panels, target, poles):
    assert [line.get_xdata()[0] for line in panels[target].lines[2:]] == poles


@pytest.mark.parametrize(("target", "pole"), [(0, 1), (0.5, 0), (0.5, 1), (1, 0)])
def test_the_loss_leaves_the_picture_at_a_pole(panels, target, pole):
    inside = curve(panels[target], 0, 0, 1)
    assert inside[-1 if pole else 0] > panels[target].get_ylim()[1]


@pytest.mark.parametrize(
    ("target", "dead", "beyond"),
    [(0, "stays 0", "no real"), (0.5, "infinite", "no real"), (1, "infinite", "falls")],
)
def test_each_region_says_what_is_left(panels, target, dead, beyond):
    left, right = (text.get_text() for text in panels[target].texts)
    assert dead in left
    assert beyond in right


def test_only_the_run_from_the_middle_of_the_strip_reaches_its_target():
    assert np.isclose(run(0.5, 60)[-1], 0.25)
    climb = run(1.5, 60)
    assert len(climb) == 61
    assert (np.diff(climb) > 0).all()


def test_a_run_ends_where_the_next_logit_is_no_number():
    thrown = run(0.97, 10)
    assert len(thrown) == 2
    assert thrown[1] < 0
    assert run(-0.5, 10) == [-0.5]


def test_a_cross_stands_at_the_end_of_each_run_that_breaks_off():
    crosses = [line for line in relu_ce_runs().axes[0].lines if line.get_marker() == "x"]
    assert [line.get_xydata().tolist() for line in crosses] == [[[1, run(0.97, 1)[1]]], [[0, -0.5]]]
