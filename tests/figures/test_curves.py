import numpy as np
import pytest
from sympy import I, Integer, log, sqrt

from logitgrad.figures.curves import evaluate, poles
from logitgrad.symbolic.functions import relu, sigma
from logitgrad.symbolic.symbols import p, z


def test_named_functions_are_drawn_from_their_definition():
    points = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(evaluate(sigma(z), z, points), 1 / (1 + np.exp(-points)), rtol=1e-15)


def test_a_constant_is_a_level_line():
    assert evaluate(Integer(3), z, [0, 1]).tolist() == [3, 3]


@pytest.mark.parametrize("expr", [log(z), sqrt(z), 1 / (z + 1), I * z], ids=str)
def test_what_is_not_real_or_not_finite_is_a_gap(expr):
    assert np.isnan(evaluate(expr, z, [-1.0])).all()


@pytest.mark.parametrize(
    ("expr", "symbol", "expected"),
    [
        (-log(1 - p), p, [1]),
        (1 / (p * (1 - p)), p, [0, 1]),
        (p * (1 - p), p, []),
        (-log(relu(z)), z, [0]),
        (relu(z).diff(z) / (1 - relu(z)), z, [1]),
    ],
    ids=str,
)
def test_poles_are_where_a_limit_is_infinite(expr, symbol, expected):
    assert poles(expr, symbol, (Integer(0), Integer(1))) == expected
