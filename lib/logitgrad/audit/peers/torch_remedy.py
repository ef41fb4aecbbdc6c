"""PyTorch, with the losses written so that autograd keeps the digits: what the chapter on frameworks shows."""

from __future__ import annotations

from typing import Any

from . import Function
from .torch import F, gradient, second, torch, value


def bce(z: Any, y: Any) -> Any:
    """Two log-sigmoids, each for its own side; soft targets too."""
    return -y * F.logsigmoid(z) - (1 - y) * F.logsigmoid(-z)


def ce(z: Any, y: Any) -> Any:
    """The lead of the label over all others; class indices only."""
    own = y.unsqueeze(-1)
    gaps = z - z.gather(-1, own)
    others = gaps.scatter(-1, own, -torch.inf)
    return -F.logsigmoid(-others.logsumexp(-1))


FUNCTIONS: dict[str, Function] = {
    "sigmoid_bce.loss": value(bce),
    "sigmoid_bce.grad": gradient(bce),
    "softmax_ce.loss": value(ce),
    "softmax_ce.grad": gradient(ce),
    "softmax_ce.hvp": second(ce),
}
