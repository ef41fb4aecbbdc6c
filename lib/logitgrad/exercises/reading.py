"""Text to a tree, by the grammar in `answers.lark` with an exercise's words in it; nothing is built yet."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import PatternRE

from .spelling import NotUnderstood, Spelled

PARTS = 300  # of an answer
LEVELS = 100  # of its tree, which recursion descends


def read(spelled: Spelled, names: frozenset[str], functions: frozenset[str]) -> Tree[Token]:
    """The tree of a text. Raises NotUnderstood, with the place, for what is no formula in these words.

    >>> from .spelling import spell
    >>> print(read(spell("yz"), frozenset("yz"), frozenset(["exp"])).pretty())
    start
      product
        name
          y
          None
        name
          z
          None
    <BLANKLINE>
    """
    parser = _parser(names, functions)
    try:
        tree = parser.parse(spelled.text)
    except UnexpectedInput as error:
        raise _explained(error, spelled, sorted({*names, *functions, "sum"})) from None
    levels, parts = _extent(tree)
    if levels > LEVELS or parts > PARTS:
        reason = (
            f"it has more than {PARTS} parts" if parts > PARTS else "too much of it stands inside something else"
        )
        raise NotUnderstood(reason, spelled.place(0, len(spelled.text)))
    return tree


@lru_cache(maxsize=128)
def _parser(names: frozenset[str], functions: frozenset[str]) -> Lark:
    """The grammar with an exercise's words in it, the longest first."""
    words = {"NAME": names, "FUNCTION": functions}

    def fill(terminal: Any) -> None:
        if terminal.name in words:
            longest_first = sorted(words[terminal.name], key=lambda word: (-len(word), word))
            # In LaTeX, Greek letters and functions have a backslash.
            patterns = [r"\\?" * (len(word) > 1) + re.escape(word) for word in longest_first]
            terminal.pattern = PatternRE("|".join(patterns))

    return Lark(
        files(__package__).joinpath("answers.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        edit_terminals=fill,
    )


def _extent(tree: Tree[Token]) -> tuple[int, int]:
    """How deep the tree is and how many parts it has, found without descending it."""
    level, levels, parts = [tree], 0, 0
    while level:
        parts += len(level)
        level = [child for node in level for child in node.children if isinstance(child, Tree)]
        levels += 1
    return levels, parts


def _explained(error: UnexpectedInput, spelled: Spelled, known: list[str]) -> NotUnderstood:
    """Why the reading ended where it did, for the one who typed."""
    text = spelled.text
    token = error.token if isinstance(error, UnexpectedToken) else Token("STRANGE", "", error.pos_in_stream)
    start = int(token.start_pos or 0)
    if token.type == "$END":
        return NotUnderstood(_unfinished(text), spelled.place(len(text), len(text)))
    first, last = _run(text, start)
    word = text[first:last].lstrip("\\")
    if len(word) > 1 and word not in known:
        near = get_close_matches(word, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return NotUnderstood(f"{text[first:last]} is not known here{hint}", spelled.place(first, last))
    shown = str(token) or text[start]
    return NotUnderstood(_misplaced(token, shown), spelled.place(start, start + len(shown)))


def _unfinished(text: str) -> str:
    if not text.strip():
        return "there is nothing to read"
    opened = _unclosed(text)
    return f"the bracket {opened} is not closed" if opened else "something is still missing at the end"


def _misplaced(token: Token, shown: str) -> str:
    if token.type in ("STRANGE", "INDEX"):
        return f"{shown} has no meaning here" if shown.isalnum() else f"{shown} is no part of a formula here"
    if token.type == "NUMBER":
        return f"it is not clear how {shown} belongs to what stands before it; write * between factors"
    if shown in (")", "]", "}"):
        return f"the bracket {shown} was not opened, or nothing stands before it"
    if shown == ",":
        return "a comma separates nothing here; a decimal number has a point"
    return f"{shown.strip()} cannot stand here"


def _run(text: str, start: int) -> tuple[int, int]:
    """The word around a place."""
    for match in re.finditer(r"\\?[A-Za-z]+", text):
        if match.start() <= start < match.end():
            return match.span()
    return start, start + 1


def _unclosed(text: str) -> str:
    """The last bracket that is open at the end, if any."""
    pairs = {")": "(", "]": "[", "}": "{"}
    opened: list[str] = []
    for character in text:
        if character in "([{":
            opened.append(character)
        elif character in pairs and opened and opened[-1] == pairs[character]:
            opened.pop()
    return opened[-1] if opened else ""


__all__ = ["LEVELS", "PARTS", "read"]
