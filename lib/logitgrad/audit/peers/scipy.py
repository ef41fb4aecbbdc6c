"""SciPy: `scipy.special`. It has no losses: they are composed of its functions, the gradients are p - y."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from . import Function
from .naive import one_hot

special: Any = import_module("scipy.special")  # untyped: the type checker runs where it is not installed


def softplus(z: Any) -> Any:
    """Return ``-log(expit(-z))``."""
    return -special.log_expit(-z)


def bce_loss(z: Any, y: Any) -> Any:
    """Return the loss from the two log-probabilities; ``xlogy`` for 0 log 0 would not help with inf."""
    return -(y * special.log_expit(z) + (1 - y) * special.log_expit(-z))


def bce_grad(z: Any, y: Any) -> Any:
    """Return p - y."""
    return special.expit(z) - y


def bce_hess(z: Any, y: Any) -> Any:
    """Return p (1 - p), the factors from one function each."""
    return special.expit(z) * special.expit(-z)


def ce_loss(z: Any, y: Any) -> Any:
    """Return minus the true class's log-probability, or the average under soft targets."""
    log_p = special.log_softmax(z, axis=-1)
    return -np.sum(np.where(one_hot(z, y) > 0, one_hot(z, y) * log_p, 0), axis=-1)


def ce_grad(z: Any, y: Any) -> Any:
    """Return p - y."""
    return special.softmax(z, axis=-1) - one_hot(z, y)


FUNCTIONS: dict[str, Function] = {
    "logexp.sigmoid": special.expit,
    "logexp.softplus": softplus,
    "logexp.log_sigmoid": special.log_expit,
    "logexp.logsumexp": lambda z: special.logsumexp(z, axis=-1),
    "logexp.softmax": lambda z: special.softmax(z, axis=-1),
    "logexp.log_softmax": lambda z: special.log_softmax(z, axis=-1),
    "sigmoid_bce.loss": bce_loss,
    "sigmoid_bce.grad": bce_grad,
    "sigmoid_bce.hess": bce_hess,
    "softmax_ce.loss": ce_loss,
    "softmax_ce.grad": ce_grad,
}
