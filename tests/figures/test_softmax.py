import numpy as np
import pytest

from logitgrad import softmax
from logitgrad.figures import softmax_by_temperature, softmax_probabilities


def test_the_three_share_one_unit():
    total = sum(line.get_ydata() for line in softmax_probabilities().axes[0].lines)
    np.testing.assert_allclose(total, 1, rtol=1e-15)


def test_the_other_two_keep_their_ratio():
    _, second, third = (line.get_ydata() for line in softmax_probabilities().axes[0].lines)
    np.testing.assert_allclose(second / third, np.e, rtol=1e-14)


@pytest.fixture(scope="module")
def heated():
    return softmax_by_temperature().axes


def test_by_temperature_the_curves_are_the_library_s_softmax(heated):
    for number, line in enumerate(heated[0].lines):
        at, share = line.get_data()
        np.testing.assert_allclose(share, softmax(np.outer(at, (2, 1, 0)))[:, number], rtol=1e-13)


def test_from_equal_shares_to_one_that_takes_all(heated):
    first, second, third = (line.get_ydata() for line in heated[0].lines)
    assert first[0] == second[0] == third[0] == 1 / 3
    assert first[-1] > 0.99
    assert (np.diff(first) > 0).all()
    assert (np.diff(second) < 0).all()
    assert (np.diff(third) < 0).all()


def test_the_slopes_below_are_those_of_the_logarithms_above(heated):
    above, below = heated
    for share, slope in zip(above.lines, below.lines[1:], strict=True):
        at, values = share.get_data()
        measured = np.diff(np.log(values)) / np.diff(at)
        middle = (slope.get_ydata()[1:] + slope.get_ydata()[:-1]) / 2
        np.testing.assert_allclose(measured, middle, atol=1e-4)


def test_the_slopes_are_one_apart_and_end_at_the_distance_from_the_largest_logit(heated):
    first, second, third = (line.get_ydata() for line in heated[1].lines[1:])
    np.testing.assert_allclose(first - second, 1, rtol=1e-13)
    np.testing.assert_allclose(second - third, 1, rtol=1e-13)
    assert first[0] == 1
    assert 0 < first[-1] < 0.01
    assert (first > 0).all()
