"""What a check comes to, for a reader, a terminal and a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, get_args, Literal

Kind = Literal["right", "wrong", "right if", "undecided", "not understood"]

#: The five things that a verdict can be.
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Verdict:
    """What a check came to.

    ``kind`` is one of `KINDS`. ``text``, ``latex`` say what was understood. A wrong answer has a ``point``, exact, and
    the ``values`` there, yours first, rounded for reading; and a ``hint`` where it is a known misconception. ``condition``
    is what "right if" needs. ``reason`` says why it was undecided or not understood, the latter with a ``place``: the
    first character and the one behind the last. ``method`` says how the verdict was reached. ``in_form`` is False for a
    right answer in another form than asked for.
    """

    exercise: str
    answer: str
    kind: Kind
    text: str | None = None
    latex: str | None = None
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
        said = getattr(self, "_" + self.kind.replace(" ", "_"))()
        return f"{said} {self.hint}" if self.hint else said

    def _right(self) -> str:
        return f"Right: proved by {self.method}."

    def _wrong(self) -> str:
        point, (yours, expected) = _joined(self.point), self.values or ("", "")
        return f"Not right: {f'at {point} ' * bool(point)}your answer is {yours}, and it should be {expected}."

    def _right_if(self) -> str:
        return f"Right if {self.condition}. That is not given here, and without it the answer is another one."

    def _undecided(self) -> str:
        return f"Undecided: this could be neither proved nor refuted ({self.reason}). Another form of it may be decided."

    def _not_understood(self) -> str:
        where = f" (character {self.place[0] + 1})" if self.place and self.answer.strip() else ""
        return f"Not understood{where}: {self.reason}."

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
        return self.message


def printable(text: str) -> str:
    """The text with everything that cannot be printed or sent written as an escape.

    >>> printable("z\\x00")
    'z\\\\x00'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


def _joined(point: Mapping[str, str] | None) -> str:
    return ", ".join(f"{name} = {value}" for name, value in (point or {}).items())


__all__ = ["KINDS", "Kind", "Verdict", "printable"]
