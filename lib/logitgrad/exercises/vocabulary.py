"""The words of an exercise: what may be typed, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from sympy import Abs, E, Expr, Max, Min, S, Symbol, atan, cos, cosh, coth, log, pi, sign, sin, sinh, tanh

from ..symbolic import K, relu, sigma, softplus
from ..symbolic.calculus import fresh_indices
from .bounds import exponential, power

#: Functions that may be typed in every exercise, by their names.
FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "exp": exponential, "expm1": lambda x: exponential(x) - 1,
    "log": log, "ln": log, "log1p": lambda x: log(1 + x),
    "sqrt": lambda x: power(x, S.Half), "abs": Abs, "sign": sign, "max": Max, "min": Min,
    "sigma": sigma, "sigmoid": sigma, "logit": lambda p: log(p / (1 - p)),
    "softplus": softplus, "relu": relu, "ReLU": relu,
    "sinh": sinh, "cosh": cosh, "tanh": tanh, "coth": coth,
    "sech": lambda x: 1 / cosh(x), "csch": lambda x: 1 / sinh(x),
    "artanh": lambda x: log((1 + x) / (1 - x)) / 2, "atanh": lambda x: log((1 + x) / (1 - x)) / 2,
    "sin": sin, "cos": cos, "arctan": atan, "atan": atan,
}  # fmt: skip

#: Those that grow no faster than their argument. Of the others each is held to the bounds of an exponential.
SLOW = frozenset(
    [
        "log",
        "ln",
        "log1p",
        "sqrt",
        "abs",
        "sign",
        "max",
        "min",
        "logit",
        "relu",
        "ReLU",
        "artanh",
        "atanh",
        "arctan",
        "atan",
    ]
)

_CONSTANTS = {"e": E, "pi": pi}


def index(letter: str) -> Symbol:
    """The symbol of an index.

    >>> from logitgrad.symbolic import k
    >>> index("k") == k
    True
    """
    return Symbol(letter, integer=True, positive=True)


class Pattern(NamedTuple):
    """What a name with an index means, for any index."""

    indices: tuple[Symbol, ...]
    meaning: Expr

    def at(self, chosen: list[Symbol]) -> Expr:
        """The meaning for these indices."""
        return self.meaning.xreplace(dict(zip(self.indices, chosen, strict=True)))


class Vocabulary:
    """What may be typed in an exercise, and what it means.

    ``symbols`` maps names to meanings: ``"p"`` to an expression; ``"p_j"`` to an expression in j, which then may
    have any index; ``"a_1"`` to itself. ``indices`` are the letters that may stand free, ``ranges`` the last
    values of those that do not run to K. ``functions`` adds to those of every exercise.

    >>> from logitgrad.symbolic import k, j, logits
    >>> Vocabulary({"z_j": logits[j]}, (j,)).patterns["z", 1].at([k])
    z[k]
    """

    def __init__(
        self,
        symbols: Mapping[str, Any],
        indices: tuple[Any, ...] = (),
        functions: Mapping[str, Callable[..., Any]] | None = None,
        ranges: Mapping[str, Any] | None = None,
    ) -> None:
        self.indices = frozenset(indices)
        self.ranges = dict(ranges or {})
        self.own = dict(functions or {})
        self.functions = FUNCTIONS | self.own
        self.has_classes = bool(indices) or any(name.partition("_")[2].isalpha() for name in symbols)
        self.symbols = _CONSTANTS | ({"K": K} if self.has_classes else {}) | dict(symbols)

    @cached_property
    def patterns(self) -> dict[tuple[str, int], Pattern]:
        """The names that take an index, by how many."""
        split = ((name.partition("_"), meaning) for name, meaning in self.symbols.items())
        return {
            (base, len(letters)): Pattern(tuple(map(index, letters)), fresh_indices(meaning))
            for (base, _, letters), meaning in split
            if letters.isalpha()
        }

    @cached_property
    def names(self) -> frozenset[str]:
        """The words without their indices."""
        deltas = {"delta", "KroneckerDelta"} if self.has_classes else set()
        return frozenset({name.partition("_")[0] for name in self.symbols} | deltas)

    def last(self, letter: str) -> Expr:
        """The last value of an index."""
        return self.ranges.get(letter, K)

    def arity(self, function: str) -> int:
        """How many arguments a function takes."""
        arguments = getattr(self.own.get(function), "nargs", None)
        return next(iter(arguments)) if arguments else 1


__all__ = ["FUNCTIONS", "SLOW", "Pattern", "Vocabulary", "index"]
