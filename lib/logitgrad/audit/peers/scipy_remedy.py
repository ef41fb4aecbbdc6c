"""SciPy, with gradient and cross-entropy written so that digits are kept: see the chapter on frameworks."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import Function
from .scipy import special


def bce_grad(z: Any, y: Any) -> Any:
    """(1 - y) p - y (1 - p), each factor from its own side."""
    return (1 - y) * special.expit(z) - y * special.expit(-z)


def ce(z: Any, y: Any) -> Any:
    """The log-sum-exp of the gaps to the label; class indices only."""
    gaps = z - np.take_along_axis(z, y[..., None], axis=-1)
    return special.logsumexp(gaps, axis=-1)


def ce_grad(z: Any, y: Any) -> Any:
    """p, and for the label minus the sum of the others."""
    own = np.eye(z.shape[-1], dtype=z.dtype)[y]
    others = (1 - own) * special.softmax(z, axis=-1)
    return others - own * others.sum(axis=-1, keepdims=True)


FUNCTIONS: dict[str, Function] = {
    "sigmoid_bce.grad": bce_grad,
    "softmax_ce.loss": ce,
    "softmax_ce.grad": ce_grad,
}
