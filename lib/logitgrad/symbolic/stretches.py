"""A function of one symbol, cut into stretches: on each one formula, and facts about it that are proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from sympy import (
    AccumBounds,
    Dummy,
    E,
    Eq,
    Expr,
    FiniteSet,
    Gt,
    Limit,
    Lt,
    Ne,
    Pow,
    S,
    Symbol,
    cancel,
    im,
    limit,
    log,
    oo,
    solveset,
    together,
)

from .budget import OutOfTime, time_limit
from .calculus import ground
from .domain import cuts_of, resolve
from .normal import normal
from .prove import SECONDS, Proved
from .statement import prove


def holds(statement: Any, given: tuple[Any, ...] = ()) -> bool:
    """Whether the statement is proved."""
    return isinstance(prove(statement, given), Proved)


@cache
def sign_on(e: Expr, given: tuple[Any, ...]) -> int | None:
    """The one sign that an expression is proved to have under the assumptions."""
    statements = ((sign, order(e, 0, evaluate=False)) for sign, order in ((1, Gt), (-1, Lt), (0, Eq)))
    return next((sign for sign, statement in statements if holds(statement, given)), None)


@cache
def proved_limit(e: Expr, symbol: Symbol, to: Expr, side: str) -> Expr | None:
    """The limit, if one is found and proved."""
    try:
        with time_limit(SECONDS):
            found = limit(cancel(together(normal(e))), symbol, to, side)
    except (OutOfTime, NotImplementedError, ValueError):
        return None
    known = not found.has(AccumBounds) and holds(Eq(Limit(e, symbol, to, side), found))
    return found if known else None


@dataclass(frozen=True)
class Stretch:
    """An open interval on which a function is one formula. None stands for what is not proved."""

    symbol: Symbol
    low: Expr
    high: Expr
    formula: Expr

    @property
    def given(self) -> tuple[Any, ...]:
        return tuple(g for g in (self.symbol > self.low, self.symbol < self.high) if g != S.true)

    @cached_property
    def slope(self) -> Expr:
        return self.formula.diff(self.symbol)

    @cached_property
    def turn(self) -> int | None:
        """The sign of the slope."""
        return sign_on(self.slope, self.given)

    @cached_property
    def real(self) -> bool | None:
        """Whether the function is real everywhere on the stretch; False where it is real nowhere."""
        if self.formula.xreplace({e: Dummy(real=True) for e in self._proved_real()}).is_real:
            return True
        return False if holds(Ne(im(self.formula), 0), self.given) else None

    def _proved_real(self) -> Iterator[Expr]:
        """Logarithms and powers of positive things, and one over what is not 0."""
        for e in self.formula.atoms(log, Pow):
            found = sign_on(e.args[0], self.given)
            if found == 1 or (found == -1 and e.is_Pow and e.exp.is_integer):
                yield e

    @cached_property
    def smooth(self) -> bool | None:
        """Whether the slope is continuous on the stretch."""
        return all(sign_on(e, self.given) in (1, -1) for e in critical(normal(self.slope))) or None

    def ends(self, e: Expr) -> tuple[Expr | None, Expr | None]:
        """The limits of an expression at the two ends."""
        return proved_limit(e, self.symbol, self.low, "+"), proved_limit(e, self.symbol, self.high, "-")


@cache
def stretches(function: Expr, symbol: Symbol, *also: Expr) -> tuple[Stretch, ...]:
    """The stretches between a function's kinks, its poles, the zeros of its slope, and the cuts in ``also``."""
    function = ground(function)
    kinks = cuts_of(function)
    if kinks is None:
        raise ValueError(f"{function} changes its formula where that cannot be told")
    cuts = {*also, *kinks.get(symbol, ())}
    for stretch in _cut(function, symbol, cuts):
        cuts |= {c for c in _special(stretch) if stretch.low < c < stretch.high}
    return tuple(_cut(function, symbol, cuts))


def _cut(function: Expr, symbol: Symbol, cuts: set[Expr]) -> list[Stretch]:
    intervals = pairwise([-oo, *sorted(cuts), oo])
    # No formula changes inside an interval, so one point of it tells which holds.
    return [Stretch(symbol, low, high, resolve(function, {symbol: inside(low, high)})) for low, high in intervals]


def inside(low: Expr, high: Expr) -> Expr:
    """A number strictly between two others, of which one or both may be infinite."""
    if low == -oo:
        return S.Zero if high == oo else high - 1
    return low + 1 if high == oo else (low + high) / 2


def critical(e: Expr) -> list[Expr]:
    """What must not be 0: denominators and arguments of logarithms."""
    bottoms = [power.base for power in e.atoms(Pow) if power.exp.could_extract_minus_sign() and power.base != E]
    return bottoms + [logarithm.args[0] for logarithm in e.atoms(log)]


def _special(stretch: Stretch) -> Iterator[Expr]:
    """Where the slope may vanish or break off, and the function cease to be real, as far as this can be solved."""
    slope = together(stretch.slope)
    for part in (slope, *critical(stretch.formula), *critical(slope)):
        found = solveset(part, stretch.symbol, S.Reals) if part.has(stretch.symbol) else S.EmptySet
        yield from found if isinstance(found, FiniteSet) else ()


__all__ = ["Stretch", "inside", "proved_limit", "sign_on", "stretches"]
