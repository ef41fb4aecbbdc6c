"""Limits, inequalities, "not real" and conjunctions: proved from their shape, refuted by a point, or open."""

import sys

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
    Min,
    Ne,
    Or,
    Piecewise,
    Rational,
    S,
    Sum,
    Symbol,
    arg,
    cos,
    exp,
    floor,
    im,
    log,
    oo,
    pi,
    re,
    sin,
    sqrt,
)

from logitgrad.symbolic import (
    K,
    LowestAt,
    Proved,
    Refuted,
    Undecided,
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
    targets,
    total,
    y,
    z,
)
from logitgrad.symbolic.signs import NONNEGATIVE, POSITIVE

from . import plain

module = sys.modules["logitgrad.symbolic.statement"]  # the package's "prove" is its function
w = Symbol("w")
inside = (p > 0, p < 1)

hidden = sin(z) ** 2 + cos(z) ** 2 - 1

PROVED = [
    (Gt(log(1 + exp(-30)), 0, evaluate=False),),
    (Gt(log(1 + exp(-1000)), exp(-1001), evaluate=False),),
    (Gt(2, 1, evaluate=False),),
    (Ge(2, 2, evaluate=False),),
    (Ge(Max(0, Min(1, z)), 0, evaluate=False),),
    (Le(Max(0, Min(1, z)), 1, evaluate=False),),
    (Eq(Limit(Max(0, Min(1, z)), z, oo), 1),),
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
    (Gt(sigma(z) * sigma(-z), 0, evaluate=False),),
    (Ge(softplus(z), 0, evaluate=False),),
    (Lt(1 / (p * (p - 1)), 0), *inside),
    (Lt(Derivative(-log(z), z), 0), z > 0),
    (Ne(im(log(-s)), 0, evaluate=False),),
    (Ge(total(softmax(logits, k) * logits[k] ** 2), 0, evaluate=False),),
    (And(Gt(softmax(logits, j), 0, evaluate=False), Lt(softmax(logits, j), 1)), Ge(K, 2)),
    (Eq(total(softmax(logits, k)), 1), Ge(K, 4)),
]

