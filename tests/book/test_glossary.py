"""The glossary explains each word in a sentence or two and says where to read on."""

import re

import pytest

from logitgrad.audit.names import FUNCTIONS
from logitgrad.symbolic import Proved, Refuted, Undecided

from .chapters import Chapter

(BODY,) = re.findall(r"^```\{glossary\}\n:sorted:\n\n(.*?)^```$", Chapter("glossary").text, flags=re.M | re.S)
ENTRIES = [
    (entry.split("\n  ", 1)[0].split("\n"), entry.split("\n  ", 1)[1]) for entry in BODY.strip().split("\n\n")
]
WORDS = {word for words, _ in ENTRIES for word in words}

each_entry = pytest.mark.parametrize(("words", "text"), ENTRIES, ids=lambda part: part[0])


@each_entry
def test_entry_leads_to_a_chapter_or_an_equation(words, text):
    assert re.search(r"\{(doc|eq)\}`[\w-]+`", text)


@each_entry
def test_entry_is_short(words, text):
    assert len(text.split()) <= 60


def test_no_word_comes_twice():
    assert len(WORDS) == sum(len(words) for words, _ in ENTRIES)


def test_outcomes_of_a_proof_are_explained():
    assert {outcome.__name__.lower() for outcome in (Proved, Refuted, Undecided)} <= WORDS


def test_functions_with_many_names_are_explained():
    assert {name.replace("_", "") for name in FUNCTIONS} <= {re.sub(r"[-_ ]", "", word) for word in WORDS}
