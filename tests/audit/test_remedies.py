"""The losses written inside other libraries keep their digits where the label leads; run where they are."""

import numpy as np
import pytest

from logitgrad import sigmoid_bce, softmax_ce
from logitgrad.audit.peers import PEERS, Missing, implementation

NAMES = [name for name in PEERS if name.endswith("_remedy")]
ROWS, INDICES = np.array([[40.0, 0.0, -1.0], [0.0, 40.0, 80.0], [1.0, 1.5, 2.0]]), np.array([0, 0, 2])
LOGITS, LABELS = np.array([-40.0, -1.0, 0.5, 40.0] * 2), np.repeat([0.0, 1.0], 4)
RIGHT = {
    "softmax_ce.loss": softmax_ce.loss(ROWS, INDICES),
    "softmax_ce.grad": softmax_ce.grad(ROWS, INDICES),
    "sigmoid_bce.loss": sigmoid_bce.loss(LOGITS, LABELS),
    "sigmoid_bce.grad": sigmoid_bce.grad(LOGITS, LABELS),
}


@pytest.mark.parametrize("name", NAMES)
def test_remedy_keeps_its_digits_whether_the_label_leads_or_not(name):
    try:
        functions = implementation(name).functions
    except Missing as missing:
        pytest.skip(str(missing))
    assert {"softmax_ce.loss", "softmax_ce.grad"} <= set(functions)
    for against in RIGHT.keys() & functions.keys():
        got = functions[against](*((ROWS, INDICES) if "softmax" in against else (LOGITS, LABELS)))
        np.testing.assert_allclose(got, RIGHT[against], rtol=1e-13, atol=0, err_msg=against)
