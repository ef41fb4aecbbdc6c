import numpy as np

from logitgrad.figures import softmax_probabilities


def test_the_three_share_one_unit():
    total = sum(line.get_ydata() for line in softmax_probabilities().axes[0].lines)
    np.testing.assert_allclose(total, 1, rtol=1e-15)


def test_the_other_two_keep_their_ratio():
    _, second, third = (line.get_ydata() for line in softmax_probabilities().axes[0].lines)
    np.testing.assert_allclose(second / third, np.e, rtol=1e-14)
