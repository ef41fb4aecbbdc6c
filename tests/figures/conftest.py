"""Every figure, drawn once for the tests that hold for all of them."""

import numpy as np
import pytest

from logitgrad import figures
from logitgrad.figures.frameworks import LIBRARIES, REMEDIES

HISTORIES = {"BCE": [0.7, 0.4, 0.2], "ReLU + CE": [1.0, 0.9, np.nan, np.nan]}
RUNS = {name: (losses, losses) for name, losses in HISTORIES.items()}
POINTS, LABELS = np.array([[0.0, 1.0], [1.0, 0.0], [-1.0, -1.0]]), np.array([0, 1, 2])
REGIONS = {"left": lambda x: (x[:, 0] > 0) + 0, "above": lambda x: (x[:, 1] > 0) * 2}
NOTICED = {"none": {"zeros": False, "theorem": False}, "$y - p$": {"zeros": False, "theorem": True}}
CURVES = {"y = 0": [(-9.0, 3e-8), (9.0, 5e-8)], "y = 1": [(-9.0, 5e-8), (2.0, 1e-4), (9.0, 1.0), (20.0, None)]}
KEPT = {"curve": {"at": [-40.0, 0.0, 40.0], "relative": [1e-16, 1e-16, 2e-16]}, "lost_ranges": []}
FOUND = {
    (library, function, "float64"): dict.fromkeys(("y = 0", "y = 1", "one class dominates"), KEPT)
    for library in (*LIBRARIES, *REMEDIES)
    for function in ("sigmoid_bce.loss", "sigmoid_bce.grad", "softmax_ce.loss", "softmax_ce.grad")
}
FOUND["torch", "sigmoid_bce.loss", "float64"] = {"y = 0": KEPT | {"lost_ranges": [[-745.0, -37.0]]}, "y = 1": KEPT}
ARGUMENTS = {
    "frameworks_bce": (FOUND,),
    "frameworks_ce": (FOUND,),
    "relative_errors": (CURVES, "float32"),
    "training_curves": (HISTORIES,),
    "loss_and_gradient_norm": (RUNS,),
    "decision_regions": (REGIONS, POINTS, LABELS),
    "mistakes_and_checks": (NOTICED,),
}


@pytest.fixture(scope="session", params=figures.names())
def name(request):
    return request.param


@pytest.fixture(scope="session")
def draw(name):
    return lambda: getattr(figures, name)(*ARGUMENTS.get(name, ()))


@pytest.fixture(scope="session")
def drawn(draw):
    return draw()
