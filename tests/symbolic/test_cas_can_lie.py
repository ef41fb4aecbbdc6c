"""Each lie is pinned: a SymPy that mends one is noticed here, before the chapter says what is no longer so."""

import re
from pathlib import Path

import pytest
import sympy
from sympy import (
    Abs,
    And,
    Gt,
    IndexedBase,
    KroneckerDelta,
    Le,
    Min,
    Ne,
    Piecewise,
    Rational,
    S,
    Sum,
    Symbol,
    diff,
    exp,
    integrate,
    limit,
    log,
    simplify,
    sin,
    symbols,
)

from logitgrad.symbolic import Undefined, enclose, prove, prove_equal, theorems
from logitgrad.symbolic.cas_can_lie import LIES, SYMPY, Lie, Table, lies, scope

ROOT = Path(__file__).parents[2]
each = pytest.mark.parametrize("lie", LIES, ids=[lie.name for lie in LIES])

MENDED = "SymPy {} answers {!r}, no longer {!r}: see the chapter and its table"


@each
def test_sympy_still_gives_this_answer(lie):
    answer = str(lie.answer())
    assert answer == lie.said, MENDED.format(sympy.__version__, answer, lie.said)
    assert lie.stands()


@each
def test_the_guard_stops_it(lie):
    assert lie.stopped(), f"{lie.guard!r} does not hold any more"


