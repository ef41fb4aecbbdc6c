"""The search for a counterexample: exact points that satisfy the assumptions, judged by intervals.

A statement is made concrete first (K = 2, 3, ... classes, each index a class, every derivative carried out on
the written-out expression), so this road shares nothing with the rules for sums of symbolic length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from random import Random
from typing import Any

from sympy import Derivative, Dummy, Eq, Expr, Integer, Lambda, Rational, Symbol, cos, expand, symbols
from sympy.core.function import AppliedUndef

from .calculus import fresh_indices
from .domain import Given, domain
from .functions import Unspecified, unfold
from .intervals import Evaluator, NearPole, Pole, Undefined, as_symbols, concrete
from .symbols import K

Point = dict[Any, Any]  # by symbol, and by function where nothing is said of one

_PLAIN = "1 -1 1/2 2 0 -3/2 1/4 -2 3 -7/3 -1/5 3/4 9 -40"  # about as many below 0 as above
_VALUES = [Rational(value) for value in _PLAIN.split()]
# Prime over prime, all different: no polynomial with small coefficients vanishes at such coordinates.
_GENERIC = [Rational(n, d) for n, d in [(613, 911), (-1117, 829), (1543, 607), (-523, 743)]]
_GENERIC += [Rational(1289, 1051), Rational(-719, 977)]
_FRACTIONS = [*(Rational(n, 8) for n in (4, 2, 6, 1, 7, 3, 5)), Rational(613, 911), Rational(241, 743)]
_FRACTIONS += [Rational(1, 10**6)]
_POINTS = 24  # in all for a statement without classes


class NoPoint(LookupError):
    """No point satisfies the assumptions, as far as the search goes: there is nothing to speak about."""


@dataclass(frozen=True)
class Setting:
    """A statement made concrete: plain symbols only, and how to speak of them in its own terms."""

    fixed: Point
    exprs: tuple[Any, ...]
    given: Given
    names: dict[Expr, Expr]
    functions: Point = field(default_factory=dict)

    def symbols(self) -> list[Symbol]:
        """All that needs a value."""
        free = {symbol for e in (*self.exprs, *self.given) for symbol in e.free_symbols}
        return sorted(free, key=str)

    def named(self, point: Point) -> Point:
        """A point in the statement's own terms."""
        return (
            self.fixed
            | {self.names.get(symbol, symbol): value for symbol, value in point.items()}
            | self.functions
        )


def settings(exprs: tuple[Any, ...], given: Given, sizes: tuple[int, ...] = (2, 3, 1)) -> Iterator[Setting]:
    """The statement for small numbers of classes and every kind of choice of its indices."""
    functions = examples(*exprs, *given)
    exprs, given = (tuple(_with(functions, e) for e in part) for part in (exprs, given))
    free = set().union(*(_free(e) for e in (*exprs, *given)))
    indices = [
        symbol for symbol in sorted(free, key=str) if symbol.is_integer and symbol.is_positive and symbol != K
    ]
    different = max(2, len(indices))  # so many classes show every way in which indices can agree
    for classes in _sizes(sizes, given) if K in free else (max(sizes),):
        for choice in product(range(1, min(classes, different) + 1), repeat=len(indices)):
            numbers = dict(zip(indices, choice, strict=True))
            parts = [concrete(e, classes, numbers) for e in (*exprs, *given)]
            if any(part == False for part in parts[len(exprs) :]):  # noqa: E712
                continue
            found, names = as_symbols(*parts)
            fixed: Point = {K: Integer(classes)} if K in free else {}
            fixed |= {index: Integer(n) for index, n in numbers.items()}
            rest = tuple(g for g in found[len(exprs) :] if g != True)  # noqa: E712
            yield Setting(fixed, found[: len(exprs)], rest, names, functions)


