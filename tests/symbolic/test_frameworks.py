"""The libraries' formulas are the same function on paper; each mistake that is easily made in them is refuted."""

import pytest
from sympy import Derivative, Eq, Le, exp, log

from logitgrad.symbolic import (
    bce,
    enclose,
    j,
    logits,
    prove,
    prove_equal,
    sigma,
    softmax,
    softplus,
    theorems,
    y,
    z,
)
from logitgrad.symbolic.softmax_ce_floats import others

e, p_j, R_j = exp(-z), softmax(logits, j), others(logits, j)
OURS = [name for name, theorem in theorems.items() if theorem.chapter == "frameworks"]
MISTAKES = {
    "the line has the weight of the other label": Eq(bce(z, y), y * z - log(sigma(z))),
    "both logarithms on one side": Eq(bce(z, y), -y * log(sigma(z)) - (1 - y) * log(sigma(z))),
    "the labels are exchanged": Eq(bce(z, y), -(1 - y) * log(sigma(z)) - y * log(sigma(-z))),
    "the quotient has the other sign": Eq(Derivative(bce(z, y), z), ((1 - y) + y * e) / (1 + e)),
    "the exponential of the other logarithm": Eq(exp(-z - softplus(-z)), sigma(z)),
    "softplus is its argument": Eq(softplus(z), z),
    "half an exponential is enough": Le(softplus(-z), e / 2, evaluate=False),
    "the lead has the other sign": Eq(-log(p_j), softplus(-log(R_j))),
    "the gradient has the other sign": Eq(p_j - 1, sigma(log(R_j))),
}


def test_there_is_a_theorem_for_each_formula_of_the_table():
    assert len(OURS) == 8


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistake_is_proved(mistake):
    assert prove(MISTAKES[mistake]).status != "proved"


@pytest.mark.parametrize(
    "mistake", [name for name in MISTAKES if "lead" not in name and "gradient has" not in name]
)
def test_mistake_in_a_formula_of_one_logit_is_refuted(mistake):
    assert prove(MISTAKES[mistake]).status == "refuted"


@pytest.mark.parametrize("logit", [-40.0, -1.0, 0.5, 20.0, 30.0])
def test_what_a_threshold_leaves_out_is_almost_the_exponential_far_out_and_less_near_zero(logit):
    share = float(enclose(softplus(-z) / e, {z: logit}))
    assert 0 < share < 1
    assert logit < 20 or share > 0.99


@pytest.mark.parametrize("label", [0, 1, 2])
def test_the_lead_gives_loss_and_gradient_of_a_row_at_a_point(label):
    row = (0.3, -1.2, 2.5)
    weigh = sum(exp(row[k] - row[label]) for k in range(3) if k != label)
    p = exp(row[label]) / sum(exp(x) for x in row)
    assert float(-log(p)) == pytest.approx(float(log(1 + weigh)), rel=1e-14)
    assert float(p - 1) == pytest.approx(float(-weigh / (1 + weigh)), rel=1e-14)


def test_with_soft_targets_all_forms_of_the_loss_agree():
    forms = [theorems[name].statement.rhs for name in ("bce-one-log", "bce-two-logs")]
    assert prove_equal(*forms).status == "proved"
