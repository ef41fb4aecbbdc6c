"""Matching losses: by plain SymPy and by numbers, and the mistakes that are made with them."""

import mpmath as mp
import pytest
from sympy import Derivative, Eq, Ge, Limit, Rational, diff, exp, log, oo, simplify, symbols

from logitgrad.symbolic import ce, half, prove, relu, sigma, softplus, theorems, total, unfold
from logitgrad.symbolic.intervals import concrete
from logitgrad.symbolic.matching_loss import (
    MATCHINGS,
    Matching,
    Phi,
    bregman,
    chance,
    cumulant,
    f_exp,
    f_sigma,
    outcomes,
    phi,
    weights,
)
from logitgrad.symbolic.pairings import Activation, Loss, Pairing, poisson
from logitgrad.symbolic.symbols import a, j, k, logits, p, targets, y, z

ROWS = pytest.mark.parametrize("row", MATCHINGS.values(), ids=list(MATCHINGS))
OUTPUT = {
    "identity": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "tanh": mp.tanh,
    "exp": mp.exp,
    "arctan": lambda x: mp.atan(x) / mp.pi + mp.mpf(1) / 2,
    "probit": mp.ncdf,
}


@ROWS
def test_everything_that_a_row_claims_is_proved(row):
    found = row.checks()
    assert set(found) == ({"gradient"} if row.spread is None else {"gradient", "spread", "slope"})
    assert all(result.status == "proved" for result in found.values())


@ROWS
def test_loss_is_the_area_between_activation_and_target(row):
    output = OUTPUT[row.name]
    hit, logit = 0.25, -1.375
    target = output(mp.mpf(hit))
    area = mp.quad(lambda x: output(x) - target, [hit, logit])
    lowest, here = (unfold(row.potential).subs(z, Rational(at)).evalf(30) - target * at for at in (hit, logit))
    assert abs(here - lowest - area) < 1e-12


@pytest.mark.parametrize(
    "wrong",
    [
        Matching("no spread", sigma(z), softplus(z), a, -y * log(a) - (1 - y) * log(1 - a)),
        Matching("another potential", sigma(z), exp(z), a * (1 - a), -y * log(a) - (1 - y) * log(1 - a)),
        Matching("without a sign", exp(z), exp(z), a, a + y * log(a)),
    ],
    ids=lambda row: row.name,
)
def test_a_wrong_row_is_refuted(wrong):
    assert "refuted" in [result.status for result in wrong.checks().values()]


def test_a_matched_pair_answers_the_questions_of_the_pairings_but_for_growth():
    for name, growing in (("identity", True), ("exp", True), ("sigmoid", False)):
        row = MATCHINGS[name]
        pairing = Pairing(Activation(name, row.output), Loss("its own", row.loss))
        assert pairing.fails() == (("bounded", "ends") if growing else ())


@pytest.mark.parametrize("at", [-2.0, 0.0, 0.375])
def test_the_probit_names_are_the_normal_distribution(at):
    assert abs(unfold(Phi(z)).subs(z, Rational(at)).evalf(25) - mp.ncdf(at)) < 1e-12
    assert abs(unfold(phi(z)).subs(z, Rational(at)).evalf(25) - mp.npdf(at)) < 1e-12


def test_the_family_of_two_outcomes_is_the_coin():
    coin = {outcomes[1]: 0, outcomes[2]: 1, weights[1]: 1, weights[2]: 1}
    assert simplify(concrete(chance(k, z), 2, {k: 2}).subs(coin) - unfold(sigma(z))) == 0
    assert simplify(concrete(cumulant(z), 2).subs(coin) - unfold(softplus(z))) == 0


def test_family_by_plain_sympy_for_three_outcomes():
    t, h = symbols("t1:4", real=True), symbols("h1:4", positive=True)
    terms = [b * exp(x * z) for x, b in zip(t, h, strict=True)]
    chances = [term / sum(terms) for term in terms]
    mean = sum(x * q for x, q in zip(t, chances, strict=True))
    spread = sum(q * (x - mean) ** 2 for x, q in zip(t, chances, strict=True))
    assert simplify(diff(log(sum(terms)), z) - mean) == 0
    assert simplify(diff(log(sum(terms)), z, 2) - spread) == 0
    assert simplify(diff(-log(chances[0]), z) - (mean - t[0])) == 0


def test_normalised_exponentials_do_not_turn():
    z1, z2 = symbols("z1 z2", real=True)
    share = exp(z1) + exp(z2)
    assert simplify(diff(exp(z1) / share, z2) - diff(exp(z2) / share, z1)) == 0


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(Eq(bregman(f_sigma, p, y), bregman(f_sigma, y, p)), id="the-gap-is-not-symmetric"),
        pytest.param(Eq(Derivative(poisson(a, y), a), a - y), id="the-spread-forgotten"),
        pytest.param(Eq(bregman(f_exp, y, a), poisson(a, y)), id="the-lowest-value-forgotten"),
        pytest.param(Eq(softplus(z) - f_sigma(y) - y * z, bregman(f_sigma, y, sigma(z))), id="minus-potential"),
        pytest.param(Eq(Derivative(relu(z) ** 2 / 2 - y * z, z), z - y), id="a-relu-is-not-the-identity"),
        pytest.param(Eq(Derivative(cumulant(z), z), outcomes[j]), id="a-mean-is-not-an-outcome"),
        pytest.param(Ge(poisson(a, y), 0), id="poisson-is-not-above-0"),
        pytest.param(Eq(-log(chance(j, z)), cumulant(z) - outcomes[j] * z), id="the-weight-forgotten"),
        pytest.param(
            Eq(Derivative(sigma(logits[1]) / (sigma(logits[1]) + sigma(logits[2])), logits[2]),
               Derivative(sigma(logits[2]) / (sigma(logits[1]) + sigma(logits[2])), logits[1])),
            id="sigmoids-over-their-sum-have-a-loss",
        ),
        pytest.param(Eq(Limit(relu(z) ** 2 / 2 - half * z, z, -oo), -oo), id="the-relus-loss-does-not-fall"),
    ],
)  # fmt: skip
def test_mistake_is_refuted(mistake):
    assert prove(mistake).status == "refuted"


def test_softmax_gradient_needs_no_sum_of_one_and_cross_entropy_does():
    assert theorems["softmax-matched-gradient"].assumptions == ()
    matching = theorems["softmax-matched-gradient"].statement.lhs
    gap = Eq(Derivative(ce(logits, targets), logits[j]), matching)
    assert prove(gap).status == "refuted"
    assert prove(gap, (Eq(total(targets[k]), 1),)).status == "proved"