REFUTED = [
    (Le(log(1 + exp(-30)), 0, evaluate=False),),
    (Gt(Function("f")(z), 0),),
    (Lt(Function("f")(z), 0),),
    (Le(Function("f")(z), Function("f")(y)), Le(z, y)),
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
    (Gt(Function("f", real=True)(z), 0),),
    (S.true,),
    (S.false,),
    (log(1 + exp(-30)) <= 0,),  # SymPy has made it true, which it is not
    (log(1 + exp(-30)) > 0,),  # and this false
    (Gt(1 / hidden, 0),),
    (Eq(Limit(hidden / (1 - sin(z) ** 2 - cos(z) ** 2), z, 0), -1),),
    (Lt(log(1 + exp(-1000)), exp(-1001), evaluate=False),),  # false, and SymPy's own sign says true
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
    assert prove(And(Gt(Function("f", real=True)(z), 0), Lt(sigma(z), Rational(1, 2)))).status == "refuted"


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


# Word for word: what was found, how, and why not

x = Symbol("x", positive=True)
n = Symbol("n", integer=True)
steps = Piecewise((1, z < 1), (2, z < 2), (3, z < 3), (4, True))
weights = total(exp(logits[k]))
others = weights - exp(logits[j])  # positive if there are two classes or more
UNKNOWN = Function("f", extended_real=True)(z)


@pytest.mark.parametrize(
    ("statement", "given", "method"),
    [
        (And(Gt(sigma(z), 0, evaluate=False), Eq(sigma(-z), 1 - sigma(z))), (), "sign, rewriting"),
        (And(Gt(sigma(z), 0, evaluate=False), Lt(sigma(z), 1, evaluate=False)), (), "sign"),
        (Eq(Limit(sigma(z), z, oo), 1), (), "limit"),
        (Eq(Limit(y * sigma(z), z, oo), y), Ne(y, 0), "limit, 2 cases"),
        (Eq(Limit(sigma(z) + y + c, z, oo), 1 + y + c), (Ne(y, 0), Ne(c, 0)), "limit, 4 cases"),
        (Eq(Limit(y * sigma(z), z, oo), y), y > 3, "limit"),
        (Eq(Limit(K * sigma(z), z, oo), K), K >= 2, "limit"),
        (Eq(Limit(total(targets[k]) * sigma(z), z, oo), 1), Eq(total(targets[k]), 1), "limit"),
        (Eq(Limit(total(targets[k]) * sigma(z), z, oo), 1), (z > 3, Eq(total(targets[k]), 1)), "limit"),
        (Eq(Limit(total(targets[k]) * sigma(z), z, -oo), 0), (), "limit"),
        (Eq(Limit(exp(total(targets[k])) * exp(-z), z, oo), 0), (), "limit"),
        (Eq(Limit(total(c * targets[k]), c, 0), 0), (), "limit"),
        (Eq(Limit(Max(z, 5) / z, z, oo), 1), (), "limit"),
        (Eq(Limit(Max(z, -5) / z, z, -oo), 0), (), "limit"),
        (Gt(exp(z) + exp(-z), 0, evaluate=False), (), "sign"),
        (Ge(Abs(z) + sigma(z), 0, evaluate=False), (), "sign, 3 cases"),
        (Ge(relu(z) + sigma(z), 0, evaluate=False), (z >= 0,), "sign, 2 cases"),
        (Ne(z, 0), (z > 1,), "sign"),
        (Ne(z, 0), (z < -1,), "sign"),
        (Ne(others, 0), (K >= 2,), "sign"),
        (Gt(others, 0), (K >= 2,), "sign"),
        (Le(relu(z) * 0, sigma(z), evaluate=False), (), "sign"),
    ],
    ids=str,
)
def test_method_is_named(statement, given, method):
    assert prove(statement, given) == Proved(method)


@pytest.mark.parametrize(
    ("statement", "given", "reason"),
    [
        (S.true, (), "SymPy made it True while it was written; state it with evaluate=False"),
        (S.false, (), "SymPy made it False while it was written; state it with evaluate=False"),
        (Gt(1 / hidden, 0), (), "no point was found at which every side has a value"),
        (Eq(Limit(1 / hidden, z, 0), oo), (), "no point was found at which every side has a value"),
        (Or(z > 0, z < 1), (), "Or is not a kind of statement that can be settled here"),
        (z, (), "Symbol is not a kind of statement that can be settled here"),
        (
            Eq(Limit(Abs(z) / z, z, 0, "+-"), 1),
            (),
            "ValueError: the limits from the left and the right came out as -1 and 1",
        ),
        (
            Eq(Limit(Max(z, 4 * z**2) / z, z, 0, "+"), 1),
            (),
            "ValueError: a branch switches where its place cannot be told",
        ),
        (Eq(Limit((y - 100) * z, z, oo), -oo), (), "the limit came out as oo*sign(y - 100)"),
        (
            Eq(Limit(Max(z, 0), z, log(1 + exp(-30))), 0),  # SymPy takes the point for 0
            (),
            "ValueError: SymPy would put log(exp(-30) + 1) and the branches in order by a few digits",
        ),
        (Gt(1000 - z, 0), (), "the sign is not clear for the general case"),
        (Gt(1000 - Abs(z), 0), (), "the sign is not clear for z < 0"),
        (Gt(1000 - relu(z), 0), (), "the sign is not clear for z > 0"),
        (Gt(Max(z, y) + 1000, 0), (), "a branch switches on more than one symbol"),
        (Gt(others, 0), (K >= 2, z > 1, z < 0), "no point was found that satisfies the assumptions"),
        (Ne(z**2, 2), (), "the sign is not clear for the general case"),
    ],
    ids=str,
)
def test_reason_is_given_where_a_statement_stays_open(statement, given, reason):
    (found,) = prove(statement, given, seconds=2).reasons
    assert found.removeprefix("NoPoint: ") == reason


@pytest.mark.parametrize(
    ("statement", "result"),
    [
        (Ge(1, 2, evaluate=False), Refuted({}, (1, 2))),
        (Eq(Limit(sigma(z) * c, z, oo), 0), Refuted({c: 1}, (1, 0), "limit at a point")),
        (Eq(Limit(exp(y * z), z, oo), 0), Refuted({y: 1}, (oo, 0), "limit at a point")),
        (Gt(sigma(z), z), Refuted({z: 1}, (plain.value(sigma(z), {z: 1}), 1))),
    ],
    ids=str,
)
def test_refutation_has_its_point_and_both_values(statement, result):
    found = prove(statement)
    assert (found.counterexample, found.method) == (result.counterexample, result.method)
    assert found.values == pytest.approx(result.values) or found.values == result.values


def test_limit_of_a_sum_is_refuted_for_two_classes():
    found = prove(Eq(Limit(total(sigma(z) * targets[k]), z, oo), 2 * total(targets[k])))
    assert found.counterexample == {K: 2, targets[1]: 1, targets[2]: Rational(1, 2)}
    assert found.values == (Rational(3, 2), 3)


def test_assumption_on_the_variable_of_a_limit_says_nothing_even_where_no_number_satisfies_it():
    assert prove(Eq(Limit(sigma(z), z, oo), 0), (z > 1, z < 0)).status == "refuted"


@pytest.mark.parametrize("body", [y + c, total(targets[k])], ids=str)
def test_limit_is_compared_at_a_dozen_points_for_two_classes_if_for_any(body, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "_limit", lambda limit: asked.append(limit) or limit.args[0])
    assert module._refute_limit(Limit(body, z, 0), body, ()) is None
    assert len(asked) == 12


@pytest.mark.parametrize(
    ("point", "side", "value"),
    [
        (oo, "-", 4), (-oo, "+", 1), (1, "-", 1), (1, "+", 2), (2, "-", 2), (2, "+", 3), (3, "-", 3), (3, "+", 4),
        (0, "-", 1), (0, "+", 1), (Rational(3, 2), "-", 2), (Rational(3, 2), "+", 2), (7, "-", 4), (7, "+", 4),
    ],
)  # fmt: skip
def test_branch_beside_the_point_is_the_one_that_counts(point, side, value):
    assert module._near(steps, z, S(point), side) == value
    assert module._limit(Limit(steps, z, point, side)) == value
    assert prove(Eq(Limit(steps, z, point, side), value + 1)).values == (value, value + 1)


def test_limits_that_differ_are_told_apart_where_they_certainly_do():
    same, certainly_not = module._same, module._certainly_not
    assert same(oo, oo)
    assert not same(oo, -oo)
    assert not same(oo, S.One)
    assert same(sigma(-z), 1 - sigma(z))
    assert same(Abs(z), Max(z, -z))
    assert certainly_not(oo, -oo)
    assert certainly_not(oo, S.One)
    assert certainly_not(S.One, -oo)
    assert not certainly_not(oo, oo)
    assert not certainly_not(oo, UNKNOWN)  # it may be infinite
    assert certainly_not(S.One, S(2))
    assert not certainly_not(UNKNOWN, S.One)


# Time and trouble


def test_each_part_of_a_conjunction_is_given_the_time_that_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "climb", lambda claim, seconds: asked.append(seconds) or Proved("trust"))
    assert prove(And(Eq(z, y), Eq(z, c)), seconds=0.5) == Proved("trust")
    assert asked == [0.5, 0.5]
    prove(Eq(z, y), via=(c,))
    assert asked[2:] == [10]


