"""What the figures draw unless told otherwise: definitions and proved right-hand sides, nothing else."""

from sympy import Symbol

from ..symbolic.cross_entropy import ell
from ..symbolic.functions import relu, sigma, softmax, unfold
from ..symbolic.sigmoid_bce import bce
from ..symbolic.symbols import logits, p, y, z
from ..symbolic.theorem import theorems

CROSS_ENTROPY = ell(p, y)
SQUARED_ERROR = (p - y) ** 2 / 2
BCE = bce(z, y)
BCE_GRADIENT = theorems["sigmoid-bce-gradient"].statement.rhs
SIGMOID_SLOPE = theorems["sigmoid-derivative"].statement.rhs.subs(sigma(z), p)
RELU = relu(z)

LOGITS = tuple(Symbol(f"z{j}", real=True) for j in (1, 2, 3))
_named = {logits[j]: symbol for j, symbol in enumerate(LOGITS, start=1)}
SOFTMAX = tuple(unfold(softmax(logits, j, 3)).doit().subs(_named) for j in (1, 2, 3))

__all__ = [
    "BCE", "BCE_GRADIENT", "CROSS_ENTROPY", "LOGITS", "RELU", "SIGMOID_SLOPE", "SOFTMAX", "SQUARED_ERROR",
    "p", "y", "z",
]  # fmt: skip
