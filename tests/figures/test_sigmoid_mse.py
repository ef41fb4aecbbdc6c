import numpy as np
import pytest
from sympy import Rational

from logitgrad.figures import two_factors_mse
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
