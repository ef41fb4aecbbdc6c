"""The package's own names: loaded on first use, listed, typed."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import logitgrad as lg

PACKAGE = Path(lg.__file__).parent


@pytest.mark.parametrize("name", lg.__all__)
def test_every_listed_name_is_there(name):
    assert getattr(lg, name) is getattr(lg, name)
    assert name in dir(lg)


@pytest.mark.parametrize("name", ["sigmoid", "log_sigmoid", "softplus", "logsumexp", "softmax", "log_softmax"])
def test_function_is_the_numeric_side_s(name):
    assert getattr(lg, name) is getattr(import_module("logitgrad.numeric.logexp"), name)


@pytest.mark.parametrize("name", ["sigmoid_bce", "sigmoid_mse", "softmax_ce", "relu_ce", "tanh_ce", "naive"])
def test_module_is_the_numeric_side_s(name):
    assert getattr(lg, name) is import_module(f"logitgrad.numeric.{name}")


def test_unknown_name_is_an_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match="sigmoyd"):
        lg.sigmoyd  # noqa: B018


def test_star_import_gives_the_listed_names():
    names = {}
    exec("from logitgrad import *", names)
    assert set(lg.__all__) <= set(names)


def test_version_is_the_project_s():
    project = PACKAGE.parent.parent / "pyproject.toml"
    if not project.exists():
        pytest.skip("installed without its project")
    assert lg.__version__ == tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]


def test_package_is_marked_as_typed():
    assert (PACKAGE / "py.typed").exists()


@pytest.mark.slow
@pytest.mark.parametrize("module", ["symbolic/sigmoid_bce.py", "figures/canvas.py"])
def test_examples_of_one_module_run_by_its_path(module):
    command = [sys.executable, "-m", "pytest", "-q", f"lib/logitgrad/{module}"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
