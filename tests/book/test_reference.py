"""The reference is complete: each public name is in it once, with a docstring that says all it should."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import complete
import pytest
import reference
from sympy import Function

import logitgrad
from logitgrad import figures, symbolic
from logitgrad.symbolic import symbols
from logitgrad.symbolic.prove import SECONDS

from .chapters import BOOK

NAMES = [
    pytest.param(module, name, id=f"{path}.{name}")
    for path in complete.PUBLIC
    for module in [complete.module_named(path)]
    for name in complete.public(module)
]


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_docstring_is_complete(module, name):
    assert complete.lacking(module, name) == []


# What is public


def test_every_module_of_the_package_is_public():
    listed = [name for name in logitgrad.__all__ if isinstance(getattr(logitgrad, name), ModuleType)]
    found = {m.name for m in pkgutil.iter_modules(logitgrad.__path__) if m.name[0] != "_"} - {"cli", "numeric"}
    assert {f"logitgrad.{name}" for name in {*listed, *found}} <= set(complete.PUBLIC)


def test_symbols_that_the_page_leaves_out_are_in_the_chapter_on_notation():
    found = {name for name, thing in complete.public(symbolic).items() if complete.kind(thing) == "symbol"}
    assert found - {"half"} == {entry.name.removesuffix("[k]") for entry in symbols.NOTATION}


def test_page_describes_each_public_name_once():
    page = (BOOK / "api.md").read_text(encoding="utf-8")
    described = Counter(entry for found in re.finditer(SECTION, page) for entry in _described(**found.groupdict()))
    wanted = {
        f"{path}.{name}"
        for path in complete.PUBLIC
        for name, thing in complete.public(complete.module_named(path)).items()
        if complete.kind(thing) not in ("module", "symbol")
    }
    assert described == Counter(wanted)


SECTION = r"```\{public\} (?P<path>\S+)\n(?::from: (?P<only>\w+)\n)?(?::except: (?P<other>\w+)\n)?```"


def _described(path, only, other):
    for name, thing in complete.public(complete.module_named(path)).items():
        where = (complete.home(thing) or path).rpartition(".")[2]
        if complete.kind(thing) not in ("module", "symbol") and only in (None, where) and where != other:
            yield f"{path}.{name}"


# The rule can fail


def sound(x: int) -> int:
    """Return ``x``. Raises ValueError below 0.

    >>> sound(1)
    1
    """
    if x < 0:
        raise ValueError
    return x


NUMERIC = """Return ``x`` as it is.

Shape: that of ``x``. Limits: none. Errors: none.

Theorem: ``sigmoid-bce-gradient``. Source: none.

