"""Exercises as data: what is asked, what is right, and which wrong answers say where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sympy import Basic, Eq

from .language import Vocabulary


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that says where it comes from: the ``expression`` that comes out, and a ``hint`` for it.

    >>> from logitgrad.symbolic import z
    >>> Misconception(z, "The label that is turned is subtracted: look at the sign.").expression
    z
    """

    expression: Any
    hint: str


@dataclass(frozen=True)
class Condition:
    """A ``relation`` that is not given, under which another answer is right; ``words`` complete "right if ...".

    >>> from sympy import Ne
    >>> from logitgrad.symbolic import i, j
    >>> Condition(Ne(i, j), "the two classes differ").words
    'the two classes differ'
    """

    relation: Any
    words: str


@dataclass(frozen=True)
class Form:
    """A form that is asked for: ``words`` complete "asked for ...".

    ``names`` are all names and functions that may occur in it, and ``needed`` those of them that have to.

    >>> Form("an answer in terms of p", ("p", "y")).holds(frozenset({"p"}))
    True
    """

    words: str
    names: tuple[str, ...]
    needed: tuple[str, ...] = ()

    def holds(self, used: frozenset[str]) -> bool:
        """Whether an answer that uses these names and functions has the form."""
        return frozenset(self.needed) <= used <= frozenset(self.names)


@dataclass(frozen=True, eq=False)
class Exercise:
    """A derivation that can be checked: what is asked, and what answers it.

    ``id`` is its label in the book, in the ``chapter`` named. ``asked`` is one sentence of Markdown with
    ``$math$``; ``answer`` the expression wanted. ``symbols`` maps what may be typed to its meaning: ``"p"`` to an
    expression; ``"p_j"`` to an expression in j, which then may have any index; ``"a_1"`` to itself. ``indices``
    are the index letters that stand free in an answer; ``ranges`` the last values of those that do not run to K,
    by letter. ``functions`` adds functions to those of every exercise.

    ``definition`` is what the answer is equal to by definition, not worked out; or, where the answer is found by
    solving, a function that says of an expression that it is the answer. ``theorem`` names the theorem of which it
    is a case, if there is one. Under ``assumptions``, which are given, an answer is right;
    ``conditions`` are not given. ``misconceptions`` are wrong answers with a hint, the first that fits counts.
    ``form`` is the form asked for, if any.

    >>> from logitgrad.exercises import exercises
    >>> exercises["ex-sigmoid-bce-label"].answer
    -z
    """

    id: str
    chapter: str
    asked: str
    answer: Any
    symbols: Mapping[str, Any]
    definition: Any = None
    theorem: str | None = None
    assumptions: tuple[Any, ...] = ()
    conditions: tuple[Condition, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    form: Form | None = None
    indices: tuple[Any, ...] = ()
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    ranges: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What may be typed."""
        return Vocabulary(self.symbols, self.indices, self.functions, self.ranges)

    @property
    def statement(self) -> Any:
        """What the definitions say of the answer; to prove it is to prove the key."""
        defined = self.definition
        return Eq(defined, self.answer, evaluate=False) if isinstance(defined, Basic) else defined(self.answer)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "vocabulary"}  # made anew on use

    def __str__(self) -> str:
        return f"{self.id}: {self.asked}"


class Registry(Mapping[str, Exercise]):
    """Exercises by id, in the order of the book; an unknown id is answered with the nearest ones."""

    def __init__(self) -> None:
        self._exercises: dict[str, Exercise] = {}

    def add(self, exercise: Exercise) -> Exercise:
        """Enter an exercise. Raises ValueError if its id is taken, or is not one of its chapter."""
        if exercise.id in self._exercises:
            raise ValueError(f"there is an exercise {exercise.id!r} already")
        if not exercise.id.startswith(f"ex-{exercise.chapter.replace('_', '-')}-"):
            raise ValueError(f"{exercise.id!r} is no exercise of {exercise.chapter!r}")
        self._exercises[exercise.id] = exercise
        return exercise

    def __getitem__(self, name: str) -> Exercise:
        if name not in self._exercises:
            raise UnknownExercise(name, self._exercises)
        return self._exercises[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._exercises)

    def __len__(self) -> int:
        return len(self._exercises)


class UnknownExercise(KeyError):
    """No exercise has the id; the message names the nearest."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        near = get_close_matches(name, known, cutoff=0.4)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"there is no exercise {name!r}{hint}")

    def __str__(self) -> str:
        return str(self.args[0])


#: Every derivation exercise of the book that can be checked, by its id, in the book's order.
exercises = Registry()


def topic(chapter: str) -> Callable[..., Exercise]:
    """What a chapter's module calls to enter an exercise: ``exercise(id, asked, answer, symbols, ...)``."""

    def exercise(id: str, asked: str, answer: Any, symbols: Mapping[str, Any], **more: Any) -> Exercise:
        return exercises.add(Exercise(id, chapter, asked, answer, symbols, **more))

    return exercise


__all__ = ["Condition", "Exercise", "Form", "Misconception", "Registry", "UnknownExercise", "exercises", "topic"]
