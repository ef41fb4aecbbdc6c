"""What comes in and in which type it leaves: dtypes, shapes, layouts, checks of the targets.

Every kernel sees contiguous, aligned float64 chunks. float16 and float32 pass through float64 and are
rounded once, at the end; and a result cannot depend on where in memory its input stood.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._scratch import Scratch

Array = NDArray[np.floating[Any]]
Kernel = Callable[..., tuple[Array, ...]]

CHUNK = 16_384  # elements: 128 KiB of float64 for a temporary, so that a chunk stays in cache


def real(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return an array of real numbers, or raise TypeError."""
    array = np.asarray(values)
    if array.dtype.kind in "biu" or (array.dtype.kind == "f" and array.dtype.itemsize <= 8):
        return array
    raise TypeError(f"{name} must be float16, float32, float64, integers or booleans; got {array.dtype}")


def result_dtype(array: NDArray[Any]) -> np.dtype[Any]:
    """Return the float type of the logits in native byte order; integers become float64."""
    return array.dtype.newbyteorder("=") if array.dtype.kind == "f" else np.dtype(np.float64)


def same_shape(name: str, shape: tuple[int, ...], logits: tuple[int, ...]) -> None:
    """Raise ValueError unless the shapes are equal: only a single number is broadcast."""
    if shape != logits:
        raise ValueError(f"shapes differ: {name} {shape}, logits {logits}; only a single number is broadcast")


def unit_targets(y: Array) -> None:
    """Raise ValueError for a target outside [0, 1], NaN included."""
    if y.size and not (y.min() >= 0 and y.max() <= 1):
        raise ValueError(f"targets must lie in [0, 1]; got {first(y, ~((y >= 0) & (y <= 1)))}")


def with_targets(z: ArrayLike, y: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return logits and targets of one shape; a single target stands for all."""
    logits, targets = real(z, "logits"), real(y, "targets")
    if targets.ndim:
        same_shape("targets", targets.shape, logits.shape)
    else:
        unit_targets(targets)
    return logits, targets


def class_indices(y: NDArray[Any], classes: int) -> None:
    """Raise ValueError for an index outside 0..K-1; negative indices do not wrap."""
    if y.size and not (y.min() >= 0 and y.max() < classes):
        raise ValueError(f"class indices must lie in 0..{classes - 1}; got {first(y, (y < 0) | (y >= classes))}")


def weights(y: Array, unit_dtype: np.dtype[Any] | None) -> None:
    """Raise ValueError for a weight that is negative, infinite or NaN, and for a sum that overflows.

    Where ``unit_dtype`` is given, the sum must be 1 within ``2 sqrt(K) eps``; ``eps`` is that of the targets'
    type and at least float32's, in which targets are often made: K rounding errors of random sign grow as
    sqrt(K). What is left is harmless, since no formula here assumes the 1.
    """
    if y.size and not (y.min() >= 0 and y.max() < np.inf):
        bad = ~((y >= 0) & (y < np.inf))
        raise ValueError(f"target weights must be finite and >= 0; got {first(y, bad)}")
    total, name = y.sum(axis=0), "finite"
    bad = np.isinf(total)
    if unit_dtype is not None:
        eps = max(float(np.finfo(dtype).eps) for dtype in (unit_dtype, np.float32))
        bad, name = np.abs(total - 1) > 2 * math.sqrt(len(y)) * eps, "1 (normalized=False takes weights)"
    if bad.any():
        raise ValueError(f"the sum of the targets along axis must be {name}; got {first(total, bad)}")


def first(values: NDArray[Any], where: NDArray[np.bool_]) -> Any:
    """Return the first marked value as a Python number."""
    return values[where].flat[0].item()


def each(kernel: Kernel, outputs: int, *inputs: NDArray[Any]) -> list[Array]:
    """Apply an elementwise kernel chunk by chunk; the first input gives shape and result type.

    A kernel takes buffers and 1-d float64 arrays, which it must not change, and returns arrays of their length.
    """
    shape, dtype = inputs[0].shape, result_dtype(inputs[0])
    flat = [np.empty(inputs[0].size, dtype) for _ in range(outputs)]
    scratch = Scratch(wide=dtype == np.float64)
    with np.errstate(all="ignore"):
        for start in range(0, inputs[0].size, CHUNK):
            part = slice(start, start + CHUNK)
            chunks = (doubles(a, part, scratch(f"input {n}", (min(CHUNK, a.size),))) for n, a in enumerate(inputs))
            for result, value in zip(flat, kernel(scratch, *chunks), strict=True):
                result[part] = value
    return [result.reshape(shape)[()] for result in flat]


def doubles(array: NDArray[Any], part: slice, buffer: Array) -> Array:
    """Return a part of an array, in C order, as contiguous float64; a single number stands for every part."""
    if array.ndim == 0:
        return array.astype(np.float64).reshape(1)
    chunk = array.reshape(-1)[part] if array.flags.c_contiguous else array.flat[part]
    if chunk.dtype == np.float64 and chunk.flags.aligned and chunk.dtype.isnative:
        return chunk
    np.copyto(buffer[: chunk.size], chunk)
    return buffer[: chunk.size]


def each_row(
    kernel: Kernel, outputs: Sequence[str], axis: int, z: NDArray[Any], *more: NDArray[Any]
) -> list[Array]:
    """Apply a kernel to blocks of rows, classes along their first axis.

    An output is named "row" (one number for each row) or "class" (one for each logit). A further input has
    the shape of ``z``, or one integer for each row.
    """
    moved = np.moveaxis(z, axis, -1).shape
    batch, classes = moved[:-1], moved[-1]
    if classes == 0:
        raise ValueError(f"at least one class is needed; the logits have shape {z.shape}")
    arrays = [np.atleast_2d(np.moveaxis(a, axis, -1)) if a.shape == z.shape else a.reshape(-1) for a in (z, *more)]
    rows, sizes = math.prod(batch), [moved if output == "class" else batch for output in outputs]
    flat = [np.empty((rows, *size[len(batch) :]), result_dtype(z)) for size in sizes]
    step, scratch = max(1, CHUNK // classes), Scratch(wide=result_dtype(z) == np.float64)
    with np.errstate(all="ignore"):
        for start in range(0, rows, step):
            part = slice(start, min(start + step, rows))
            for result, value in zip(flat, kernel(scratch, *(block(a, part) for a in arrays)), strict=True):
                result[part] = value.T
    shaped = [result.reshape(size) for result, size in zip(flat, sizes, strict=True)]
    return [
        np.moveaxis(result, -1, axis) if output == "class" else result[()]
        for result, output in zip(shaped, outputs, strict=True)
    ]


def block(array: NDArray[Any], part: slice) -> NDArray[Any]:
    """Return some rows as a fresh contiguous block: float64 with the classes first, or one index for each row."""
    if array.ndim == 1:
        return array[part].astype(np.intp)
    if array.ndim == 2 or array.flags.c_contiguous:
        rows = array.reshape(-1, array.shape[-1])[part]
    else:  # to reshape would copy the whole array
        rows = array[np.unravel_index(np.arange(part.start, part.stop), array.shape[:-1])]
    return np.array(rows.T, dtype=np.float64, order="C")
