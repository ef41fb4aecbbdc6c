"""What runs Python in a page: all of it can be imported, is the same each time, and says what the library does."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import in_page
import pytest
import python_in_page
from offline import NODE

from logitgrad.exercises import check, exercises
from logitgrad.symbolic.render import plain

from .chapters import BOOK

PYODIDE = BOOK.parent / "node_modules" / "pyodide"
#: SymPy's own tests, and what only they or a developer of SymPy calls.
FOR_TESTS = ("sympy.testing", "mpmath.tests")


def modules(files):
    return {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in files}


def imported(name, source):
    """The modules that a module's import statements name, those inside its functions too."""
    package = list(PurePosixPath(name).parent.parts)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*above, *([node.module] if node.module else [])])


@pytest.mark.slow
def test_every_import_inside_a_package_leads_to_a_module_that_is_packed():
    files = {name: source for name, source in python_in_page.packages().items() if name.endswith(".py")}
    known = modules(files)
    lacking = {
        f"{found} in {name}"
        for name, source in files.items()
        for found in imported(name, source)
        if found.partition(".")[0] in python_in_page.PACKAGES
        and found not in known
        and not found.startswith(FOR_TESTS)
    }
    assert not lacking


def test_the_librarys_side_of_the_page_needs_only_what_is_packed():
    files = {name: source for name, source in python_in_page.library().items() if name.endswith(".py")}
    roots = {found.partition(".")[0] for name, source in files.items() for found in imported(name, source)}
    outside = roots - {"logitgrad", *python_in_page.PACKAGES}
    assert outside - {"myst_nb"} <= set(__import__("sys").stdlib_module_names)


def test_each_package_comes_with_its_licence():
    files = python_in_page.packages()
    assert {PurePosixPath(name).parts[0].partition("-")[0] for name in files if "LICENSE" in name} == {
        *python_in_page.PACKAGES
    }


@pytest.mark.slow
def test_modules_are_compiled_to_the_same_bytes_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    files = {"a.py": b"STATES = frozenset({'x', 'y', 'z'})\n", "b/answers.lark": b"start: \n"}
    first = python_in_page.compiled(files, PYODIDE)
    (kept,) = (tmp_path / "cache" / "answers").glob("*.zip")
    kept.unlink()
    assert python_in_page.compiled(files, PYODIDE) == first
    assert zipfile.ZipFile(io.BytesIO(first)).namelist() == ["a.pyc", "b/answers.lark"]


@pytest.mark.slow
def test_a_module_that_cannot_be_compiled_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    with pytest.raises(Exception, match=r"broken\.py"):
        python_in_page.compiled({"broken.py": b"def"}, PYODIDE)


IN_PYODIDE = """
import { readFileSync } from "node:fs";
process.on("uncaughtException", (error) => { console.error(error.message); process.exit(1); });
const [pyodide, ...archives] = process.argv.slice(2);
const { loadPyodide } = await import(pyodide);
const python = await loadPyodide({ env: { HOME: "/", PYTHONHASHSEED: "0" } });
for (const archive of archives) {
  python.unpackArchive(new Uint8Array(readFileSync(archive)), "zip", { extractDir: "/lib/book" });
}
python.runPython("import sys; sys.path.append('/lib/book')");
const page = python.pyimport("in_page");
const requests = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(requests.map((request) => JSON.parse(page.check(JSON.stringify(request))))));
"""


