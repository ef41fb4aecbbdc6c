"""What is kept of a run: each module's counts and survivors, and the list that explains the survivors."""

from __future__ import annotations

import ast
import datetime
import hashlib
import tomllib
from pathlib import Path
from typing import Any

from logitgrad import results
from logitgrad.audit.sources import _shape

LIBRARY = Path(__file__).parents[2] / "lib" / "logitgrad"
LIST = Path(__file__).with_name("survivors.toml")

Survivor = tuple[str, str, str, str]  # module, function, the line as it is, as the mutant has it


def explained() -> dict[Survivor, str]:
    """The reason for each survivor that is listed."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8")).get("survivor", [])
    return {(s["module"], s["function"], s["line"], s["mutant"]): s["reason"] for s in listed}


def not_run() -> set[str]:
    """The modules of which it is said that they have not been run."""
    return set(tomllib.loads(LIST.read_text(encoding="utf-8")).get("not_run", []))


def kept() -> dict[str, Any]:
    """What the last run of each module found."""
    try:
        return results.latest("mutants")["modules"]
    except LookupError:
        return {}


def keep(module: str, digest: str, mutants: int, survivors: list[dict[str, str]]) -> None:
    """Enter the run of a module into the results, beside those of the other modules."""
    found = {
        "digest": digest,
        "date": datetime.date.today().isoformat(),
        "mutants": mutants,
        "killed": mutants - len(survivors),
        "survivors": sorted(survivors, key=str),
    }
    modules = dict(sorted((kept() | {module: found}).items()))
    results.save("mutants", {"modules": modules}, LIBRARY / "results", ["mutmut", "pytest"])


def source(module: str) -> str:
    """The text of a module such as symbolic.prove."""
    return LIBRARY.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")


def digest(module: str) -> str:
    """What the module's code does, in 64 characters: comments, docstrings and layout do not count."""
    return hashlib.sha256(repr(_shape(ast.parse(source(module)))).encode()).hexdigest()


def lines(module: str, function: str) -> set[str]:
    """The lines of a function or method, with their comments and without their indentation."""
    text = source(module)
    node: Any = ast.parse(text)
    for name in function.split("."):
        node = next(part for part in ast.walk(node) if getattr(part, "name", None) == name)
    return {line.strip() for line in text.splitlines()[node.lineno - 1 : node.end_lineno]}
