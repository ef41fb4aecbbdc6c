"""Activations times losses: the gradient of any pairing, and what it does, decided by proof.

The verdicts are read off the places of ``places.py``; what is not proved there stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sympy import Abs, Derivative, Expr, Ge, Limit, S, exp, im, log, nan, oo, sign, sympify, tanh

from .cross_entropy import ell
from .derivation import Derivation
from .domain import resolve
from .functions import Defined, equation, in_order, over, relu, sigma, softplus, times, unfold
from .places import Factors, Place
from .prove import Refuted
from .sigmoid_mse import squared_error
from .statement import prove
from .stretches import stretches
from .symbols import a, y, z
from .theorem import topic
from .tidy import put, tidy


class poisson(Defined):
    """Poisson loss of a rate a under a count y, up to a term without a: a - y log a."""

    tex = r"\operatorname{po}"
    nargs = 2

    @classmethod
    def define(cls, a: Expr, y: Expr) -> Expr:
        return a - y * log(a)


class Activation(NamedTuple):
    """An output as a function of the logit ``z``, made of functions that SymPy can differentiate."""

    name: str
    output: Expr


class Loss(NamedTuple):
    """A loss as a function of the output ``a`` and the target ``y``."""

    name: str
    value: Expr


ACTIVATIONS = (
    Activation("identity", z),
    Activation("sigmoid", sigma(z)),
    Activation("tanh", tanh(z)),
    Activation("hard sigmoid", (relu(z + 3) - relu(z - 3)) / 6),
    Activation("ReLU", relu(z)),
    Activation("softplus", softplus(z)),
    Activation("exp", exp(z)),
)
LOSSES = (
    Loss("squared error", squared_error(a, y)),
    Loss("absolute error", Abs(a - y)),
    Loss("cross-entropy", ell(a, y)),
    Loss("Poisson", poisson(a, y)),
)


# Six questions, each asked of every place of its kinds


class Question(NamedTuple):
    """What is asked of a pairing; ``fails`` says of one place that it makes the answer no (None: not known)."""

    name: str
    words: str
    kinds: tuple[str, ...]
    fails: Callable[[Place], bool | None]


def _not_real(place: Place) -> bool | None:
    return None if place.real is None else not place.real


def _unbounded(place: Place) -> bool | None:
    if place.kind == "interval":  # continuous, and with limits at its ends that are asked for by themselves
        return None if place.smooth is None else False
    return None if place.gradient is None else place.gradient in (oo, -oo)


def _wrong_way(place: Place) -> bool | None:
    if place.gradient is nan:
        return False
    return None if place.gradient is None or place.error is None else bool(place.error * place.gradient < 0)


def _silent(place: Place) -> bool | None:
    if place.error == 0:
        return False
    return None if place.gradient is None or place.error is None else place.gradient in (0, nan)


def _at_rest(place: Place) -> bool | None:
    if place.error == 0:
        return False
    return None if place.gradient is None or place.error is None else place.gradient == 0


QUESTIONS = (
    Question("real", "Is the loss a real number at every logit?", ("interval", "point", "flat"), _not_real),
    Question("bounded", "Is the gradient bounded?", ("interval", "side", "end"), _unbounded),
    Question("ends", "Does the gradient have a finite limit at both ends of the line?", ("end",), _unbounded),
    Question(
        "direction", "Does the gradient never point the wrong way?", ("interval", "point", "flat"), _wrong_way
    ),
    Question("alive", "Does a gradient remain where the unit is saturated and wrong?", ("end", "flat"), _silent),
    Question("target", "Is the gradient 0 nowhere but at the target?", ("interval", "point", "flat"), _at_rest),
)


@dataclass(frozen=True)
class Verdict:
    """An answer, None if it is not decided, and where a "no" shows."""

    answer: bool | None
    where: str = ""

    def __str__(self) -> str:
        word = {True: "yes", False: "no", None: "undecided"}[self.answer]
        return f"{word}: {self.where}" if self.where else word


@dataclass(frozen=True)
class Pairing:
    """An activation with a loss behind it.

    >>> pairing = Pairing(Activation("sigmoid", sigma(z)), Loss("cross-entropy", ell(a, y)))
    >>> pairing.gradient
    a - y
    >>> all(verdict.answer for verdict in pairing.verdicts(0).values())
    True
    """

    activation: Activation
    loss: Loss

    def __str__(self) -> str:
        return f"{self.activation.name} with {self.loss.name}"

    def verdicts(self, target: Any) -> dict[str, Verdict]:
        """The six questions answered for one target, a rational number. What is not proved is undecided.

        >>> print(PAIRINGS["tanh with squared error"].verdicts(1)["alive"])
        no: z → -∞
        """
        return _verdicts(self, sympify(target))

    def fails(self, *targets: Any) -> tuple[str, ...]:
        """The questions answered no for at least one of the targets, which are 0 and 1 unless given.

        >>> PAIRINGS["tanh with squared error"].fails()
        ('alive',)
        """
        answers = [self.verdicts(target) for target in targets or (0, 1)]
        return tuple(q.name for q in QUESTIONS if any(found[q.name].answer is False for found in answers))

    @property
    def value(self) -> Expr:
        """The loss as a function of logit and target."""
        return self.loss.value.subs(a, self.activation.output)

    @property
    def output(self) -> Expr:
        """The activation's formula; if it has several, the last that is not flat."""
        line = stretches(self.activation.output, z)
        moving = [stretch.formula for stretch in line if stretch.turn != 0]
        return moving[-1] if moving and len(line) > 1 else self.activation.output

    @property
    def gradient(self) -> Expr:
        """dL/dz, written through the output ``a`` as far as that goes."""
        return tidy(self._slope * self.output.diff(z).subs(self.output, a))

    @property
    def _slope(self) -> Expr:
        return tidy(unfold(self.loss.value).diff(a))

    def derivation(self, above: bool = True) -> Derivation:
        """From the chain rule to ``gradient``, each step proved, for outputs above the target or below it."""
        side = {a: S(int(above)), y: S(int(not above))}
        loss = resolve(unfold(self.loss.value), side) if self.loss.value.has(Abs) else self.loss.value
        slope, gradient = (
            put(e.xreplace({sign(a - y): S(1 if above else -1)}), self.output)
            for e in (self._slope, self.gradient)
        )
        start = Derivation(Derivative(loss.subs(a, self.output), z))
        chain = start.step(times(slope, Derivative(self.output, z)), because="chain rule")
        return chain.step(gradient, because="both factors written out")