def examples(*exprs: Any) -> Point:
    """A function for each of which nothing is said: what holds for any function holds for this one.

    >>> from sympy import Function
    >>> examples(Function("f")(Symbol("z")))
    {f: Lambda(x, x**3/2 + cos(x))}
    """
    found = {e.func: len(e.args) for expr in exprs for e in unfold(expr).atoms(AppliedUndef, Unspecified)}
    chosen = {}
    for n, function in enumerate(sorted(found, key=str), start=1):
        if getattr(function, "_kwargs", None):
            continue  # declared to be positive, say: the example need not be
        variables = symbols(f"x:{found[function]}") if found[function] > 1 else (Symbol("x"),)
        mixed = sum(place * x for place, x in enumerate(variables, start=1))
        own = getattr(function, "example", None)
        chosen[function] = Lambda(variables, own(*variables) if own else cos(mixed) + mixed**3 / (n + 1))
    return chosen


def _with(functions: Point, e: Any) -> Any:
    """The expression with the functions of which nothing is said replaced by the examples."""
    return (
        unfold(e).replace(lambda e: e.func in functions, lambda e: functions[e.func](*e.args)) if functions else e
    )


def _free(e: Any) -> set[Symbol]:
    """The free symbols, with those that only a definition or the variable of a derivative shows."""
    e = fresh_indices(unfold(e))
    variables = {variable for node in e.atoms(Derivative) for variable in node.variables}
    found = set(e.free_symbols).union(*(variable.free_symbols for variable in variables))
    return {symbol for symbol in found if not isinstance(symbol, Dummy)}  # the bound ones are dummies now


def _sizes(sizes: tuple[int, ...], given: Given) -> list[int]:
    region = domain(K, given)
    return [n for n in (*sizes, 4, 5, 6) if region.contains(n) == True][: len(sizes)]  # noqa: E712


def points(setting: Setting) -> Iterator[Point]:
    """Exact points that satisfy the assumptions: first the plain ones, then a fixed sequence of mixtures."""
    symbols = setting.symbols()
    solved = _solve_equalities(setting.given, symbols)
    loose = [symbol for symbol in symbols if symbol not in solved]
    choices = {symbol: _choices(symbol, setting.given) for symbol in loose}
    if any(not values for values in choices.values()):
        return
    for candidate in _mixtures(loose, choices):
        point = dict(candidate)
        for symbol, value in solved.items():
            point[symbol] = value.xreplace(point)
        if all(value.is_Rational for value in point.values()) and satisfies(point, setting.given):
            yield point


def _mixtures(loose: list[Symbol], choices: dict[Symbol, list[Rational]]) -> Iterator[Point]:
    if len(loose) <= 1:
        yield from ({symbol: value} for symbol in loose for value in choices[symbol])
        if not loose:
            yield {}
        return
    for n in range(4):
        yield {
            symbol: choices[symbol][(n + 2 * place) % len(choices[symbol])] for place, symbol in enumerate(loose)
        }
    random = Random(20261121)  # any fixed seed: the same points on every machine
    generic = {symbol: [value for value in choices[symbol] if value.q > 500] for symbol in loose}
    for _ in range(4 if all(generic.values()) else 0):
        yield {symbol: random.choice(generic[symbol]) for symbol in loose}
    for _ in range(40 * _POINTS):
        yield {symbol: random.choice(choices[symbol]) for symbol in loose}


def _choices(symbol: Symbol, given: Given) -> list[Rational]:
    region = domain(symbol, given)
    if region.is_empty:
        return []
    inside = [region.inf + (region.sup - region.inf) * part for part in _FRACTIONS]  # not rational if unbounded
    values = dict.fromkeys(v for v in _VALUES + _GENERIC + inside if v.is_Rational)
    return [v for v in values if region.contains(v) == True and _fits(symbol, v)]  # noqa: E712


def _fits(symbol: Symbol, value: Rational) -> bool:
    return all(getattr(value, f"is_{name}") == truth for name, truth in symbol.assumptions0.items())


def _solve_equalities(given: Given, symbols: list[Symbol]) -> dict[Symbol, Expr]:
    """Each linear equality among the assumptions, solved for its last symbol."""
    solved: dict[Symbol, Expr] = {}
    for relation in (g for g in given if isinstance(g, Eq)):
        difference = expand(relation.lhs - relation.rhs).xreplace(solved)
        for symbol in reversed(symbols):
            slope = difference.diff(symbol)
            if symbol not in solved and slope.is_number and slope != 0:
                found = expand(-difference.xreplace({symbol: Integer(0)}) / slope)
                solved = {s: expand(value.xreplace({symbol: found})) for s, value in solved.items()}
                solved[symbol] = found
                break
    return solved


