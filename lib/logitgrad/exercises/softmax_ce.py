"""The exercises of the chapter on softmax and cross-entropy."""

from __future__ import annotations

from sympy import Derivative, Eq, KroneckerDelta, Ne

from ..symbolic import K, ce, direction, i, in_order, j, k, logits, softmax, targets, times, total
from .exercise import Condition, Form, Misconception, topic

exercise = topic("softmax_ce")
y, v = targets, direction
p_i, p_j, p_k = (softmax(logits, index) for index in (i, j, k))
delta = KroneckerDelta(i, j)
hessian = Derivative(ce(logits, y), logits[i], logits[j])
normalised = Eq(total(y[k]), 1)
mean = total(p_k * v[k])

exercise(
    "ex-softmax-ce-hvp",
    r"With targets that sum to one, what is $\sum_j H_{ij} v_j$, without a delta?",
    times(p_i, in_order(v[i], -mean)),
    {"p_j": p_j, "v_j": v[j]},
    definition=total(hessian * v[j], j),
    theorem="softmax-ce-hvp",
    assumptions=(normalised,),
    indices=(i,),
    form=Form("an answer without a delta", ("p", "v", "sum")),
    misconceptions=(
        Misconception(v[i] - mean, "The factor p_i stands before both terms; it is missing."),
        Misconception(-p_i * mean, "The delta picks one term out of the sum; do not drop it."),
        Misconception(p_i * (v[i] - total(v[k])), "Each v_j is weighted by its own p_j before it is summed."),
        Misconception(
            p_i * (1 - p_i) * v[i], "That is the diagonal alone: all other entries of the row count, too."
        ),
    ),
)

exercise(
    "ex-softmax-ce-votes",
    r"For targets of any sum, what is the Hessian's entry $\partial^2 L / \partial z_i \, \partial z_j$?",
    times(total(y[k]), p_i, in_order(delta, -p_j)),
    {"p_j": p_j, "y_j": y[j]},
    definition=hessian,
    indices=(i, j),
    conditions=(
        Condition(normalised, "the targets sum to one"),
        Condition(Ne(i, j), "the two classes are different"),
    ),
    misconceptions=(
        Misconception(total(y[k]) * (delta - p_j), "A factor of softmax's derivative, p_i, is missing."),
        Misconception(total(y[k]) * p_i - y[i], "That is the gradient; it is to be differentiated once more."),
        Misconception(
            p_i * (delta - p_j) - y[i] * delta, "The targets do not move with the logits: their term goes."
        ),
    ),
)

squares = total(v[k] ** 2)

exercise(
    "ex-softmax-ce-factor",
    r"Where all $K$ probabilities are equal, what is the curvature along $v$, $\sum_i \sum_j v_i H_{ij} v_j$?",
    in_order(squares / K, -(total(v[k]) ** 2) / K**2),
    {"v_j": v[j], "K": K},
    definition=total(total(v[i] * v[j] * (delta - 1 / K) / K, j), i),
    conditions=(Condition(Eq(total(v[k]), 0), "the components of the move sum to zero"),),
    misconceptions=(
        Misconception(
            squares / K - total(v[k]) / K**2,
            "Both indices have a sum of their own: the sum of the v_j occurs twice.",
        ),
        Misconception(squares * (1 - 1 / K) / K, "That is the diagonal alone: the entries beside it count, too."),
        Misconception(squares - total(v[k]) ** 2 / K, "A factor of the Hessian's entries, p_i, is missing."),
    ),
)
