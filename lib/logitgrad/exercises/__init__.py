"""The learner's side: the book's derivation exercises as data, and whether an answer is right."""

from importlib import import_module

from .check import check
from .exercise import Condition, Exercise, Form, Misconception, exercises
from .verdict import KINDS, Verdict

#: The chapters with derivation exercises, in the book's order: each module enters its own.
CHAPTERS = (
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
)
for _chapter in CHAPTERS:
    import_module(f".{_chapter}", __package__)

__all__ = ["CHAPTERS", "KINDS", "Condition", "Exercise", "Form", "Misconception", "Verdict", "check", "exercises"]
