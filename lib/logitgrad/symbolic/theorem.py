"""Named results and their registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from .domain import flatten
from .prove import Result
from .render import statement_tex
from .statement import prove


@dataclass(frozen=True)
class Theorem:
    """A statement under assumptions, and how to prove it.

    ``name`` is its key in `theorems`, ``chapter`` the page that shows it, ``words`` what it says in a sentence.
    ``statement`` is a SymPy relation (an equality, a limit, an inequality, or a conjunction of such).
    ``assumptions`` are the relations that it needs beside those on its symbols; without any of them it fails.
    ``uses`` names the theorems that it leans on, ``via`` the intermediate forms that lead its proof.

    >>> from logitgrad.symbolic import theorems
    >>> theorem = theorems["sigmoid-bce-gradient"]
    >>> print(theorem.statement.rhs)
    -y + sigma(z)
    >>> theorem.prove().status
    'proved'
    """

    name: str
    statement: Any
    chapter: str
    words: str
    assumptions: tuple[Any, ...] = ()
    uses: tuple[str, ...] = ()
    via: tuple[Any, ...] = ()

    def prove(self) -> Result:
        """Settle the statement, now."""
        return prove(self.statement, self.assumptions, self.via)

    def without(self, assumption: Any) -> Theorem:
        """The same statement with one assumption fewer. It should not be provable."""
        return replace(self, assumptions=tuple(a for a in flatten(self.assumptions) if a != assumption))

    @property
    def label(self) -> str:
        """The equation's label in the book."""
        return f"eq-{self.name}"

    def __str__(self) -> str:
        return f"{self.name}: {self.words}"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {statement_tex(self)}$"


class Registry(Mapping[str, Theorem]):
    """Theorems by name, in the order of the book; an unknown name is answered with the nearest ones."""

    def __init__(self) -> None:
        self._theorems: dict[str, Theorem] = {}

    def add(self, theorem: Theorem) -> Theorem:
        """Enter a theorem. Raises ValueError if its name is taken."""
        if theorem.name in self._theorems:
            raise ValueError(f"there is a theorem named {theorem.name!r} already")
        self._theorems[theorem.name] = theorem
        return theorem

    def __getitem__(self, name: str) -> Theorem:
        if name not in self._theorems:
            raise UnknownName(name, self._theorems)
        return self._theorems[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._theorems)

    def __len__(self) -> int:
        return len(self._theorems)


class UnknownName(KeyError):
    """No theorem has the name; the message names the nearest."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        near = get_close_matches(name, known, cutoff=0.4)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"there is no theorem named {name!r}{hint}")

    def __str__(self) -> str:
        return str(self.args[0])


#: Every result of the book by its name, in the book's order; an unknown name is answered with the nearest ones.
theorems = Registry()


def topic(chapter: str) -> Any:
    """What a topic's module calls to state a theorem: ``theorem(name, statement, words, ...)``."""

    def theorem(name: str, statement: Any, words: str, **more: Any) -> Theorem:
        return theorems.add(Theorem(name, statement, chapter, words, **more))

    return theorem


__all__ = ["Registry", "Theorem", "UnknownName", "theorems", "topic"]
