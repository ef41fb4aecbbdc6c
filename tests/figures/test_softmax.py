import numpy as np
from matplotlib.contour import ContourSet
from matplotlib.text import Annotation

from logitgrad.figures import softmax_level_lines, softmax_probabilities
from logitgrad.figures.softmax import ALONE, COMMON, HERE, SHARES


def test_the_three_share_one_unit():
    total = sum(line.get_ydata() for line in softmax_probabilities().axes[0].lines)
    np.testing.assert_allclose(total, 1, rtol=1e-15)


def test_the_other_two_keep_their_ratio():
    _, second, third = (line.get_ydata() for line in softmax_probabilities().axes[0].lines)
    np.testing.assert_allclose(second / third, np.e, rtol=1e-14)


def level_lines():
    ax = softmax_level_lines().axes[0]
    (contours,) = (drawn for drawn in ax.collections if isinstance(drawn, ContourSet))
    return ax, {share: path.vertices for share, path in zip(SHARES, contours.get_paths(), strict=True)}


def test_a_level_line_is_parallel_to_the_diagonal_and_stands_at_its_share():
    for share, points in level_lines()[1].items():
        lead = points[:, 0] - points[:, 1]
        np.testing.assert_allclose(lead, np.log(share / (1 - share)), atol=2e-3)


def test_one_arrow_runs_along_the_lines_and_one_across():
    assert COMMON[0] == COMMON[1]
    assert ALONE[1] == 0 < ALONE[0]
    arrows = [text for text in level_lines()[0].texts if isinstance(text, Annotation)]
    assert [arrow.xy for arrow in arrows] == [tuple(np.add(HERE, move)) for move in (COMMON, ALONE)]
