"""What a class has answered: for each exercise how many of each verdict, and the commonest wrong answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .bulk import Answer, Checked
from .exercise import exercises
from .verdict import KINDS, Verdict

COMMONEST = 5  # wrong answers that are named, of each exercise


def summary(answers: Iterable[Answer], checked: Mapping[Answer, Checked]) -> list[dict[str, Any]]:
    """Sum up the answers to each exercise, in the book's order, as plain data.

    >>> answer = Answer("ex-sigmoid-bce-label", "z")
    >>> wrong = Verdict(*answer, "wrong", text="z", hint="The sign is turned.")
    >>> [found] = summary([answer, answer], {answer: Checked(wrong, "z")})
    >>> found["verdicts"]["wrong"], found["commonest wrong"][0]["answers"]
    (2, 2)
    """
    counts: dict[str, Counter[Answer]] = {}
    for answer in answers:
        counts.setdefault(answer.exercise, Counter())[answer] += 1
    return [_of_exercise(name, counts[name], checked) for name in exercises if name in counts]


def _of_exercise(name: str, counts: Counter[Answer], checked: Mapping[Answer, Checked]) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    same: dict[str, Counter[Answer]] = {}
    for answer, count in counts.items():
        kinds[checked[answer].verdict.kind] += count
        same.setdefault(checked[answer].meaning, Counter())[answer] += count
    wrong = [group for group in same.values() if checked[next(iter(group))].verdict.kind == "wrong"]
    wrong.sort(key=lambda group: -group.total())  # where they are equal, the first to be given comes first
    return {
        "exercise": name,
        "asked": exercises[name].asked,
        "answers": counts.total(),
        "different": len(same),
        "verdicts": {kind: kinds[kind] for kind in KINDS},
        "commonest wrong": [_of_wrong(group, checked) for group in wrong[:COMMONEST]],
    }


def _of_wrong(group: Counter[Answer], checked: Mapping[Answer, Checked]) -> dict[str, Any]:
    """Answers that say the same, shown in the wording that most have chosen."""
    [(answer, _)] = group.most_common(1)
    verdict: Verdict = checked[answer].verdict
    data = verdict.as_json()
    return {"answers": group.total()} | {name: data[name] for name in ("understood", "point", "values", "hint")}


__all__ = ["COMMONEST", "summary"]
