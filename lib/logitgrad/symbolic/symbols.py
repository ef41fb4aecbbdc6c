"""Every symbol of the course with its assumptions, once.

Scalars belong to the one-output chapters. ``logits`` and ``targets`` are the vectors of the
many-output chapters: ``logits[j]`` is z_j, with j from 1 to K. An index symbol always stands
for a class, so it lies between 1 and K.
"""

from sympy import IndexedBase, Rational, Symbol

z = Symbol("z", real=True)  # logit
y = Symbol("y", real=True)  # target
p = Symbol("p", real=True)  # probability of class 1
a = Symbol("a", real=True)  # output of an activation that need not be a probability
c = Symbol("c", real=True)  # shift of all logits
m = Symbol("m", real=True)  # the maximum that a stable form subtracts; its identity holds for any m
s = Symbol("s", positive=True)  # scale of all outputs

K = Symbol("K", integer=True, positive=True)  # number of classes
i, j, k = (Symbol(name, integer=True, positive=True) for name in "ijk")  # classes

logits = IndexedBase("z", real=True)
targets = IndexedBase("y", real=True)
outputs = IndexedBase("a", positive=True)  # of a multi-class layer without normalisation
probabilities = IndexedBase("q", positive=True)  # of any model, however they came about
direction = IndexedBase("v", real=True)  # along which a Hessian is probed

half = Rational(1, 2)

__all__ = [
    "K", "a", "c", "direction", "half", "i", "j", "k", "logits", "m", "outputs", "p",
    "probabilities", "s", "targets", "y", "z",
]  # fmt: skip
