"""Optax: its losses on logits, compiled, and `jax.grad` of them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from . import Function
from .jax import jax, value

optax: Any = import_module("optax")


def bce(z: Any, y: Any) -> Any:
    """Return the loss without an average."""
    return optax.sigmoid_binary_cross_entropy(z, y)


def ce(z: Any, y: Any) -> Any:
    """Return the loss without an average, by the function for the kind of targets."""
    if y.dtype.kind == "f":
        return optax.softmax_cross_entropy(z, y)
    return optax.softmax_cross_entropy_with_integer_labels(z, y)


def slope(loss: Function) -> Function:
    """Return the gradient of the sum."""
    gradient: Function = jax.grad(lambda z, y: loss(z, y).sum())
    return gradient


def second(loss: Function) -> Function:
    """Return the gradient's derivative along v; along ones where the logits are apart."""

    def product(z: Any, y: Any, v: Any = None) -> Any:
        along = jax.numpy.ones_like(z) if v is None else v
        return jax.vjp(lambda z: slope(loss)(z, y), z)[1](along)[0]

    return product


FUNCTIONS: dict[str, Function] = {
    "sigmoid_bce.loss": value(bce),
    "sigmoid_bce.grad": value(slope(bce)),
    "sigmoid_bce.hess": value(second(bce)),
    "softmax_ce.loss": value(ce),
    "softmax_ce.grad": value(slope(ce)),
    "softmax_ce.hvp": value(second(ce)),
}
