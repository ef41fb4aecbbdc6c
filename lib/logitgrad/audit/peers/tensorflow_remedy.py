"""TensorFlow, with the cross-entropy written so that a tape keeps the digits: see the chapter on frameworks."""

from __future__ import annotations

from typing import Any

from . import Function
from .tensorflow import gradient, tf, value


def ce(z: Any, y: Any) -> Any:
    """The lead of the label over all others; class indices only."""
    own = tf.one_hot(y, z.shape[-1], on_value=True, off_value=False)
    gaps = z - tf.gather(z, y, batch_dims=1)[:, None]
    others = tf.where(own, tf.constant(-float("inf"), z.dtype), gaps)
    return -tf.math.log_sigmoid(-tf.reduce_logsumexp(others, axis=-1))


FUNCTIONS: dict[str, Function] = {"softmax_ce.loss": value(ce), "softmax_ce.grad": gradient(ce)}
