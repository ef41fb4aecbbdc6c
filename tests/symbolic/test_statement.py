"""Limits, inequalities, "not real" and conjunctions: proved from their shape, refuted by a point, or open."""

import pytest
from sympy import (
    Abs,
    And,
    Derivative,
    Eq,
    Function,
    Ge,
    Gt,
    Heaviside,
    I,
    Le,
    Limit,
    Lt,
    Max,
    Ne,
    Or,
    Piecewise,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    floor,
    im,
    log,
    oo,
    sin,
    sqrt,
)

from logitgrad.symbolic import (
    K,
    LowestAt,
    c,
    ell,
    j,
    k,
    logits,
    p,
    prove,
    relu,
    s,
    sigma,
    softmax,
    softplus,
    total,
    y,
    z,
)

from . import plain

w = Symbol("w")
inside = (p > 0, p < 1)

PROVED = [
    (Eq(Limit(sigma(z), z, oo), 1),),
    (Eq(0, Limit(sigma(z), z, -oo)),),
    (Eq(Limit(softplus(z) - z, z, oo), 0),),
    (Eq(Limit(softplus(z) / z, z, oo), 1),),
    (Eq(Limit((exp(z) - 1) / z, z, 0, "+-"), 1),),
    (Eq(Limit(Abs(z) / z, z, 0, "-"), -1),),
    (Eq(Limit(Heaviside(z), z, 0, "-"), 0),),
    (Eq(Limit(floor(z), z, 0, "-"), -1),),
    (Eq(Limit(sigma(z) - y, z, y), sigma(y) - y),),
    (Eq(Limit(exp(y * z), z, oo), oo), y > 0),
    (Gt(sigma(z) * sigma(-z), 0),),
    (Ge(softplus(z), 0, evaluate=False),),
    (Lt(1 / (p * (p - 1)), 0), *inside),
    (Lt(Derivative(-log(z), z), 0), z > 0),
    (Ne(im(log(-s)), 0),),
    (Ge(total(softmax(logits, k) * logits[k] ** 2), 0),),
    (And(Gt(softmax(logits, j), 0, evaluate=False), Lt(softmax(logits, j), 1)), Ge(K, 2)),
    (Eq(total(softmax(logits, k)), 1), Ge(K, 4)),
]

REFUTED = [
    (Eq(Limit(sigma(z), z, oo), 0),),
    (Eq(Limit(softplus(z) - z, z, -oo), 0),),
    (Eq(Limit(exp(y * z), z, oo), oo),),
    (Eq(Limit(Piecewise((1, z > 0), (0, True)), z, 0, "-"), 1),),
    (Eq(Limit(relu(z - c), z, 0), 0),),
    (Eq(Limit(z, z, 0), 3), Eq(z, 3)),  # an assumption on the limit's variable says nothing: it is bound
    (Eq(Limit(total(exp(c * logits[k])), c, 0), 1),),
    (Gt(sigma(z), Rational(1, 2)),),
    (Lt(softplus(z), Max(z, 0)),),
    (Gt(1 / (p * (p - 1)), 0), *inside),
    (Gt(1 / z, 0),),
    (Gt(1 / relu(z), 0),),
    (Gt(log(z), -100),),
    (Lt(softmax(logits, j), 1),),
    (Gt(Sum(exp(logits[k]), (k, 2, K)), exp(logits[j]) / 2), Ge(K, 2)),
    (And(Gt(sigma(z), 0, evaluate=False), Lt(sigma(z), Rational(1, 2))),),
    (Ne(im(ell(relu(z), y)), 0), z > 0),
]

OPEN = [
    (Eq(Limit(Abs(z) / z, z, 0, "+-"), 1),),
    (Eq(Limit(sin(z), z, oo), 0),),
    (Eq(Limit(Max(z, 4 * z**2) / z, z, 0, "+"), 0),),
    (Eq(Limit(Max(z, 4 * z**2) / z, z, 0, "+"), 1),),
    (Eq(Limit((y - 100) * z, z, oo), -oo),),
    (Eq(Limit(exp((y - 100) * z), z, oo), 0),),
    (Gt((z**2 - 2) ** 2, 0),),  # false at an irrational point only
    (Ne(z**2, 2),),
    (Gt(1000 - z, 0),),
    (Ge(Abs(w) - w, 0),),  # an order, but w may not be real
    (Ge(w**2, 0),),
    (Ne(im(I * sqrt(z) + 2), 0),),
    (Or(z > 0, z < 1),),
    (Gt(Function("f")(z), 0),),
    (Gt(z, z + 1, evaluate=False), z > 1, z < 0),
]


