"""The search for a counterexample: which settings and points it visits, and when two sides differ for certain."""

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    I,
    Integer,
    Lambda,
    Max,
    Ne,
    Rational,
    Symbol,
    cos,
    exp,
    floor,
    log,
    pi,
    sin,
)

from logitgrad.symbolic import K, Refuted, a, i, j, k, logits, p, prove_equal, relu, s, sigma, softmax, total, y, z
from logitgrad.symbolic.backprop import any_loss, loss_slope
from logitgrad.symbolic.functions import Unspecified
from logitgrad.symbolic.intervals import Evaluator, Undefined
from logitgrad.symbolic.refute import (
    NOWHERE,
    NoPoint,
    Setting,
    _choices,
    _mixtures,
    _one_sided,
    _solve_equalities,
    check_it_speaks,
    counterexample,
    differ,
    examples,
    points,
    satisfies,
    settings,
)

n = Symbol("n", integer=True)
x = Symbol("x", real=True)
half = Rational(1, 2)


def fixed(*exprs, given=()):
    """What each setting of a statement fixes, as numbers in the order of the names."""
    found = [setting.fixed for setting in settings(exprs, given)]
    return [tuple(int(setting[symbol]) for symbol in sorted(setting, key=str)) for setting in found]


# Settings


def test_statement_without_classes_has_one_setting():
    (setting,) = settings((z + y, sigma(a)), (z > 0,))
    assert setting.fixed == {}
    assert setting.given == (z > 0,)
    assert setting.symbols() == [a, y, z]


def test_classes_are_two_three_and_one_and_indices_agree_or_not():
    assert fixed(total(logits[k])) == [(2,), (3,), (1,)]
    pairs = [(1, 1), (1, 2), (2, 1), (2, 2)]
    expected = [(2, *pair) for pair in pairs] + [(3, *pair) for pair in pairs] + [(1, 1, 1)]
    assert fixed(softmax(logits, i) * logits[j]) == expected
    one = [(2, 1), (2, 2), (3, 1), (3, 2), (1, 1)]
    assert fixed(softmax(logits, i)) == one


def test_three_indices_can_be_three_classes():
    found = fixed(softmax(logits, i) * logits[j] * logits[k])
    assert (3, 1, 2, 3) in found
    assert (2, 1, 2, 2) in found
    assert len(found) == 2**3 + 3**3 + 1


def test_indices_without_a_number_of_classes_are_chosen_all_the_same():
    assert fixed(logits[i] - logits[j]) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert fixed(logits[i] * logits[j] * logits[k])[-1] == (3, 3, 3)


@pytest.mark.parametrize(
    ("given", "classes"),
    [(K >= 2, [2, 3, 4]), (K >= 3, [3, 4, 5]), (K > 3, [4, 5, 6]), (K >= 6, [6]), (K < 3, [2, 1]), (K > 9, [])],
    ids=str,
)
def test_numbers_of_classes_satisfy_the_assumptions(given, classes):
    assert fixed(total(logits[k]), given=(given,)) == [(n,) for n in classes]


def test_assumption_on_indices_picks_the_settings_and_is_done_with():
    found = list(settings((softmax(logits, i) * logits[j],), (Ne(i, j), K >= 2)))
    assert [(s.fixed[i], s.fixed[j]) for s in found if s.fixed[K] == 2] == [(1, 2), (2, 1)]
    assert {setting.given for setting in found} == {()}


def test_sizes_can_be_asked_for():
    assert [s.fixed for s in settings((total(logits[k]),), (), sizes=(2,))] == [{K: 2}]
    assert [s.fixed for s in settings((logits[i],), (), sizes=(1,))] == [{i: 1}]


def test_points_are_told_in_the_statements_own_terms():
    (first, *_) = settings((softmax(logits, i) * z,), ())
    point = next(points(first))
    told = first.named(point)
    assert set(told) == {K, i, z, logits[1], logits[2]}
    assert told[z] == point[z]
    assert told[K] == 2
    assert len(point) == 3


# Points


def test_choices_are_plain_numbers_odd_fractions_and_those_inside_the_domain():
    everywhere = _choices(z, ())
    assert everywhere[:5] == [1, -1, half, 2, 0]
    assert len(everywhere) == len(set(everywhere)) == 20
    assert sum(value.q > 500 for value in everywhere) == 6
    assert _choices(z, (z > 5,)) == [9]
    assert all(value > 0 for value in _choices(s, ()))


