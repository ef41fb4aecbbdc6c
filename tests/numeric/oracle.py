"""Exact values, from the theorems and from nothing else, and errors in units in the last place."""

from functools import cache

import mpmath
import numpy as np

from logitgrad.symbolic import Undefined, direction, enclose, j, logits, targets, theorems, total, y, z

BITS = 200  # of mpmath, in comparisons: more than twice what a float64 has


def _side(name, side):
    return getattr(theorems[name].statement, side)


FORMS = {
    "logexp.sigmoid": _side("sigmoid-stable", "lhs"),
    "logexp.softplus": _side("softplus-stable", "lhs"),
    "logexp.log_sigmoid": _side("log-sigmoid", "lhs"),
    "logexp.logsumexp": _side("logsumexp-shift", "lhs"),
    "logexp.softmax": _side("softmax-shift", "rhs"),
    "logexp.log_softmax": _side("log-softmax", "lhs"),
    "sigmoid_bce.loss": _side("bce-logit-form", "rhs"),
    "sigmoid_bce.grad": _side("sigmoid-bce-gradient", "rhs"),
    "sigmoid_bce.hess": _side("sigmoid-bce-second-derivative", "rhs"),
    "softmax_ce.loss": _side("softmax-ce-logit-form", "rhs"),
    "softmax_ce.grad": _side("softmax-ce-gradient", "rhs"),
    "softmax_ce.hvp": total(_side("softmax-ce-hessian", "rhs") * direction[j], j),
    "relu_ce.loss": _side("relu-ce-gradient", "lhs").expr,
    "relu_ce.grad": _side("relu-ce-gradient", "rhs"),
}
VECTORS = (logits, targets, direction)
SCALARS = (z, y)


@cache
def exact(name, *arguments, index=None):
    """The theorem's value at floats as they are; a vector is a tuple, ``index`` counts from 0."""
    symbols = VECTORS if isinstance(arguments[0], tuple) else SCALARS
    point = dict(zip(symbols, arguments, strict=False))
    free = {} if index is None else {_free_index(name): index + 1}
    return enclose(FORMS[name], point | free)


def _free_index(name):
    from logitgrad.symbolic import i

    return i if name == "softmax_ce.hvp" else j


def exact_or_vanishing(name, *arguments, index=None):
    """As `exact`; 0 where no interval can exclude 0: a gap of many thousands, or an exact 0."""
    try:
        return exact(name, *arguments, index=index)
    except Undefined:
        return mpmath.mpf(0)


def spacing(value, dtype):
    """The distance of neighbouring floats at an exact value."""
    info = np.finfo(dtype)
    _, exponent = mpmath.frexp(value)
    return mpmath.ldexp(1, max(exponent, int(info.minexp) + 1) - 1 - int(info.nmant))


def error(got, value, dtype):
    """|got - value|, exactly; 0 for an infinity where the value rounds to one."""
    with mpmath.workprec(BITS):
        top = mpmath.mpf(float(np.finfo(dtype).max))
        if abs(value) >= top + spacing(top, dtype) / 2:
            return mpmath.mpf(0) if got == mpmath.sign(value) * mpmath.inf else mpmath.inf
        return abs(mpmath.mpf(float(got)) - value) if np.isfinite(got) else mpmath.inf


def ulps(got, value, dtype):
    """The error in units in the last place of an exact value."""
    with mpmath.workprec(BITS):
        return float(error(got, value, dtype) / spacing(value, dtype))
