"""Rigorous numbers: an expression at a point, enclosed between two bounds.

An interval that excludes 0 disproves an equality at that point; nothing here ever proves one.
The same enclosures give exact values, to as many digits as are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import mpmath
from mpmath.ctx_iv import MPIntervalContext, ivmpc
from sympy import (
    Abs,
    Add,
    Basic,
    Dummy,
    E,
    Expr,
    Float,
    Heaviside,
    I,
    Indexed,
    IndexedBase,
    Integer,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    arg,
    atan,
    cos,
    cot,
    erf,
    exp,
    im,
    log,
    pi,
    re,
    sign,
    sin,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from .calculus import fresh_indices, ground
from .symbols import K


class Undefined(ValueError):
    """The expression has no value at the point, or none that an interval can be put around."""


class NearPole(Undefined):
    """The expression divides by what is 0 or too close to 0 to tell, or takes the logarithm of it."""


class Pole(NearPole):
    """The expression certainly has no value at the point: a division by exactly 0, or the logarithm of it."""


def concrete(expr: Any, classes: int | None = None, indices: Mapping[Basic, int] | None = None) -> Any:
    """The statement for a fixed number of classes: every sum written out, every derivative carried out.

    >>> from logitgrad.symbolic import logits, j, softmax
    >>> concrete(softmax(logits, j), 2, {j: 1})
    exp(z[1])/(exp(z[1]) + exp(z[2]))
    """
    from .functions import unfold

    numbers: dict[Basic, Basic] = {index: Integer(value) for index, value in (indices or {}).items()}
    if classes is not None:
        numbers[K] = Integer(classes)
    expr = fresh_indices(unfold(expr)).xreplace(numbers)
    while sums := [e for e in expr.atoms(Sum, Product) if _bounded(e)]:
        expr = expr.xreplace({total: _written_out(total) for total in sums})
    return ground(expr)


def _bounded(total: Sum | Product) -> bool:
    _, low, high = total.limits[-1]
    return bool((high - low).is_Integer and high - low >= -1)


def _written_out(total: Sum | Product) -> Expr:
    """The outermost index of a sum (or product) written out; the bounds of inner ones may contain it."""
    *inner, (index, low, high) = total.limits
    body = total.func(total.function, *inner) if inner else total.function
    parts = [body.xreplace({index: low + n}) for n in range(int(high - low) + 1)]
    return Add(*parts) if isinstance(total, Sum) else Mul(*parts)


def as_symbols(*exprs: Any) -> tuple[tuple[Any, ...], dict[Expr, Expr]]:
    """The expressions with each z[1] as a symbol of its own, and which symbol stands for which."""
    components = {e for expr in exprs for e in expr.atoms(Indexed)}
    names = {e: Dummy(str(e), **e.base.label.assumptions0) for e in components}
    return tuple(expr.xreplace(names) for expr in exprs), {symbol: e for e, symbol in names.items()}


@lru_cache(maxsize=64)
def _context(bits: int) -> MPIntervalContext:
    context = MPIntervalContext()
    context.prec = bits
    return context


class Evaluator:
    """Encloses expressions at one point, at one working precision (in bits)."""

    def __init__(self, point: Mapping[Expr, Any], bits: int = 200) -> None:
        self.iv = _context(bits)
        self.slack = 1 + self.iv.mpf([-1, 1]) * self.iv.mpf(2) ** (1 - bits)
        self.point = {symbol: Rational(value) for symbol, value in point.items()}  # a float is a binary fraction
        self.known: dict[Any, Any] = {symbol: self._number(value) for symbol, value in self.point.items()}

    def _number(self, value: Rational) -> Any:
        return self.iv.mpf(int(value.p)) / int(value.q)

    def __call__(self, e: Any) -> Any:
        if e not in self.known:
            self.known[e] = self._compute(e)
        return self.known[e]

    def _compute(self, e: Any) -> Any:
        if e.is_Rational or isinstance(e, Float):
            return self._number(Rational(e))
        if isinstance(e, HyperbolicFunction):
            return self(e.rewrite(exp))
        rule = self._RULES.get(e.func) or self._RULES.get(e)
        if rule is None:
            raise Undefined(f"no interval rule for {e}")
        return rule(self, e)

    def _add(self, e: Add) -> Any:
        return sum(self(part) for part in e.args)

    def _mul(self, e: Mul) -> Any:
        product = self.iv.mpf(1)
        for part in e.args:
            product = product * self(part)
        return product

    def _pow(self, e: Pow) -> Any:
        base, power = e.args
        value, power = self(base), power.xreplace(self.point)
        if power.is_Integer:
            whole = value ** abs(int(power))
            return 1 / self._nonzero(whole) if power.is_negative else whole
        if self._is_complex(value) or not value.a > 0:
            raise Undefined(f"{base} to the power {power} where the base is not positive")
        return self._rounded_out("exp", self(power) * self._rounded_out("log", value))

    def _elementary(self, e: Expr) -> Any:
        value, name = self(e.args[0]), e.func.__name__
        if self._is_complex(value):
            raise Undefined(f"{name} of a number that is not real")
        return self._rounded_out(name, value)

    def _rounded_out(self, name: str, value: Any) -> Any:
        """A function's values on an interval, widened by a unit in the last place.

        mpmath 1.3.0 does not round all ends of exp and log outwards: with 200 bits exp(2.2e-65) is [1, 1] for it.
        """
        found = getattr(self.iv, name)(value)
        # At 0, exp and cos are 1 exactly.
        return found if value == 0 else found * self.slack

    def _rising(self, e: Expr) -> Any:
        """The values of erf or atan, for which mpmath has no intervals: both rise, so the ends give the ends.

        mpmath means to return them right to about a unit in the last place, and is asked for 64 places more than
        the interval has. ``slack`` covers an error of 2^64 such units. At 0 both are exactly 0.
        """
        value, name = self(e.args[0]), e.func.__name__
        if self._is_complex(value):
            raise Undefined(f"{name} of a number that is not real")
        with mpmath.workprec(self.iv.prec + 64):
            ends = [getattr(mpmath, name)(mpmath.make_mpf(end)) for end in value._mpi_]
        return self.iv.mpf(ends) * self.slack

    def _cot(self, e: Expr) -> Any:
        return self(cos(e.args[0])) / self._nonzero(self(sin(e.args[0])))

    def _log(self, e: Expr) -> Any:
        value = self(e.args[0])
        if self._is_complex(value):
            raise Undefined("log of a number that is not real")
        if value.a > 0:
            return self._rounded_out("log", value)
        if value.b < 0:
            return self.iv.mpc(self._rounded_out("log", -value), self.iv.pi)
        raise (Pole("log of 0") if value.a == 0 == value.b else NearPole("log of a number too close to 0 to tell"))

    def _nonzero(self, value: Any) -> Any:
        if self._is_complex(value):
            raise Undefined("division by a number that is not real")
        if value.a == 0 == value.b:
            raise Pole("division by 0")
        if value.a <= 0 <= value.b:
            raise NearPole("division by a number too close to 0 to tell")
        return value

    @property
    def generic(self) -> bool:
        """Whether the coordinates are odd, unrelated numbers: no isolated pole is hit by chance."""
        bottoms = [value.q for value in self.point.values()]
        return len(set(bottoms)) == len(bottoms) and all(bottom > 500 for bottom in bottoms)

    @staticmethod
    def _is_complex(value: Any) -> bool:
        return isinstance(value, ivmpc)

    def not_real(self, value: Any) -> bool:
        """Whether an enclosure is of a number with an imaginary part."""
        return bool(value.imag.a > 0 or value.imag.b < 0)

    def _sign(self, e: Expr) -> int:
        exact = e.xreplace(self.point) if e.is_polynomial() else e
        if exact.is_Rational:  # no interval tells 3 z - 1 from 0 at z = 1/3
            return int(sign(exact))
        value = self(e)
        if not self._is_complex(value):
            if value.a > 0:
                return 1
            if value.b < 0:
                return -1
            if value.a == 0 == value.b:
                return 0
        raise Undefined(f"the sign of {e} cannot be told")

    def _abs(self, e: Abs) -> Any:
        return self(e.args[0]) * self._sign(e.args[0])

    def _max(self, e: Max | Min) -> Any:
        best, *others = e.args
        better = 1 if isinstance(e, Max) else -1
        for other in others:
            best = other if self._sign(other - best) == better else best
        return self(best)

    def _signum(self, e: Expr) -> Any:
        return self.iv.mpf(self._sign(e.args[0]))

    def _heaviside(self, e: Expr) -> Any:
        turn = self._sign(e.args[0])
        return self(e.args[1]) if turn == 0 else self.iv.mpf(max(turn, 0))

    def _piecewise(self, e: Piecewise) -> Any:
        for value, condition in e.args:
            if self.holds(condition):
                return self(value)
        raise Undefined(f"no branch of {e} applies")

    def _arg(self, e: Expr) -> Any:
        turn = self._sign(e.args[0])
        if turn == 0:
            raise Undefined("the argument of 0")
        return self.iv.pi if turn == -1 else self.iv.mpf(0)

    def _re(self, e: Expr) -> Any:
        return self(e.args[0]).real

    def _im(self, e: Expr) -> Any:
        return self(e.args[0]).imag

    def holds(self, condition: Any) -> bool:
        """Whether a relation is certainly true here (False: certainly not)."""
        if condition in (True, False):
            return bool(condition)
        if not isinstance(condition, Relational):
            results = [self.holds(part) for part in condition.args]
            return {"And": all, "Or": any}[type(condition).__name__](results)
        turn = self._sign(condition.lhs - condition.rhs)
        return {
            ">": turn > 0,
            ">=": turn >= 0,
            "<": turn < 0,
            "<=": turn <= 0,
            "==": turn == 0,
            "!=": turn != 0,
        }[condition.rel_op]

    _RULES: ClassVar[dict[Any, Any]] = {
        Add: _add, Mul: _mul, Pow: _pow, exp: _elementary, log: _log, sin: _elementary, cos: _elementary,
        cot: _cot, erf: _rising, atan: _rising,
        Abs: _abs, Max: _max, Min: _max, sign: _signum, Heaviside: _heaviside, Piecewise: _piecewise,
        re: _re, im: _im, arg: _arg, pi: lambda self, e: self.iv.pi, E: lambda self, e: self.iv.e,
        I: lambda self, e: self.iv.mpc(0, 1),
    }  # fmt: skip


def enclose(expr: Any, point: Mapping[Any, Any], digits: int = 40, classes: int | None = None) -> mpmath.mpf:
    """The value at a point, right to ``digits`` significant digits, whatever cancels on the way.

    ``point`` gives each symbol a number (a float counts as the binary fraction that it is), each index a
    class, and each vector a sequence whose length is the number of classes. Raises Undefined where there
    is no finite real value, or only an exact 0 that no interval can confirm.

    >>> from logitgrad.symbolic import sigma, z
    >>> print(mpmath.nstr(enclose(sigma(z) - 1, {z: 700}), 15))
    -9.85967654375977e-305
    """
    numbers: dict[Any, Any] = {}
    indices: dict[Any, int] = {}
    for symbol, value in point.items():
        if isinstance(symbol, IndexedBase):
            values: Sequence[Any] = tuple(value)
            classes = len(values)
            numbers |= {symbol[n]: number for n, number in enumerate(values, start=1)}
        elif symbol.is_integer and symbol.is_positive:
            indices[symbol] = int(value)
        else:
            numbers[symbol] = value
    return _tight(concrete(expr, classes, indices), numbers, digits)


_PRECISIONS = [200 * 2**n for n in range(10)]  # in bits, until one is enough


def _tight(expr: Expr, numbers: Mapping[Any, Any], digits: int) -> mpmath.mpf:
    for bits in _PRECISIONS:
        try:
            value = Evaluator(numbers, bits)(expr)
        except Undefined:
            value = None
        if value is not None and _narrow(value, digits):
            with mpmath.workprec(bits):
                return mpmath.mpf(value.mid)
    raise Undefined(f"{expr} has no real value that can be enclosed at {dict(numbers)}")


def _narrow(value: Any, digits: int) -> bool:
    return not Evaluator._is_complex(value) and bool(value.delta <= abs(value.mid) * mpmath.mpf(10) ** -digits)


@lru_cache(maxsize=1000)
def sign_of_number(number: Expr) -> int | None:
    """1, 0 or -1, by enclosures; None where none of up to 3200 bits tells. SymPy's own answer may be wrong.

    >>> from sympy import exp, log
    >>> tiny = log(1 + exp(-1000)) - exp(-1001)
    >>> sign_of_number(tiny), tiny.is_negative
    (1, True)
    """
    for bits in _PRECISIONS[:5]:
        try:
            return Evaluator({}, bits)._sign(ground(number))
        except Undefined:
            continue
    return None


__all__ = ["Evaluator", "NearPole", "Pole", "Undefined", "as_symbols", "concrete", "enclose", "sign_of_number"]
