"""Products and quotients in the order in which people write them."""

from __future__ import annotations

from sympy import Add, Expr, Mul, Pow, S, cancel, factor, fraction, together

from .functions import in_order, over, times
from .symbols import a, y


def tidy(e: Expr) -> Expr:
    """Over one denominator, in factors, the error first: (a - y) (1 + a) / a.

    >>> print(tidy(a * (1 - y) - (1 - a) * y))
    a - y
    """
    if e.is_number:
        return e
    (signs, top), (more, bottom) = (_factors(part) for part in fraction(factor(cancel(together(e)))))
    top = [S(-1), *top] if signs * more < 0 else top
    return over(times(*top), times(*bottom)) if bottom else times(*top)


def _factors(product: Expr) -> tuple[int, list[Expr]]:
    turned, factors = 1, []
    for base, power in (part.as_base_exp() for part in Mul.make_args(product)):
        if power.is_Integer and _is_turned(base):
            base, turned = -base, turned * (-1) ** int(power)
        if base != 1:
            factors.append(Pow(_summed(base), power) if power != 1 else _summed(base))
    return turned, sorted(factors, key=lambda f: not f.has(y))


def _is_turned(base: Expr) -> bool:
    """Whether it reads better with the other sign: 1 - a instead of a - 1, but a - y."""
    constant = base.as_coeff_Add()[0]
    return bool(constant < 0 or (constant == 0 and base.could_extract_minus_sign()))


def _summed(base: Expr) -> Expr:
    terms = sorted(Add.make_args(base), key=lambda t: (t.could_extract_minus_sign(), not t.is_number))
    return in_order(*terms)


def put(e: Expr, output: Expr) -> Expr:
    """The expression with an output for ``a``, everything else as it is written."""
    if e == a:
        return output
    parts = [put(part, output) for part in e.args]
    return e.func(*parts, evaluate=False) if isinstance(e, Add | Mul | Pow) else e.func(*parts) if parts else e


__all__ = ["put", "tidy"]
