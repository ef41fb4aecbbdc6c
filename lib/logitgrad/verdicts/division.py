"""The claims of source A: a sigmoid in front of cross-entropy, and division by zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sympy import Eq, Gt, log

from ..audit.exact import exact
from ..numeric import naive, remedies, sigmoid_bce
from ..numeric.naive import quiet
from ..symbolic import Theorem, bce, ce, eps, logits, sigma, targets, theorems, z
from .claim import Case, Finding, against, between, claim, found, lemma, proved

__all__ = ["DTYPES", "finite", "first", "right"]

DTYPES = ("float16", "float32", "float64")
WHOLE = np.arange(-1000.0, 1001.0)  # logits beyond every border of the three types
RIGHT, WRONG = (40.0, 1.0), (40.0, 0.0)  # a logit behind which every type's sigmoid is 1, and two targets

Computed = Callable[..., Any]


def first(test: Computed, dtype: str = "float64") -> int | None:
    """The first whole logit from 1 to 1000 for which a test of an array holds, if there is one."""
    whole = np.arange(1, 1001)
    where = whole[np.asarray(test(whole.astype(dtype)), dtype=bool)]
    return int(where[0]) if where.size else None


def borders(test: Computed) -> Finding:
    """Whether a test holds from some logit on, in each type of float."""
    start = {dtype: first(test, dtype) for dtype in DTYPES}
    if None in start.values():
        return found(False, "at no logit up to 1000")
    return found(True, "from z = " + ", ".join(f"{z} in {dtype}" for dtype, z in start.items()))


def finite(computed: Computed, targets: tuple[float, ...] = (0.0, 1.0), dtype: str = "float64") -> Finding:
    """Whether a function is finite for all whole logits up to 1000 and some targets."""
    for target in targets:
        bad = WHOLE[~np.isfinite(computed(WHOLE.astype(dtype), np.asarray(target, dtype)))]
        if bad.size:
            worst = bad[np.argmin(abs(bad))]
            value = computed(worst.astype(dtype), np.asarray(target, dtype))
            return found(False, f"{value} at z = {worst:g}, y = {target:g} in {dtype}")
    return found(True, f"finite from -1000 to 1000 in {dtype}")


def right(computed: Computed, function: str, z: float, y: float, digits: float = 1e-12) -> Finding:
    """Whether a result is within some share of 1, or of the exact value if that is larger."""
    value, true = float(computed(z, y)), float(exact(f"sigmoid_bce.{function}", z, y))
    close = abs(value - true) <= digits * max(1, abs(true))
    return found(close, f"{against(value, true)} at z = {z:g}, y = {y:g}")


@claim("A1", "sigmoid_bce_floats", "Backpropagating cross-entropy through a sigmoid divides by zero.")
def divides_by_zero(activation: Any = sigma, sigmoid: Computed = naive.sigmoid) -> Iterator[Case]:
    yield Case("numbers are floats", borders(lambda z: sigmoid(z) * (1 - sigmoid(z)) == 0))
    yield Case("numbers are real", proved(between(activation(z), 0, 1)).denied())


@claim("A2", "sigmoid_bce_floats", "A sigmoid never returns exactly 0 or 1.")
def never_at_the_ends(activation: Any = sigma, sigmoid: Computed = naive.sigmoid) -> Iterator[Case]:
    yield Case("numbers are real", proved(between(activation(z), 0, 1)))
    yield Case("numbers are floats", borders(lambda z: sigmoid(z) == 1).denied())


@claim(
    "A3",
    "sigmoid_bce_floats",
    "The trouble arises at outputs 0 and 1 only, and there the offending term is multiplied by 0, so that nothing "
    "is lost.",
)
def multiplied_by_zero(right: tuple[float, float] = RIGHT, wrong: tuple[float, float] = WRONG) -> Iterator[Case]:
    for name, (logit, target) in (("right", right), ("wrong", wrong)):
        p = naive.sigmoid(logit)
        factor = target if p == 0 else 1 - target  # of the logarithm of 0
        shown = f"the factor of log 0 is {factor:g} at z = {logit:g}, y = {target:g}"
        yield Case(f"the saturated output is {name}", found(p in (0, 1) and factor == 0, shown))


@claim("A4", "sigmoid_bce_floats", "A program may take 0 times anything as 0.")
def zero_wins(loss: Computed = remedies.zero_wins, grad: Computed = remedies.zero_wins_grad) -> Iterator[Case]:
    yield Case("the output is right", right(loss, "loss", *RIGHT) & right(grad, "grad", *RIGHT))
    yield Case("the output is wrong", right(loss, "loss", *WRONG) & right(grad, "grad", *WRONG))


@claim("A5", "sigmoid_bce_floats", "More precision removes the error.")
def more_precision(loss: Computed = remedies.as_written, output: Any = None) -> Iterator[Case]:
    for dtype in DTYPES[1:]:
        yield Case(f"numbers are {dtype}", finite(loss, dtype=dtype))
    gap = 1 - sigma(-log(eps)) if output is None else 1 - output
    closer = proved(Gt(eps, gap, evaluate=False))  # nearer to 1 than any precision given
    yield Case("numbers have some other fixed number of digits", closer.denied())


@claim("A6", "sigmoid_bce_floats", "Handling the two cases specially removes the error.")
def special_cases(
    limits: tuple[Computed, Computed] = (remedies.limits, remedies.limits_grad),
    zeros: tuple[Computed, Computed] = (remedies.zero_wins, remedies.zero_wins_grad),
) -> Iterator[Case]:
    for name, (loss, grad) in (("the limit", limits), ("0", zeros)):
        values = right(loss, "loss", *WRONG) & right(grad, "grad", *WRONG)
        yield Case(f"the special value is {name}", finite(loss) & finite(grad) & values)


@claim("A7a", "sigmoid_bce_floats", "A small constant in the denominator prevents the division by zero.")
def constant_below(grad: Computed = remedies.eps_below_grad) -> Iterator[Case]:
    yield Case("the type can hold the constant", finite(grad))
    yield Case("the type rounds the constant to 0", finite(grad, dtype="float16"))
    yield Case("the gradient of a wrong answer is to be right as well", right(grad, "grad", *WRONG))


@claim("A7b", "sigmoid_bce_floats", "A small constant in the denominator gives infinities.")
def constant_gives_infinities(
    loss: Computed = remedies.as_written, grad: Computed = remedies.eps_below_grad
) -> Iterator[Case]:
    yield Case("one looks at the loss, which has no denominator", finite(loss, (0.0,)).denied())
    yield Case("one looks at the gradient", finite(grad, (0.0,)).denied())


def saturated_and_wrong(stretch: float, slips: int, steps: int = 200) -> Finding:
    """Whether training from weight 0 ends with an output that is saturated and wrong.

    One feature of that scale, labelled by its sign; after training the labels of the largest are changed.
    """
    x = np.random.default_rng(0).normal(size=200) * stretch
    labels, w = np.where(x > 0, 1.0, 0.0), 0.0
    for _ in range(steps):
        w -= float(np.mean(sigmoid_bce.grad(w * x, labels) * x))
    labels[np.argsort(x)[len(x) - slips :]] = 0
    margins = np.where(labels == 1, -w * x, w * x)
    worst = float(margins.max())
    side = "wrong" if worst > 0 else "right"
    return found(
        naive.sigmoid(worst) == 1, f"after training the worst margin is {abs(worst):.2g} on the {side} side"
    )


@claim("A8", "sigmoid_bce_floats", "With a sensible start and good training an output is not saturated and wrong.")
def not_after_training(labelled: int = 0, slips: int = 1, stretch: float = 10.0) -> Iterator[Case]:
    yield Case("the model fits every label", saturated_and_wrong(stretch, labelled).denied())
    yield Case("one label is wrong", saturated_and_wrong(stretch, slips).denied())


@claim("A9", "cross_entropy", "The formula with two terms is logistic loss, and not cross-entropy.")
def only_logistic(two_terms: Any = bce) -> Iterator[Case]:
    two_classes = Eq(ce(logits, targets, 2), two_terms(logits[1] - logits[2], targets[1]))
    yield Case("", proved(two_classes, (Eq(targets[1] + targets[2], 1),)).denied())


@claim("A10", "cross_entropy", "For many classes the outputs must sum to one.")
def must_sum_to_one(theorem: Theorem = theorems["gibbs-inequality"], loss: Computed = np.log) -> Iterator[Case]:
    without = theorem.without(theorem.assumptions[-1])  # that the outputs sum to one
    unsummed = proved(without.statement, without.assumptions, without.via)
    yield Case("the loss is to be lowest at the target", lemma(theorem) & unsummed.denied())
    value = -float(np.sum(np.array([0.5, 0.5]) * loss(np.array([2.0, 1.0]))))
    shown = f"it is {value:.3g} for outputs 2 and 1, targets 0.5 and 0.5"
    yield Case("the formula is only to have a value", found(not np.isfinite(value), shown))


@claim("A11", "cross_entropy", "An output near 0 does not mean that the label is 0.")
def may_be_wrong(activation: Any = sigma) -> Iterator[Case]:
    yield Case("", proved(Gt(activation(z), 0, evaluate=False)))  # the share of labels 1 behind such an output


@claim("A12", "sigmoid_bce_floats", "Infinities appear in practice.")
def infinities(loss: Computed = remedies.as_written) -> Iterator[Case]:
    rng = np.random.default_rng(0)
    start = rng.normal(size=(100, 3)) * [1, 1, 1000] @ rng.normal(size=3)  # one feature is not scaled
    losses = loss(start, rng.integers(0, 2, size=100).astype(float))
    count = int(np.isinf(losses).sum())
    yield Case("", found(count, f"{count} of 100 losses before the first step, one feature not scaled"))


@claim("A13", "sigmoid_bce_floats", "The fused derivative, output minus label, is the cure.")
def fused(grad: Computed = naive.bce_grad_fused) -> Iterator[Case]:
    def digits(z: float, y: float) -> Finding:
        value, true = float(grad(z, y)), float(exact("sigmoid_bce.grad", z, y))
        return found(abs(value - true) <= 1e-12 * abs(true), f"{against(value, true)} at z = {z:g}, y = {y:g}")

    yield Case("the model is wrong or unsure", finite(grad) & digits(40.0, 0.0) & digits(0.5, 1.0))
    yield Case("the model is sure of a 0 and right", digits(-40.0, 0.0))
    yield Case("the model is sure of a 1 and right", digits(40.0, 1.0))


def uncaught(divide: Computed) -> Finding:
    """Whether a division by zero goes by without an exception."""
    try:
        divide(np.float64(1), np.float64(0))
    except ArithmeticError as error:
        return found(False, f"{type(error).__name__} is raised")
    return found(True, "no exception")


@quiet
def as_set(a: Any, b: Any) -> Any:
    """Return a / b with NumPy's errors ignored."""
    return np.divide(a, b)


