"""The learner's side: the book's derivation exercises as data, and whether an answer is right."""

# The chapters come in the book's order.
from .exercise import Condition, Exercise, Form, Misconception, exercises
from .verdict import KINDS, Verdict
from . import sigmoid_bce, softmax, relu_ce, tanh_ce  # isort: skip
from .check import check

__all__ = ["KINDS", "Condition", "Exercise", "Form", "Misconception", "Verdict", "check", "exercises"]
