"""Exact values: a theorem's closed form at given floats, rounded once, correctly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..symbolic import Undefined, direction, i, j, logits, targets, theorems, total, y, z
from ..symbolic.intervals import Evaluator, concrete

Number = Any  # a Python or NumPy number


def _side(name: str, side: str) -> Any:
    return getattr(theorems[name].statement, side)


#: What each function of the numeric side should return, as a side of a theorem. Where a theorem states that two
#: forms are equal, the plainer one stands here, and the numeric side computes the other.
FORMS: dict[str, Any] = {
    "logexp.sigmoid": _side("sigmoid-stable", "lhs"),
    "logexp.softplus": _side("softplus-stable", "lhs"),
    "logexp.log_sigmoid": _side("log-sigmoid", "lhs"),
    "logexp.logsumexp": _side("logsumexp-shift", "lhs"),
    "logexp.softmax": _side("softmax-shift", "rhs"),
    "logexp.log_softmax": _side("log-softmax", "lhs"),
    "sigmoid_bce.loss": _side("bce-logit-form", "rhs"),
    "sigmoid_bce.grad": _side("sigmoid-bce-gradient", "rhs"),
    "sigmoid_bce.hess": _side("sigmoid-bce-second-derivative", "rhs"),
    "sigmoid_mse.loss": _side("sigmoid-mse-gradient", "lhs").expr,
    "sigmoid_mse.grad": _side("sigmoid-mse-gradient", "rhs"),
    "sigmoid_mse.hess": _side("sigmoid-mse-second-derivative", "rhs"),
    "softmax_ce.loss": _side("softmax-ce-logit-form", "rhs"),
    "softmax_ce.grad": _side("softmax-ce-gradient", "rhs"),
    "softmax_ce.hvp": total(_side("softmax-ce-hessian", "rhs") * direction[j], j),
    "relu_ce.loss": _side("relu-ce-gradient", "lhs").expr,
    "relu_ce.grad": _side("relu-ce-gradient", "rhs"),
    "tanh_ce.loss": _side("tanh-ce-gradient", "lhs").expr,
    "tanh_ce.grad": _side("tanh-ce-gradient", "rhs"),
}

_SOME_BITS, _MOST_BITS = 1 << 14, 1 << 17  # to tell a value from 0; to tell it from the middle of two floats


class NotReal(Undefined):
    """The form has certainly no real value there."""


def point_of(function: str, arguments: Sequence[Any], index: int | None = None) -> dict[Any, Any]:
    """The arguments under their symbols: numbers for (z, y), sequences for the vectors, ``index`` from 0."""
    vectors = isinstance(arguments[0], Sequence | np.ndarray)
    point = dict(zip((logits, targets, direction) if vectors else (z, y), arguments, strict=False))
    if isinstance(point.get(targets), int | np.integer):
        point[targets] = one_hot(point[targets], len(arguments[0]))
    class_index = i if function == "softmax_ce.hvp" else j
    return point if index is None else point | {class_index: index + 1}


def one_hot(y: int, classes: int) -> list[int]:
    """Return all the mass on class ``y``, from 0. Raises IndexError where there is no such class."""
    if not 0 <= y < classes:
        raise IndexError(f"the class {y} is none of 0..{classes - 1}")
    return [int(k == y) for k in range(classes)]


def exact(function: str, *arguments: Any, index: int | None = None, dtype: DTypeLike = np.float64) -> Number:
    """Return what ``function`` should return at the arguments, rounded once to ``dtype``.

    The arguments count as the binary fractions that they are; they must be finite. A function of a row takes
    sequences, and ``index`` (from 0) picks the component where the result is a row; an integer for the targets is
    a class index. The theorem's closed form is
    enclosed in an interval, with more and more bits, until both ends round to the same float; so the rounding
    (to nearest, ties to even, subnormals included) is certain. Beyond the largest float the result is inf.

    Raises KeyError for a function that is not in ``FORMS``; ValueError for an argument that is not finite; and
    Undefined where the form has no real value, or where its value may lie exactly between two floats.

    >>> float(exact("sigmoid_bce.grad", 37.0, 1.0))
    -8.533047625744065e-17
    >>> float(exact("softmax_ce.grad", [0.0, 40.0], 1, index=1))
    -4.248354255291589e-18
    """
    if not all(np.isfinite(argument).all() for argument in arguments):
        raise ValueError(f"the arguments must be finite, not {arguments}")
    expr, numbers = _concrete(FORMS[function], point_of(function, arguments, index))
    kind: Any = np.dtype(dtype)
    bits = 128
    while bits <= _MOST_BITS:
        try:
            low, high = (nearest(end, kind) for end in _ends(Evaluator(numbers, bits), expr))
        except Undefined as error:
            if isinstance(error, NotReal) or bits >= _SOME_BITS:
                raise
        else:
            if low == high:
                return kind.type(low)
        bits *= 2
    raise Undefined(f"the rounding of {function} at {arguments} to {kind} cannot be settled")


def _concrete(form: Any, point: dict[Any, Any]) -> tuple[Any, dict[Any, Any]]:
    """The form with its sums written out, and the number of each symbol."""
    rows = {symbol: tuple(value) for symbol, value in point.items() if symbol in (logits, targets, direction)}
    classes = len(next(iter(rows.values()))) if rows else None
    numbers = {symbol[n]: value for symbol, row in rows.items() for n, value in enumerate(row, start=1)}
    indices = {symbol: value for symbol, value in point.items() if symbol in (i, j)}
    numbers |= {symbol: value for symbol, value in point.items() if symbol in (z, y)}
    return concrete(form, classes, indices), {symbol: _python(value) for symbol, value in numbers.items()}


def _python(value: Number) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _ends(at_point: Evaluator, expr: Any) -> tuple[Any, Any]:
    value = at_point(expr)
    if at_point.not_real(value):
        raise NotReal("the value is not real")
    return value.a, value.b


def nearest(end: Any, dtype: np.dtype[Any]) -> float:
    """The float of ``dtype`` that is nearest to a binary fraction of any length; ties go to the even one."""
    sign, mantissa, exponent, length = end._mpi_[0]
    if not mantissa:
        return 0.0
    info = np.finfo(dtype)
    # The last place that is kept: a full significand's, or that of the subnormals.
    last = max(exponent + length - int(info.nmant) - 1, int(info.minexp) - int(info.nmant))
    kept, rest, half = _split(int(mantissa), last - exponent)
    kept += rest > half or (rest == half and half > 0 and kept % 2)
    if kept.bit_length() + last > int(info.maxexp):
        return -math.inf if sign else math.inf
    return math.ldexp(-kept if sign else kept, last)


def _split(mantissa: int, drop: int) -> tuple[int, int, int]:
    """The bits that are kept, those that are dropped, and half a unit of the kept ones."""
    if drop <= 0:
        return mantissa << -drop, 0, 0
    return mantissa >> drop, mantissa & ((1 << drop) - 1), 1 << (drop - 1)
