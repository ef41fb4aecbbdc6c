"""Logit gradients, derived: what is true (`logitgrad.symbolic`) and what runs (`logitgrad.numeric`).

Everything is loaded on first use: ``import logitgrad`` alone imports neither NumPy, SymPy nor Matplotlib.

>>> import logitgrad as lg
>>> float(lg.sigmoid_bce.grad(745.0, 1))
-5e-324
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .audit import audit
    from .numeric import naive, relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce, variants
    from .numeric.logexp import log_sigmoid, log_softmax, logsumexp, sigmoid, softmax, softplus

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "audit",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "naive",
    "relu_ce",
    "sigmoid",
    "sigmoid_bce",
    "sigmoid_mse",
    "softmax",
    "softmax_ce",
    "softplus",
    "tanh_ce",
    "variants",
]

_MODULES = ("naive", "relu_ce", "sigmoid_bce", "sigmoid_mse", "softmax_ce", "tanh_ce", "variants")
_FUNCTIONS = ("log_sigmoid", "log_softmax", "logsumexp", "sigmoid", "softmax", "softplus")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        value = import_module(f".numeric.{name}", __name__)
    elif name == "audit":
        value = import_module(".audit", __name__)  # a package that can be called
    elif name in _FUNCTIONS:
        value = getattr(import_module(".numeric.logexp", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value  # the next access does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
