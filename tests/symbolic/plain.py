"""An interpreter of expressions in plain mpmath: nothing here comes from the engine but the definitions.

Sums are loops, derivatives are differences at many digits, so it shares no step with what it judges.
"""

import mpmath as mp
import sympy as sp

from logitgrad.symbolic.functions import Defined

DIGITS = 60
SAME = mp.mpf(10) ** -45  # relative: differences at 60 digits keep more than that


class Point(dict):
    """A point; what it leaves out does not matter, and gets a number of its own."""

    def __missing__(self, key):
        self[key] = mp.mpf(sum(map(ord, str(key))) % 89 + 5) / 41
        return self[key]

    def __or__(self, more):
        return Point({**self, **more})


class NoValue(ArithmeticError):
    """The expression has no finite value at the point."""


def value(expr, point):
    """The value at a point: numbers for symbols and for components such as z[1], integers for indices and K."""
    with mp.workdps(DIGITS):
        found = _at(sp.sympify(expr), _environment(point))
        if not mp.isfinite(found):
            raise NoValue(str(expr))
        return found


def same(left, right):
    """Whether two values agree to all the digits that a difference quotient leaves."""
    return abs(left - right) <= SAME * max(1, abs(left), abs(right))


def holds(relation, point):
    """Whether a relation is true at a point."""
    with mp.workdps(DIGITS):
        return _true(sp.sympify(relation), _environment(point))


def _environment(point):
    functions = {thing: body for thing, body in point.items() if isinstance(body, sp.Lambda)}
    numbers = {_key(symbol, {}): _number(number) for symbol, number in point.items() if symbol not in functions}
    return Point({**numbers, **functions})


def _number(number):
    return int(number) if number == int(number) else mp.mpf(int(number.p)) / int(number.q)


def _key(variable, env):
    if isinstance(variable, sp.Indexed):
        return variable.base.label, *(int(_at(index, env)) for index in variable.indices)
    return variable


def _at(e, env):
    if e.is_Rational:
        return mp.mpf(int(e.p)) / int(e.q)
    if e.is_Symbol or isinstance(e, sp.Indexed):
        return env[_key(e, env)]
    if isinstance(e, Defined):
        return _at(e.definition, env)
    if isinstance(e, sp.Sum | sp.Product):
        return _over_range(e, env)
    if isinstance(e, sp.Derivative):
        return _difference(e, env)
    if isinstance(e, sp.Subs):
        places = zip(e.variables, e.point, strict=True)
        return _at(e.expr, env | {_key(variable, env): _at(place, env) for variable, place in places})
    if isinstance(e, sp.Piecewise):
        return next((_at(part, env) for part, condition in e.args if _true(condition, env)), mp.nan)
    if e.func in env:
        return _at(
            env[e.func].expr, env | dict(zip(env[e.func].variables, (_at(a, env) for a in e.args), strict=True))
        )
    try:
        return RULES[e.func](*(_at(part, env) for part in e.args))
    except ZeroDivisionError:
        return mp.nan


def _over_range(e, env):
    *inner, (index, low, high) = e.limits
    body = e.func(e.function, *inner) if inner else e.function
    steps = range(int(_at(low, env)), int(_at(high, env)) + 1)
    parts = [_at(body, env | {index: n}) for n in steps]
    return mp.fsum(parts) if isinstance(e, sp.Sum) else mp.fprod(parts)


def _difference(e, env):
    orders = {}
    for variable, order in e.variable_count:
        orders[_key(variable, env)] = orders.get(_key(variable, env), 0) + int(order)
    keys = list(orders)

    def f(*values):
        return _at(e.expr, env | dict(zip(keys, values, strict=True)))

    start = [env[key] for key in keys]
    if len(keys) == 1:
        return mp.diff(f, start[0], orders[keys[0]])
    return mp.diff(f, tuple(start), tuple(orders.values()))


def _true(condition, env):
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And | sp.Or):
        return (all if isinstance(condition, sp.And) else any)(_true(part, env) for part in condition.args)
    gap = _at(condition.lhs, env) - _at(condition.rhs, env)
    if mp.im(gap) != 0:
        return condition.rel_op == "!="
    sign = 0 if abs(gap) < SAME else mp.sign(mp.re(gap))
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0, "==": sign == 0, "!=": sign != 0}[
        condition.rel_op
    ]


def _log(x):
    return mp.log(x) if x != 0 else mp.nan


def _power(base, exponent):
    return mp.nan if base == 0 and mp.re(exponent) < 0 else mp.power(base, exponent)


RULES = {
    sp.Add: lambda *terms: mp.fsum(terms),
    sp.Mul: lambda *factors: mp.fprod(factors),
    sp.Pow: _power,
    sp.exp: mp.exp,
    sp.log: _log,
    sp.Abs: abs,
    sp.Max: max,
    sp.Min: min,
    sp.sign: mp.sign,
    sp.Heaviside: lambda x, at_zero: at_zero if x == 0 else mp.mpf(x > 0),
    sp.KroneckerDelta: lambda left, right: mp.mpf(left == right),
    sp.sin: mp.sin,
    sp.cos: mp.cos,
    sp.cot: mp.cot,
    sp.atan: mp.atan,
    sp.erf: mp.erf,
    sp.tanh: mp.tanh,
    sp.cosh: mp.cosh,
    sp.sinh: mp.sinh,
    sp.coth: mp.coth,
    sp.re: mp.re,
    sp.im: mp.im,
    sp.arg: mp.arg,
    sp.E.func: lambda: mp.e + 0,
    sp.pi.func: lambda: mp.pi + 0,
    sp.I.func: lambda: mp.j,
    type(sp.nan): lambda: mp.nan,
}
