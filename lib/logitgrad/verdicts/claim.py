"""A claim of a source, the cases in which code decides it, and the verdict that follows from them.

A claim made in a sentence is often true of something: of real numbers but not of floats, of labels but not of soft
targets. So a check yields cases, each a condition with what was found under it, and the verdict is computed from
them: a claim that holds in every case holds, in none fails, and otherwise holds if its conditions are met. What a
check starts from, its premises, are the keyword arguments of its function: from another premise it can come out
the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sympy import And, Gt, Lt

from ..symbolic.prove import Result
from ..symbolic.render import plain
from ..symbolic.statement import prove
from ..symbolic.theorem import Theorem, theorems

__all__ = [
    "CLAIMS",
    "SOURCES",
    "Case",
    "Claim",
    "Evidence",
    "Finding",
    "Verdict",
    "against",
    "between",
    "claim",
    "found",
    "lemma",
    "proved",
    "settled",
]


class Evidence(NamedTuple):
    """What shows something: ``text``, and the ``statement`` or the ``theorem`` that it is about, if any."""

    text: str
    statement: Any = None
    theorem: str = ""

    def __str__(self) -> str:
        if self.theorem:
            return f"theorem {self.theorem}: {self.text}"
        return self.text if self.statement is None else f"{plain(self.statement)}: {self.text}"


@dataclass(frozen=True)
class Finding:
    """Whether something ``holds`` (None: undecided), and the ``evidence`` that shows it."""

    holds: bool | None
    evidence: tuple[Evidence, ...]

    def denied(self) -> Finding:
        """The same evidence, for the opposite."""
        return Finding(None if self.holds is None else not self.holds, self.evidence)

    def __and__(self, other: Finding) -> Finding:
        both = (self.holds, other.holds)
        holds = False if False in both else None if None in both else True
        return Finding(holds, tuple(dict.fromkeys((*self.evidence, *other.evidence))))

    def __str__(self) -> str:
        return "; ".join(map(str, self.evidence))


@dataclass(frozen=True)
class Case:
    """The ``finding`` about a claim under a ``condition``; that is empty where there is only one case."""

    condition: str
    finding: Finding

    @property
    def heading(self) -> str:
        """What it comes to: holds if ..., fails if ..."""
        word = {True: "holds", False: "fails", None: "undecided"}[self.finding.holds]
        return f"{word} if {self.condition}" if self.condition else word

    def __str__(self) -> str:
        return f"{self.heading}: {self.finding}"


@dataclass(frozen=True)
class Verdict:
    """What became of a claim: its ``cases``, and what follows from them.

    >>> yes, no = found(True, "a proof"), found(False, "a point")
    >>> verdict = Verdict((Case("numbers are real", yes), Case("numbers are floats", no)))
    >>> print(verdict)
    holds if numbers are real; fails if numbers are floats
    >>> print(Verdict((Case("numbers are floats", no),)))
    fails
    """

    cases: tuple[Case, ...]

    @property
    def word(self) -> str:
        """The verdict in one word or two: holds, fails, holds if, undecided."""
        found = {case.finding.holds for case in self.cases}
        if None in found or not found:
            return "undecided"
        return "holds if" if len(found) == 2 else "holds" if True in found else "fails"

    def conditions(self, holds: bool) -> list[str]:
        """The conditions under which the claim holds, or does not."""
        return [case.condition for case in self.cases if case.finding.holds is holds]

    @property
    def condition(self) -> str:
        """What the claim needs, and where it fails; empty where it always does the one or the other."""
        if self.word != "holds if":
            return ""
        needs, breaks = (", or if ".join(self.conditions(holds)) for holds in (True, False))
        return f"{needs}; fails if {breaks}"

    @property
    def shown(self) -> list[str]:
        """What shows it, case by case."""
        return list(map(str, self.cases))

    def __str__(self) -> str:
        return f"{self.word} {self.condition}".strip()


Check = Callable[..., Iterator[Case]]


@dataclass(frozen=True)
class Source:
    """A page that the course starts from: its ``letter``, its ``title`` and its ``key`` in the bibliography."""

    letter: str
    title: str
    key: str


#: The sources by their letters.
SOURCES = {
    source.letter: source
    for source in (
        Source("A", "a question about division by zero behind a sigmoid", "stackexchange-sigmoid-division"),
        Source("B", "a question about backpropagation with log loss", "stackexchange-log-loss"),
        Source("C", "a chapter on saturated output neurons", "ekman-2021"),
        Source("D", "a question about cross-entropy and the ReLU", "stackexchange-relu"),
        Source("E", "a question about targets that are zero", "stackexchange-zero-targets"),
    )
}


@dataclass(frozen=True)
class Claim:
    """A source's claim: its ``id``, our ``words``, the ``chapter`` that settles it, the ``check`` that decides it.

    >>> from logitgrad.verdicts import CLAIMS
    >>> print(CLAIMS["A2"].decide())
    holds if numbers are real; fails if numbers are floats
    >>> print(CLAIMS["A2"].decide().cases[1])
    fails if numbers are floats: from z = 8 in float16, 17 in float32, 37 in float64
    """

    id: str
    words: str
    chapter: str
    check: Check

    @property
    def source(self) -> Source:
        """The page that makes the claim."""
        return SOURCES[self.id[0]]

    def decide(self, **premises: Any) -> Verdict:
        """Run the check, from other premises where they are given."""
        return Verdict(tuple(self.check(**premises)))


#: The claims by their ids, in the order of the sources.
CLAIMS: dict[str, Claim] = {}


def claim(id: str, chapter: str, words: str) -> Callable[[Check], Check]:
    """Enter a check under the claim that it decides."""

    def enter(check: Check) -> Check:
        if id in CLAIMS:
            raise ValueError(f"there is a claim {id} already")
        CLAIMS[id] = Claim(id, words, chapter, check)
        return check

    return enter


@cache
def settled(statement: Any, given: tuple[Any, ...] = (), via: tuple[Any, ...] = ()) -> Result:
    """What the prover makes of a statement."""
    return prove(statement, given, via)


def proved(statement: Any, given: tuple[Any, ...] = (), via: tuple[Any, ...] = ()) -> Finding:
    """Whether the prover shows a statement to hold; if not, where it fails."""
    result = settled(statement, given, via)
    how = str(result).replace("refuted at everywhere", "refuted")  # it has no symbol
    return Finding({"proved": True, "refuted": False}.get(result.status), (Evidence(how, statement),))


def lemma(theorem: str | Theorem) -> Finding:
    """Whether a theorem is proved; a name stands for the book's."""
    theorem = theorems[theorem] if isinstance(theorem, str) else theorem
    finding = proved(theorem.statement, theorem.assumptions, theorem.via)
    [evidence] = finding.evidence
    return Finding(finding.holds, (Evidence(evidence.text, theorem=theorem.name),))


def found(holds: Any, text: str) -> Finding:
    """What numbers showed: at a point, in floats, on an example."""
    return Finding(bool(holds), (Evidence(text),))


def against(value: float, true: float) -> str:
    """A number, and the one that it should be where the two print differently."""
    got, exact = f"{value + 0.0:.3g}", f"{true:.3g}"  # no minus in front of a zero
    return got if got == exact else f"{got} instead of {exact}"


def between(value: Any, low: Any, high: Any) -> Any:
    """The statement low < value < high, not yet answered by SymPy."""
    return And(Gt(value, low, evaluate=False), Lt(value, high, evaluate=False))