def test_links_are_given_the_time_that_is_asked_for_and_the_assumptions(monkeypatch):
    asked = []

    def climb(claim, seconds):
        asked.append((claim.lhs, claim.rhs, claim.given, seconds))
        return Proved(f"link {len(asked)}") if len(asked) > 1 else Undecided(("why",))

    monkeypatch.setattr(module, "climb", climb)
    assert prove(Eq(z, y), y > 0, via=(c, p), seconds=3) == Proved("link 2, link 3, link 4")
    pairs = [(z, y), (z, c), (c, p), (p, y)]
    assert asked == [(left, right, (y > 0,), 3) for left, right in pairs]


def test_link_that_fails_is_named_after_what_the_ends_came_to(monkeypatch):
    results = iter([Undecided(("why",)), Proved("one"), Undecided(("open",))])
    monkeypatch.setattr(module, "climb", lambda claim, seconds: next(results))
    assert prove(Eq(z, y), via=(c,)) == Undecided(("why", f"the link to {y} does not help: undecided: open"))


def test_without_a_form_in_between_the_ends_decide(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "climb", lambda claim, seconds: asked.append(claim) or Undecided(("why",)))
    assert prove(Eq(z, y)) == Undecided(("why",))
    assert len(asked) == 1


def test_other_proofs_have_three_times_the_time_of_a_rung(monkeypatch):
    def slow(*_):
        while True:
            str(z)

    monkeypatch.setattr(module, "_prove_order", slow)
    assert prove(Gt(z, y), seconds=0.02) == Undecided(("out of time (0.06 s)",))


def test_trouble_is_kept_as_the_reason(monkeypatch):
    def failing(*_):
        raise KeyError("why")

    monkeypatch.setattr(module, "_prove_order", failing)
    assert prove(Gt(z, y)) == Undecided(("KeyError: 'why'",))


def test_comparison_is_answered_in_one_sentence():
    with pytest.raises(TypeError) as error:
        prove(True)
    assert str(error.value) == "== compares how things are written; state an equality as Eq(left, right)"


# Monotony


