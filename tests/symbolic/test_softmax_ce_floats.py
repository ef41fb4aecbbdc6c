"""The bounds are sharp, and each mistake that is easily made in them is refuted."""

import pytest
from sympy import Derivative, Eq, Ge, Integer, Lambda, Le, Rational, exp, log

from logitgrad.symbolic import (
    K,
    c,
    ce,
    direction,
    enclose,
    gaps,
    i,
    in_order,
    j,
    k,
    logits,
    logsumexp,
    m,
    prove,
    prove_equal,
    softmax,
    targets,
    theorems,
    total,
)
from logitgrad.symbolic import z as x
from logitgrad.symbolic.softmax_ce_floats import others

from . import plain

z, v, g = logits, direction, gaps
p_i, p_j = softmax(z, i), softmax(z, j)
moved, raised, lowered = (Lambda(k, z[k] + change) for change in (v[k], g[k], -g[k]))
below = Lambda(k, in_order(m, -g[k]))
hessian = Derivative(ce(z, targets), z[i], z[j])
normalized = (Eq(total(targets[k]), 1),)

MISTAKES = {
    "raised by less than its own factor": Le(softmax(raised, j), exp(g[j] / 2) * p_j, evaluate=False),
    "raised although a logit may fall": Le(softmax(moved, j), exp(v[j]) * p_j, evaluate=False),
    "raised and not lowered by others": Ge(softmax(raised, j), p_j, evaluate=False),
    "lowered by less than its own factor": Ge(softmax(lowered, j), exp(-g[j] / 2) * p_j, evaluate=False),
    "half of log K": Le(logsumexp(below), m + log(K) / 2, evaluate=False),
    "logits above m": Le(logsumexp(Lambda(k, m + g[k])), m + log(K), evaluate=False),
    "a share of half the square": Ge(1 + x, (1 - x**2 / 3) * exp(x), evaluate=False),
    "perturbation without the mean": Eq(softmax(moved, j) / p_j, exp(v[j])),
    "others with the class itself": Eq(-log(p_j), log(1 + total(exp(z[k] - z[j])))),
    "complement without the 1": Eq(1 - p_j, others(z, j)),
}


@pytest.mark.parametrize("statement", MISTAKES.values(), ids=list(MISTAKES))
def test_mistake_is_refuted(statement):
    assert prove(statement, (x > -1,) if x in statement.free_symbols else ()).status == "refuted"


def test_level_must_be_taken_from_the_mean_too():
    product = total(hessian * v[j], j)
    mean = total(softmax(z, j) * v[j], j)
    assert prove_equal(product, p_i * (v[i] - mean), normalized).status == "proved"
    assert prove_equal(product, p_i * (v[i] - c - mean), normalized).status == "refuted"


def test_raising_one_rare_class_alone_comes_close_to_the_bound():
    point = {z[1]: -40, z[2]: 0, g[1]: 3, g[2]: 0}
    factor = enclose(softmax(raised, 1, 2) / softmax(z, 1, 2), point)
    assert 1 - Rational(1, 10**15) < factor / enclose(exp(x), {x: 3}) <= 1


def test_equal_logits_reach_log_k():
    level = logsumexp(Lambda(k, m))
    assert prove_equal(level, m + log(K)).status == "proved"


def test_others_is_what_the_other_classes_weigh():
    point = {z[1]: 2, z[2]: -1, z[3]: Rational(1, 2), K: 3}
    for n in (1, 2, 3):
        weigh = plain.value(others(z, Integer(n)), point)
        share = softmax(z, Integer(n))
        assert plain.same(weigh, plain.value((1 - share) / share, point))


def test_correction_errs_by_the_square():
    statement = theorems["exp-correction"].statement
    for n in (-8, 8):
        at = {x: Rational(1, 2) ** abs(n) * (1 if n > 0 else -1)}
        left, right = (plain.value(side, at) for side in statement.args)
        assert right < left < right * (1 + Rational(1, 2) ** 16)
