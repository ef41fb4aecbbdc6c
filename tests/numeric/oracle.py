"""Exact values, from the theorems and from nothing else, and errors in units in the last place."""

from functools import cache

import mpmath
import numpy as np

from logitgrad.audit.exact import FORMS, point_of
from logitgrad.symbolic import Undefined, enclose

BITS = 200  # of mpmath, in comparisons: more than twice what a float64 has


@cache
def exact(name, *arguments, index=None):
    """The theorem's value at floats as they are; a vector is a tuple, ``index`` counts from 0."""
    return enclose(FORMS[name], point_of(name, arguments, index))


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
