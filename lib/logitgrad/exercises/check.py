"""Whether an answer is right: proved, refuted at a point, or neither. Never by numbers alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Indexed

from ..symbolic import Proved, Refuted, Undecided, prove_equal
from ..symbolic.budget import OutOfTime, time_limit
from ..symbolic.prove import Result
from ..symbolic.refute import NOWHERE
from ..symbolic.render import plain
from .exercise import Exercise, exercises
from .language import Understood, understand
from .spelling import NotUnderstood
from .verdict import Verdict

SECONDS = 10.0  # for a whole check: a fence, since what succeeds takes a fraction of a second
OUT_OF_MEMORY = "out of memory"


def check(exercise: str | Exercise, answer: str, seconds: float = SECONDS) -> Verdict:
    """Check an answer to an exercise, which is given by its id or as itself.

    The answer is text, as people type it or in LaTeX, and whatever it says, there is a verdict. ``seconds`` bounds
    the whole check; where answers come from strangers, `check_apart` bounds the memory, too. Raises TypeError for
    an answer that is no text, and KeyError for an unknown id.

    >>> from logitgrad.exercises import check
    >>> print(check("ex-sigmoid-bce-label", "log(1 - p) - log(p)"))
    Right: proved by rewriting.
    >>> print(check("ex-sigmoid-bce-label", "-2z"))
    Not right: at z = 1 your answer is -2, and it should be -1.
    """
    if not isinstance(exercise, Exercise):
        exercise = exercises[exercise]
    if not isinstance(answer, str):
        raise TypeError(f"an answer is text, not {type(answer).__name__}")
    verdict = Verdict(exercise.id, answer, "not understood", place=(0, len(answer)))
    try:
        with time_limit(seconds):
            read = understand(answer, exercise.vocabulary)
            verdict = Verdict(exercise.id, answer, "undecided", read.text, read.latex, read.mathml)
            return _decided(exercise, read, verdict, seconds)
    except NotUnderstood as error:
        return replace(verdict, reason=error.reason, place=error.place)
    except OutOfTime:
        return replace(verdict, reason=f"out of time after {seconds:g} s")
    except MemoryError:
        return replace(verdict, reason=OUT_OF_MEMORY)
    except Exception as error:  # SymPy raises many kinds where something cannot be built
        return replace(verdict, reason=f"it cannot be built ({type(error).__name__})")


def _decided(exercise: Exercise, read: Understood, verdict: Verdict, seconds: float) -> Verdict:
    answer, given = read.expression, exercise.assumptions
    result = _settled(answer, exercise.answer, given, seconds / 2)
    if isinstance(result, Proved):
        return _in_form(exercise, read, replace(verdict, kind="right", method=result.method))
    for known in exercise.misconceptions:
        if isinstance(_settled(answer, known.expression, given, seconds / 8), Proved):
            if isinstance(result, Undecided):  # what it is equal to may be easier to refute
                result = _settled(known.expression, exercise.answer, given, seconds / 4)
            return _wrong(result, verdict, (known.hint,))
    for condition in exercise.conditions:
        under = _settled(answer, exercise.answer, (*given, condition.relation), seconds / 8)
        if isinstance(under, Proved):
            return replace(verdict, kind="right if", condition=condition.words, method=under.method)
    return _wrong(result, verdict, tuple(f"Note that {note}." for note in read.notes))


def _settled(left: Any, right: Any, given: tuple[Any, ...], seconds: float) -> Result:
    try:
        with time_limit(seconds):
            return prove_equal(left, right, given, seconds)
    except OutOfTime:
        return Undecided((f"out of time after {seconds:g} s",))


def _in_form(exercise: Exercise, read: Understood, verdict: Verdict) -> Verdict:
    if exercise.form is None or exercise.form.holds(read.names):
        return verdict
    return replace(verdict, in_form=False, hint=f"It was asked for {exercise.form.words}.")


def _wrong(result: Result, verdict: Verdict, hints: tuple[str, ...]) -> Verdict:
    if not isinstance(result, Refuted):
        return replace(verdict, reason=_why(result))
    return replace(
        verdict,
        kind="wrong",
        point={_name(symbol): plain(value) for symbol, value in result.counterexample.items()},
        values=_readable(*result.values),
        hint=" ".join(hints) or None,
        method=result.method,
    )


def _why(result: Any) -> str:
    """What of the rungs' reasons a reader can use."""
    if any("out of time" in reason for reason in result.reasons):
        return "out of time"
    if NOWHERE in result.reasons:
        return "no point was found at which it has a value"
    return "no rule known here settles it"


def _name(symbol: Any) -> str:
    """A coordinate's name as it is typed: ``z_1``."""
    return f"{symbol.base}_{symbol.indices[0]}" if isinstance(symbol, Indexed) else plain(symbol)


def _readable(*values: Any) -> tuple[str, str]:
    """Both values with six digits, or with as many as tell them apart."""
    for digits in (6, 9, 12, 17):
        yours, expected = (_rounded(value, digits) for value in values)
        if yours != expected:
            break
    return yours, expected


def _rounded(value: Any, digits: int) -> str:
    if value is None:
        return "undefined"
    return f"{value:.{digits}g}" if isinstance(value, float | complex) else plain(value)


__all__ = ["OUT_OF_MEMORY", "SECONDS", "check"]