@np.errstate(divide="raise")
def told_to_raise(a: Any, b: Any) -> Any:
    """Return a / b with NumPy's errors raised."""
    return np.divide(a, b)


def plain_division(a: Any, b: Any) -> float:
    """Return a / b of Python's floats."""
    return float(a) / float(b)


@claim("A14", "sigmoid_bce_floats", "An error handler cannot catch the division by zero.")
def not_caught(
    python: Computed = lambda a, b: float(a) / float(b),
    silent: Computed = as_set,
    strict: Computed = told_to_raise,
) -> Iterator[Case]:
    yield Case("NumPy divides as it is set", uncaught(silent))
    yield Case("NumPy is told to raise", uncaught(strict))
    yield Case("Python divides", uncaught(python))


@claim("A15", "sigmoid_bce_floats", "Before training the model is wrong almost every time.")
def wrong_at_first(few: int = 2, many: int = 100) -> Iterator[Case]:
    rng = np.random.default_rng(0)
    for name, classes in (("many", many), ("two", few)):
        answers = rng.normal(size=(10_000, classes)).argmax(axis=1)
        share = float(np.mean(answers != rng.integers(0, classes, size=10_000)))
        yield Case(
            f"there are {name} classes", found(share > 0.9, f"{share:.0%} of 10,000 with {classes} classes")
        )
