"""Buffers for the intermediate results of one chunk."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Scratch:
    """Arrays for a chunk's intermediate results, each named after what it holds.

    They are made at the first chunk and used again for every other. Without them NumPy takes memory for each
    operation and gives it back, and the operating system hands out cleared pages again and again: that costs
    several times as much as the arithmetic.

    ``wide`` is true for float64 results: then rounding errors are kept beside the values, in arrays that are
    named ``..._low``. For float16 and float32 the arithmetic is float64 and has digits to spare.
    """

    def __init__(self, wide: bool) -> None:
        self.wide = wide
        self._buffers: dict[str, NDArray[Any]] = {}

    def __call__(self, name: str, shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return the buffer of this name, of any content, in a shape."""
        size = math.prod(shape)
        if name not in self._buffers or self._buffers[name].size < size:
            self._buffers[name] = np.empty(size, dtype)
        return self._buffers[name][:size].reshape(shape)