@cache
def _verdicts(pairing: Pairing, target: Expr) -> dict[str, Verdict]:
    found = list(Factors(pairing.activation.output, pairing.loss.value, target).places())
    return {
        question.name: _answer(question, found) or _by_point(question, pairing, target) for question in QUESTIONS
    }


def _answer(question: Question, places: list[Place]) -> Verdict | None:
    asked = [(place, question.fails(place)) for place in places if place.kind in question.kinds]
    for place, fails in asked:
        if fails:
            return Verdict(False, place.where)
    return None if any(fails is None for _, fails in asked) else Verdict(True)


def _by_point(question: Question, pairing: Pairing, target: Expr) -> Verdict:
    """Where no sign of the factors is proved, a point may still decide against the pairing, never for it."""
    value = pairing.value.subs(y, target)
    error = pairing.activation.output - target
    claims = {"real": equation(im(value), 0), "direction": Ge(error * Derivative(value, z), 0)}
    found = prove(claims[question.name]) if question.name in claims else None
    return Verdict(False, f"z = {found.counterexample[z]}") if isinstance(found, Refuted) else Verdict(None)


PAIRINGS = {str(pairing): pairing for pairing in (Pairing(f, loss) for f in ACTIVATIONS for loss in LOSSES)}

# What the chapter shows by itself

theorem = topic("pairings")
count = poisson(softplus(z), y)

theorem(
    "identity-se-gradient",
    equation(Derivative(squared_error(z, y), z), in_order(z, -y)),
    "Without an activation, squared error has the gradient output minus target.",
    uses=("squared-error-slope",),
)
theorem(
    "exp-poisson-gradient",
    equation(Derivative(poisson(exp(z), y), z), in_order(exp(z), -y)),
    "Poisson's loss of an exponential has the gradient output minus target.",
)
theorem(
    "tanh-se-gradient",
    equation(Derivative(squared_error(tanh(z), y), z), times(in_order(tanh(z), -y), in_order(1, -(tanh(z) ** 2)))),
    "Squared error of a tanh: the error, times a factor that vanishes at both ends.",
    uses=("squared-error-slope", "tanh-derivative"),
)
theorem(
    "softplus-poisson-gradient",
    equation(Derivative(count, z), times(in_order(softplus(z), -y) / softplus(z), sigma(z))),
    "Poisson's loss of a softplus: the relative error times the sigmoid.",
    uses=("softplus-derivative",),
)
theorem(
    "softplus-poisson-rate",
    equation(Limit(over(sigma(z), softplus(z)), z, -oo), 1),
    "Where the softplus is flat, its slope and its value vanish at the same rate.",
)
theorem(
    "softplus-poisson-right",
    equation(Limit(Derivative(count, z), z, oo), 1),
    "On the right the gradient is at most a step of 1, however wrong the output.",
)

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "PAIRINGS",
    "QUESTIONS",
    "Activation",
    "Loss",
    "Pairing",
    "Verdict",
    "poisson",
    "stretches",
]
