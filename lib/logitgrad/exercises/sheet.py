"""A table of answers as CSV: read row by row, whatever is wrong with some, and written back with verdicts."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from .bulk import Answer, Checked
from .exercise import UnknownExercise, exercises
from .verdict import Verdict, printable

#: The columns that are written behind those that were read.
WRITTEN = ("verdict", "message", "understood", "point", "yours", "expected", "hint", "condition", "method")

_OTHER_ENCODINGS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_FORMULA = tuple("=+-@＝＋－＠")  # what a spreadsheet takes a cell for that begins so, even behind spaces
_NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?\s*")


class Unreadable(ValueError):
    """The file is no table of answers; the message says why."""


@dataclass(frozen=True)
class Row:
    """A row by the ``line`` on which it begins: its ``fields``, and its ``answer``, or the ``problem`` with it."""

    line: int
    fields: tuple[str, ...]
    answer: Answer | None = None
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """The ``columns`` and ``rows`` of a file; ``bom`` says whether it began with a mark of its encoding."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    bom: bool = False

    @property
    def answers(self) -> list[Answer]:
        """The answers of all rows that have one that can be checked."""
        return [row.answer for row in self.rows if row.answer]


def parse(content: bytes) -> Sheet:
    r"""Read a file: comma-separated, in UTF-8 with or without a mark, its columns named in the first line.

    Raises Unreadable for a file that is not such a table. What is wrong with a single row is its problem.

    >>> sheet = parse(b"student,exercise,answer\nA,ex-sigmoid-bce-label,-z\nB,ex-sigmoid-bce-label,\n")
    >>> sheet.rows[0].answer
    Answer(exercise='ex-sigmoid-bce-label', text='-z')
    >>> sheet.rows[1].line, sheet.rows[1].problem
    (3, 'it has no answer')
    """
    records = _records(_decoded(content))
    _, header, problem = next(records, (1, [], ""))
    columns = tuple(name.strip() for name in header)
    places = _places(columns, problem)
    rows = (_row(*record, len(columns), places) for record in records)
    return Sheet(columns, tuple(rows), content.startswith(codecs.BOM_UTF8))


def _decoded(content: bytes) -> str:
    advice = "save the file as CSV in UTF-8"
    encoding = next((name for mark, name in _OTHER_ENCODINGS.items() if content.startswith(mark)), None)
    if encoding or b"\0" in content.partition(b"\n")[0]:
        raise Unreadable(f"it is in {encoding or 'UTF-16'}, not in UTF-8: {advice}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", error.object[: error.start])) + 1
        raise Unreadable(
            f"line {line} is not in UTF-8 (byte 0x{error.object[error.start]:02x}): {advice}"
        ) from None
    if not text.strip():
        raise Unreadable("it is empty")
    return text


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Each record that is not blank: the line on which it begins, its fields, and what is wrong with its quotes.

    A quote that is never closed would swallow all that follows, so reading goes on in the line after it.
    """
    lines, start = list(StringIO(text, newline="")), 0
    while start < len(lines):
        reader = csv.reader((lines[n] for n in range(start, len(lines))), strict=True)
        read = 0
        try:
            for fields in reader:
                if any(field.strip() for field in fields):
                    yield start + read + 1, fields, ""
                read = reader.line_num
            return
        except csv.Error as error:
            start += read + 1
            yield start, lines[start - 1].rstrip("\r\n").split(","), f"its quotes do not match ({error})"


def _places(columns: tuple[str, ...], problem: str) -> tuple[int, int]:
    """Where the exercise and the answer stand."""
    names = [name.casefold() for name in columns]
    if problem:
        raise Unreadable(f"line 1 should name the columns, and {problem}")
    if len(names) == 1:
        for delimiter, called in _DELIMITERS.items():
            if delimiter in names[0]:
                raise Unreadable(f"its columns are separated by {called}, not by commas: save it with commas")
    for wanted in ("exercise", "answer"):
        if names.count(wanted) != 1:
            number = "more than one column" if wanted in names else "no column"
            raise Unreadable(f"it has {number} {wanted!r}; line 1 names {', '.join(map(repr, columns))}")
    if taken := [name for name in columns if name.casefold() in WRITTEN]:
        raise Unreadable(f"it has a column {taken[0]!r} already: rename that, or check the file without verdicts")
    return names.index("exercise"), names.index("answer")


def _row(line: int, fields: list[str], problem: str, count: int, places: tuple[int, int]) -> Row:
    while len(fields) > count and not fields[-1].strip():  # a spreadsheet may end each line with commas
        fields = fields[:-1]
    if not problem and len(fields) != count:
        problem = f"it has {len(fields)} field{'s' * (len(fields) != 1)} for {count} columns"
        problem += "; an answer with a comma stands in double quotes" if len(fields) > count else ""
    if problem:
        return Row(line, tuple(fields), problem=problem)
    exercise, text = fields[places[0]].strip(), unguarded(fields[places[1]])
    try:
        exercises[exercise]
    except UnknownExercise as unknown:
        return Row(line, tuple(fields), problem=str(unknown))
    if not text.strip():
        return Row(line, tuple(fields), problem="it has no answer")
    return Row(line, tuple(fields), Answer(exercise, text))


# What is written


def written(sheet: Sheet, checked: Mapping[Answer, Checked]) -> str:
    """The file with the verdicts: every row as it was, and what its answer came to.

    A row that could not be checked has the verdict "not checked". A cell that a spreadsheet would take for a
    formula begins with an apostrophe, as `guarded` says. The file begins with a mark of its encoding if the one
    that was read did.

    >>> answer = Answer("ex-sigmoid-bce-label", "-z")
    >>> right = Verdict(*answer, "right", method="rewriting")
    >>> sheet = Sheet(("exercise", "answer"), (Row(2, answer, answer),))
    >>> written(sheet, {answer: Checked(right, "")}).splitlines()[1][:60]
    "ex-sigmoid-bce-label,'-z,right,Right: proved by rewriting.,,"
    """
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(guarded, (*sheet.columns, *WRITTEN)))
    for row in sheet.rows:
        found = _of_verdict(checked[row.answer].verdict) if row.answer else ("not checked", row.problem)
        # A field too many has no column: the row's problem says so.
        kept = [*row.fields, *("" for _ in sheet.columns)][: len(sheet.columns)]
        blank = [""] * (len(WRITTEN) - len(found))
        writer.writerow(map(guarded, (*kept, *found, *blank)))
    return "\ufeff" * sheet.bom + text.getvalue()


def _of_verdict(verdict: Verdict) -> tuple[str, ...]:
    point = ", ".join(f"{name} = {value}" for name, value in (verdict.point or {}).items())
    values = verdict.values or ("", "")
    others = (verdict.hint or "", verdict.condition or "", verdict.method)
    return verdict.kind, printable(verdict.message), verdict.text or "", point, *values, *others


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: where it begins like one, an apostrophe comes before it.

    Numbers stay as they are. `unguarded` takes the apostrophe away again, so a file may come back.

    >>> guarded("-z"), guarded("=1+1"), guarded("-2.5"), guarded("z - y")
    ("'-z", "'=1+1", '-2.5', 'z - y')
    """
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that `guarded` puts before it.

    >>> unguarded("'-z"), unguarded("z'")
    ('-z', "z'")
    """
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell


__all__ = ["WRITTEN", "Row", "Sheet", "Unreadable", "guarded", "parse", "unguarded", "written"]
