"""Proves theorems and decides claims, and reports how, for the terminal and for the book."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from .symbolic import Theorem, theorems
from .symbolic.render import plain, statement_tex


@dataclass(frozen=True)
class Row:
    """One ``theorem`` after its proof was tried: the ``result``, and the ``seconds`` that it took."""

    theorem: Theorem
    result: Any
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether the proof succeeded."""
        return bool(self.result.status == "proved")

    def as_data(self) -> dict[str, Any]:
        """What ``--json`` prints of it."""
        return {
            "name": self.theorem.name,
            "statement": plain(self.theorem.statement),
            "assumptions": [plain(assumption) for assumption in self.theorem.assumptions],
            "status": self.result.status,
            "method": self.result.method if self.proved else str(self.result),
            "seconds": round(self.seconds, 3),
        }


def verify(names: Iterable[str] = ()) -> Iterator[Row]:
    """Prove the named theorems, or all of them, one after another.

    Raises UnknownName, before anything is proved, if a name is not in the registry.

    >>> [row] = verify(["sigmoid-bce-gradient"])
    >>> row.proved, row.result.method
    (True, 'rewriting')
    """
    chosen = [theorems[name] for name in names] or list(theorems.values())
    return (_prove(theorem) for theorem in chosen)


def _prove(theorem: Theorem) -> Row:
    start = time.perf_counter()
    result = theorem.prove()
    return Row(theorem, result, time.perf_counter() - start)


def listing(*chapters: str) -> str:
    """The theorems of ``chapters`` as Markdown for a page of the book, each proved now.

    Each has the number of its equation, its words, its statement, and how it was proved. Raises ValueError if a
    chapter has no theorem, and AssertionError unless all are proved, so that no page can list an unproved result.

    >>> print(listing("backprop").partition(" theorems, proved with ")[0])
    [5]{#theorems-proved}
    """
    rows = {}
    for chapter in chapters:
        names = [name for name, theorem in theorems.items() if theorem.chapter == chapter]
        if not names:
            raise ValueError(f"no theorem belongs to a chapter called {chapter!r}")
        rows[chapter] = list(verify(names))
    all_rows = [row for each in rows.values() for row in each]
    if unproved := [f"{row.theorem.name}: {row.result}" for row in all_rows if not row.proved]:
        raise AssertionError("not proved: " + "; ".join(unproved))
    used = ", ".join(f"{name} {number}" for name, number in versions().items())
    parts = [f"[{len(all_rows)}]{{#theorems-proved}} theorems, proved with {used}."]
    for chapter, each in rows.items():
        entries = "\n".join(map(_entry, each))
        parts.append(f"```{{container}} long-part\n**{{doc}}`{chapter}`**\n\n{entries}\n```")
    return "\n\n".join(parts)


def _entry(row: Row) -> str:
    theorem = row.theorem
    uses = ", ".join(f"{{eq}}`{theorems[name].label}`" for name in theorem.uses)
    resting = f"; uses {uses}" if uses else ""
    return f"""{{eq}}`{theorem.label}` {theorem.words}

$$
{statement_tex(theorem)}
$$

`{theorem.name}`: {row.result.method}{resting}.
"""


@dataclass(frozen=True)
class Decision:
    """One ``claim`` of a source after its check was run: the ``verdict``, and the ``seconds`` that it took."""

    claim: Any
    verdict: Any
    seconds: float

    @property
    def decided(self) -> bool:
        """Whether the check came to a verdict."""
        return bool(self.verdict.word != "undecided")

    def as_data(self) -> dict[str, Any]:
        """What ``--json`` prints of it."""
        return {
            "id": self.claim.id,
            "source": self.claim.source.title,
            "claim": self.claim.words,
            "verdict": self.verdict.word,
            "condition": self.verdict.condition,
            "chapter": self.claim.chapter,
            "shown": self.verdict.shown,
            "seconds": round(self.seconds, 3),
        }


def decide(names: Iterable[str] = ()) -> Iterator[Decision]:
    """Decide the named claims of the sources, or all of them, one after another.

    Raises KeyError, before anything is decided, if there is no such claim.

    >>> [decision] = decide(["A9"])
    >>> decision.verdict.word, decision.claim.chapter
    ('fails', 'cross_entropy')
    """
    from .verdicts import CLAIMS  # needs NumPy; theorems do not

    chosen = [CLAIMS[name] for name in names] or list(CLAIMS.values())
    return (_decide(claim) for claim in chosen)


def _decide(claim: Any) -> Decision:
    start = time.perf_counter()
    verdict = claim.decide()
    return Decision(claim, verdict, time.perf_counter() - start)


def versions() -> dict[str, str]:
    """What the proofs were run with.

    >>> list(versions())
    ['python', 'platform', 'logitgrad', 'sympy', 'mpmath']
    """
    return {"python": platform.python_version(), "platform": sys.platform} | {
        package: _version(package) for package in ("logitgrad", "sympy", "mpmath")
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # imported from a source tree
        return "not installed"