def test_the_answers_are_those_of_the_pinned_version():
    (pinned,) = re.findall(r"^sympy==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), flags=re.M)
    assert pinned == SYMPY


def test_names_and_questions_are_different():
    assert len(lies) == len(LIES) == len({lie.asked for lie in LIES})


def test_the_questions_use_their_own_names_only():
    assert scope()["z"].is_real
    assert scope()["w"].is_real is None
    assert scope()["stranger"].name == "z"
    assert all("__" not in lie.asked + lie.check for lie in LIES)


# What the table calls the truth, by a road of its own

x = Symbol("x", real=True)
u = Symbol("u")


def number(code):
    return complex(eval(code, scope()))


@pytest.mark.parametrize(
    ("name", "computed", "true"),
    [
        ("not-simplified", "(log(1 + exp(w)) - w - log(1 + exp(-w))).subs(w, 4*I)", -2j * sympy.pi),
        ("not-simplified", "(log(1 + exp(w)) - w - log(1 + exp(-w))).subs(w, 4)", 0),
        ("forced-logarithm", "(log(a) + log(c) - log(a*c)).subs({a: -2, c: -3})", 2j * sympy.pi),
        ("forced-root", "sqrt(w**2).subs(w, -1)", 1),
        ("loss-not-real", "im(-log(a - 1)).subs(a, -5)", -sympy.pi),
        ("loss-not-real", "-log(1 - a).subs(a, -5) - re(-log(a - 1)).subs(a, -5)", 0),
        ("slope-of-a-branch", "limit((log(1 + z) / z - 1) / z, z, 0)", -0.5),
        ("limit-by-the-alphabet", "1 / (1 + exp((1 - 2) * 100))", 1),
        ("limit-by-the-alphabet", "1 / (1 + exp((2 - 2) * 100))", 0.5),
        ("limit-of-a-root", "(z / Abs(sqrt(z**2 - 1))).subs(z, Rational(3, 5))", 0.75),
        ("tenths", "(0.1*z + 0.2*z - 0.3*z).subs(z, 1) * 2**54", 1),
        ("cancellation", "log(1 + exp(-100)).evalf(60)", 3.720075976e-44),
        ("translation", "(1 / (1 + exp(-40)) - 1).evalf(30)", -4.248354255e-18),
    ],
)
def test_the_truth_is_what_the_table_says(name, computed, true):
    assert name in lies
    assert number(computed) == pytest.approx(complex(true), rel=1e-9, abs=1e-60)


@pytest.mark.parametrize("name", ["removed-pole", "hidden-zero"])
def test_two_are_not_stopped_and_the_table_says_so(name):
    assert lies[name].guard.startswith("none")
    assert sum(lie.guard.startswith("none") for lie in LIES) == 2


# The examples of SymPy's own reports, as they were reported

p, q, r = symbols("p q r", positive=True)
n, i, j = symbols("n i j")
free = IndexedBase("x")
jumping = Piecewise((u**3, u < 3), (-(u**2), u > 3), (2, True))
sinc = Piecewise((sin(u) / u, Ne(u, 0)), (1, True))
leaking = -Sum(Piecewise((KroneckerDelta(i, j, (1, n)), free[i] > 0), (0, True)), (i, 1, n))

REPORTED = {
    11017: lambda: integrate(1 / (1 - u), u) == -log(u - 1),
    11402: lambda: diff(sinc, u, u).subs(u, 0) == 0 != limit(diff(sin(u) / u, u, u), u, 0),
    20881: lambda: diff(Min(x, S.Half), x).subs(x, S.Half) == S.Half,
    21891: lambda: diff(Sum(free[i] * 2, (i, 1, n)), free[i]) == Sum(2, (i, 1, n)),
    22893: lambda: limit((p * exp(-p * x) + q * exp(-q * x)) * exp(q * x), x, sympy.oo) == sympy.oo,
    23836: lambda: [limit(jumping, u, 3, side) for side in ("+", "-", "+-")] == [2, 2, 2],
    25681: lambda: limit(u / Abs(sympy.sqrt(u**2 - 1)), u, 1, "-") == -sympy.oo,
    27359: lambda: simplify(leaking).has(i),
    28280: lambda: (20 + log(1 + S(10) ** -10) > 20) == False,  # noqa: E712
}


@pytest.mark.parametrize("issue", REPORTED)
def test_the_reported_example_still_gives_the_reported_answer(issue):
    assert REPORTED[issue](), f"SymPy#{issue} is mended in {sympy.__version__}: see the chapter and its table"


def test_every_report_that_the_table_names_is_run_and_in_the_bibliography():
    named = {lie.issue for lie in LIES if lie.issue}
    entry = re.search(r"@misc\{sympy-issues.*?^\}", (ROOT / "book/references.bib").read_text("utf-8"), re.M | re.S)
    assert named == set(REPORTED) == {int(digits) for digits in re.findall(r"#(\d+)", entry.group())}


# The table


def test_the_table_has_a_row_for_each_lie():
    lines = Table()._repr_markdown_().splitlines()
    assert len(lines) == 2 + len(LIES)
    assert all(line.count("|") == 4 for line in lines)
    assert f"(#{lies['comparison'].issue})" in lines[2 + LIES.index(lies["comparison"])]
    assert repr(Table(LIES[:1])) == "diff(LSE, logits[k])\n  1, not $p_k$; fresh indices"


def test_a_table_with_a_mended_lie_is_refused():
    mended = Lie("mended", "1 + 1", "3", "2", "arithmetic", "True")
    assert not mended.stands()
    with pytest.raises(AssertionError, match="mended"):
        Table([*LIES[:1], mended])


# What the chapter admits


def test_numbers_compared_while_they_are_written_are_not_believed():
    small = log(1 + exp(-30))
    assert enclose(small, {}) > 0
    for answer in (small > 0, small <= 0):
        assert answer in (S.true, S.false)
        assert prove(answer).status == "undecided"
    assert prove(Gt(small, 0, evaluate=False)).status == "proved"
    assert prove(Le(small, 0, evaluate=False)).status == "refuted"


def test_a_part_of_a_conjunction_that_sympy_drops_is_not_seen():
    small = log(1 + exp(-30))
    assert And(small <= 0, x > 1) == (x > 1)


def test_nothing_is_said_of_a_function_that_enclosures_do_not_know():
    with pytest.raises(Undefined):
        enclose(sympy.floor(x), {x: 1})


def test_the_guess_of_the_alphabet_is_not_an_accident_of_two_letters():
    for one, other in [(p, q), (q, p), (p, r), (r, q)]:
        share = limit(exp(one * x) / (exp(one * x) + exp(other * x)), x, sympy.oo)
        assert share == int(one.name > other.name)


def test_theorems_of_the_chapter_refute_what_sympy_says():
    assert theorems["softplus-positive"].prove().status == "proved"
    at = theorems["softplus-positive"].statement.lhs
    assert all(enclose(at, {s: -far}) > 0 for s in at.free_symbols for far in (22, 100, 700))
    half_turn = theorems["logarithms-of-negatives"]
    assert half_turn.without(half_turn.assumptions[0]).prove().status == "refuted"
    assert prove_equal(Rational(1, 10) * x, x / 10).status == "proved"