@pytest.mark.parametrize(
    ("statement", "turn", "given"),
    [
        (Ge(z**2 - 6 * z, -9), LowestAt(z, S(3)), ()),
        (Gt(z**2 - 6 * z, -10), LowestAt(z, S(3)), z > -1),
        (Le(-9, z**2 - 6 * z), LowestAt(z, S(3)), z < 7),
        (Lt(-10, z**2 - 6 * z), LowestAt(z, S(3)), (z > -1, z < 7)),
        (Ge(x + 1 / x, 2), LowestAt(x, S.One), ()),
        (Ge(-z - 1 / z, 2), LowestAt(z, -S.One), z < 0),
        (Ge(1 / p + 1 / (1 - p), 4), LowestAt(p, S.Half), inside),
        (Gt(y + (z - 3) ** 2, 0), LowestAt(z, S(3)), y > 0),
    ],
    ids=str,
)
def test_lowest_point_proves_by_monotony(statement, turn, given):
    assert prove(statement, given, via=(turn,)) == Proved("monotony")


@pytest.mark.parametrize(
    ("statement", "turn", "given", "reason"),
    [
        (
            Gt((z - Rational(17, 13)) ** 2, 0),
            LowestAt(z, Rational(17, 13)),
            (),
            "the value at z = 17/13: refuted: the sides are 0 and 0",
        ),
        (Ge(exp(z) - z, 0), LowestAt(z, S.One), (), "the slope before z = 1 has no clear sign"),
        (Ge(1000 - z, 0), LowestAt(z, S.Zero), (), "the slope after z = 0 has no clear sign"),
        (Ge(z + 1000, 0), LowestAt(z, S.Zero), (), "the slope before z = 0 has no clear sign"),
        (
            Ge(1 + 1 / (z + 1000), 0),
            LowestAt(z, S.Zero),
            z < 0,
            "a jump or a pole before z = 0 is not ruled out",
        ),
        (
            Ge(-1 / (z**2 - 10**6), 0),
            LowestAt(z, S.Zero),
            z >= 0,
            "a jump or a pole after z = 0 is not ruled out",
        ),
        (Ge(z**2 + 1000 - y, 0), LowestAt(z, S.Zero), (), "the value at z = 0: undecided: "),
    ],
    ids=str,
)
def test_reason_is_given_where_monotony_does_not_show(statement, turn, given, reason):
    (found,) = prove(statement, given, via=(turn,)).reasons
    assert found.startswith(reason)


@pytest.mark.parametrize(
    ("e", "truth"),
    [
        (z**2 * y + exp(z), True),
        (log(1 + exp(z)), True),
        (log(s), True),
        (log(-s), False),
        (log(z), False),
        (1 / z, False),
        (1 / (1 + z**2), True),
        (1 / (-1 - z**2), True),
        (sqrt(s), True),
        (sqrt(z), False),
        (s**z, True),
        (z**y, False),
        (exp(-z), True),
        (exp(1 / z), False),
        (1 / (1 + exp(1 / z)), False),
        (Heaviside(z), False),
        (sin(z), False),
        (logits[j] * z, True),
        (z ** (-K), False),
        (z**K, True),
    ],
    ids=str,
)
def test_continuity_is_read_off_the_shape(e, truth):
    assert module._is_continuous(e) is truth


# Shapes and parts


def test_shape_is_linked_under_the_assumptions():
    assert prove(Gt(Abs(z) * (1 + z**2) - z, 0), z > 0, via=(z**3,)) == Proved("sign")
    (reason,) = prove(Gt(Abs(z) * (1 + z**2) - z, -(10**6)), via=(z**3,)).reasons
    assert reason.startswith("the shape offered is not shown to be equal: refuted at z = ")


@pytest.mark.parametrize(
    ("value", "imaginary"),
    [
        (z + 2 * I * y, 2 * y),
        (log(-1 - exp(z)), pi),
        (log(1 + exp(z)), 0),
        (I * (z + I * y) * 3, 3 * z),
    ],
    ids=str,
)
def test_imaginary_part_is_read_off_where_the_rest_is_real(value, imaginary):
    assert module._imaginary_part(value) == imaginary


@pytest.mark.parametrize("value", [w + I * y, I * w, log(w)], ids=str)
def test_imaginary_part_of_what_may_not_be_real_is_left(value):
    assert module._imaginary_part(value).has(im, re, arg)


def test_sum_is_taken_apart_at_each_index_and_at_nothing_else():
    e = weights * exp(logits[j]) * z * x * n
    (apart,) = module._with_each_class(e, ())
    assert apart.has(exp(logits[j]))
    assert not apart.has(Sum)
    assert module._with_each_class(exp(logits[j]), ()) == []
    assert module._sign(others, (K >= 2,)) == POSITIVE
    assert module._sign(others, ()) == NONNEGATIVE
