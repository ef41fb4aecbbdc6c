"""The learner's side: the book's derivation exercises as data, and whether an answer is right."""

from .exercise import Condition, Exercise, Form, Misconception, exercises
from .verdict import KINDS, Verdict

# The chapters enter their exercises in the book's order.
from . import sigmoid_bce as _sigmoid_bce, softmax as _softmax  # isort: skip
from . import relu_ce as _relu_ce, tanh_ce as _tanh_ce  # isort: skip
from .check import check
from .apart import check_apart

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
