"""Mutation testing: change one thing in a module, run that module's tests, and see whether one of them fails.

    make mutants                          every module; goes on where it was interrupted
    make mutants MODULE=symbolic.prove    one module, and its survivors as diffs

mutmut makes the mutants and runs the tests; this file gives each module a tree of its own under
.venv/mutants, in the layout that mutmut expects (src/logitgrad), and says which tests judge the module: few and
quick ones, so that a survivor costs seconds. Each mutant is tested in a fresh fork of a process that has
imported the tests and run none, so that no cache of SymPy's or ours knows the answers of the unchanged code.

mutmut leaves decorated functions alone. In the tree, `@cache def f` is written `def f` and `f = cache(f)`, which
is the same, so that those are tested too. Constants and tables outside functions are not mutated.

A module's counts and survivors are kept in a dated file beside the other results. survivors.toml explains each
survivor; test_survivors.py holds the two to each other and to the sources.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import click
import libcst as cst
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

from . import survivors as listed

ROOT = Path(__file__).parents[2]
TREES = ROOT / ".venv" / "mutants"
CAUGHT = (1, 3, 24, 36, 152)  # pytest found a failure, or broke down, or ran out of time; 255: it could not run

# The tests that judge a module, beside those named after it.
EDGES, EXACT, SCRATCH = "numeric/test_edges.py", "numeric/test_exact.py", "numeric/test_scratch.py"
MESSAGES, DIFFERENCES = "numeric/test_messages.py", "numeric/test_differences.py"
TESTS = {
    "symbolic.prove": [],
    "symbolic.refute": ["symbolic/test_prove.py"],
    "symbolic.intervals": [],
    "symbolic.normal": [],
    "symbolic.signs": [],
    "symbolic.domain": [],
    "symbolic.statement": [],
    "symbolic.calculus": ["symbolic/test_normal.py"],
    "symbolic.budget": [],
    "symbolic.theorem": [],
    "symbolic.derivation": [],
    "symbolic.functions": [],
    "numeric._tail": [SCRATCH, EDGES, EXACT],
    "numeric._exp": [SCRATCH],
    "numeric._doubled": [SCRATCH, EXACT],
    "numeric._shifted": [SCRATCH, EDGES, EXACT],
    "numeric._scratch": ["numeric/test_arrays.py"],
    "numeric._arrays": [MESSAGES, EDGES],
    "numeric.logexp": [MESSAGES, SCRATCH, EDGES, DIFFERENCES, EXACT],
    "numeric.sigmoid_bce": [SCRATCH, EDGES, DIFFERENCES, EXACT],
    "numeric.softmax_ce": [MESSAGES, SCRATCH, EDGES, DIFFERENCES, EXACT],
    "numeric.sigmoid_mse": [SCRATCH, EDGES, DIFFERENCES, EXACT],
    "numeric.relu_ce": [MESSAGES, EDGES, DIFFERENCES],
    "numeric.tanh_ce": [MESSAGES, EDGES, DIFFERENCES],
    "numeric.naive": [],
    "numeric.remedies": [],
    "numeric.softmax_remedies": [],
}


def tests_of(module: str) -> list[str]:
    """The test files that judge a module."""
    side, name = module.split(".")
    own = f"{side}/test_{name.strip('_')}.py"
    files = [own, *TESTS[module]] if (ROOT / "tests" / own).exists() else TESTS[module]
    return [f"tests/{file}" for file in files]


class Undecorated(cst.CSTTransformer):
    """Writes a decorated function as a plain one, and the decoration as an assignment after it."""

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        decorators = [d.decorator for d in updated_node.decorators]
        if len(decorators) != 1 or getattr(decorators[0], "value", "") in ("staticmethod", "classmethod"):
            return updated_node
        name = cst.Name(updated_node.name.value)
        call = cst.Call(decorators[0], [cst.Arg(name)])
        line = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(name)], call)])
        return cst.FlattenSentinel([updated_node.with_changes(decorators=[]), line])


def grow(module: str) -> Path:
    """Bring a module's tree up to date, and forget its survivors where it or its tests have changed."""
    tree, changed = TREES / module, False
    _write(tree / "pyproject.toml", _configuration(module).encode())
    own = {str(_source(module)), *tests_of(module)}
    for path in (ROOT / "lib" / "logitgrad").rglob("*.*"):
        if "__pycache__" in path.parts:
            continue
        text = path.read_bytes()
        if path.suffix == ".py":
            text = cst.parse_module(text.decode()).visit(Undecorated()).code.encode()
        place = "src" / path.relative_to(ROOT / "lib")
        changed |= _write(tree / place, text) and str(place) in own
    for path in (ROOT / "tests").rglob("*.py"):
        place = path.relative_to(ROOT)
        changed |= _write(tree / place, path.read_bytes()) and str(place) in own
    if changed:
        _forget_survivors(module)
    return tree


