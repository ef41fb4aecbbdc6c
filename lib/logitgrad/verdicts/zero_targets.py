"""The claims of source E: softmax, cross-entropy, and the targets that are zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sympy import Derivative, Eq, log

from ..audit.exact import exact
from ..numeric import naive, softmax_ce
from ..numeric.logexp import softmax as softmax_in_floats
from ..symbolic import (
    Theorem,
    ce,
    cross_entropy,
    ell,
    i,
    j,
    k,
    logits,
    p,
    probabilities,
    softmax,
    targets,
    total,
    y,
)
from .claim import Case, Finding, claim, found, lemma, proved
from .log_loss import DOMINATED, inside
from .saturation import INSIDE

Computed = Callable[..., Any]
Array = Any
SUM = Eq(total(targets[k]), 1)
of_outputs = cross_entropy.cross_entropy(targets, probabilities)
of_logits = ce(logits, targets)


@claim("E1", "softmax_ce", "The derivative by an output is minus target over output, -t/o.")
def derivative_by_output(loss: Any = of_outputs, two: Any = ell) -> Iterator[Case]:
    free = Eq(Derivative(loss, probabilities[j]), -targets[j] / probabilities[j])
    yield Case("each output counts as a free number", proved(free))
    yield Case("one output moves the others", proved(Eq(Derivative(two(p, y), p), -y / p), INSIDE))


@claim("E2", "softmax_ce", "Only the node with target 1 receives feedback.")
def only_the_label(outputs: Any = of_outputs, at_logits: Any = of_logits) -> Iterator[Case]:
    zero = Eq(targets[j], 0)
    yield Case(
        "the chain rule stops at the outputs", proved(Eq(Derivative(outputs, probabilities[j]), 0), (zero,))
    )
    yield Case("it goes on to the logits", proved(Eq(Derivative(at_logits, logits[j]), 0), (zero, SUM)))


@claim("E3", "softmax_ce", "Only the probability of the label influences the loss.")
def only_its_probability(
    theorem: str | Theorem = "cross-entropy-one-hot", loss: Any = of_outputs
) -> Iterator[Case]:
    yield Case("the target is one-hot", lemma(theorem))
    yield Case("the target is soft", proved(Eq(loss, -targets[j] * log(probabilities[j]), evaluate=False), (SUM,)))


@claim("E4", "softmax_ce", "Raising one probability lowers the rest by the same amount.")
def lowers_the_rest(outputs: Any = softmax, classes: int = 3) -> Iterator[Case]:
    change = total(Derivative(outputs(logits, i), logits[j]), i)
    yield Case("the rest is taken together", proved(Eq(change, 0)))
    first, second = (Derivative(softmax(logits, n, classes), logits[1]) for n in (1, 2))
    yield Case("each of the others is meant", proved(Eq(first, -second)))


@claim("E5", "softmax_ce_floats", "With softmax, singularities do not occur.")
def no_singularities(outputs: Any = softmax, in_floats: Computed = softmax_in_floats) -> Iterator[Case]:
    yield Case("numbers are real and there are two classes or more", inside(outputs))
    with np.errstate(divide="ignore"):
        slopes = -1 / in_floats(DOMINATED)
    yield Case(
        "numbers are floats",
        found(np.isfinite(slopes).all(), f"-1/o is {slopes.tolist()} at the logits {DOMINATED}"),
    )


@claim("E6", "softmax_ce_floats", "Overflow can give log 0, and rearranging on logits avoids it.")
def rearranged(written: Computed = naive.log_softmax, loss: Computed = softmax_ce.loss) -> Iterator[Case]:
    far = [710.0, 0.0]
    before, after, true = float(written(far)[1]), float(loss(far, 1)), float(exact("softmax_ce.loss", far, 1))
    holds = before == -np.inf and abs(after - true) <= 1e-12 * true
    yield Case(
        "", found(holds, f"log p is {before:g} as written, the loss on logits {after:g}, at the logits {far}")
    )


LOGITS = np.random.default_rng(0).normal(size=(6, 4))
LABELS = np.array([0, 1, 2, 3, 1, 2])
INPUTS = np.random.default_rng(1).normal(size=(6, 5))


def by_outputs(labels: Array, classes: int = 4) -> tuple[Array, Array]:
    """Return the derivatives by the outputs: of cross-entropy, and of half the squared error."""
    p, hot = softmax_in_floats(LOGITS), np.eye(classes)[labels]
    return -hot / p, p - hot


def by_logits(labels: Array, classes: int = 4) -> tuple[Array, Array]:
    """Return the derivatives by the logits: of cross-entropy, and of half the squared error."""
    p, error = softmax_in_floats(LOGITS), by_outputs(labels, classes)[1]
    return softmax_ce.grad(LOGITS, labels), p * (error - (p * error).sum(axis=1, keepdims=True))


def sparser(pair: tuple[Array, Array], where: str) -> Finding:
    """Whether the first of two gradients has fewer entries that are not 0."""
    few, many = (int(np.count_nonzero(gradient)) for gradient in pair)
    return found(few < many, f"{few} and {many} of {pair[0].size} entries {where} are not 0")


def weights(gradient: Array) -> Array:
    """Return the derivatives by the weights below: the logits' gradients times the inputs, example by example."""
    return gradient[:, :, None] * INPUTS[:, None, :]


@claim("E7", "softmax_ce", "Cross-entropy's updates are sparse compared with squared error's.")
def sparse_updates(
    outputs: Computed = by_outputs, logits: Computed = by_logits, labels: Array = LABELS
) -> Iterator[Case]:
    yield Case("one looks at the outputs", sparser(outputs(labels), "at the outputs"))
    yield Case("one looks at the logits", sparser(logits(labels), "at the logits"))
    below = tuple(map(weights, logits(labels)))
    yield Case("one looks at the weights", sparser(below, "of the weights' gradients"))


@claim("E8", "softmax_ce", "Summed over a batch of different classes they are not sparse.")
def dense_in_sum(all_classes: Array = LABELS, some: Array = LABELS % 2) -> Iterator[Case]:
    for condition, labels in (("every class occurs", all_classes), ("some class does not occur", some)):
        summed = by_outputs(labels)[0].sum(axis=0)
        count = np.count_nonzero(summed)
        yield Case(
            condition, found(count == summed.size, f"{count} of {summed.size} sums at the outputs are not 0")
        )


@claim("E9", "backprop", "They are sparse in the last layer only.")
def sparse_in_the_last_layer(outputs: Computed = by_outputs, logits: Computed = by_logits) -> Iterator[Case]:
    below = weights(logits(LABELS)[0])
    count = np.count_nonzero(below)
    dense = found(count == below.size, f"{count} of {below.size} entries of the weights' gradients are not 0")
    yield Case("that means its outputs", sparser(outputs(LABELS), "at the outputs") & dense)
    yield Case("that means its weights", dense.denied())


@claim("E10", "softmax_ce", "For a target of 0, loss and derivative are 0 whatever the output.")
def zero_whatever(output: float = 1e-300, zero: float = 0.0, target: float = 0.0) -> Iterator[Case]:
    for condition, value in (("the output is above 0", output), ("the output is 0 in floats", zero)):
        with np.errstate(all="ignore"):
            loss = float(-target * np.log(np.float64(value)))
            slope = float(np.float64(-target) / np.float64(value))
        yield Case(
            condition,
            found(loss == 0 and slope == 0, f"they are {abs(loss):g} and {abs(slope):g} at output {value:g}"),
        )
