"""Every figure, drawn once for the tests that hold for all of them."""

import numpy as np
import pytest

from logitgrad import figures

HISTORIES = {"BCE": [0.7, 0.4, 0.2], "ReLU + CE": [1.0, 0.9, np.nan, np.nan]}
ARGUMENTS = {"training_curves": (HISTORIES,)}


@pytest.fixture(scope="session", params=figures.names())
def name(request):
    return request.param


@pytest.fixture(scope="session")
def draw(name):
    return lambda: getattr(figures, name)(*ARGUMENTS.get(name, ()))


@pytest.fixture(scope="session")
def drawn(draw):
    return draw()