def _forget_survivors(module: str) -> None:
    with contextlib.chdir(TREES / module):
        Path("mutants", "mutmut-stats.json").unlink(missing_ok=True)  # which tests reach which function
        data = _data(module)
        for key, code in data.exit_code_by_key.items():
            data.exit_code_by_key[key] = code if _caught(code) else None
        if data.exit_code_by_key:
            data.save()


def _write(path: Path, text: bytes) -> bool:
    if path.exists() and path.read_bytes() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return True


def _configuration(module: str) -> str:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pytest_section = "[tool.pytest.ini_options]" + project.partition("[tool.pytest.ini_options]")[2]
    return (
        pytest_section.partition("\n[tool.")[0]
        + f"""
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["{_source(module)}"]
pytest_add_cli_args = ["-p", "no:xdist", "-p", "no:doctest", "-o", "addopts=--import-mode=importlib"]
pytest_add_cli_args_test_selection = {tests_of(module)}
process_isolation = "forkserver"
use_git_change_detection = false
timeout_multiplier = 10
"""
    )


def _source(module: str) -> Path:
    return Path("src", "logitgrad", *module.split(".")).with_suffix(".py")


def _data(module: str) -> SourceFileMutationData:
    data = SourceFileMutationData(path=_source(module))
    data.load()
    return data


def test(module: str, jobs: int) -> None:
    """Test the mutants of a module that have no verdict yet."""
    tree = grow(module)
    mutmut = Path(sys.executable).parent / "mutmut"
    subprocess.run([mutmut, "run", "--max-children", str(jobs)], cwd=tree, check=True)


def verdicts(module: str) -> dict[str, int]:
    """How many mutants came to which end."""
    with contextlib.chdir(TREES / module):
        return Counter(status_by_exit_code[code] for code in _data(module).exit_code_by_key.values())


def survivors(module: str) -> list[dict[str, str]]:
    """The mutants that no test caught: where, the line as it is, and as the mutant has it."""
    with contextlib.chdir(TREES / module):
        data = _data(module)
        names = [key for key, code in data.exit_code_by_key.items() if not _caught(code)]
        return [{"module": module, **_change(name, data.path)} for name in names]


def _caught(code: int | None) -> bool:
    return code is not None and (code in CAUGHT or code < 0)  # below 0: a signal ended the process


def _change(name: str, path: Path) -> dict[str, str]:
    function, class_name = orig_function_and_class_names_from_key(name)
    lines = get_diff_for_mutant(name, path=path).splitlines()
    before, after = (
        "\n".join(line[1:].strip() for line in lines if re.match(rf"\{s}(?!\{s}\{s})", line)) for s in "-+"
    )
    return {"function": f"{class_name}.{function}" if class_name else function, "line": before, "mutant": after}


@click.command(help=__doc__)
@click.argument("modules", nargs=-1)
@click.option("--jobs", default=1, help="How many mutants to test at a time.")
def main(modules: tuple[str, ...], jobs: int) -> None:
    os.nice(10)
    for module in modules or TESTS:
        click.secho(f"\n{module}", bold=True)
        digest = listed.digest(module)  # before: it may be edited during the run
        test(module, jobs)
        found = survivors(module)
        listed.keep(module, digest, sum(verdicts(module).values()), found)
        click.echo(f"{module}: {dict(verdicts(module))}")
        for s in found:
            reason = listed.explained().get(tuple(s.values()))
            click.echo(f"{s['function']}: {reason or 'NOT EXPLAINED'}\n  - {s['line']}\n  + {s['mutant']}")


if __name__ == "__main__":
    main()
