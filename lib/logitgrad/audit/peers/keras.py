"""Keras as most examples call it: a loss of the outputs of a sigmoid or softmax, with its default arguments.

Each operation is run as it is called. Where TensorFlow traces the same lines into a graph, Keras finds the logits
again: see `keras_compiled`.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from . import Function
from .tensorflow import slope, tf, value

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
losses: Any = import_module("keras").losses  # untyped: the type checker runs where it is not installed


def bce(z: Any, y: Any) -> Any:
    """Return the loss without an average: Keras averages over the last axis, which has one entry here."""
    return losses.binary_crossentropy(y[..., None], tf.nn.sigmoid(z[..., None]))


def ce(z: Any, y: Any) -> Any:
    """Return the loss without an average, by the function for the kind of targets."""
    loss = losses.categorical_crossentropy if y.dtype.is_floating else losses.sparse_categorical_crossentropy
    return loss(y, tf.nn.softmax(z))


def functions(run: Function) -> dict[str, Function]:
    """Return the losses and their gradients by a tape, each as ``run`` makes it."""
    return {
        "sigmoid_bce.loss": value(run(bce)),
        "sigmoid_bce.grad": value(run(lambda z, y: slope(bce, z, y))),
        "softmax_ce.loss": value(run(ce)),
        "softmax_ce.grad": value(run(lambda z, y: slope(ce, z, y))),
    }


FUNCTIONS = functions(lambda function: function)