>>> 1
1
"""


@dataclass
class Sound:
    """A thing with a ``size``; TypeError where its truth is asked for."""

    size: int

    def grow(self) -> None:
        """Make it larger. Raises OverflowError at 9."""
        if self.size == 9:
            raise OverflowError

    def __bool__(self) -> bool:
        raise TypeError


class doubled(Function):
    """Twice its argument.

    >>> doubled(1)
    doubled(1)
    """


@dataclass
class Unsaid:
    size: int


class SoundError(ValueError):
    """Something has a ``place``."""

    def __init__(self, place: int) -> None:
        self.place = place


def lacking(thing: Any, doc: str | None, of: str = "made.up") -> list[str]:
    """What the rule says of a thing with another docstring, as a part of some module."""
    module, kept = ModuleType(of), (thing.__doc__, thing.__module__)
    module.thing = thing
    thing.__doc__, thing.__module__ = doc, of
    try:
        return complete.lacking(module, "thing")
    finally:
        thing.__doc__, thing.__module__ = kept


@pytest.mark.parametrize("thing", [sound, Sound, doubled, SoundError])
def test_rule_accepts_what_is_complete(thing):
    assert lacking(thing, thing.__doc__) == []


@pytest.mark.parametrize(
    ("thing", "part", "lack"),
    [
        (sound, r"Return ``x``\. ", "a summary"),
        (sound, r" Raises ValueError below 0\.", "its ValueError"),
        (sound, r"(?s)>>>.*", "an example"),
        (Sound, "``size``", "its attribute size"),
        (Sound, "TypeError", "its TypeError"),
        (doubled, r"(?s)>>>.*", "an example"),
        (SoundError, "``place``", "its attribute place"),
    ],
)
def test_rule_misses_a_part(thing, part, lack):
    text, count = re.subn(part, "", thing.__doc__)
    assert count == 1
    if lack == "a summary":
        text = "\n" + text.split("\n", 1)[1]
    assert lack in lacking(thing, text)


@pytest.mark.parametrize("thing", [sound, Sound, doubled, Unsaid])
def test_rule_does_not_take_silence_or_what_python_wrote_for_a_docstring(thing):
    assert "a summary" in lacking(thing, None if thing is not Unsaid else Unsaid.__doc__)


@pytest.mark.parametrize(
    ("part", "lack"),
    [
        ("``x`` as it is", "a formula"),
        ("Shape", "shapes"),
        ("Limits", "limits"),
        ("Errors", "errors"),
        ("Theorem:", "a theorem"),
        ("Source: ", "a source"),
    ],
)
def test_numeric_function_needs_each_part(part, lack):
    def identity(x):
        return x

    assert lacking(identity, NUMERIC, "logitgrad.numeric.made_up") == []
    assert lacking(identity, NUMERIC.replace(part, "it"), "logitgrad.numeric.made_up") == [lack]
    assert lacking(identity, NUMERIC.replace(part, "it")) == []


def test_theorem_of_a_numeric_function_must_exist():
    def identity(x):
        return x

    text = NUMERIC.replace("sigmoid-bce-gradient", "sigmoid-bce-gradiant")
    [lack] = lacking(identity, text, "logitgrad.numeric.made_up")
    assert "sigmoid-bce-gradiant" in lack


def test_method_needs_a_summary_and_its_errors(monkeypatch):
    monkeypatch.setattr(Sound.grow, "__doc__", "Make it larger.")
    assert lacking(Sound, Sound.__doc__) == ["its OverflowError of grow"]
    monkeypatch.setattr(Sound.grow, "__doc__", None)
    assert "a summary of grow" in lacking(Sound, Sound.__doc__)


def test_constant_needs_a_comment(tmp_path, monkeypatch):
    (tmp_path / "made_up_constants.py").write_text("#: What it is.\nSAID = {}\n\nUNSAID = {}\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = complete.module_named("made_up_constants")
    assert complete.lacking(module, "SAID") == []
    assert complete.lacking(module, "UNSAID") == ["a comment that starts with #: above it"]


# What the page makes of a docstring


def test_theorems_are_numbered_names_are_linked_and_examples_left_alone():
    text = "Return `grad`, `_grad`.\n\nTheorem: ``sigmoid-bce-gradient``.\n\n>>> `grad`\n"
    written = reference.rewritten(text, "made up", [logitgrad.sigmoid_bce])
    assert written[0] == "Return :py:obj:`grad <logitgrad.sigmoid_bce.grad>`, ``_grad``."
    assert written[2] == "*Theorem:* ``sigmoid-bce-gradient`` :eq:`eq-sigmoid-bce-gradient`."
    assert written[4] == ">>> `grad`"


@pytest.mark.parametrize(
    ("thing", "given", "shown"),
    [
        (symbolic.softmax, "(*args)", "(vector, index, classes=K)"),
        (symbolic.bce, "(*args)", "(z, y)"),
        (symbolic.prove_equal, "(lhs, rhs, seconds=SECONDS)", f"(lhs, rhs, seconds={SECONDS})"),
        (figures.two_factors, "(loss=CROSS_ENTROPY)", "(loss=CROSS_ENTROPY)"),
    ],
)
def test_signature_says_what_can_be_given(thing, given, shown):
    assert reference.sign(None, "", "", thing, None, given, None) == (shown, "")
