"""The chapters as text: what the tests of the book read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

BOOK = Path(__file__).parents[2] / "book"


@dataclass(frozen=True)
class Cell:
    """A code cell: its source without options, and its tags."""

    source: str
    tags: str

    @property
    def visible(self) -> bool:
        return not re.search(r"hide-input|hide-cell|remove-input|remove-cell", self.tags)


@dataclass(frozen=True)
class Chapter:
    slug: str

    @cached_property
    def text(self) -> str:
        return (BOOK / f"{self.slug}.md").read_text(encoding="utf-8")

    @cached_property
    def cells(self) -> list[Cell]:
        found = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```", self.text, flags=re.M | re.S)
        return [self._cell(body) for body in found]

    @staticmethod
    def _cell(body: str) -> Cell:
        options = re.match(r"(---\n.*?\n---\n|(?::[^\n]*\n)*)", body, flags=re.S)
        head = options.group(0) if options else ""
        return Cell(body[len(head) :].strip("\n"), head)

    @cached_property
    def labels(self) -> list[str]:
        """The labels of pasted theorems: every `glue:math` that has one."""
        return re.findall(r"^```\{glue:math\} ([\w-]+)\n:label: ([\w-]+)\n```", self.text, flags=re.M)

    @cached_property
    def exercises(self) -> list[str]:
        return re.findall(r"^```\{exercise(?:-start)?\}[^\n]*\n:label: ([\w-]+)", self.text, flags=re.M)

    @cached_property
    def kinds(self) -> list[tuple[str, set[str]]]:
        """Each exercise with its kinds."""
        pattern = r"^```\{exercise(?:-start)?\}[^\n]*\n:label: ([\w-]+)(?:\n:class: ([^\n]*))?"
        return [(label, set(kinds.split())) for label, kinds in re.findall(pattern, self.text, flags=re.M)]

    @cached_property
    def solutions(self) -> list[str]:
        return re.findall(r"^```\{solution(?:-start)?\} ([\w-]+)", self.text, flags=re.M)

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        """The name in the library and the alternative text of each figure."""
        pattern = r"^    alt: \"?(.*?)\"?\n.*?figures\.(?!use_style)(\w+)\("
        return [(name, alt) for alt, name in re.findall(pattern, self.text, flags=re.M | re.S)]

    @cached_property
    def played(self) -> list[tuple[str, str, str]]:
        """Each figure that can be moved by hand: its panel, its label, and what to try."""
        pattern = r"^```\{play\} ([\w-]+)\n:figure: ([\w-]+)\n\n(.*?)^```$"
        found = re.findall(pattern, self.text, flags=re.M | re.S)
        return [(name, figure, " ".join(words.split())) for name, figure, words in found]


CHAPTERS = [Chapter(path.stem) for path in sorted(BOOK.glob("*.md")) if path.stem != "LICENSE"]
# All but the reference pages at the end are there to be learned from.
REFERENCE = ("verdicts", "theorems", "api", "vectors", "solutions", "glossary", "references")
TAUGHT = [chapter for chapter in CHAPTERS if not chapter.slug.startswith(REFERENCE)]
