"""Measured results, each file with its date: what the book prints was read from here, never typed.

A file is named ``<kind>-<date>.json``; the newest one of a kind counts. The keys "kind", "date" and
"environment" are in every file; the others are the kind's own.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__

__all__ = ["as_text", "dated", "environment", "latest", "save"]


def latest(kind: str) -> dict[str, Any]:
    """Return the newest result of a kind.

    Raises LookupError if there is none.

    >>> latest("speed")["kind"]
    'speed'
    """
    found = sorted(file.name for file in files(__name__).iterdir() if file.name.startswith(f"{kind}-2"))
    if not found:
        raise LookupError(f"no result of kind {kind!r} has been kept")
    result: dict[str, Any] = json.loads(files(__name__).joinpath(found[-1]).read_text(encoding="utf-8"))
    return result


def save(kind: str, data: dict[str, Any], directory: Path, packages: Iterable[str] = ()) -> Path:
    """Write a result of today and return its path; ``packages`` are those whose versions matter besides ours.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = save("trial", {"points": 3}, Path(folder))
    ...     json.loads(path.read_text(encoding="utf-8"))["points"]
    3
    """
    content = dated(kind, data, packages)
    path = directory / f"{kind}-{content['date']}.json"
    path.write_text(as_text(content) + "\n", encoding="utf-8")
    return path


def dated(kind: str, data: dict[str, Any], packages: Iterable[str] = ()) -> dict[str, Any]:
    """Return what `save` writes.

    >>> list(dated("trial", {"points": 3}))
    ['kind', 'date', 'environment', 'points']
    """
    date = datetime.date.today().isoformat()
    return {"kind": kind, "date": date, "environment": environment(packages)} | data


def as_text(content: dict[str, Any]) -> str:
    """Return JSON that people can read: a line for each entry, but one for a whole list of numbers.

    >>> print(as_text({"name": "ours", "at": [1.0, 2.0, None]}))
    {
     "name": "ours",
     "at": [1.0, 2.0, null]
    }
    """
    lists_of_numbers = r"\[\n([^][{}\"]*)\]"  # no text of JSON has a line break in it
    return re.sub(lists_of_numbers, lambda found: f"[{' '.join(found[1].split())}]", json.dumps(content, indent=1))


def environment(packages: Iterable[str] = ()) -> dict[str, Any]:
    """Return what a measurement depends on: the machine, its CPU's features, and versions.

    >>> environment()["versions"]["logitgrad"] == __version__
    True
    """
    features = np.show_config(mode="dicts")["SIMD Extensions"]
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "cpu_features": [*features["baseline"], *features.get("found", [])],
        "python": platform.python_version(),
        "versions": {"logitgrad": __version__}
        | {name: _version(name) for name in ("numpy", "sympy", "mpmath", *packages)},
    }


def _processor() -> str:
    """Return the CPU's name; platform.processor() is empty on Linux."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "CPU")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
