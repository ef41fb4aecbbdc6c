import numpy as np
from matplotlib.quiver import Quiver

import logitgrad as lg
from logitgrad.figures import softmax_simplex, softmax_two_losses
from logitgrad.figures.definitions import LOGITS, SOFTMAX
from logitgrad.figures.softmax_ce import CORNERS, LEVELS, directions, interior, project

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


def test_behind_softmax_only_cross_entropy_pushes_a_label_that_has_lost():
    entropy, squared = softmax_two_losses().axes[0].lines
    at = entropy.get_xdata()
    share = lg.softmax(np.stack([at, 0 * at, 0 * at], axis=1))[:, 0]
    np.testing.assert_allclose(entropy.get_ydata(), share - 1, atol=1e-14)
    np.testing.assert_allclose(squared.get_ydata(), -1.5 * share * (1 - share) ** 2, atol=1e-14)
