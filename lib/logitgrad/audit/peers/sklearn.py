"""scikit-learn: the losses that its linear models and boosting minimise, in `sklearn._loss`.

"Half" is of the deviance, which is twice the cross-entropy: these are the cross-entropies themselves. They take
hard targets (class indices as floats, for many classes), and float32 or float64. They do not look whether an
index is in range, since the estimators encode the labels themselves: one beyond it reads foreign memory.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from . import Function

losses: Any = import_module("sklearn._loss")  # untyped: the type checker runs where it is not installed
binomial: Any = losses.HalfBinomialLoss()


def bce_hess(z: Any, y: Any) -> Any:
    """Return the second derivative."""
    return binomial.gradient_hessian(y_true=np.ascontiguousarray(y), raw_prediction=z)[1]


def multinomial(method: str) -> Function:
    """Return a method of the loss for as many classes as the logits have."""

    def call(z: Any, y: Any) -> Any:
        if y.dtype.kind == "f":
            raise TypeError("HalfMultinomialLoss takes class indices only")
        if y.size and not 0 <= y.min() <= y.max() < z.shape[-1]:
            raise IndexError("a class index out of range would read foreign memory")
        loss = losses.HalfMultinomialLoss(n_classes=z.shape[-1])
        return getattr(loss, method)(y_true=y.astype(z.dtype), raw_prediction=z)

    return call


FUNCTIONS: dict[str, Function] = {
    "sigmoid_bce.loss": lambda z, y: binomial.loss(y_true=y, raw_prediction=z),
    "sigmoid_bce.grad": lambda z, y: binomial.gradient(y_true=y, raw_prediction=z),
    "sigmoid_bce.hess": bce_hess,
    "softmax_ce.loss": multinomial("loss"),
    "softmax_ce.grad": multinomial("gradient"),
}
