"""The forms that people write first, and what their gradients do: this library's `naive`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...numeric import naive
from . import Function


def one_hot(z: Any, y: Any) -> Any:
    """Return probabilities, also for class indices."""
    return y if np.asarray(y).dtype.kind == "f" else np.eye(np.shape(z)[-1], dtype=z.dtype)[y]


def bce_loss(z: Any, y: Any) -> Any:
    """Return the loss from the probability, as written."""
    return naive.bce(naive.sigmoid(z), y)


def ce_loss(z: Any, y: Any) -> Any:
    """Return the loss from the probabilities, as written."""
    with np.errstate(all="ignore"):
        return -(one_hot(z, y) * naive.log_softmax(z)).sum(axis=-1)


def ce_grad(z: Any, y: Any) -> Any:
    """Return p - y."""
    with np.errstate(all="ignore"):
        return naive.softmax_ce_grad_fused(z, one_hot(z, y))


FUNCTIONS: dict[str, Function] = {
    "logexp.sigmoid": naive.sigmoid,
    "logexp.softplus": naive.softplus,
    "logexp.logsumexp": naive.logsumexp,
    "logexp.softmax": naive.softmax,
    "logexp.log_softmax": naive.log_softmax,
    "sigmoid_bce.loss": bce_loss,
    "sigmoid_bce.grad": naive.bce_grad_fused,
    "softmax_ce.loss": ce_loss,
    "softmax_ce.grad": ce_grad,
}
