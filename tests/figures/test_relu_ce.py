import numpy as np
import pytest

from logitgrad import relu_ce
from logitgrad.figures import relu_ce_regions, relu_ce_steps

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


@pytest.fixture(scope="module")
def steps():
    """For each target its curve, and the dots on the borders 0 and 1."""
    lines = relu_ce_steps().axes[0].lines
    return {target: lines[3 * row : 3 * row + 3] for row, target in enumerate(TARGETS)}


@pytest.mark.parametrize("target", TARGETS)
def test_a_curve_is_one_step_of_descent(steps, target):
    start, landing = steps[target][0].get_data()
    inside = (start > 0) & (start < 1)
    expected = (start - 0.1 * relu_ce.grad(start, target))[inside]
    np.testing.assert_allclose(landing[inside], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("target", "to_dead", "beyond"), [(0, [0.11, 0.89], []), (0.5, [0.95], [0.05]), (1, [], [0.11, 0.89])]
)
def test_dots_stand_where_a_step_ends_on_a_border(steps, target, to_dead, beyond):
    for border, line, starts in zip((0, 1), steps[target][1:], (to_dead, beyond), strict=True):
        at = np.array(line.get_xdata(), dtype=float)
        assert at.round(2).tolist() == starts
        np.testing.assert_allclose(at - 0.1 * relu_ce.grad(at, target), border, atol=1e-13)


@pytest.mark.parametrize("target", TARGETS)
def test_between_the_dots_a_step_stays_in_the_strip(steps, target):
    curve, *dots = steps[target]
    low, high = sorted(x for line in dots for x in line.get_xdata())
    start, landing = curve.get_data()
    stays = (landing > 0) & (landing < 1)
    assert (stays == ((start > low) & (start < high))).all()
