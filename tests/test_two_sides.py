"""What is true and what runs meet in tests and chapters only: no side imports the other's tools."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import logitgrad

ROOT = Path(logitgrad.__file__).parent

FORBIDDEN = {
    "numeric": {"sympy", "mpmath", "matplotlib", "scipy", "logitgrad.symbolic", "logitgrad.figures"},
    "symbolic": {"numpy", "matplotlib", "scipy", "logitgrad.numeric", "logitgrad.figures"},
    "exercises": {"numpy", "matplotlib", "scipy", "logitgrad.numeric", "logitgrad.figures"},
}


def sources(side):
    return sorted((ROOT / side).rglob("*.py"))


def imports(source, package):
    """The full names of all modules that a file imports, wherever in it, with what it takes from them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def crossings(source, package, side):
    """The forbidden modules that a file imports, directly or from inside."""
    return {
        f"{name} (of {taboo})"
        for name in imports(source, package)
        for taboo in FORBIDDEN[side]
        if name == taboo or name.startswith(f"{taboo}.")
    }


def package_of(path):
    return ".".join(path.relative_to(ROOT.parent).parent.parts)


@pytest.mark.parametrize(
    ("side", "path"),
    [pytest.param(side, path, id=str(path.relative_to(ROOT))) for side in FORBIDDEN for path in sources(side)],
)
def test_file_does_not_cross_over(side, path):
    assert not crossings(path.read_text(encoding="utf-8"), package_of(path), side)


@pytest.mark.parametrize("path", sources("numeric"), ids=lambda path: path.name)
def test_numeric_code_is_not_made_from_symbols(path):
    names = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    names |= {
        node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)
    }
    assert not names & {
        "lambdify",
        "sympify",
        "ufuncify",
        "autowrap",
        "eval",
        "exec",
        "__import__",
        "import_module",
    }


@pytest.mark.parametrize(
    ("source", "side"),
    [
        ("import sympy", "numeric"),
        ("from mpmath import mpf", "numeric"),
        ("from ..symbolic import theorems", "numeric"),
        ("from .. import symbolic", "numeric"),
        ("def f():\n    import sympy.core as c", "numeric"),
        ("import logitgrad.symbolic.prove", "numeric"),
        ("from logitgrad import symbolic", "numeric"),
        ("import numpy as np", "symbolic"),
        ("from ..numeric.logexp import sigmoid", "symbolic"),
        ("if True:\n    from numpy import array", "symbolic"),
    ],
)
def test_a_crossing_would_be_seen(source, side):
    assert crossings(source, f"logitgrad.{side}", side)


def loaded_after(code):
    """The top-level modules that a fresh interpreter holds after running some code."""
    report = f"{code}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    assert not loaded_after("import logitgrad") & {"numpy", "sympy", "mpmath", "matplotlib", "scipy"}


def test_listing_the_names_loads_nothing_heavy():
    assert not loaded_after("import logitgrad; dir(logitgrad)") & {"numpy", "sympy", "matplotlib"}


def test_importing_the_symbolic_side_loads_no_numpy():
    assert not loaded_after("import logitgrad.symbolic") & {"numpy", "matplotlib", "scipy"}


def test_checking_an_answer_loads_no_numpy():
    code = "from logitgrad.exercises import check; assert check('ex-sigmoid-bce-label', '-z').kind == 'right'"
    assert not loaded_after(code) & {"numpy", "matplotlib", "scipy"}


def test_using_a_theorem_loads_no_numpy():
    code = "from logitgrad.symbolic import theorems; theorems['sigmoid-bce-gradient'].prove()"
    assert not loaded_after(code) & {"numpy", "matplotlib", "scipy"}


def test_symbolic_side_works_where_numpy_is_missing():
    code = """
import sys
sys.modules["numpy"] = None
from logitgrad.symbolic import sigma, theorems, z
assert theorems["sigmoid-bce-gradient"].prove().status == "proved"
assert str(sigma(z).diff(z)) == "(1 - sigma(z))*sigma(z)"
"""
    assert "numpy" in loaded_after(code)  # as a name that is blocked


def test_numeric_side_loads_no_computer_algebra():
    code = "import logitgrad as lg; lg.sigmoid_bce.grad(0.0, 1), lg.softmax_ce, lg.relu_ce, lg.naive, lg.softmax"
    code += "; lg.sigmoid_mse.grad(0.0, 1), lg.tanh_ce"
    assert not loaded_after(code) & {"sympy", "mpmath", "matplotlib", "scipy"}
