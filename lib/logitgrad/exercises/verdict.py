"""What a check comes to, for a reader, a terminal and a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Literal, get_args

Kind = Literal["right", "wrong", "right if", "undecided", "not understood"]

#: The five things that a verdict can be.
KINDS: tuple[Kind, ...] = get_args(Kind)

_MARKS = {"right": "✓", "wrong": "✗", "right if": "✓", "undecided": "?", "not understood": "?"}
_COLOURS = {"right": "#1a7f4b", "wrong": "#c2410c"}  # seen on white and on black, and not the only sign


@dataclass(frozen=True)
class Verdict:
    """What a check of an ``answer`` to an ``exercise`` came to.

    ``kind`` is one of `KINDS`. ``text``, ``latex`` and ``mathml`` show what was understood. A wrong answer has a
    ``point``, exact, and the ``values`` there, yours first, rounded for reading; and a ``hint`` where it is a
    known misconception. ``condition`` is what "right if" needs. ``reason`` says why it was undecided or not
    understood, the latter with a ``place``: the first character and the one behind the last. ``method`` says how
    the verdict was reached. ``in_form`` is False for a right answer in another form than the one asked for.

    >>> from logitgrad.exercises import check
    >>> verdict = check("ex-sigmoid-bce-label", "2z")
    >>> verdict.kind, verdict.text, verdict.point, verdict.values
    ('wrong', '2 z', {'z': '1'}, ('2', '-1'))
    """

    exercise: str
    answer: str
    kind: Kind
    text: str | None = None
    latex: str | None = None
    mathml: str | None = None
    point: Mapping[str, str] | None = None
    values: tuple[str, str] | None = None
    hint: str | None = None
    condition: str | None = None
    reason: str | None = None
    place: tuple[int, int] | None = None
    method: str = "none"
    in_form: bool = True

    @property
    def message(self) -> str:
        """One or two sentences for the one who answered."""
        return f"{self._verdict} {self.hint}" if self.hint else self._verdict

    @property
    def _verdict(self) -> str:
        match self.kind:
            case "right":
                return f"Right: proved by {self.method}."
            case "wrong":
                return f"Not right: {self._difference}"
            case "right if":
                return f"Right if {self.condition}. That is not given here."
            case "undecided":
                return f"Undecided: it could be neither proved nor refuted ({self.reason})."
        # A message for one line counts characters as people do, from 1.
        where = f" at character {self.place[0] + 1}" if self.place and self.answer.strip() else ""
        return f"Not understood{where}: {self.reason}."

    @property
    def _difference(self) -> str:
        yours, expected = self.values or ("", "")
        where = ", ".join(f"{name} = {value}" for name, value in (self.point or {}).items())
        return f"{f'at {where} ' if where else ''}your answer is {yours}, and it should be {expected}."

    def as_json(self) -> dict[str, Any]:
        """The verdict as plain data, always with the same keys."""
        return {
            "exercise": self.exercise,
            "answer": printable(self.answer),
            "verdict": self.kind,
            "understood": None if self.text is None else {"text": self.text, "latex": self.latex},
            "point": None if self.point is None else dict(self.point),
            "values": None if self.values is None else dict(zip(("yours", "expected"), self.values, strict=True)),
            "hint": self.hint,
            "condition": self.condition,
            "message": self.message,
            "place": None if self.place is None else list(self.place),
            "method": self.method,
        }

    def __str__(self) -> str:
        read = (
            f"\nRead as {self.text}"
            if self.text and "".join(self.text.split()) != "".join(self.answer.split())
            else ""
        )
        return self.message + read + self._pointed

    @property
    def _pointed(self) -> str:
        """The answer with the place marked below it, where that fits a line."""
        if not self.place or not self.answer.strip() or len(self.answer) > 80 or not self.answer.isprintable():
            return ""
        start, end = self.place
        return f"\n  {self.answer}\n  {' ' * start}{'^' * max(1, end - start)}"

    def _repr_html_(self) -> str:
        colour = _COLOURS.get(self.kind, "#8a6d00")
        parts = [f"<strong>{_MARKS[self.kind]} {escape(self._headline)}</strong>", escape(self._explanation)]
        if self.mathml:
            parts.append(f"Read as {self.mathml}")
        elif self.answer.strip():
            parts.append(f"<code>{self._marked}</code>")
        lines = "".join(f'<div style="margin:.15em 0">{part}</div>' for part in parts if part)
        # Colours and font are those of the page around it, light or dark.
        style = f"border-left:4px solid {colour};padding:.3em .8em;margin:.5em 0;max-width:46em;overflow-x:auto"
        return f'<div class="verdict" style="{style}">{lines}</div>'

    @property
    def _headline(self) -> str:
        return self.message.partition(":")[0] if self.kind != "right if" else f"Right if {self.condition}"

    @property
    def _explanation(self) -> str:
        rest = self.message.removeprefix(self._headline).lstrip(":. ")
        # What is not understood begins with a piece of the answer, as it was typed.
        return rest if self.kind == "not understood" else rest[:1].upper() + rest[1:]

    @property
    def _marked(self) -> str:
        """The answer, not understood, with its place marked."""
        start, end = self.place or (0, 0)
        start, end = max(0, start), max(start + 1, end)
        before, there, after = (
            escape(printable(part)) for part in (self.answer[:start], self.answer[start:end], self.answer[end:])
        )
        return f"{before[-200:]}<mark>{there[:200] or '…'}</mark>{after[:200]}"


def printable(text: str) -> str:
    r"""The text with all that cannot be printed, or sent, written as an escape.

    >>> printable("z\x00")
    'z\\x00'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


__all__ = ["KINDS", "Kind", "Verdict", "printable"]
