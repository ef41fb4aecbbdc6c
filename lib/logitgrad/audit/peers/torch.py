"""PyTorch: `torch.nn.functional`, and autograd (twice for second derivatives)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from . import Function

torch: Any = import_module("torch")  # untyped: the type checker runs where it is not installed
F = torch.nn.functional


def tensor(values: Any) -> Any:
    """Return a tensor of the same type with memory of its own."""
    return torch.tensor(np.asarray(values))


def value(function: Function) -> Function:
    """Return a function of arrays that gives an array."""
    return lambda *arguments: function(*map(tensor, arguments)).numpy()


def bce(z: Any, y: Any) -> Any:
    """Return the loss without an average."""
    return F.binary_cross_entropy_with_logits(z, y, reduction="none")


def ce(z: Any, y: Any) -> Any:
    """Return the loss without an average; class indices are integers."""
    return F.cross_entropy(z, y, reduction="none")


def slope(loss: Function, z: Any, *others: Any) -> Any:
    """Return the gradient by autograd, ready to be differentiated again."""
    losses = loss(z, *others)
    return torch.autograd.grad(losses, z, torch.ones_like(losses), create_graph=True)[0]


def gradient(loss: Function) -> Function:
    """Return the gradient as a function of arrays."""

    def grad(z: Any, y: Any) -> Any:
        return slope(loss, tensor(z).requires_grad_(), tensor(y)).detach().numpy()

    return grad


def second(loss: Function) -> Function:
    """Return the gradient's derivative along v, by double backward; along ones where the logits are apart."""

    def product(z: Any, y: Any, v: Any = None) -> Any:
        logits = tensor(z).requires_grad_()
        along = torch.ones_like(logits) if v is None else tensor(v)
        return torch.autograd.grad(slope(loss, logits, tensor(y)), logits, along)[0].numpy()

    return product


FUNCTIONS: dict[str, Function] = {
    "logexp.sigmoid": value(torch.sigmoid),
    "logexp.softplus": value(F.softplus),
    "logexp.log_sigmoid": value(F.logsigmoid),
    "logexp.logsumexp": value(lambda z: torch.logsumexp(z, -1)),
    "logexp.softmax": value(lambda z: torch.softmax(z, -1)),
    "logexp.log_softmax": value(lambda z: torch.log_softmax(z, -1)),
    "sigmoid_bce.loss": value(bce),
    "sigmoid_bce.grad": gradient(bce),
    "sigmoid_bce.hess": second(bce),
    "softmax_ce.loss": value(ce),
    "softmax_ce.grad": gradient(ce),
    "softmax_ce.hvp": second(ce),
}
