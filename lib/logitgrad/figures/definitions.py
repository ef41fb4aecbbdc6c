"""What the figures draw unless told otherwise: definitions and proved right-hand sides, nothing else."""

from sympy import Symbol, tanh

from ..symbolic.cross_entropy import ell
from ..symbolic.functions import relu, sigma, softmax, unfold
from ..symbolic.sigmoid_bce import bce
from ..symbolic.sigmoid_mse import mse, squared_error
from ..symbolic.symbols import logits, p, y, z
from ..symbolic.tanh_ce import tanh_ce
from ..symbolic.theorem import theorems

CROSS_ENTROPY = ell(p, y)
SQUARED_ERROR = squared_error(p, y)
BCE = bce(z, y)
BCE_GRADIENT = theorems["sigmoid-bce-gradient"].statement.rhs
MSE = mse(z, y)
MSE_GRADIENT = theorems["sigmoid-mse-gradient"].statement.rhs
TANH_CE = tanh_ce(z, y)
TANH_CE_GRADIENT = theorems["tanh-ce-gradient"].statement.rhs
TANH_CE_REPAIRED_GRADIENT = theorems["tanh-ce-repaired-gradient"].statement.rhs
SIGMOID_SLOPE = theorems["sigmoid-derivative"].statement.rhs.subs(sigma(z), p)
RELU, TANH = relu(z), tanh(z)

LOGITS = tuple(Symbol(f"z{j}", real=True) for j in (1, 2, 3))
_named = {logits[j]: symbol for j, symbol in enumerate(LOGITS, start=1)}
SOFTMAX = tuple(unfold(softmax(logits, j, 3)).doit().subs(_named) for j in (1, 2, 3))

__all__ = [
    "BCE", "BCE_GRADIENT", "CROSS_ENTROPY", "LOGITS", "MSE", "MSE_GRADIENT", "RELU", "SIGMOID_SLOPE", "SOFTMAX",
    "SQUARED_ERROR", "TANH", "TANH_CE", "TANH_CE_GRADIENT", "TANH_CE_REPAIRED_GRADIENT", "p", "y", "z",
]  # fmt: skip