@pytest.mark.slow
def test_in_pyodide_every_exercise_has_the_verdicts_that_the_library_gives(tmp_path):
    (tmp_path / "check.mjs").write_text(IN_PYODIDE)
    archives = []
    for number, files in enumerate((python_in_page.packages(), python_in_page.library())):
        archives.append(tmp_path / f"{number}.zip")
        archives[-1].write_bytes(python_in_page.compiled(files, PYODIDE))
    answers = [
        (name, answer)
        for name, exercise in exercises.items()
        for answer in ("(", "2 + 2", plain(exercise.answer), *(f"{typed} + 1" for typed in exercise.symbols))
    ]
    requests = [{"exercise": name, "answer": answer, "seconds": 20} for name, answer in answers]
    command = [NODE, tmp_path / "check.mjs", PYODIDE / "pyodide.mjs", *archives]
    done = subprocess.run(command, input=json.dumps(requests), capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr[-2000:]
    for (name, answer), found in zip(answers, json.loads(done.stdout), strict=True):
        expected = check(name, answer, seconds=16).as_json()
        assert {**found, "method": None} == {**expected, "method": None}


# What the page asks for, asked here


def outputs(source, *before):
    return json.loads(in_page.run(json.dumps([*before, source])))


def test_a_verdict_comes_as_the_library_gives_it():
    request = {"exercise": "ex-sigmoid-bce-label", "answer": "-2z", "seconds": 20}
    expected = check(request["exercise"], request["answer"]).as_json()
    assert json.loads(in_page.check(json.dumps(request))) == expected


def test_what_is_typed_is_shown_back_or_why_not():
    def preview(answer):
        return json.loads(in_page.preview(json.dumps({"exercise": "ex-sigmoid-bce-label", "answer": answer})))

    assert preview("1/z") == {"latex": r"\frac{1}{z}"}
    assert preview("2 +")["message"]


def test_a_cell_shows_what_it_prints_and_what_it_comes_to():
    assert outputs("print(1)\n1 + 1") == [
        {"kind": "text", "content": "1\n"},
        {"kind": "text", "content": "2"},
    ]
    assert outputs("from logitgrad.symbolic import z\nz")[0]["kind"] == "latex"
    assert outputs('from logitgrad.symbolic import show\nshow("sigmoid-symmetry")')[0]["kind"] == "html"
    assert outputs("a = 1") == outputs("1;") == outputs("") == []


def test_a_cell_runs_after_what_it_uses_and_after_nothing_else():
    before = ["import no_such_module, math", "raise SystemExit", "a = 1\nb = math.pi", "a += 1", "print(a)"]
    assert outputs("a", *before) == [{"kind": "text", "content": "2"}]
    assert outputs("round(b)", *before) == [{"kind": "text", "content": "3"}]


@pytest.mark.parametrize(
    "earlier",
    ["def f():\n    return 2", "class f:\n    pass", "for f in [2]: pass", "import math as f", "f = {}\nf[0] = 2"],
)
def test_whatever_gives_a_name_its_value_runs_before_its_use(earlier):
    assert outputs("f", earlier) != [] and "NameError" not in outputs("f", earlier)[0]["content"]


def test_an_error_is_shown_from_the_cell_on_with_its_line():
    (output,) = outputs("a = 1\nassert a == 2, a")
    assert output["kind"] == "error"
    assert "assert a == 2" in output["content"] and "AssertionError: 1" in output["content"]
    assert Path(in_page.__file__).name not in output["content"]
    assert "SyntaxError" in outputs("a =")[0]["content"]


@pytest.mark.parametrize(
    ("name", "attribute", "needed"),
    [
        ("numpy", None, "NumPy"),
        ("matplotlib.pyplot", None, "Matplotlib"),
        ("logitgrad.numeric", None, "NumPy"),
        ("logitgrad", "figures", "Matplotlib"),
        ("logitgrad.symbolic", "nothing", ""),
        ("no_such_module", None, ""),
    ],
)
def test_what_a_page_lacks_is_told_from_a_mistake(name, attribute, needed):
    error = ModuleNotFoundError(name=name) if attribute is None else ImportError(name=name)
    if attribute:
        error.name_from = attribute
    assert in_page.missing(error) == needed


def test_all_of_the_library_that_is_left_out_of_the_page_is_known_to_need_more():
    spec = importlib.util.find_spec("logitgrad")
    modules = {path.stem for path in Path(spec.origin).parent.iterdir() if path.suffix in ("", ".py")}
    within = {part.removesuffix(".py") for part in python_in_page.PARTS}
    assert modules - within - {"_runs", "cli", "__main__", "__pycache__"} == {*in_page.LEFT_OUT}


WITHOUT_MATPLOTLIB = """
import sys
from importlib import import_module

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {"logitgrad", "numpy", *sys.argv[1:], *sys.stdlib_module_names}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Without())
for name in ("audit", "numeric", "results", "verdicts", "verify"):
    import_module(f"logitgrad.{name}")
"""


def test_what_comes_with_numpy_needs_nothing_else(tmp_path):
    for name, content in (python_in_page.library() | python_in_page.numeric_library()).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    command = [sys.executable, "-c", WITHOUT_MATPLOTLIB, *python_in_page.PACKAGES]
    done = subprocess.run(command, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, timeout=60)
    assert not done.returncode, done.stderr


def test_pyodide_in_the_site_knows_the_digest_of_numpy_and_no_other_package():
    lock = json.loads(python_in_page._runtime(PYODIDE)["pyodide-lock.json"])
    assert [*lock["packages"]] == ["numpy"]
    assert re.fullmatch("[0-9a-f]{64}", lock["packages"]["numpy"]["sha256"])
