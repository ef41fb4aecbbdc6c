"""The functions that have vectors: a line for each.

After a change to what the vectors are made of, write the two shipped files anew, ``vectors.json`` and
``vectors.tsv``, by ``python -m logitgrad vectors --force --output ...``, the second with ``--format tsv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import scales
from .grid import Grid
from .inputs import Arguments, Group, binary, classes, directions, logits, positive, rows, unit_interval

Scale = Callable[[Arguments, int | None, np.dtype[Any]], float]
Groups = Callable[[Grid, str], Iterator[Group]]

_INPUTS: dict[Groups, int] = {logits: 1, rows: 1, directions: 3}  # the others take two

SIGMOID = "1 / (1 + exp(-z))"
SPREAD = "1 / (1 + exp(-z)) / (1 + exp(z))"
SUM = "sum(exp(z[k]) for k in K)"
P = "exp(z[{}]) / " + SUM
MSE_HESS = f"{SPREAD} * ({SPREAD} - ({SIGMOID} - y) * ({SIGMOID} - 1 / (1 + exp(z))))"
RELU_LOSS = "-(y * log(z) + (1 - y) * log(1 - z))"
TANH_LOSS = "-(y * log(tanh(z)) + (1 - y) * log(1 - tanh(z)))"
CE_HVP = f"{P.format('i')} * (v[i] - sum(v[j] * {P.format('j')} for j in K))"


@dataclass(frozen=True)
class Function:
    """A function of the library by its ``name``.

    ``groups`` makes its inputs; ``row`` says whether it returns a row, ``scale`` how large the terms are that may
    cancel in it (None: nothing does). The ``formula`` is an expression of Python (and nearly of C), for people and
    for a check by a second road. In it, i is the class of a result, K all classes; a class index as the target
    stands for y[k] = 1 at that class.
    """

    name: str
    formula: str
    groups: Groups
    row: bool = False
    scale: Scale | None = None

    @property
    def form(self) -> str:
        """Its key in `logitgrad.audit.FORMS`."""
        return self.name if "." in self.name else f"logexp.{self.name}"

    @property
    def inputs(self) -> list[str]:
        """The names of its inputs, in order."""
        return ["z", "y", "v"][: _INPUTS.get(self.groups, 2)]


#: Every function that has vectors, by name.
FUNCTIONS = {
    function.name: function
    for function in (
        Function("sigmoid", SIGMOID, logits),
        Function("softplus", "log(1 + exp(z))", logits),
        Function("log_sigmoid", "-log(1 + exp(-z))", logits),
        Function("logsumexp", f"log({SUM})", rows, scale=scales.shift),
        Function("softmax", P.format("i"), rows, row=True),
        Function("log_softmax", f"z[i] - log({SUM})", rows, row=True),
        Function("sigmoid_bce.loss", "log(1 + exp(z)) - y * z", binary),
        Function("sigmoid_bce.grad", f"{SIGMOID} - y", binary, scale=scales.balance),
        Function("sigmoid_bce.hess", SPREAD, binary),
        Function("sigmoid_mse.loss", f"({SIGMOID} - y) ** 2 / 2", binary, scale=scales.squared),
        Function("sigmoid_mse.grad", f"({SIGMOID} - y) * {SPREAD}", binary, scale=scales.spread_error),
        Function("sigmoid_mse.hess", MSE_HESS, binary, scale=scales.curvature),
        Function("relu_ce.loss", RELU_LOSS, unit_interval),
        Function("relu_ce.grad", "(z - y) / (z * (1 - z))", unit_interval),
        Function("tanh_ce.loss", TANH_LOSS, positive),
        Function("tanh_ce.grad", "(tanh(z) - y) * (1 + tanh(z)) / tanh(z)", positive),
        Function("softmax_ce.loss", f"sum(y[j] * (log({SUM}) - z[j]) for j in K)", classes),
        Function("softmax_ce.grad", f"sum(y) * {P.format('i')} - y[i]", classes, row=True, scale=scales.shares),
        Function("softmax_ce.hvp", CE_HVP, directions, row=True, scale=scales.deviation),
    )
}
