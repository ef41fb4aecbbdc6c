"""No check is bound to come out as it does: from another premise each of its cases comes out the other way."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sympy import Derivative, Eq, Integer, Lt, log

from logitgrad.numeric import naive, remedies, sigmoid_bce
from logitgrad.results import latest
from logitgrad.symbolic import (
    bce,
    ell,
    half,
    j,
    k,
    mse,
    probabilities,
    relu,
    sigma,
    squared_error,
    targets,
    theorems,
    total,
    y,
    z,
)
from logitgrad.verdicts import CLAIMS
from logitgrad.verdicts.division import RIGHT
from logitgrad.verdicts.rectifier import b, published, w, x
from logitgrad.verdicts.zero_targets import LABELS, by_logits


def narrow(z):
    """A sigmoid that stays away from 0 and 1."""
    return 0.1 + 0.8 * naive.sigmoid(z)


def everywhere(value):
    """A function of logits and targets, or of two numbers, with one value."""
    return lambda *_: value + np.zeros(np.shape(_[0]))


def thirds(z, *_):
    """What a softmax with equal logits gives, to any number of classes."""
    return np.full(np.shape(z), 1 / 3)


def constant(value):
    """An activation, a loss or a softmax with one value."""
    return lambda *_: Integer(value) if isinstance(value, int) else value


def fault(kind):
    """The measured results, with a fault put into each part, or all taken away."""
    peers = latest("peers")
    marks = {
        "nan": {"nan_mismatches": 1},
        "none": {"kind": "right", "lost_ranges": [], "nan_mismatches": 0, "infinity_mismatches": 0},
    }[kind]
    reports = [r | {"parts": [part | marks for part in r["parts"]]} for r in peers["reports"]]
    return peers | {"reports": reports}


def dense(labels):
    """A pair of gradients without a zero."""
    return np.ones((6, 4)), np.ones((6, 4))


def sparse(labels):
    """A pair of gradients, the first with zeros."""
    return np.eye(6, 4), np.ones((6, 4))


FITS, FAILS = (remedies.limits, remedies.limits_grad), (remedies.as_written, naive.bce_grad)

by_weight = Derivative(bce(w * x + b, y), w)
NO_INPUT = replace(theorems["backprop-weight"], statement=Eq(by_weight, sigma(w * x + b) - y))
NO_LABEL = replace(theorems["cross-entropy-one-hot"], statement=Eq(-total(targets[k] * log(probabilities[k])), 0))
NOT_NEEDED = replace(theorems["gibbs-inequality"], statement=theorems["cross-entropy-decomposition"].statement)

# The claim, which of its cases, and the premise from which that case comes out the other way.
TURNED = [
    ("A1", 0, {"sigmoid": narrow}),
    ("A1", 1, {"activation": relu}),
    ("A2", 0, {"activation": relu}),
    ("A2", 1, {"sigmoid": narrow}),
    ("A3", 0, {"right": (40.0, 0.9)}),
    ("A3", 1, {"wrong": RIGHT}),
    ("A4", 0, {"loss": remedies.as_written}),
    ("A4", 1, {"loss": sigmoid_bce.loss, "grad": sigmoid_bce.grad}),
    ("A5", 0, {"loss": sigmoid_bce.loss}),
    ("A5", 1, {"loss": sigmoid_bce.loss}),
    ("A5", 2, {"output": half}),
    ("A6", 0, {"limits": FAILS}),
    ("A6", 1, {"zeros": FITS}),
    ("A7a", 0, {"grad": naive.bce_grad}),
    ("A7a", 1, {"grad": sigmoid_bce.grad}),
    ("A7a", 2, {"grad": sigmoid_bce.grad}),
    ("A7b", 0, {"loss": sigmoid_bce.loss}),
    ("A7b", 1, {"grad": naive.bce_grad}),
    ("A8", 0, {"labelled": 1}),
    ("A8", 1, {"slips": 0}),
    ("A9", 0, {"two_terms": mse}),
    ("A10", 0, {"theorem": NOT_NEEDED}),
    ("A10", 1, {"loss": everywhere(np.nan)}),
    ("A11", 0, {"activation": relu}),
    ("A12", 0, {"loss": sigmoid_bce.loss}),
    ("A13", 0, {"grad": naive.bce_grad}),
    ("A13", 1, {"grad": naive.bce_eps_grad}),
    ("A13", 2, {"grad": sigmoid_bce.grad}),
    ("A14", 0, {"silent": lambda a, b: 1 / 0}),
    ("A14", 1, {"strict": everywhere(0)}),
    ("A14", 2, {"python": everywhere(0)}),
    ("A15", 0, {"many": 2}),
    ("A15", 1, {"few": 100}),
    ("B1", 0, {"loss": squared_error}),
    ("B2", 0, {"loss": ell}),
    ("B3", 0, {"hard": half}),
    ("B3", 1, {"soft": Integer(0)}),
    ("B4", 0, {"outputs": constant(1)}),
    ("B4", 1, {"alone": constant(half)}),
    ("B4", 2, {"in_floats": thirds}),
    ("B5", 0, {"loss": lambda z, y: -naive.log_softmax(z)[y]}),
    ("B5", 1, {"outputs": thirds}),
    ("B6", 0, {"theorem": NO_INPUT}),
    ("B6", 1, {"top": sigmoid_bce.grad}),
    ("C1", 0, {"loss": bce}),
    ("C1", 1, {"loss": bce}),
    ("C2", 0, {"factor": 3}),
    ("C2", 1, {"other": 1}),
    ("C2", 2, {"outside": 0}),
    ("C3", 0, {"loss": ell}),
    ("C3", 1, {"loss": lambda p, y: squared_error(2 * p, y)}),
    ("C4", 0, {"loss": mse}),
    ("C5", 0, {"loss": lambda p, y: p - y}),
    ("C5", 1, {"soft": Integer(0)}),
    ("C6", 0, {"square": lambda p, y: squared_error(p, y) * (1 - p)}),
    ("C6", 1, {"entropy": lambda p, y: -ell(p, y)}),
    ("C7", 0, {"output": sigma}),
    ("C7", 1, {"output": relu}),
    ("C7", 2, {"moved": relu}),
    ("C8", 0, {"loss": squared_error}),
    ("C8", 1, {"soft": 0}),
    ("C9", 0, {"entropy": sigmoid_bce.grad}),
    ("C9", 1, {"square": naive.bce_grad}),
    ("C9", 2, {"fused": sigmoid_bce.grad}),
    ("C10", 0, {"target": 1.0}),
    ("C10", 1, {"stuck": -3.0}),
    ("C11", 0, {"peers": fault("nan")}),
    ("C11", 1, {"peers": fault("none")}),
    ("C11", 2, {"step_by_step": "keras_compiled"}),
    ("C12", 0, {"entropy": lambda p, y: p - y}),
    ("C12", 1, {"factor": 1 / (1 - sigma(z))}),
    ("D1", 0, {"factor": w}),
    ("D2", 0, {"formula": -published}),
    ("D3", 0, {"loss": bce}),
    ("D3", 1, {"certain": bce}),
    ("D4", 0, {"loss": bce}),
    ("D4", 1, {"zero": constant(1)}),
    ("D4", 2, {"zero": bce}),
    ("D5", 0, {"zero": bce}),
    ("D5", 1, {"loss": bce}),
    ("D6", 0, {"outside": theorems["relu-ce-not-real"].without(Lt(y, 1))}),
    ("D6", 1, {"loss": bce}),
    ("D7", 0, {"one_output": relu}),
    ("D8", 0, {"outputs": constant(1)}),
    ("D8", 1, {"in_floats": thirds}),
    ("D9", 0, {"output": sigma}),
    ("D9", 1, {"output": sigma}),
    ("D9", 2, {"output": lambda z: 2 * relu(z)}),
    ("E1", 0, {"loss": total((probabilities[k] - targets[k]) ** 2)}),
    ("E1", 1, {"two": lambda p, y: -y * log(p)}),
    ("E2", 0, {"outputs": total((probabilities[k] - targets[k]) ** 2)}),
    ("E2", 1, {"at_logits": Integer(0)}),
    ("E3", 0, {"theorem": NO_LABEL}),
    ("E3", 1, {"loss": -targets[j] * log(probabilities[j])}),
    ("E4", 0, {"outputs": lambda z, i: z[i]}),
    ("E4", 1, {"classes": 2}),
    ("E5", 0, {"outputs": constant(1)}),
    ("E5", 1, {"in_floats": thirds}),
    ("E6", 0, {"loss": lambda z, y: -naive.log_softmax(z)[y]}),
    ("E7", 0, {"outputs": dense}),
    ("E7", 1, {"logits": sparse}),
    ("E7", 2, {"logits": sparse}),
    ("E8", 0, {"all_classes": LABELS % 3}),
    ("E8", 1, {"some": LABELS}),
    ("E9", 0, {"outputs": by_logits}),
    ("E9", 1, {"logits": sparse}),
    ("E10", 0, {"target": 1.0}),
    ("E10", 1, {"zero": 0.5}),
]


@cache
def as_it_is(id):
    """The cases of a claim from its own premises."""
    return CLAIMS[id].decide().cases


@pytest.mark.slow
@pytest.mark.parametrize(
    ("id", "case", "premises"), TURNED, ids=lambda part: str(part) if isinstance(part, str) else ""
)
def test_case_comes_out_the_other_way_from_another_premise(id, case, premises):
    before, after = as_it_is(id)[case].finding, CLAIMS[id].decide(**premises).cases[case].finding
    assert {before.holds, after.holds} == {True, False}, str(after)


@pytest.mark.slow
@pytest.mark.parametrize("id", CLAIMS)
def test_every_case_of_a_claim_is_turned(id):
    cases = range(len(as_it_is(id)))
    assert {case for one, case, _ in TURNED if one == id} == set(cases)


def test_evidence_that_is_missing_leaves_a_claim_undecided():
    assert CLAIMS["C11"].decide(peers=latest("peers") | {"reports": []}).word == "undecided"
