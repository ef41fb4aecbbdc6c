"""JAX: `jax.nn`, compiled. It has no losses: those are optax's."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from . import Function

jax: Any = import_module("jax")  # untyped: the type checker runs where it is not installed
jax.config.update("jax_enable_x64", True)  # else float64 becomes float32


def value(function: Function) -> Function:
    """Return a compiled function of arrays that gives an array."""
    compiled = jax.jit(function)
    return lambda *arguments: np.asarray(compiled(*arguments))


FUNCTIONS: dict[str, Function] = {
    "logexp.sigmoid": value(jax.nn.sigmoid),
    "logexp.softplus": value(jax.nn.softplus),
    "logexp.log_sigmoid": value(jax.nn.log_sigmoid),
    "logexp.logsumexp": value(lambda z: jax.nn.logsumexp(z, axis=-1)),
    "logexp.softmax": value(jax.nn.softmax),
    "logexp.log_softmax": value(jax.nn.log_softmax),
}
