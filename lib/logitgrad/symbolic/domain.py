"""Assumptions as data: the set a symbol ranges over, cut into pieces on which everything has one sign.

On each piece the symbol is written through a new positive one (on (0, 1): z = t/(1 + t)), and SymPy's own
knowledge of positive symbols does the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import pairwise, product
from typing import Any

from sympy import (
    Abs,
    And,
    Basic,
    Dummy,
    Eq,
    Expr,
    FiniteSet,
    Heaviside,
    Interval,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    S,
    Set,
    Union,
    oo,
    preorder_traversal,
    sign,
)
from sympy.core.relational import Relational

from .calculus import exact
from .functions import expression

Given = tuple[Basic, ...]


def flatten(given: Any) -> Given:
    """Assumptions one by one: And is taken apart, what SymPy already knows to be true is dropped."""
    items = given if isinstance(given, tuple | list) else (given,)
    items = [exact(expression(item)) for item in items]
    parts = [part for item in items for part in (item.args if isinstance(item, And) else (item,))]
    return tuple(part for part in parts if part != S.true)


def domain(symbol: Expr, given: Given) -> Set:
    """The real numbers that the symbol's own assumptions and the relations on it alone leave.

    >>> from logitgrad.symbolic import y
    >>> domain(y, (y >= 0, y < 1))
    Interval.Ropen(0, 1)
    """
    own = S.Reals
    if symbol.is_positive:
        own = Interval.open(0, oo)
    elif symbol.is_negative:
        own = Interval.open(-oo, 0)
    elif symbol.is_nonnegative:
        own = Interval(0, oo)
    sets = [_as_set(g) for g in given if isinstance(g, Relational) and g.free_symbols == {symbol}]
    return reduce(lambda left, right: left.intersect(right), sets, own)


@lru_cache(maxsize=1000)
def _as_set(relation: Relational) -> Set:
    # What is too hard to solve with certainty leaves nothing out: a larger domain is the safe side. SymPy puts
    # numbers such as log(1 + exp(-30)) in order by their first digits.
    gap = relation.lhs - relation.rhs
    if not gap.is_polynomial() or any(part.is_number and not part.is_Rational for part in preorder_traversal(gap)):
        return S.Reals
    if isinstance(relation, Eq | Ne) or not all(side.is_number or side.is_Symbol for side in relation.args):
        return relation.as_set()
    relation = relation.canonical  # the symbol to the left
    low, high = (relation.rhs, oo) if relation.rel_op in (">", ">=") else (-oo, relation.rhs)
    open_ = relation.rel_op in (">", "<")
    return Interval(low, high, open_, open_)


@dataclass(frozen=True)
class Piece:
    """A part of a symbol's domain: how it is written, the symbol's form on it, and a point inside."""

    name: str
    symbol: Expr
    form: Expr
    sample: Expr


def pieces(symbol: Expr, given: Given, cuts: Iterable[Expr] = ()) -> list[Piece]:
    """The domain, cut at the given numbers, as points and open intervals.

    >>> from logitgrad.symbolic import y
    >>> [piece.name for piece in pieces(y, (y >= 0, y < 1))]
    ['y = 0', '0 < y < 1']
    """
    if not symbol.is_real:
        raise ValueError(f"{symbol} is not declared to be real")
    return [piece for part in _components(domain(symbol, given)) for piece in _split(symbol, part, set(cuts))]


def _components(region: Set) -> Iterator[Set]:
    for part in region.args if isinstance(region, Union) else (region,):
        if isinstance(part, FiniteSet):
            yield from (FiniteSet(point) for point in part)
        elif isinstance(part, Interval):
            yield part
        elif part != S.EmptySet:
            raise ValueError(f"{part} is neither an interval nor a finite set")


def _split(symbol: Expr, part: Set, cuts: set[Expr]) -> Iterator[Piece]:
    ends = sorted({part.inf, part.sup} | {cut for cut in cuts if cut in part})  # a point is both ends of itself
    for end in ends:
        if end in part:
            yield Piece(f"{symbol} = {end}", symbol, end, end)
    for low, high in pairwise(ends):
        yield between(symbol, low, high)


def between(symbol: Expr, low: Expr, high: Expr) -> Piece:
    """The open interval between two numbers, or infinities, as a piece."""
    t = Dummy(positive=True)
    if low == -oo and high == oo:
        return Piece("", symbol, symbol, S.One)
    if low == -oo:
        return Piece(f"{symbol} < {high}", symbol, high - t, high - 1)
    if high == oo:
        return Piece(f"{symbol} > {low}", symbol, low + t, low + 1)
    return Piece(f"{low} < {symbol} < {high}", symbol, (low + high * t) / (1 + t), (low + high) * Rational(1, 2))


# Switching points: where Max, Abs, Piecewise, Heaviside and sign change from one branch to another.

SWITCHES = (Max, Min, Abs, Heaviside, sign, Piecewise)


def switching(expr: Expr) -> set[Expr]:
    """The expressions whose sign decides a branch: z for Max(0, z), a - b for Abs(a - b)."""
    found: set[Expr] = set()
    for node in expr.atoms(*SWITCHES):
        if isinstance(node, Max | Min):
            found |= {left - right for left, right in product(node.args, repeat=2) if left != right}
        elif isinstance(node, Piecewise):
            found |= {relation.lhs - relation.rhs for relation in node.atoms(Relational)}
        else:
            found.add(node.args[0])
    return found


def cuts_of(expr: Expr) -> dict[Expr, set[Expr]] | None:
    """Numbers at which a symbol switches a branch, by symbol; None where a switch is not of that kind.

    >>> from logitgrad.symbolic import z
    >>> cuts_of(Max(0, Min(1, z)))
    {z: {0, 1}}
    """
    cuts: dict[Expr, set[Expr]] = {}
    for decider in switching(expr):
        if len(decider.free_symbols) != 1:
            return None
        (symbol,) = decider.free_symbols
        roots = _roots(decider, symbol)
        if roots is None:
            return None
        cuts.setdefault(symbol, set()).update(roots)
    return cuts


def _roots(decider: Expr, symbol: Expr) -> set[Expr] | None:
    """Where an expression may change its sign: where a switch inside it does, and at the roots of its branches.

    None unless all are rational: SymPy compares other numbers by their first digits.
    """
    inner = cuts_of(decider)
    if inner is None:
        return None
    places = sorted(inner.get(symbol, ()))
    roots = set(places)
    for low, high in pairwise([-oo, *places, oo]):
        branch = resolve(decider, {symbol: between(symbol, low, high).sample})
        slope = branch.diff(symbol)
        if not slope.is_Rational:
            return None
        if slope != 0:
            roots.add(-branch.subs(symbol, 0) / slope)
    return roots if all(root.is_Rational for root in roots) else None


def resolve(expr: Expr, samples: dict[Expr, Expr]) -> Expr:
    """Choose the branches that hold on a piece. No switch changes inside it, so one point of it tells."""

    def choose(node: Expr) -> Expr:
        if isinstance(node, Max | Min):
            best = max if isinstance(node, Max) else min
            return best(node.args, key=lambda part: part.xreplace(samples))
        if isinstance(node, Piecewise):
            return next(value for value, condition in node.args if condition.xreplace(samples) == True)  # noqa: E712
        at_sample = node.args[0].xreplace(samples)
        if isinstance(node, Abs):
            return node.args[0] if at_sample >= 0 else -node.args[0]
        return node.func(at_sample, *node.args[1:])  # a Heaviside may carry its value at 0

    return expr.replace(lambda e: isinstance(e, SWITCHES), choose)


__all__ = [
    "SWITCHES",
    "Given",
    "Piece",
    "between",
    "cuts_of",
    "domain",
    "flatten",
    "pieces",
    "resolve",
    "switching",
]
