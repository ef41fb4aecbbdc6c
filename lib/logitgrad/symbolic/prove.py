"""prove_equal and its ladder: Proved, Refuted or Undecided, each with how.

An equality is a statement about every point that satisfies the assumptions and where both sides are defined.
Where one side is defined on a whole region and the other nowhere in it, the equality fails. Where no point is
found at which both have a value, it speaks of nothing and stays undecided.
The rungs, in order, each under a time limit:

1. structure: the two sides are the same expression, which has a value somewhere
2. counterexample: intervals at exact points; this rung only refutes
3. rewriting: one function family, expanded, over one denominator
4. sums: the same for sums of symbolic length, deltas collapsed, hypotheses applied
5. cases: the domain cut where Max, Abs, Piecewise switch; rungs 3 and 6 on every piece
6. simplify: SymPy's, as the last resort

The counterexample comes second because it is cheap, and because it cross-examines everything after it: a rung
that claimed a false equality would have to get past exact points first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, ClassVar

from sympy import Eq, Expr, Integer, Integral, KroneckerDelta, Limit, Ne, Product, S, Sum, simplify

from .budget import OutOfTime, time_limit
from .calculus import fresh_indices, ground
from .domain import SWITCHES, Given, Piece, cuts_of, domain, flatten, pieces, resolve
from .functions import expression
from .normal import normal, solve_hypothesis, vanishes
from .refute import NoPoint, Point, check_it_speaks, counterexample, differ

SECONDS = 10.0  # for one rung: a fence, since what succeeds takes a fraction of a second


@dataclass(frozen=True)
class Proved:
    """The statement holds; ``method`` names the rung that showed it. Its ``status`` is "proved"."""

    method: str
    status: ClassVar[str] = "proved"

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return f"proved by {self.method}"


@dataclass(frozen=True)
class Refuted:
    """The statement fails at ``counterexample``, where its sides have ``values``.

    Its ``status`` is "refuted"; ``method`` says how that is known.
    """

    counterexample: Point
    values: tuple[Any, ...]
    method: str = "counterexample"
    status: ClassVar[str] = "refuted"

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        where = ", ".join(f"{symbol} = {value}" for symbol, value in self.counterexample.items())
        sides = " and ".join(_shown(value) for value in self.values)
        return f"refuted{' at ' * bool(where)}{where}: the sides are {sides}"


def _shown(value: Any) -> str:
    if value is None:
        return "undefined"
    return f"{value:.6g}" if isinstance(value, float | complex) else str(value)


@dataclass(frozen=True)
class Undecided:
    """Neither proved nor refuted; ``reasons`` says what each rung came to.

    Its ``status`` is "undecided", its ``method`` "none". It has no truth value: asking for one raises TypeError.
    """

    reasons: tuple[str, ...] = ()
    method: str = "none"
    status: ClassVar[str] = "undecided"

    def __bool__(self) -> bool:
        raise TypeError("an undecided statement is neither true nor false; look at .status")

    def __str__(self) -> str:
        return "undecided: " + "; ".join(self.reasons)


Result = Proved | Refuted | Undecided


_NO_VALUE = (S.NaN, S.ComplexInfinity)

Found = Proved | Refuted | str | None  # what one rung comes to: a result, why not, or "not for me"


@dataclass(frozen=True)
class Claim:
    """An equality to settle: both sides as given, both without named functions and derivatives."""

    lhs: Any
    rhs: Any
    given: Given

    @cached_property
    def gap(self) -> Expr:
        return fresh_indices(ground(self.lhs) - ground(self.rhs))


def prove_equal(lhs: Any, rhs: Any, given: Any = (), seconds: float = SECONDS) -> Result:
    """Settle lhs = rhs under the assumptions ``given`` (relations, beside those on the symbols).

    Numbers never prove: they only refute, and only by intervals that exclude 0. ``seconds`` bounds each rung.

    >>> from sympy import exp
    >>> from logitgrad.symbolic import prove_equal, sigma, z
    >>> print(prove_equal(sigma(z), exp(z) / (1 + exp(z))))
    proved by rewriting
    >>> print(prove_equal(sigma(-z), -sigma(z)))
    refuted at z = 1: the sides are 0.268941 and -0.731059
    """
    return climb(Claim(expression(lhs), expression(rhs), flatten(given)), seconds)


def climb(claim: Claim, seconds: float = SECONDS) -> Result:
    """Try the rungs in order until one settles the claim."""
    reasons = []
    for name, rung in RUNGS:
        found: Found
        try:
            with time_limit(seconds):
                found = rung(claim)
        except OutOfTime:
            found = f"out of time ({seconds:g} s)"
        except RecursionError:
            found = "too deep"
        except NoPoint as problem:
            return Undecided((str(problem),))
        except Exception as problem:  # SymPy raises many kinds where it cannot go on; the reason is kept
            found = f"{type(problem).__name__}: {problem}"
        if isinstance(found, Proved | Refuted):
            return found
        if isinstance(found, str):
            reasons.append(f"{name}: {found}")
    return Undecided(tuple(reasons))


def _structure(claim: Claim) -> Found:
    if claim.lhs.has(*_NO_VALUE):
        return "a side has no value"
    if claim.lhs != claim.rhs:
        return "the sides are written differently"
    check_it_speaks((claim.lhs,), claim.given)
    return Proved("structure")


def _counterexample(claim: Claim) -> Found:
    found = counterexample((claim.lhs, claim.rhs), claim.given, differ)
    return Refuted(*found) if found else "none found"


def _rewriting(claim: Claim) -> Found:
    if claim.gap.has(Sum, KroneckerDelta):
        return None
    return _verdict(_settled(claim.gap), "rewriting")


def _sums(claim: Claim) -> Found:
    gap = claim.gap
    if not (gap.has(Sum, KroneckerDelta) or any(g.has(Sum, KroneckerDelta) for g in claim.given)):
        return None
    return _verdict(_zero_with_sums(normal(gap), claim.given), "sums")


def _zero_with_sums(gap: Expr, given: Given) -> bool:
    for relation in given:
        if isinstance(relation, Eq):
            gap = normal(gap.xreplace(solve_hypothesis(ground(relation.lhs), ground(relation.rhs))))
    if vanishes(gap):
        return True
    # A delta of a bound index is 1 for one term and 0 for the others: no case of it covers a whole sum.
    deltas = sorted((d for d in gap.atoms(KroneckerDelta) if d.free_symbols <= gap.free_symbols), key=str)
    return bool(deltas) and all(_zero_with_sums(case, given) for case in _delta_cases(gap, deltas[0], given))


def _delta_cases(gap: Expr, delta: KroneckerDelta, given: Given) -> list[Expr]:
    left, right = delta.args
    apart = normal(gap.xreplace({delta: Integer(0)}))
    if any(isinstance(g, Ne) and set(g.args) == {left, right} for g in given):
        return [apart]
    return [apart, normal(gap.xreplace({delta: Integer(1)}).xreplace({right: left}))]


def _settled(gap: Expr) -> bool:
    gap = normal(gap)
    return gap.is_finite is not False and not gap.has(*_NO_VALUE) and vanishes(gap)


def _cases(claim: Claim) -> Found:
    gap = claim.gap
    for relation in claim.given:
        if isinstance(relation, Eq):
            gap = gap.xreplace(solve_hypothesis(ground(relation.lhs), ground(relation.rhs)))
    cells = cells_of(gap, claim.given)
    if isinstance(cells, str):
        return cells
    if cells == [("", claim.gap)]:
        return None
    by_simplify = False
    for names, case in cells:
        if case.has(*_NO_VALUE):
            return f"a side is undefined at {names}"
        if not _settled(case):
            by_simplify = True
            if case.has(*_BINDERS) or simplify(case) != 0:
                return f"not settled for {names or 'the general case'}"
    count = f"{len(cells)} cases" if len(cells) > 1 else "rewriting on its domain"
    return Proved(count + ", simplify" * by_simplify)


def cells_of(expr: Expr, given: Given) -> list[tuple[str, Expr]] | str:
    """The expression on each piece of its symbols' domains, its branches chosen; or why not."""
    cuts = cuts_of(expr)
    if cuts is None:
        return "a branch switches on more than one symbol"
    symbols = [
        s for s in sorted(expr.free_symbols, key=str) if s in cuts or any(g.free_symbols == {s} for g in given)
    ]
    symbols = [s for s in symbols if not s.is_integer and domain(s, given) != S.EmptySet]
    grid = list(product(*(pieces(s, given, cuts.get(s, ())) for s in symbols)))
    if len(grid) > 81:
        return f"{len(grid)} cases are too many"
    return [(", ".join(piece.name for piece in cell), _on(expr, cell)) for cell in grid]


def _on(expr: Expr, cell: tuple[Piece, ...]) -> Expr:
    chosen = resolve(expr, {piece.symbol: piece.sample for piece in cell})
    return chosen.subs({piece.symbol: piece.form for piece in cell})  # no form contains another's symbol


# SymPy's simplify may capture a summation index, takes limits without looking at both sides, and chooses between
# branches by numbers of a few digits.
_BINDERS = (Sum, Product, Limit, Integral)


def _simplify(claim: Claim) -> Found:
    if claim.gap.has(*_BINDERS, *SWITCHES):
        return None
    return _verdict(simplify(claim.gap) == 0, "simplify")


def _verdict(zero: bool, method: str) -> Found:
    return Proved(method) if zero else "does not reach 0"


RUNGS: tuple[tuple[str, Callable[[Claim], Found]], ...] = (
    ("structure", _structure),
    ("counterexample", _counterexample),
    ("rewriting", _rewriting),
    ("sums", _sums),
    ("cases", _cases),
    ("simplify", _simplify),
)

__all__ = ["Claim", "Proved", "Refuted", "Result", "Undecided", "cells_of", "climb", "prove_equal"]