@pytest.mark.parametrize(
    ("low", "high"), [(Integer(0), Integer(1)), (Integer(2), Integer(5)), (Rational(-1, 3), Rational(-1, 4))]
)
def test_bounded_domain_is_searched_from_edge_to_edge(low, high):
    found = _choices(z, (z > low, z < high))
    assert all(low < value < high for value in found)
    assert {low + (high - low) * part / 8 for part in range(1, 8)} <= set(found)
    assert {
        low + (high - low) * part for part in (Rational(613, 911), Rational(241, 743), Rational(1, 10**6))
    } <= set(found)
    assert len(found) == len(set(found))


def test_domain_with_irrational_ends_is_searched_at_rational_points():
    found = _choices(z, (z > 0, z**2 < 2))
    assert found[:2] == [1, half]
    assert all(value.is_Rational and 0 < value**2 < 2 for value in found)
    assert _choices(z, (z**2 < Rational(1, 10**9),)) == [0]


def test_choices_fit_the_symbol():
    assert _choices(n, (n > 1,)) == [2, 3, 9]
    assert _choices(Symbol("m", even=True), ()) == [2, 0, -2, -40]
    assert _choices(z, (z > 1, z < 0)) == []


def test_one_symbol_takes_each_choice_once_and_none_needs_one_point():
    choices = {z: [1, 2, 3]}
    assert list(_mixtures([z], choices)) == [{z: 1}, {z: 2}, {z: 3}]
    assert list(_mixtures([], {})) == [{}]


def test_several_symbols_start_apart_then_take_odd_fractions_then_anything():
    choices = {symbol: _choices(symbol, ()) for symbol in (x, y, z)}
    found = list(_mixtures([x, y, z], choices))
    places = [[choices[x].index(point[symbol]) for symbol in (x, y, z)] for point in found]
    assert places[:4] == [[0, 2, 4], [1, 3, 5], [2, 4, 6], [3, 5, 7]]
    odd = [all(value.q > 500 for value in point.values()) for point in found]
    assert odd[:9] == [False] * 4 + [True] * 4 + [False]
    assert len(found) == 4 + 4 + 40 * 24
    assert len(set(map(str, found))) > 900
    assert list(_mixtures([x, y, z], choices)) == found  # nothing depends on chance


def test_fraction_is_odd_if_its_denominator_exceeds_five_hundred():
    odd, even, plain = Rational(1, 501), Rational(1, 500), Integer(1)
    found = list(_mixtures([y, z], {y: [odd, even, plain], z: [plain, odd]}))
    assert found[4:8] == [{y: odd, z: odd}] * 4


def test_symbol_without_odd_fractions_is_mixed_too():
    found = list(_mixtures([n, z], {n: _choices(n, ()), z: _choices(z, ())}))
    assert len(found) == 4 + 40 * 24


@pytest.mark.parametrize(
    ("given", "solved"),
    [
        ((Eq(2 * a + 3 * y, 1),), {y: (1 - 2 * a) / 3}),
        ((Eq(a, 5),), {a: 5}),
        ((Eq(a + y, 1), Eq(y + z, 2)), {y: 1 - a, z: 1 + a}),
        ((Eq(y + z, 1), Eq(y, 2 * a)), {z: 1 - 2 * a, y: 2 * a}),
        ((Eq(a + z, 1), Eq(2 * a + 2 * z, 2)), {z: 1 - a}),
        ((Eq(a * z, 1),), {}),
        ((z > 0, Eq(z**2, 4)), {}),
        ((Eq(a * z + y, 0),), {y: -a * z}),
    ],
    ids=str,
)
def test_linear_assumptions_are_solved(given, solved):
    found = _solve_equalities(given, [a, y, z])
    assert found.keys() == solved.keys()
    assert all((found[symbol] - value).expand() == 0 for symbol, value in solved.items())


def test_points_satisfy_linear_assumptions_from_the_start():
    (setting,) = settings((z + y + a,), (Eq(2 * a + 3 * y, 1), Eq(y + z, 2)))
    found = list(points(setting))
    assert len(found) == len(_choices(a, ()))
    assert all(2 * point[a] + 3 * point[y] == 1 and point[y] + point[z] == 2 for point in found)


def test_assumption_with_thirds_has_its_points():
    assert satisfies({z: Rational(1, 3)}, (Eq(3 * z, 1),))
    assert not satisfies({z: Rational(1, 3)}, (Ne(3 * z, 1),))
    assert prove_equal(6 * z * y, 2 * y, Eq(3 * z, 1)).status == "proved"
    assert prove_equal(6 * z * y, y, Eq(3 * z, 1)).counterexample == {z: Rational(1, 3), y: 1}


