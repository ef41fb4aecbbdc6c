"""A chain of expressions, each link proved as it is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .domain import Given, flatten
from .functions import expression
from .prove import SECONDS, Claim, Proved, Result, climb
from .render import tex


class StepError(ValueError):
    """A step that does not follow: its ``number``, the lines ``before`` and ``after``, and the ``result``.

    The result, `Refuted` or `Undecided`, has the counterexample or says what stayed open.
    """

    def __init__(self, number: int, because: str, before: Any, after: Any, result: Result) -> None:
        self.number, self.before, self.after, self.result = number, before, after, result
        reason = f" ({because})" if because else ""
        super().__init__(f"step {number}{reason} does not follow.\n  from: {before}\n  to:   {after}\n  {result}")


@dataclass(frozen=True)
class Step:
    """One line: the expression, why it follows, and how that was proved."""

    expr: Any
    because: str
    result: Result


@dataclass(frozen=True)
class Derivation:
    """A derivation whose every ``step`` has been proved equal to the line before, under ``given``.

    Its first line is ``start``; the others, each with its reason and how it was proved, are ``steps``.

    >>> from logitgrad.symbolic import Derivation, sigma, z
    >>> from sympy import Derivative
    >>> work = Derivation(Derivative(sigma(z), z)).step(sigma(z) * sigma(-z), because="quotient rule")
    >>> print(work.step(sigma(z) * (1 - sigma(z)), because="symmetry"))
    Derivative(sigma(z), z)
      = sigma(-z)*sigma(z)        [quotient rule]
      = (1 - sigma(z))*sigma(z)   [symmetry]
    >>> work.step(sigma(z) * (1 + sigma(z)))
    Traceback (most recent call last):
    ...
    logitgrad.symbolic.derivation.StepError: step 2 does not follow.
      from: sigma(-z)*sigma(z)
      to:   (sigma(z) + 1)*sigma(z)
      refuted at z = 1: the sides are 0.196612 and 1.26551
    """

    start: Any
    given: Given = ()
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", expression(self.start))
        object.__setattr__(self, "given", flatten(self.given))

    @property
    def result(self) -> Any:
        """The last line."""
        return self.steps[-1].expr if self.steps else self.start

    def step(self, expr: Any, because: str = "", seconds: float = SECONDS) -> Derivation:
        """Add a line. Raises StepError unless it is proved equal to the line before."""
        expr = expression(expr)
        result = climb(Claim(self.result, expr, self.given), seconds)
        if not isinstance(result, Proved):
            raise StepError(len(self.steps) + 1, because, self.result, expr, result)
        return Derivation(self.start, self.given, (*self.steps, Step(expr, because, result)))

    def __str__(self) -> str:
        width = max((len(str(step.expr)) for step in self.steps), default=0)
        lines = [
            f"  = {step.expr!s:<{width}}" + (f"   [{step.because}]" if step.because else "") for step in self.steps
        ]
        return "\n".join([str(self.start), *(line.rstrip() for line in lines)])

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        lines = [rf"& {tex(self.start)}"]
        for step in self.steps:
            # The reason stands above its line in small type: beside it, no derivation would fit a phone.
            reason = (
                rf"&\quad {{\scriptsize\textsf{{{_escaped(step.because)}}}}} \\[-0.3em]" if step.because else ""
            )
            lines.append(rf"{reason} & = {tex(step.expr)}")
        return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"


def _escaped(words: str) -> str:
    for character in "#%&_{}$":
        words = words.replace(character, "\\" + character)
    return words


__all__ = ["Derivation", "Step", "StepError"]
