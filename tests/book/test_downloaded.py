"""The notebooks of the built book, as a reader has them: alone with their wheel, and with nothing installed.

``SITE`` names another built book than that of `make book`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import nbformat
import pytest

from .chapters import CHAPTERS

pytestmark = pytest.mark.notebooks

SITE = Path(os.environ.get("SITE", Path(__file__).parents[2] / "_build" / "html"))
NOTEBOOKS = [chapter.slug for chapter in CHAPTERS if chapter.cells]
NUMBER_ON_PAGE = re.compile(r'<span class="eqno">\(([\d.]+)\)')
NUMBER_IN_NOTEBOOK = re.compile(r"\\tag\{([\d.]+)\}")
CAPTION_ON_PAGE = re.compile(r'<span class="caption-number">(Fig\. [\d.]+)')
CAPTION_IN_NOTEBOOK = re.compile(r"^\*(Fig\. [\d.]+)\.\*", re.M)
#: Beside a command of LaTeX, what stands in braces and before a grave accent is a role.
ONLY_IN_THE_BOOK = re.compile(r"\{[a-z:]+\}`|```\{|^:::|\b(?:eq|fig|ex)-[a-z]|\]\(#", re.M)
ENOUGH = 900


def page(slug: str) -> str:
    return (SITE / "book" / f"{slug}.html").read_text(encoding="utf-8")


def text(slug: str) -> str:
    notebook = nbformat.read(SITE / "notebooks" / f"{slug}.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_every_page_with_cells_is_a_notebook_and_no_other():
    assert sorted(path.stem for path in SITE.glob("notebooks/*.ipynb")) == NOTEBOOKS


@pytest.mark.parametrize("slug", NOTEBOOKS)
def test_a_notebook_is_valid_and_small(slug):
    path = SITE / "notebooks" / f"{slug}.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
    assert path.stat().st_size < 600_000


@pytest.mark.parametrize("slug", NOTEBOOKS)
def test_equations_and_figures_have_the_numbers_of_the_page(slug):
    for on_page, in_notebook in (
        (NUMBER_ON_PAGE, NUMBER_IN_NOTEBOOK),
        (CAPTION_ON_PAGE, CAPTION_IN_NOTEBOOK),
    ):
        assert in_notebook.findall(text(slug)) == on_page.findall(page(slug))


@pytest.mark.parametrize("slug", NOTEBOOKS)
def test_nothing_is_left_that_only_the_book_understands(slug):
    prose = re.sub(r"^([> ]*)(```+)(?!\{).*?^\1\2$", "", text(slug), flags=re.S | re.M)
    without_code = re.sub(r"(?<![`}])(`+)(?!`).*?(?<!`)\1(?!`)", "", prose)
    assert ONLY_IN_THE_BOOK.findall(without_code) == []


@pytest.mark.parametrize("slug", NOTEBOOKS)
def test_the_page_offers_its_notebook_by_name(slug):
    (link,) = re.findall(r'<a [^>]*href="\.\./notebooks/[^>]*>', page(slug))
    assert f'href="../notebooks/{slug}.ipynb" download' in link
    assert 'aria-label="Download as a notebook"' in unescape(link)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Each notebook, run by an environment in which only Jupyter was installed; the first brings the library."""
    folder = tmp_path_factory.mktemp("reader")
    for path in SITE.glob("notebooks/*"):
        shutil.copy(path, folder)
    ours = ("PYTHON", "VIRTUAL_ENV", "JUPYTER", "IPYTHON", "MPL", "LOGITGRAD")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env |= {"JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
    env |= {"JUPYTER_PREFER_ENV_PATH": "1", "PYTHONNOUSERSITE": "1"}
    python = folder / "env" / "bin" / "python"
    subprocess.run([Path(sys.base_prefix) / "bin" / "python3", "-m", "venv", folder / "env"], check=True)
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "nbclient", "ipykernel"], env=env, check=True)

    def run(slug: str) -> subprocess.CompletedProcess:
        command = [folder / "env" / "bin" / "jupyter-execute", "--inplace", f"{slug}.ipynb"]
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=ENOUGH)

    first, *others = NOTEBOOKS
    results = {first: run(first)}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results |= zip(others, pool.map(run, others), strict=True)
    return folder, results


@pytest.mark.parametrize("slug", NOTEBOOKS)
def test_a_notebook_runs_alone_in_an_empty_environment(slug, runs):
    folder, results = runs
    assert results[slug].returncode == 0, results[slug].stderr[-3000:]
    notebook = nbformat.read(folder / f"{slug}.ipynb", as_version=4)
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_the_first_notebook_to_run_has_installed_the_library_and_no_other_has(runs):
    folder, _ = runs
    said = {}
    for slug in NOTEBOOKS:
        notebook = nbformat.read(folder / f"{slug}.ipynb", as_version=4)
        said[slug] = "".join(output.get("text", "") for output in notebook.cells[0].outputs)
    assert re.fullmatch(r"Installing logitgrad \S+ from file://.*\.whl \.\.\.\n", said.pop(NOTEBOOKS[0]))
    assert set(said.values()) == {""}