def test_point_satisfies_an_assumption_only_for_certain():
    assert satisfies({z: Integer(1)}, (z > 0,))
    assert not satisfies({z: Integer(-1)}, (z > 0,))
    assert not satisfies({n: half}, ())
    assert not satisfies({z: Integer(0)}, (1 / z > 0,))  # no value
    assert satisfies({}, ())


# The search


def test_search_visits_so_many_points_of_each_setting_and_no_more():
    seen = []

    def fails(at_point, exprs):
        seen.append(dict(at_point.point))
        return False

    assert counterexample((z + y, z), (), fails) is None
    assert len(seen) == 24
    seen.clear()
    assert counterexample((total(logits[k]), z), (), fails) is None
    assert len(seen) == 3 * 8  # three numbers of classes


def test_search_goes_on_after_a_point_without_a_value():
    seen = []

    def fails(at_point, exprs):
        seen.append(at_point.point[z])
        if len(seen) < 3:
            raise Undefined("not here")
        return True

    point, values = counterexample((z, 2 * z), (), fails)
    assert point == {z: half}
    assert values == (0.5, 1.0)


def test_search_without_any_point_says_so():
    with pytest.raises(NoPoint, match=r"^no point was found that satisfies the assumptions$"):
        counterexample((z, z), (z > 1, z < 0), differ)
    assert counterexample((z, z), (z > 0,), differ) is None


def test_values_shown_are_those_of_the_sides():
    found = prove_equal(log(z), log(-z), (z < -1,))
    assert isinstance(found, Refuted)
    assert found.counterexample == {z: Rational(-3, 2)}
    assert found.values[0] == pytest.approx(complex(log(1.5), pi))
    assert found.values[1] == pytest.approx(float(log(1.5)))
    assert prove_equal(log(relu(z)), 0, (z < 0,)).values == (None, 0.0)


# Functions of which nothing is said

f, g, h = Function("f"), Function("g"), Function("h", real=True)


def test_example_of_an_unknown_function_is_smooth_and_one_for_each():
    u, v = Symbol("x0"), Symbol("x1")
    t = Symbol("x")
    assert examples(g(z), f(z), h(z)) == {
        f: Lambda(t, cos(t) + t**3 / 2),
        g: Lambda(t, cos(t) + t**3 / 3),
    }
    assert examples(f(y, sigma(z))) == {f: Lambda((u, v), cos(u + 2 * v) + (u + 2 * v) ** 3 / 2)}
    assert examples(sigma(z), z) == {}


def test_example_of_a_loss_has_the_slope_that_is_said():
    loss = examples(any_loss(z, y))[any_loss](z, y)
    slope = examples(loss_slope(z, y))[loss_slope](z, y)
    assert (loss.diff(z) - slope).expand() == 0
    assert loss.diff(z, y) != 0
    with pytest.raises(NotImplementedError):
        Unspecified.example(z)


def test_statement_about_any_function_is_refuted_with_one_that_is_named():
    found = prove_equal(Derivative(f(z), z), f(z))
    assert found.counterexample == {z: 1, f: Lambda(Symbol("x"), cos(Symbol("x")) + Symbol("x") ** 3 / 2)}
    assert found.values == pytest.approx([1.5 - 0.8414709848078965, 0.5 + 0.5403023058681398])
    assert str(found).startswith("refuted at z = 1, f = Lambda(x, x**3/2 + cos(x)): the sides are 0.658529 and")
    assert prove_equal(f(z) * sigma(z), f(z) * sigma(-z)).counterexample[z] == 1
    assert prove_equal(f(g(z)), g(f(z))).status == "refuted"
    assert prove_equal(Derivative(any_loss(2 * z, y), z), loss_slope(2 * z, y)).status == "refuted"
    assert prove_equal(Derivative(any_loss(2 * z, y), z), 2 * loss_slope(2 * z, y)).status == "proved"


def test_assumption_on_a_function_is_one_on_the_example():
    assert prove_equal(f(z), z, Eq(f(z), z)).status == "undecided"
    assert prove_equal(f(z) * z, z, f(z) > 0).counterexample[z] != 0


def test_function_with_an_assumption_of_its_own_is_left_alone():
    positive = Function("f", positive=True)
    assert prove_equal(positive(z), exp(z)).status == "undecided"
    assert prove_equal(h(z), z).status == "undecided"


def test_an_unknown_function_takes_no_points_away():
    seen = []
    counterexample((f(z + y), z), (), lambda at_point, exprs: seen.append(at_point) or False)
    assert len(seen) == 24


# Sides that have no value anywhere

