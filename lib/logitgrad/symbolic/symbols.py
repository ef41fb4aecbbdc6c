"""Every symbol of the course with its assumptions, once.

Scalars belong to the one-output chapters. ``logits`` and ``targets`` are the vectors of the
many-output chapters: ``logits[j]`` is z_j, with j from 1 to K. An index symbol always stands
for a class, so it lies between 1 and K.
"""

from typing import Any, NamedTuple

from sympy import IndexedBase, Rational, Symbol

z = Symbol("z", real=True)
y = Symbol("y", real=True)
p = Symbol("p", real=True)
a = Symbol("a", real=True)
c = Symbol("c", real=True)
m = Symbol("m", real=True)
beta = Symbol("beta", positive=True)
s = Symbol("s", positive=True)
eps = Symbol("varepsilon", positive=True)

K = Symbol("K", integer=True, positive=True)
i, j, k = (Symbol(name, integer=True, positive=True) for name in "ijk")

logits = IndexedBase("z", real=True)
targets = IndexedBase("y", real=True)
outputs = IndexedBase("a", positive=True)
probabilities = IndexedBase("q", positive=True)
direction = IndexedBase("v", real=True)
gaps = IndexedBase("g", nonnegative=True)

half = Rational(1, 2)


class Meaning(NamedTuple):
    """A line of the notation table: the object, its name in code, its shape, what it stands for."""

    symbol: Any
    name: str
    shape: str
    meaning: str


NOTATION = (
    Meaning(z, "z", "number", "logit: what the last layer computes before its activation"),
    Meaning(y, "y", "number", "target, usually 0 or 1; a soft target lies between"),
    Meaning(p, "p", "number", "probability of class 1"),
    Meaning(a, "a", "number", "output of an activation that need not be a probability"),
    Meaning(K, "K", "integer", "number of classes"),
    Meaning(i, "i", "class", "a class, from 1 to K"),
    Meaning(j, "j", "class", "a class, from 1 to K"),
    Meaning(k, "k", "class", "a class, usually one that a sum runs over"),
    Meaning(logits[k], "logits[k]", "one of K", "logit of class k"),
    Meaning(targets[k], "targets[k]", "one of K", "target of class k"),
    Meaning(probabilities[k], "probabilities[k]", "one of K", "probability of class k, however it came about"),
    Meaning(outputs[k], "outputs[k]", "one of K", "positive output of class k that was not normalised"),
    Meaning(direction[k], "direction[k]", "one of K", "move of logit k: part of a direction, or an error"),
    Meaning(gaps[k], "gaps[k]", "one of K", "move of logit k, or its distance from a larger one, at least 0"),
    Meaning(c, "c", "number", "common shift of all logits"),
    Meaning(m, "m", "number", "what a stable form subtracts: in code, the largest logit"),
    Meaning(beta, "beta", "number", "inverse temperature: what all logits are multiplied by"),
    Meaning(s, "s", "number", "common factor of all outputs, above 0"),
    Meaning(eps, "eps", "number", "small constant that a repair adds, above 0"),
)

__all__ = [
    "NOTATION",
    "K",
    "Meaning",
    "a",
    "beta",
    "c",
    "direction",
    "gaps",
    "half",
    "i",
    "j",
    "k",
    "logits",
    "m",
    "outputs",
    "p",
    "probabilities",
    "s",
    "targets",
    "y",
    "z",
]
