import numpy as np
import pytest
from matplotlib.quiver import Quiver

from logitgrad import softmax, softmax_ce
from logitgrad.figures import feedback_by_class, softmax_simplex
from logitgrad.figures.definitions import LOGITS, SOFTMAX
from logitgrad.figures.softmax_ce import CORNERS, LEVELS, STATES, directions, interior, project

TARGET = CORNERS[0]


def arrows():
    (quiver,) = softmax_simplex().axes[0].findobj(Quiver)
    return quiver.get_offsets(), np.column_stack([quiver.U, quiver.V])


def test_every_arrow_points_straight_at_the_target():
    tails, arrow = arrows()
    towards = TARGET - tails
    across = arrow[:, 0] * towards[:, 1] - arrow[:, 1] * towards[:, 0]
    along = (arrow * towards).sum(axis=1)
    np.testing.assert_allclose(across, 0, atol=1e-15)
    assert (along > 0).all()


def test_an_arrow_is_as_long_as_the_way_is_far():
    tails, arrow = arrows()
    ratio = np.linalg.norm(arrow, axis=1) / np.linalg.norm(TARGET - tails, axis=1)
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)


def test_the_push_is_target_minus_prediction():
    softmax, push = directions(SOFTMAX, LOGITS)
    z = np.random.default_rng(0).normal(scale=3, size=(20, 3))
    np.testing.assert_allclose(push(z), np.array([1, 0, 0]) - softmax(z), atol=1e-15)


def test_the_path_goes_down_to_the_target_and_bends():
    ax = softmax_simplex().axes[0]
    path = next(line for line in ax.lines if line.get_linestyle() == "--").get_xydata()
    height = path[:, 1] / TARGET[1]  # the target's probability
    assert (np.diff(height) > 0).all()
    assert height[-1] > 0.95
    first, whole = path[1] - path[0], TARGET - path[0]
    assert abs(np.arctan2(*first) - np.arctan2(*whole)) > 0.1


def test_level_lines_stand_where_the_loss_has_their_value():
    levels = [line for line in softmax_simplex().axes[0].lines if len(line.get_xdata()) == 2]
    heights = [line.get_ydata() / TARGET[1] for line in levels]
    np.testing.assert_allclose(-np.log(heights), np.transpose([LEVELS, LEVELS]), rtol=1e-14)


def test_grid_points_are_probabilities_and_corners_project_to_corners():
    assert (interior(9) > 0).all()
    np.testing.assert_allclose(interior(9).sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_array_equal(project(np.eye(3)), CORNERS)


LABEL = np.array([1.0, 0.0, 0.0, 0.0])


@pytest.fixture(scope="module")
def heights():
    """The bars by state: by outputs and by logits, each of cross-entropy and of squared error."""
    axes = feedback_by_class().axes
    bars = [np.reshape([bar.get_height() for bar in ax.patches], (2, 4)) for ax in axes]
    return {state: (bars[2 * row], bars[2 * row + 1]) for row, state in enumerate(STATES)}


@pytest.mark.parametrize("state", STATES)
def test_bars_are_the_gradients(heights, state):
    logits = np.array(STATES[state], dtype=float)
    p = softmax(logits)
    by_outputs, by_logits = heights[state]
    np.testing.assert_allclose(by_outputs, [-LABEL / p, p - LABEL], rtol=1e-14)
    error = p - LABEL
    np.testing.assert_allclose(by_logits[0], softmax_ce.grad(logits, LABEL), rtol=1e-14)
    np.testing.assert_allclose(by_logits[1], (np.diag(p) - np.outer(p, p)) @ error, rtol=1e-13)


def test_bars_are_as_long_as_the_alternative_text_says(heights):
    at_label = [by_outputs[0, 0] for by_outputs, _ in heights.values()]
    assert np.round(at_label[:2]).tolist() == [-58, -4]
    assert round(at_label[2], 2) == -1.05
    wrong, unsure, right = (by_logits for _, by_logits in heights.values())
    assert wrong[0, :2].round(2).tolist() == [-0.98, 0.95]
    assert abs(wrong[1]).max() < 0.07
    assert abs(unsure).min() > 0.05
    assert abs(right).max() < 0.06
