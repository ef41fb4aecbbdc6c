r"""The spelling of an answer: what a keyboard, a phone or a formula editor wrote, in the alphabet of the grammar.

A minus sign may be any of five characters, a square ``²``, an index ``ⱼ``, a sigmoid ``σ``. All of them become
plain ASCII here, and every character keeps the place in the text that it came from, so that what is not understood
can be pointed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

LENGTH = 1000  # characters of an answer
DEPTH = 24  # brackets inside brackets


class NotUnderstood(ValueError):
    """The text cannot be read; ``place`` says where, as the first character and the one behind the last."""

    def __init__(self, reason: str, place: tuple[int, int]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


@dataclass(frozen=True)
class Spelled:
    """A text in the grammar's alphabet; ``origins`` holds the place of each character in what was typed."""

    text: str
    origins: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where characters of this text stood in what was typed."""
        if start >= len(self.text):
            behind = self.origins[-1] + 1 if self.origins else 0
            return behind, behind
        return self.origins[start], self.origins[max(start, end - 1)] + 1


#: Greek letters by the names under which they are typed.
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "varphi": "φ", "phi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω", "Phi": "Φ",
    "Delta": "Δ",
}  # fmt: skip

_SIGNS = {
    "−": "-", "–": "-", "‐": "-", "‑": "-", "﹣": "-", "·": "*", "⋅": "*", "×": "*", "∗": "*", "∙": "*", "÷": "/",
    "∕": "/", "⁄": "/", "∑": r"\sum ", "Σ": r"\sum ", "µ": r"\mu ", "≠": r"\ne ", "√": r"\sqrt ",
    "½": r"\frac12 ", "¼": r"\frac14 ", "¾": r"\frac34 ", "⅓": r"\frac13 ", "⅔": r"\frac23 ", "‖": "|", "∣": "|",
    "⟨": "(", "⟩": ")", "\n": " ", "\t": " ", "\r": " ",
}  # fmt: skip
_LETTERS = {letter: rf"\{name} " for name, letter in GREEK.items()}
_STYLES = {"<font>", "<wide>", "<narrow>", "<compat>", "<noBreak>"}
_SCRIPTS = {"<super>": "^{%s}", "<sub>": "_{%s}"}

# Letters of other alphabets that look like ours.
_LOOK_ALIKE = dict(
    zip(
        "аеорсухіјѕԛԝһԁ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "οιν" + "АВЕКМНОРСТХ",
        "aeopcyxijsqwhd" + "ABEZHIKMNOPTYX" + "oiv" + "ABEKMHOPCTX",
        strict=True,
    )
)


def spell(text: str) -> Spelled:
    r"""Write a text in the grammar's alphabet.

    Raises NotUnderstood for what is too long, too deep, or has a character that is no part of a formula.

    >>> spell("σ(z)² − ½").text
    '\\sigma (z)^{2} - \\frac12 '
    """
    if len(text) > LENGTH:
        raise NotUnderstood(f"it is longer than {LENGTH} characters", (LENGTH, len(text)))
    pieces = list(_unwrapped(list(_characters(text))))
    spelled = Spelled("".join(piece for piece, _ in pieces), tuple(n for piece, n in pieces for _ in piece))
    return _with_bars(_within_depth(spelled))


def _characters(text: str) -> Iterator[tuple[str, int]]:
    """Each character's spelling, with its place. A run of raised or lowered ones is one exponent or index."""
    run = ""
    for place, character in enumerate(text):
        kind, _, codes = unicodedata.decomposition(character).partition(" ")
        script = _SCRIPTS.get(kind)
        if run and script != run:
            yield "}", place - 1
        if script:
            opening = "" if script == run else script[:2]
            yield opening + _spelling("".join(chr(int(code, 16)) for code in codes.split()), place), place
        else:
            yield _spelling(character, place), place
        run = script or ""
    if run:
        yield "}", len(text) - 1


def _spelling(character: str, place: int) -> str:
    known = _SIGNS.get(character) or _LETTERS.get(character)
    if known:
        return known
    # Full-width and mathematical letters, thin spaces and the like are another style of the same character.
    plain = unicodedata.normalize("NFKC", character)
    same = unicodedata.decomposition(character).partition(" ")[0] in _STYLES
    if same and plain in _LETTERS:
        return _LETTERS[plain]
    if len(plain) == 1 and plain.isascii() and plain.isprintable() and (same or plain == character):
        return plain
    raise NotUnderstood(_stranger(character), (place, place + 1))


def _stranger(character: str) -> str:
    name = unicodedata.name(character, "a character that cannot be printed").lower()
    code = f"U+{ord(character):04X}"
    if character in _LOOK_ALIKE:
        return f"this is {name} ({code}), which only looks like {_LOOK_ALIKE[character]}"
    shown = f"{character} " if character.isprintable() else ""
    return f"{shown}({code}, {name}) is no part of a formula here"


_WRAPPED = re.compile(r"\\(?:operatorname|mathrm|text|mathit|mathbf|boldsymbol|mathbb)\s*\{\s*(\w+)\s*\}")


def _unwrapped(pieces: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    r"""The characters without the dollars around them, and without the style of ``\mathrm{e}``."""
    flat = [(character, place) for piece, place in pieces for character in piece]
    text = "".join(character for character, _ in flat)
    dropped = {
        n for match in re.finditer(r"^\s*\$+|\$+\s*$|\\displaystyle(?![a-z])", text) for n in range(*match.span())
    }
    for match in _WRAPPED.finditer(text):
        dropped |= {n for n in range(*match.span()) if not match.start(1) <= n < match.end(1)}
    yield from ((" " if n in dropped else character, place) for n, (character, place) in enumerate(flat))


def _within_depth(spelled: Spelled) -> Spelled:
    depth = 0
    for n, character in enumerate(spelled.text):
        depth += (character in "([{") - (character in ")]}")
        if depth > DEPTH:
            raise NotUnderstood(f"there are more than {DEPTH} brackets inside each other", spelled.place(n, n + 1))
    return spelled


_BAR = re.compile(r"\\left\s*\||\\right\s*\||\\[lr]vert(?![a-z])|\\vert(?![a-z])|\|")


def _with_bars(spelled: Spelled) -> Spelled:
    """Every bar of an absolute value as what it is, an opening or a closing one.

    A bar closes where one is open at the same depth of brackets and a value stands before it.
    """
    pieces, places, end = [], [], 0
    text, closes = spelled.text, False
    opened: Counter[int] = Counter()
    for match in _BAR.finditer(text):
        start = match.start()
        depth = sum((character in "([{") - (character in ")]}") for character in text[:start])
        between = text[end:start].strip()
        after_value = between[-1:] not in "+-*/^(,{[=_" if between else closes
        said = {"l": False, "r": True}.get(match[0][1:2])
        closes = (after_value and opened[depth] > 0) if said is None else said
        opened[depth] += -1 if closes else 1
        bar = r"\rvert " if closes else r"\lvert "
        pieces += [text[end:start], bar]
        places += [*spelled.origins[end:start], *[spelled.origins[start]] * len(bar)]
        end = match.end()
    return Spelled("".join([*pieces, text[end:]]), (*places, *spelled.origins[end:]))


__all__ = ["DEPTH", "GREEK", "LENGTH", "NotUnderstood", "Spelled", "spell"]