def ids(cases):
    return [", given ".join([str(case[0]), *map(str, case[1:2])]) for case in cases]


@pytest.mark.parametrize("case", PROVED, ids=ids(PROVED))
def test_true_statement_is_proved(case):
    statement, *given = case
    assert prove(statement, given).status == "proved"


@pytest.mark.parametrize("case", REFUTED, ids=ids(REFUTED))
def test_false_statement_is_refuted_at_a_point_where_it_fails(case):
    statement, *given = case
    result = prove(statement, given)
    assert result.status == "refuted"
    if not isinstance(statement, And) and not statement.has(Limit, im):
        assert all(plain.holds(assumption, result.counterexample) for assumption in given)
        sides = []
        for side in statement.args:
            try:
                sides.append(plain.value(side, result.counterexample))
            except plain.NoValue:
                sides.append(None)
        assert None in sides or not plain.holds(statement, result.counterexample)


@pytest.mark.parametrize("case", OPEN, ids=ids(OPEN))
def test_what_cannot_be_settled_stays_undecided(case):
    statement, *given = case
    result = prove(statement, given, seconds=2)
    assert result.status == "undecided"
    with pytest.raises(TypeError):
        bool(result)


def test_comparison_by_two_equal_signs_is_rejected_since_it_compares_how_things_are_written():
    with pytest.raises(TypeError, match=r"Eq\(left, right\)"):
        prove(sigma(-z) == 1 - sigma(z))


def test_refuted_part_refutes_the_conjunction_whatever_stays_open():
    assert prove(And(Gt(Function("f")(z), 0), Lt(sigma(z), Rational(1, 2)))).status == "refuted"


# Proofs led by a form in between


def test_form_in_between_that_is_wrong_refutes_nothing_true_and_proves_nothing_false():
    true, false = Eq(sigma(-z), 1 - sigma(z)), Eq(sigma(-z), sigma(z))
    for via in (sigma(z), S.NaN, Heaviside(z)):
        assert prove(true, via=(via,)).status == "proved"
        assert prove(false, via=(via,)).status == "refuted"


def test_shape_that_is_not_equal_proves_no_inequality():
    assert prove(Gt(z**2 - z + 1, 0), via=(exp(z),)).status == "undecided"
    shape = (z - Rational(1, 2)) ** 2 + Rational(3, 4)
    assert prove(Gt(z**2 - z + 1, 0), via=(shape,)).status == "proved"


def test_shape_that_is_equal_leads_the_proof():
    square = (p - Rational(1, 2)) ** 2
    assert prove(Le(p * (1 - p), Rational(1, 4))).status == "undecided"
    assert prove(Le(p * (1 - p), Rational(1, 4)), via=(square,)).status == "proved"


# Lowest points


def test_lowest_point_proves_an_inequality_that_is_not_strict():
    x = Symbol("x", positive=True)
    assert prove(Ge(x - 1 - log(x), 0, evaluate=False), via=(LowestAt(x, S.One),)).status == "proved"
    assert prove(Ge(x - log(x), 1), via=(LowestAt(x, S.One),)).status == "proved"
    assert prove(Gt(x - log(x), 0), via=(LowestAt(x, S.One),)).status == "proved"


@pytest.mark.parametrize(
    ("statement", "turn", "given"),
    [
        (Gt((z - Rational(17, 13)) ** 2, 0), LowestAt(z, Rational(17, 13)), ()),  # 0 at the lowest point
        (Ge(exp(z) - z, 0), LowestAt(z, S.One), ()),  # true, but lowest elsewhere
        (Ge(1000 - z, 0), LowestAt(z, S.Zero), ()),  # falls for ever
        (Ge(1 + 1 / (z + 1000), 0), LowestAt(z, S.Zero), (z < 0,)),  # falls, but jumps at a pole
        (Ge(Heaviside(z - 1000) * -5 + 1, 0), LowestAt(z, S.Zero), ()),  # slope 0, but a step
    ],
    ids=str,
)
def test_lowest_point_that_is_none_proves_nothing(statement, turn, given):
    assert prove(statement, given, via=(turn,)).status != "proved"


def test_pole_on_the_way_to_the_lowest_point_is_not_overlooked():
    # Falls on both sides of its pole at -50, where it comes from minus infinity; no sample is near enough to see.
    f = 10 + 1 / (10**6 * (z + 50)) + (z - 3) ** 2 / 10**9
    f = f - f.diff(z).subs(z, 3) * z
    assert f.diff(z).subs(z, 3) == 0
    assert prove(Ge(f, 0), (z > -100, z < 3), via=(LowestAt(z, S(3)),)).status != "proved"
    assert plain.value(f, {z: -50 - Rational(1, 10**9)}) < 0
