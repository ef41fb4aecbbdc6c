"""The learner's side: the book's derivation exercises as data, and whether an answer is right."""

from importlib import import_module

from .apart import check_apart
from .check import check
from .exercise import Condition, Exercise, Form, Misconception, exercises
from .verdict import KINDS, Verdict

# In the book's order, in which their exercises come; each module enters its own.
for chapter in (
    "how_to_read",
    "notation",
    "cross_entropy",
    "sigmoid_mse",
    "sigmoid_bce",
    "sigmoid_bce_floats",
    "softmax",
    "softmax_ce",
    "softmax_ce_floats",
    "relu_ce",
    "tanh_ce",
    "pairings",
    "matching_loss",
    "backprop",
    "gradient_checks",
    "variants",
    "frameworks",
    "cas_can_lie",
):
    import_module(f".{chapter}", __name__)

__all__ = [
    "KINDS",
    "Condition",
    "Exercise",
    "Form",
    "Misconception",
    "Verdict",
    "check",
    "check_apart",
    "exercises",
]
