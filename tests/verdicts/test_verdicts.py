"""The verdicts themselves, and that no claim is left out."""

import re
from functools import cache

import pytest

from logitgrad.verdicts import CLAIMS, SOURCES, Case, Claim, Evidence, Finding, Verdict
from logitgrad.verdicts.claim import claim as enter
from logitgrad.verdicts.claim import found

from ..book.chapters import CHAPTERS

HOLDS = {"A11", "A12", "B1", "B2", "C1", "C3", "C4", "C6", "D1", "D7", "E6"}
FAILS = {"A5", "A9", "D2"}
COUNTS = {"A": 15, "B": 6, "C": 12, "D": 9, "E": 10}
decided = cache(Claim.decide)
each_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)


def test_every_claim_of_every_source_has_its_check():
    numbers = {
        letter: sorted({int(re.sub(r"\D", "", id)) for id in CLAIMS if id[0] == letter}) for letter in SOURCES
    }
    assert numbers == {letter: list(range(1, count + 1)) for letter, count in COUNTS.items()}


@pytest.mark.slow
@each_claim
def test_claim_comes_out_as_the_book_says(claim):
    expected = "holds" if claim.id in HOLDS else "fails" if claim.id in FAILS else "holds if"
    assert decided(claim).word == expected


@pytest.mark.slow
@each_claim
def test_every_verdict_says_what_shows_it_and_under_which_condition(claim):
    verdict = decided(claim)
    assert all(verdict.shown)
    assert bool(verdict.condition) == (verdict.word == "holds if")
    assert len(verdict.cases) == 1 or all(case.condition for case in verdict.cases)


@each_claim
def test_claim_is_settled_in_a_chapter_of_the_book(claim):
    assert claim.chapter in {chapter.slug for chapter in CHAPTERS}


def test_claims_stand_in_the_order_of_the_sources():
    assert list(CLAIMS) == sorted(CLAIMS, key=lambda id: (id[0], int(re.sub(r"\D", "", id)), id))


YES, NO = found(True, "proof"), found(False, "point")
OPEN = Finding(None, (Evidence("neither"),))


@pytest.mark.parametrize(
    ("findings", "word"),
    [
        ([YES], "holds"),
        ([YES, YES], "holds"),
        ([NO, NO], "fails"),
        ([NO, YES], "holds if"),
        ([YES, OPEN], "undecided"),
        ([NO, OPEN], "undecided"),
        ([], "undecided"),
    ],
)
def test_verdict_follows_from_the_cases(findings, word):
    assert Verdict(tuple(Case(f"case {n}", finding) for n, finding in enumerate(findings))).word == word


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [(YES, YES, True), (YES, NO, False), (OPEN, NO, False), (OPEN, YES, None)],
)
def test_two_findings_hold_together_if_both_do(left, right, both):
    assert (left & right).holds is both
    assert (right & left).holds is both


def test_a_finding_is_denied_with_the_same_evidence_and_what_is_open_stays_open():
    assert YES.denied() == found(False, "proof")
    assert OPEN.denied().holds is None


def test_a_claim_has_one_check():
    with pytest.raises(ValueError, match="A1"):
        enter("A1", "relu_ce", "words")(lambda: iter(()))