hidden = sin(z) ** 2 + cos(z) ** 2 - 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (hidden / (1 - sin(z) ** 2 - cos(z) ** 2), -1),
        (-1, hidden / (1 - sin(z) ** 2 - cos(z) ** 2)),
        ((z * hidden + hidden) / hidden, z + 1),
        (1 / hidden, 1 / hidden),
        (log(hidden), log(hidden)),
        (1 / (z * hidden), 1 / (z * hidden)),
        (Max(z, 1 / hidden), 1),
    ],
    ids=str,
)
def test_identity_between_sides_without_a_value_says_nothing(left, right):
    assert prove_equal(left, right).reasons == (NOWHERE,)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((z**2 - 1) / (z - 1), z + 1),  # at one point without
        (1 / Max(0, z), 1 / relu(z)),  # on half of the line
        (log(z) * h(z), h(z) * log(z)),  # a function without an interval rule
        (log(Abs(z)) + floor(z), floor(z) + log(Abs(z))),
    ],
    ids=str,
)
def test_one_point_with_a_value_is_enough(left, right):
    assert prove_equal(left, right).status == "proved"
    assert check_it_speaks((left, right), ()) is None


def test_search_looks_for_a_value_at_every_point():
    assert check_it_speaks((1 / Max(0, Rational(-39) - z),), ()) is None  # at -40 alone
    with pytest.raises(NoPoint, match=f"^{NOWHERE}$"):
        check_it_speaks((1 / Max(0, -41 - z),), ())
    with pytest.raises(NoPoint, match=f"^{NOWHERE}$"):
        check_it_speaks((z, 1 / hidden), ())
    with pytest.raises(NoPoint, match=r"satisfies the assumptions$"):
        check_it_speaks((1 / hidden,), (z > 1, z < 0))
    with pytest.raises(NoPoint, match=f"^{NOWHERE}$"):
        counterexample((z, 1 / hidden), (), differ)


# When two sides differ


def certainly(left, right, **point):
    return differ(Evaluator({Symbol(name, real=True): value for name, value in point.items()}), (left, right))


def test_sides_differ_by_more_than_rounding():
    assert certainly(z, z + 1, z=1)
    assert certainly(z + 1, z, z=1)
    assert not certainly(exp(log(z + 2)), z + 2, z=1)
    assert certainly(exp(log(z + 2)), z + 2 + Rational(1, 10**30), z=1)
    assert certainly(10**30 * exp(log(z + 2)), 10**30 * (z + 2) + 1, z=1)


def test_imaginary_parts_count():
    assert certainly(log(-z), log(z), z=2)
    assert certainly(log(z), log(-z), z=2)
    assert not certainly(log(-z), log(z) + I * pi, z=2)
    assert certainly(log(-z), log(-z) + log(2), z=2)


def test_difference_as_small_as_lost_last_bits_counts_for_nothing():
    # A value of size 2^30 keeps about 90 bits behind the point that are sure.
    assert not certainly(2**30 * z, 2**30 * z + Rational(1, 2**91), z=1)
    assert certainly(2**30 * z, 2**30 * z + Rational(1, 2**89), z=1)
    assert not certainly(z / 2, z / 2 + Rational(1, 2**121), z=1)
    assert certainly(z / 2, z / 2 + Rational(1, 2**119), z=1)


def test_side_without_a_value_makes_a_difference_unless_the_pole_may_be_an_isolated_one():
    odd = Rational(613, 911)
    nowhere = log(Max(0, -z))
    assert certainly(nowhere, z, z=odd)
    assert certainly(z, nowhere, z=odd)
    assert not certainly(nowhere, z, z=1)
    assert not certainly(nowhere + odd, z, z=odd)
    assert not certainly(nowhere, 1 / Max(0, -z), z=odd)


@pytest.mark.parametrize("constant", [500, -500, Rational(1, 256), Rational(499, 2)])
def test_pole_at_a_plain_constant_is_no_accident(constant):
    assert _one_sided(Evaluator({z: constant}), (1 / (z - constant), z))
    assert _one_sided(Evaluator({z: constant}), (z, 1 / (z - constant)))


@pytest.mark.parametrize("constant", [501, -501, Rational(1, 512), Rational(7, 911)])
def test_pole_at_an_odd_constant_may_be_one(constant):
    assert not _one_sided(Evaluator({z: constant}), (1 / (z - constant), z))


def test_two_sides_with_values_or_two_without_are_not_one_sided():
    assert not _one_sided(Evaluator({z: 1}), (z, 2 * z))
    assert not _one_sided(Evaluator({z: 1}), (1 / (z - 1), 2 / (z - 1)))


def test_setting_sorts_the_symbols_of_all_its_parts():
    setting = Setting({}, (z, y), (Ne(a, y),), {})
    assert setting.symbols() == [a, y, z]
    assert p not in setting.symbols()
