"""Statements other than plain equalities: limits, inequalities, "is not zero", and several at once.

- A limit is computed by SymPy (Gruntz's algorithm) on every piece of its parameters' domain, and compared.
- An inequality is shown from its shape: after the domain is written through positive symbols, a sum, product
  or quotient of positive things is positive. ``via`` may name an equal expression whose shape shows it.
- "Not zero" follows where the sign is known. That the imaginary part of a value is not zero is how
  "has no real value" is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import Any

from sympy import (
    Add,
    And,
    Dummy,
    Eq,
    Expr,
    Ge,
    Gt,
    Le,
    Limit,
    Lt,
    Mul,
    Ne,
    Pow,
    Sum,
    cancel,
    exp,
    expand,
    im,
    limit,
    log,
    oo,
    together,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from .budget import OutOfTime, time_limit
from .calculus import differentiate, ground
from .domain import Given, between, cuts_of, domain, flatten, pieces, resolve
from .intervals import Evaluator, Pole
from .normal import normal, solve_hypothesis
from .prove import SECONDS, Claim, Proved, Refuted, Result, Undecided, cells_of, climb, prove_equal
from .refute import check_it_speaks, counterexample, points, settings
from .signs import POSITIVE, sign_of, sign_of_quotient, with_others
from .symbols import K


def prove(statement: Any, given: Any = (), via: tuple[Any, ...] = (), seconds: float = SECONDS) -> Result:
    """Settle any statement: an equality, a limit, an inequality, a conjunction of such.

    ``given`` are relations beside the assumptions on the symbols. ``via`` leads the proof: intermediate forms of
    an equality; for an inequality, an equal shape whose sign is plain, or `LowestAt`. ``seconds`` bounds each
    rung. Raises TypeError for a bool, which is what ``==`` returns.

    >>> from sympy import Gt, Limit, Eq, oo
    >>> from logitgrad.symbolic import sigma, z
    >>> print(prove(Gt(sigma(z) - sigma(z) ** 2, 0)))
    proved by sign
    >>> print(prove(Eq(Limit(sigma(z), z, oo), 1)))
    proved by limit
    >>> print(prove(sigma(z) > sigma(z)**2 + 1))
    refuted at z = 1: the sides are 0.731059 and 1.53445
    """
    if isinstance(statement, bool):
        raise TypeError("== compares how things are written; state an equality as Eq(left, right)")
    given = flatten(given)
    if isinstance(statement, BooleanAtom):  # it may have looked at numbers, and its sides are lost
        return Undecided((f"SymPy made it {statement} while it was written; state it with evaluate=False",))
    if isinstance(statement, And):
        return _all(statement, given, seconds)
    if not isinstance(statement, Relational):
        return Undecided((f"{type(statement).__name__} is not a kind of statement that can be settled here",))
    if isinstance(statement, Eq) and isinstance(statement.rhs, Limit):
        statement = statement.reversed
    if isinstance(statement, Eq) and isinstance(statement.lhs, Limit):
        return _guarded(_prove_limit, statement, given, (), seconds)
    if isinstance(statement, Eq):
        return _chain((statement.lhs, *via, statement.rhs), given, seconds)
    return _guarded(_prove_order, statement, given, via, seconds)


def _all(statement: And, given: Given, seconds: float) -> Result:
    results = [prove(part, given, seconds=seconds) for part in statement.args]
    for kind in (Refuted, Undecided):
        for result in results:
            if isinstance(result, kind):
                return result
    return Proved(", ".join(dict.fromkeys(result.method for result in results)))


def _chain(sides: tuple[Any, ...], given: Given, seconds: float) -> Result:
    # The ends first: a link that fails would say nothing about them, and a counterexample to them ends it.
    direct = climb(Claim(sides[0], sides[-1], given), seconds)
    if len(sides) == 2 or not isinstance(direct, Undecided):
        return direct
    methods = []
    for left, right in pairwise(sides):
        result = climb(Claim(left, right, given), seconds)
        if not isinstance(result, Proved):
            return Undecided((*direct.reasons, f"the link to {right} does not help: {result}"))
        methods.append(result.method)
    return Proved(", ".join(dict.fromkeys(methods)))


def _guarded(rung: Any, statement: Any, given: Given, via: tuple[Any, ...], seconds: float) -> Result:
    in_all = 3 * seconds  # such a proof is made of several climbs
    try:
        with time_limit(in_all):
            result: Result = rung(statement, given, via)
        return result
    except OutOfTime:
        return Undecided((f"out of time ({in_all:g} s)",))
    except Exception as problem:  # SymPy raises many kinds where it cannot go on; the reason is kept
        return Undecided((f"{type(problem).__name__}: {problem}",))


# Limits


def _prove_limit(statement: Eq, given: Given, via: tuple[Any, ...]) -> Result:
    asked, expected = statement.lhs, statement.rhs
    variable = asked.args[1]
    given = tuple(g for g in given if variable not in g.free_symbols)  # the limit's variable is bound
    check_it_speaks((asked.args[0],), given)
    found = _refute_limit(asked, expected, given)
    if found is not None:
        return found
    asked = _under_hypotheses(asked, given)
    bounded = dict.fromkeys(s for g in given for s in g.free_symbols if g.free_symbols == {s} and not s.is_integer)
    grid = list(product(*(pieces(s, given) for s in bounded)))
    for cell in grid:
        forms = {piece.symbol: piece.form for piece in cell}
        value = _limit(asked.xreplace(forms))
        if not _same(value, expected.xreplace(forms)):
            return Undecided((f"the limit came out as {value}",))
    return Proved("limit" if len(grid) == 1 else f"limit, {len(grid)} cases")


def _under_hypotheses(asked: Limit, given: Given) -> Limit:
    """The limit with equalities such as Sum(y) = 1 applied to its function."""
    function, variable, point, side = asked.args
    for relation in (g for g in given if isinstance(g, Eq)):
        function = normal(ground(function)).xreplace(solve_hypothesis(relation.lhs, relation.rhs))
    return Limit(function, variable, point, str(side))


def _limit(asked: Limit) -> Expr:
    function, variable, point, side = asked.args
    if str(side) == "+-" and point.is_finite:
        left, right = (_limit(Limit(function, variable, point, one)) for one in "-+")
        if not _same(left, right):
            raise ValueError(f"the limits from the left and the right came out as {left} and {right}")
        return right
    function = normal(_near(ground(function), variable, point, str(side)))
    if not function.has(log):
        function = cancel(together(function))  # a quotient of exponentials: the fewer, the faster
    return limit(function, variable, point, str(side))


def _near(function: Expr, variable: Expr, point: Expr, side: str) -> Expr:
    """The function with the branches chosen that hold close to the point, on the side of the limit."""
    found = cuts_of(function)
    if found is None:
        raise ValueError("a branch switches where its place cannot be told")
    cuts = sorted(found.get(variable, ()))
    if cuts and point.is_number and not (point.is_Rational or point.is_infinite):
        raise ValueError(f"SymPy would put {point} and the branches in order by a few digits")
    passed = sum(bool(cut < point or (cut == point and side == "+")) for cut in cuts)
    low, high = [-oo, *cuts, oo][passed : passed + 2]
    return resolve(function, {variable: between(variable, low, high).sample})


def _same(value: Expr, expected: Expr) -> bool:
    return isinstance(prove_equal(value, expected), Proved)


def _certainly_not(value: Expr, wanted: Expr) -> bool:
    if value.is_infinite or wanted.is_infinite:
        return bool(value != wanted and value.is_infinite is not None and wanted.is_infinite is not None)
    return isinstance(prove_equal(value, wanted), Refuted)


def _refute_limit(asked: Limit, expected: Expr, given: Given) -> Refuted | None:
    """The limit at exact parameter values, compared with what is claimed there."""
    for setting in settings((asked, expected), given, sizes=(2,)):
        for point in islice(points(setting), 12):
            at_point, wanted = (e.xreplace(point) for e in setting.exprs)
            value = _limit(at_point)
            if _certainly_not(value, wanted):
                return Refuted(setting.named(point), (value, wanted), "limit at a point")
    return None


# Inequalities


@dataclass(frozen=True)
class LowestAt:
    """A proof of f >= 0 (or > 0): so it is at the ``point``, up to which f falls and after which it rises.

    ``symbol`` is what runs past the point. That f has no jump or pole on the way is read off its shape. `prove`
    takes it as ``via``.
    """

    symbol: Expr
    point: Expr


def _by_monotony(gap: Expr, turn: LowestAt, order: Any, given: Given) -> Result:
    at_turn = gap.subs(turn.symbol, turn.point)
    lowest = order(at_turn, 0, evaluate=False)  # Ge, or Gt where the statement is strict
    at_point = prove(lowest, given)
    if not isinstance(at_point, Proved):
        return Undecided((f"the value at {turn.symbol} = {turn.point}: {at_point}",))
    slope, region = differentiate(ground(gap), turn.symbol), domain(turn.symbol, given)
    t = Dummy(positive=True)
    before = turn.point - t if region.inf.is_infinite else (region.inf + turn.point * t) / (1 + t)
    after = turn.point + t if region.sup.is_infinite else (turn.point + region.sup * t) / (1 + t)
    for side, name, rising in ((before, "before", -slope), (after, "after", slope)):
        cells = cells_of(rising.subs(turn.symbol, side), given)
        if isinstance(cells, str) or any(_sign(case) is None for _, case in cells):
            return Undecided((f"the slope {name} {turn.symbol} = {turn.point} has no clear sign",))
        cells = cells_of(ground(gap).subs(turn.symbol, side), given)
        if isinstance(cells, str) or not all(_is_continuous(case) for _, case in cells):
            return Undecided((f"a jump or a pole {name} {turn.symbol} = {turn.point} is not ruled out",))
    return Proved("monotony")


def _is_continuous(e: Expr) -> bool:
    """Whether its shape shows it: no division by what may be 0, and no logarithm or root of it."""
    if isinstance(e, log) or (isinstance(e, Pow) and not (e.exp.is_integer and e.exp.is_nonnegative)):
        inside = e.args[0]
        if not any(_sign(side) == POSITIVE for side in ([inside] if isinstance(e, log) else [inside, -inside])):
            return False
    smooth = isinstance(e, Add | Mul | Pow | exp | log) or e.is_Atom or e.is_Indexed
    return smooth and all(_is_continuous(part) for part in e.args)


def _prove_order(statement: Relational, given: Given, via: tuple[Any, ...]) -> Result:
    found = counterexample((statement.lhs, statement.rhs), given, _fails(statement))
    if found:
        return Refuted(*found)
    larger, smaller = (statement.rhs, statement.lhs) if isinstance(statement, Lt | Le) else statement.args
    if via and isinstance(via[0], LowestAt):
        return _by_monotony(larger - smaller, via[0], Ge if isinstance(statement, Ge | Le) else Gt, given)
    for shape in via:
        link = climb(Claim(larger - smaller, shape, given))
        if not isinstance(link, Proved):
            return Undecided((f"the shape offered is not shown to be equal: {link}",))
    return _signed(via[-1] if via else larger - smaller, statement, given)


def _signed(gap: Expr, statement: Relational, given: Given) -> Result:
    # As it stands a shape may show its sign by a lemma, unfolded by what it is made of.
    results = [_signed_shape(shape, statement, given) for shape in (ground(gap), gap)]
    return next((result for result in results if isinstance(result, Proved)), results[0])


def _signed_shape(shape: Expr, statement: Relational, given: Given) -> Result:
    cells = cells_of(shape, given)
    if isinstance(cells, str):
        return Undecided((cells,))
    for names, case in cells:
        if not _enough(case, statement, given):
            return Undecided((f"the sign is not clear for {names or 'the general case'}",))
    return Proved("sign" if len(cells) == 1 else f"sign, {len(cells)} cases")


def _enough(case: Expr, statement: Relational, given: Given) -> bool:
    if isinstance(statement, Ne):
        return any(_sign(side, given) == POSITIVE for side in (case, -case))
    sign = _sign(case, given)
    return sign == POSITIVE if isinstance(statement, Gt | Lt) else sign is not None


def _sign(e: Expr, given: Given = ()) -> int | None:
    tidy = normal(ground(e).replace(im, _imaginary_part))
    candidates = [e, ground(e), tidy, *_with_each_class(tidy, given)]
    for rule in (sign_of, sign_of_quotient):
        for candidate in candidates:
            found = rule(candidate)
            if found is not None:
                return found
    return None


def _imaginary_part(value: Expr) -> Expr:
    return im(expand(normal(value)))


def _with_each_class(e: Expr, given: Given) -> list[Expr]:
    if not e.has(Sum):
        return []
    classes = [s for s in e.free_symbols if s.is_integer and s.is_positive and s != K]
    at_least_two = bool(domain(K, given).inf >= 2)
    return [with_others(e, index, at_least_two) for index in classes]


def _fails(statement: Relational) -> Any:
    def fails(at_point: Evaluator, exprs: tuple[Any, ...]) -> bool:
        try:
            values = [at_point(side) for side in exprs]
        except Pole:
            return at_point.generic  # an order with a side that has no value does not hold
        if any(at_point.not_real(value) for value in values):
            return not isinstance(statement, Ne)  # an order between numbers that are not real does not hold
        return not at_point.holds(statement.func(*exprs, evaluate=False))  # by intervals, not by SymPy's floats

    return fails


__all__ = ["LowestAt", "prove"]