def satisfies(point: Point, given: Given) -> bool:
    """Whether every assumption, on the symbols and beside them, certainly holds at the point."""
    try:
        return all(_fits(*item) for item in point.items()) and all(Evaluator(point).holds(g) for g in given)
    except Undefined:
        return False


def counterexample(
    exprs: tuple[Any, ...], given: Given, fails: Callable[[Evaluator, tuple[Any, ...]], bool]
) -> tuple[Point, tuple[Any, ...]] | None:
    """The first point at which ``fails`` says so, with the values of the expressions there.

    Returns None where no point did. Raises NoPoint if no point satisfies the assumptions at all, and if at each of
    them a side divides by 0, or by what no interval tells from 0: an identity between such sides says nothing.
    """
    speaks = False
    for setting, point, at_point in visits(exprs, given):
        speaks = speaks or _may_have_values(at_point, setting.exprs)
        try:
            if fails(at_point, setting.exprs):
                return setting.named(point), tuple(_value(at_point, e) for e in setting.exprs)
        except Undefined:
            continue
    if not speaks:
        raise NoPoint(NOWHERE)
    return None


def visits(exprs: tuple[Any, ...], given: Given) -> Iterator[tuple[Setting, Point, Evaluator]]:
    """The points of the search one after another. Raises NoPoint at the end if there was none."""
    tried = False
    for setting in settings(exprs, given):
        # With classes there are several settings, and each has more symbols to vary.
        for point in islice(points(setting), _POINTS // 3 if setting.fixed else _POINTS):
            tried = True
            yield setting, point, Evaluator(point)
    if not tried:
        raise NoPoint("no point was found that satisfies the assumptions")


NOWHERE = "no point was found at which every side has a value"


def check_it_speaks(exprs: tuple[Any, ...], given: Given) -> None:
    """Raises NoPoint unless at some point that satisfies the assumptions no expression divides by 0."""
    if not any(_may_have_values(at_point, setting.exprs) for setting, _, at_point in visits(exprs, given)):
        raise NoPoint(NOWHERE)


def _may_have_values(at_point: Evaluator, exprs: tuple[Any, ...]) -> bool:
    try:
        for e in exprs:
            at_point(e)
    except NearPole:
        return False
    except Undefined:
        return True  # a function without an interval rule, say
    return True


def _value(at_point: Evaluator, e: Any) -> Any:
    try:
        value = at_point(e)
    except Undefined:
        return None
    if Evaluator._is_complex(value):
        return complex(float(value.real.mid), float(value.imag.mid))
    return float(value.mid)


def differ(at_point: Evaluator, exprs: tuple[Any, ...]) -> bool:
    """Whether the two sides certainly differ: the interval around their difference excludes 0 by a margin.

    Where one side has a value and the other has none, the equality fails as well, unless the pole may be
    an isolated one, which an equality is not expected to mention.
    """
    try:
        gap = at_point(exprs[0]) - at_point(exprs[1])
    except Pole:
        return at_point.generic and _one_sided(at_point, exprs)
    # The margin covers a last bit lost by an elementary function, 80 bits above the working precision.
    size = max(1, abs(at_point(exprs[0])).b)
    margin = size * at_point.iv.mpf(2) ** (80 - at_point.iv.prec)
    return any(part.a > margin or part.b < -margin for part in (gap.real, gap.imag))


def _one_sided(at_point: Evaluator, exprs: tuple[Any, ...]) -> bool:
    if any(max(abs(n.p), n.q) > 500 for side in exprs for n in side.atoms(Rational)):
        return False  # a constant as odd as the coordinates may put an isolated pole there
    defined = 0
    for side in exprs:
        try:
            defined += at_point(side) is not None
        except Pole:
            continue
    return defined == 1


__all__ = [
    "NoPoint",
    "Point",
    "Setting",
    "check_it_speaks",
    "counterexample",
    "differ",
    "examples",
    "points",
    "satisfies",
    "settings",
]
