"""A journal of finished work: JSON lines, of which a kill can only tear the last."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["Journal", "OtherJournal"]

Record = dict[str, Any]


class OtherJournal(ValueError):
    """The directory holds the journal of other work."""


class Journal:
    """Finished records in ``directory/journal.jsonl``, by what they hold under ``key``.

    The first line says of which ``work`` the journal is; work that differs in any of it raises OtherJournal. A
    line is on the disk before `append` returns. Opened again after a kill, a torn last line is cut off. A record
    that is there twice counts once.
    """

    def __init__(self, directory: Path, identity: Record, key: str = "first", work: str = "sweep") -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "journal.jsonl"
        self.key, self.work = key, work
        self.finished: dict[Any, Record] = {}
        header, *records = self._whole_lines() or [None]
        if header is None:
            self._write(identity)
        elif header != identity:
            raise OtherJournal(self._difference(header, identity))
        self._know(records)

    def append(self, *records: Record) -> None:
        """Keep what is finished."""
        self._write(*records)
        self._know(records)

    def _know(self, records: Iterable[Record]) -> None:
        self.finished |= {record[self.key]: record for record in records}

    def _write(self, *records: Record) -> None:
        with self.path.open("ab") as file:
            file.write(b"".join(json.dumps(record).encode() + b"\n" for record in records))
            file.flush()
            os.fsync(file.fileno())

    def _whole_lines(self) -> list[Any]:
        """Read all that is whole, and cut off what is not."""
        content = self.path.read_bytes() if self.path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            os.truncate(self.path, len(whole))
        try:
            return [json.loads(line) for line in whole.splitlines()]
        except ValueError:
            raise OtherJournal(f"{self.path} is damaged: remove it, or choose another directory") from None

    def _difference(self, header: Any, identity: Record) -> str:
        theirs = header if isinstance(header, dict) else {}
        parts = [
            f"{name} {theirs.get(name)!r}, not {identity.get(name)!r}"
            for name in dict.fromkeys([*theirs, *identity])
            if theirs.get(name) != identity.get(name)
        ]
        return (
            f"{self.path} is of another {self.work} ({'; '.join(parts)}): remove it, or choose another directory"
        )
