"""A loss of an activation's output, place by place: all that happens as the logit runs over the line.

The gradient has two factors, the loss's slope at the output and the activation's slope at the logit. Where both
have one sign, so has the product. Where one of them changes its sign, and at the ends of the line, limits tell.
Where one factor vanishes while the other grows, only the limit of the product does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sympy import Expr, S, nan, oo, sign

from .calculus import ground
from .functions import unfold
from .stretches import Stretch, inside, stretches
from .symbols import a, y, z


@dataclass(frozen=True)
class Place:
    """What holds in one place; None stands for what is not proved.

    ``kind`` is "interval" (of outputs), "point" (one logit), "flat" (an interval of logits with one output),
    "side" (the limit at a point, from one side) or "end" (the limit at an end of the line). ``error`` is the
    sign of output minus target. ``gradient`` is a number, for an interval its sign, and nan where there is none.
    """

    kind: str
    where: str
    error: int | None = None
    gradient: Expr | None = None
    real: bool | None = None
    smooth: bool | None = None


class Factors:
    """The two factors of a gradient for one target, and where they meet."""

    def __init__(self, output: Expr, loss: Expr, target: Expr) -> None:
        self.output, self.value, self.target = output, loss.subs(y, target), target
        self.line = stretches(self.output, z)
        self.parts = stretches(self.value, a, target)

    def places(self) -> Iterator[Place]:
        """All that happens as the logit runs over the line."""
        for stretch in self.line:
            yield from self._on(stretch)
        for left, right in pairwise(self.line):
            yield from self._joint(left, right)
        yield self._end(self.line[0], 0, "z → -∞")
        yield self._end(self.line[-1], 1, "z → ∞")

    def _on(self, stretch: Stretch) -> Iterator[Place]:
        first, last = stretch.ends(stretch.formula)
        where = between("z", stretch.low, stretch.high)
        if stretch.turn is None or not stretch.real or first is None or last is None:
            yield Place("interval", where, real=self._real_anyway() if stretch.real else None)
        elif stretch.turn == 0:
            real = self._is_real(first)
            yield Place("flat", where, self._error(first), S.Zero if real else nan, real, True)
        else:
            yield from self._along(stretch, stretch.turn, min(first, last), max(first, last))

    def _along(self, stretch: Stretch, turn: int, low: Expr, high: Expr) -> Iterator[Place]:
        """Where the output takes each value between two once."""
        for part in self.parts:
            lowest, highest = max(low, part.low), min(high, part.high)
            if lowest < highest:
                error = self._error(inside(lowest, highest))
                gradient = None if part.turn is None else S(part.turn * turn)
                smooth = part.smooth and stretch.smooth
                yield Place("interval", between("a", lowest, highest), error, gradient, part.real, smooth)
        for border in (part.high for part in self.parts if low < part.high < high):
            sides = [_product(self._beside(border, side), S(turn)) for side in "-+"]
            yield from self._point(f"a = {border}", border, sides)

    def _joint(self, left: Stretch, right: Stretch) -> Iterator[Place]:
        output = unfold(self.output).subs(z, left.high)
        sides = [self._gradient(left, 1), self._gradient(right, 0)]
        if not (left.ends(left.formula)[1] == output == right.ends(right.formula)[0]):
            sides = [nan, nan]  # a jump
        yield from self._point(f"z = {left.high}", output, sides)

    def _point(self, where: str, output: Expr, sides: list[Expr | None]) -> Iterator[Place]:
        for limit_ in sides:
            yield Place("side", where, self._error(output), limit_)
        real = self._is_real(output)
        one = sides[0] if real and sides[0] == sides[1] and sides[0] not in (oo, -oo) else nan
        yield Place("point", where, self._error(output), None if None in sides else one, real)

    def _end(self, stretch: Stretch, end: int, where: str) -> Place:
        output = stretch.ends(stretch.formula)[end]
        return Place("end", where, self._error(output), self._gradient(stretch, end))

    def _gradient(self, stretch: Stretch, end: int) -> Expr | None:
        """The limit of the gradient at one end of a stretch."""
        output, slope = stretch.ends(stretch.formula)[end], stretch.ends(stretch.slope)[end]
        if stretch.turn is None or not stretch.real or output is None or slope is None:
            return None
        if stretch.turn == 0:
            return S.Zero if self._is_real(output) else nan
        side = "+" if (stretch.turn == 1) == (end == 0) else "-"
        found = _product(self._beside(output, side), slope)
        return self._by_limit(stretch, end, output, side) if found is nan else found

    def _by_limit(self, stretch: Stretch, end: int, output: Expr, side: str) -> Expr | None:
        """Where one factor vanishes and the other grows without bound, the limit of their product."""
        loss = self._part(output, side).formula.subs(a, stretch.formula)
        return stretch.ends(loss.diff(z))[end]

    def _part(self, output: Expr, side: str) -> Stretch:
        """The loss's stretch on one side of an output."""
        return next(
            part
            for part in self.parts
            if (part.low <= output < part.high if side == "+" else part.low < output <= part.high)
        )

    def _beside(self, output: Expr, side: str) -> Expr | None:
        """The limit of the loss's slope at an output, from one side."""
        part = self._part(output, side)
        if output in (part.low, part.high):
            return part.ends(part.slope)[0 if side == "+" else 1]
        return part.slope.subs(a, output) if part.smooth else None

    def _error(self, output: Expr | None) -> int | None:
        return int(sign(output - self.target)) if output is not None and output.is_extended_real else None

    def _is_real(self, output: Expr) -> bool:
        value = ground(self.value).subs(a, output)
        return bool(value.is_real and value.is_finite)

    def _real_anyway(self) -> bool | None:
        """Whether the loss is real whatever the output may be."""
        borders = (self._is_real(part.high) for part in self.parts[:-1])
        return (all(part.real for part in self.parts) and all(borders)) or None


def _product(left: Expr | None, right: Expr | None) -> Expr | None:
    return None if left is None or right is None else left * right  # nan for 0 times infinity


def between(name: str, low: Expr, high: Expr) -> str:
    """An open interval as one writes it: a < 0, 0 < a < 1, a > 1."""
    if low == -oo:
        return f"every {name}" if high == oo else f"{name} < {high}"
    return f"{name} > {low}" if high == oo else f"{low} < {name} < {high}"


__all__ = ["Factors", "Place"]
