"""TensorFlow: `tf.nn`, and its gradient tapes (one inside the other for second derivatives).

The losses of Keras with ``from_logits=True`` call the same functions.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from . import Function

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # else each refused label is a line on stderr
tf: Any = import_module("tensorflow")  # untyped: the type checker runs where it is not installed


def value(function: Function) -> Function:
    """Return a function of arrays that gives an array."""
    return lambda *arguments: function(*map(tf.constant, arguments)).numpy()


def bce(z: Any, y: Any) -> Any:
    """Return the loss without an average."""
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)


def ce(z: Any, y: Any) -> Any:
    """Return the loss without an average, by the function for the kind of targets."""
    if y.dtype.is_floating:
        return tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=z)


def slope(loss: Function, z: Any, y: Any) -> Any:
    """Return the gradient by a tape."""
    with tf.GradientTape() as tape:
        tape.watch(z)
        losses = loss(z, y)
    return tape.gradient(losses, z)


def gradient(loss: Function) -> Function:
    """Return the gradient as a function of arrays."""
    return value(lambda z, y: slope(loss, z, y))


def second(loss: Function) -> Function:
    """Return the gradient's derivative along v; along ones where the logits are apart."""

    def product(z: Any, y: Any, v: Any = None) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(z)
            grad = slope(loss, z, y)
        return tape.gradient(grad, z, output_gradients=v)

    return value(product)


FUNCTIONS: dict[str, Function] = {
    "logexp.sigmoid": value(tf.nn.sigmoid),
    "logexp.softplus": value(tf.nn.softplus),
    "logexp.log_sigmoid": value(tf.math.log_sigmoid),
    "logexp.logsumexp": value(lambda z: tf.reduce_logsumexp(z, axis=-1)),
    "logexp.softmax": value(tf.nn.softmax),
    "logexp.log_softmax": value(tf.nn.log_softmax),
    "sigmoid_bce.loss": value(bce),
    "sigmoid_bce.grad": gradient(bce),
    "sigmoid_bce.hess": second(bce),
    "softmax_ce.loss": value(ce),
    "softmax_ce.grad": gradient(ce),
    "softmax_ce.hvp": second(ce),
}
