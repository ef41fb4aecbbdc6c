"""The lines of `keras`, traced into a graph as ``compile`` and ``fit`` do: there Keras finds the logits again."""

from __future__ import annotations

from .keras import functions
from .tensorflow import tf

FUNCTIONS = functions(lambda function: tf.function(function, reduce_retracing=True))
