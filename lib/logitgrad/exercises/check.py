"""Whether an answer is right: proved, refuted at a point, or neither. Never by numbers alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Indexed

from ..symbolic import Proved, Refuted, Undecided, prove_equal
from ..symbolic.budget import OutOfTime, time_limit
from ..symbolic.prove import Result
from ..symbolic.render import plain
from .exercise import Exercise, exercises
from .language import NotUnderstood, Understood, understand
from .verdict import Verdict

SECONDS = 10.0  # for a whole check; what succeeds takes a fraction of a second


def check(exercise: str | Exercise, answer: str, seconds: float = SECONDS) -> Verdict:
    """Check an answer to an exercise, which is given by its id or as itself.

    The answer is text, as people type it or in LaTeX, and whatever it is, there is a verdict. ``seconds`` bounds the whole
    check; where answers come from strangers, `check_apart` bounds the memory, too. Raises TypeError for an answer that is
    no text, and KeyError for an unknown id.

    >>> from logitgrad.exercises import check
    >>> print(check("ex-sigmoid-bce-label", "log(1 - sigma(z)) - log(sigma(z))"))
    Right: proved by rewriting.
    >>> print(check("ex-sigmoid-bce-label", "-2z"))
    Not right: at z = 1, y = 0 your answer is -2, and it should be -1.
    """
    if not isinstance(exercise, Exercise):
        exercise = exercises[exercise]
    if not isinstance(answer, str):
        raise TypeError(f"an answer is text, not {type(answer).__name__}")
    unread = Verdict(exercise.id, answer, "not understood")
    try:
        with time_limit(seconds):
            understood = understand(answer, exercise.vocabulary)
    except NotUnderstood as error:
        return replace(unread, reason=error.reason, place=error.place)
    except (OutOfTime, MemoryError, RecursionError, ArithmeticError, TypeError, ValueError) as error:
        # SymPy raises many kinds where something cannot be built.
        return replace(unread, reason=f"it cannot be built ({_named(error)})", place=(0, len(answer)))
    read = Verdict(exercise.id, answer, "undecided", understood.text, understood.latex)
    try:
        with time_limit(seconds):
            return _decided(exercise, understood, read, seconds)
    except OutOfTime:
        return replace(read, reason=f"out of time after {seconds:g} s")
    except MemoryError:
        return replace(read, reason="out of memory")
    except RecursionError:
        return replace(read, reason="too deep")


def _named(error: BaseException) -> str:
    return {OutOfTime: "out of time", MemoryError: "out of memory"}.get(type(error), type(error).__name__)


def _decided(exercise: Exercise, understood: Understood, read: Verdict, seconds: float) -> Verdict:
    answer, given = understood.expression, exercise.assumptions
    result = _settled(answer, exercise.answer, given, seconds / 2)
    if isinstance(result, Proved):
        return _right(exercise, understood, replace(read, kind="right", method=result.method))
    hint = None
    for misconception in exercise.misconceptions:
        if isinstance(_settled(answer, misconception.expression, given, seconds / 8), Proved):
            hint = misconception.hint
            if not isinstance(result, Refuted):  # what it is equal to may be easier to refute
                result = _settled(misconception.expression, exercise.answer, given, seconds / 4)
            break
    else:
        for condition in exercise.conditions:
            under = _settled(answer, exercise.answer, (*given, condition.relation), seconds / 8)
            if isinstance(under, Proved):
                return replace(read, kind="right if", condition=condition.words, method=under.method)
    if isinstance(result, Refuted):
        point = {_name(symbol): plain(value) for symbol, value in result.counterexample.items()}
        values = _readable(*result.values)
        wrong = replace(read, kind="wrong", point=point, values=values, method=result.method)
        return replace(wrong, hint=hint or " ".join(f"Note that {note}." for note in understood.notes) or None)
    return replace(read, reason=_short(result))


def _right(exercise: Exercise, understood: Understood, right: Verdict) -> Verdict:
    if exercise.form and not exercise.form.holds(understood.names):
        return replace(right, in_form=False, hint=f"It was asked for {exercise.form.words}.")
    return right


def _settled(left: Any, right: Any, given: tuple[Any, ...], seconds: float) -> Result:
    try:
        with time_limit(seconds):
            return prove_equal(left, right, given, seconds)
    except OutOfTime:
        return Undecided((f"out of time after {seconds:g} s",))


def _short(result: Undecided) -> str:
    out_of_time = [reason for reason in result.reasons if "out of time" in reason]
    return (
        "out of time" if out_of_time else result.reasons[-1].rpartition(": ")[2] if result.reasons else "no reason"
    )


def _name(symbol: Any) -> str:
    """A coordinate's name as it is typed: ``z_1``."""
    return f"{symbol.base}_{symbol.indices[0]}" if isinstance(symbol, Indexed) else plain(symbol)


def _readable(yours: Any, expected: Any) -> tuple[str, str]:
    """Both values with six digits, or with as many as tell them apart."""
    for digits in (6, 9, 12, 17):
        shown = _rounded(yours, digits), _rounded(expected, digits)
        if shown[0] != shown[1]:
            break
    return shown


def _rounded(value: Any, digits: int) -> str:
    if value is None:
        return "undefined"
    return f"{value:.{digits}g}" if isinstance(value, float | complex) else plain(value)


__all__ = ["SECONDS", "check"]
