"""The gate can fire: a copy of the book with one fault in it does not build, and the build says why."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.gate

ROOT = Path(__file__).parents[2]
FRONT = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
myst: {html_meta: {description: A page of a book that is built to show that the gate can fire.}}
---

"""
SAMPLE = """\
(sample)=
# A sample

```{code-cell} ipython3
from logitgrad.symbolic import show
show("sigmoid-bce-gradient")
```

```{glue:math} sigmoid-bce-gradient
:label: eq-sample-gradient
```

By {eq}`eq-sample-gradient`, the gradient at $z = 0$ is $1/2 - y$.

```{code-cell} ipython3
import numpy as np
import logitgrad as lg
gradient = float(lg.sigmoid_bce.grad(0.0, 1))
print("gradient:", gradient)
assert gradient == -0.5
```
"""
ROOT_PAGE = "# The root\n\nSee {ref}`sample` and {eq}`eq-sample-gradient`.\n"
TOC = "format: jb-book\nroot: book/intro\nchapters:\n  - file: book/sample\n"


class Book:
    """A book of two pages with the real configuration, beside a copy of the library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.page = path / "book" / "sample.md"
        self.package = path / "lib" / "logitgrad"
        self.html = path / "_build" / "html" / "book" / "sample.html"
        no_caches = shutil.ignore_patterns("__pycache__")
        for folder in ("book/_ext", "book/_static", "book/_templates", "lib/logitgrad"):
            shutil.copytree(ROOT / folder, path / folder, ignore=no_caches)
        for file in ("_config.yml", "book/references.bib", "pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / file, path / file)
        (path / "node_modules").symlink_to(ROOT / "node_modules")
        (path / "_toc.yml").write_text(TOC)
        (path / "book" / "intro.md").write_text(FRONT + ROOT_PAGE)
        self.page.write_text(FRONT + SAMPLE)

    def build(self) -> tuple[int, str]:
        """Run the command that readers and CI run; return its exit status and what it printed."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        env["PYTHONPATH"] = str(self.package.parent)
        command = ["make", "--no-print-directory", "book", f"BOOK={self.path}"]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=110)
        return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)

    def add(self, text: str) -> None:
        self.page.write_text(self.page.read_text() + "\n" + text + "\n")

    def add_cell(self, code: str) -> None:
        self.add(f"```{{code-cell}} ipython3\n{code}\n```")

    def replace(self, file: str, old: str, new: str) -> None:
        """Edit the copied library; the edit must apply."""
        text = (self.package / file).read_text()
        assert len(re.findall(old, text)) == 1, f"{file}: the line to break has changed: {old}"
        (self.package / file).write_text(re.sub(old, new, text))

    def negate_the_coded_gradient(self) -> None:
        source = self.package / "numeric" / "sigmoid_bce.py"
        source.write_text(
            source.read_text() + "\n\n_right = grad\n\n\ndef grad(z, y):\n    return -_right(z, y)\n"
        )

    def list_results(self, old: str, new: str) -> None:
        """Add a part of the reference, after an edit of the copied docstrings."""
        self.add("```{public} logitgrad.results\n```")
        self.replace("results/__init__.py", old, new)

    def change_the_katex_version(self) -> None:
        (self.path / "node_modules").unlink()
        package = self.path / "node_modules" / "katex"
        package.mkdir(parents=True)
        (package / "package.json").write_text('{"version": "0.16.21"}')


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


Fault = Callable[[Book], None]
FAULTS: dict[str, tuple[Fault, str]] = {
    "failing cell": (
        lambda book: book.add_cell("assert 1 + 1 == 3"),
        r"(?s)assert 1 \+ 1 == 3.*AssertionError",
    ),
    "failing cell in a folded solution": (
        lambda book: book.add(
            "```{exercise} One\n:label: ex-sample\n\nOne?\n```\n\n"
            "```{solution-start} ex-sample\n:class: dropdown\n```\n\n"
            "```{code-cell} ipython3\nassert 1 + 1 == 3\n```\n\n```{solution-end}\n```"
        ),
        r"(?s)assert 1 \+ 1 == 3.*AssertionError",
    ),
    "missing glue key": (
        lambda book: book.add("```{glue:math} no-such-result\n:label: eq-sample-none\n```"),
        r"WARNING: .*'no-such-result'",
    ),
    "dangling equation": (
        lambda book: book.add("By {eq}`eq-no-such-equation`."),
        r"WARNING: equation not found: eq-no-such-equation",
    ),
    "dangling reference": (
        lambda book: book.add("See {ref}`no-such-section`."),
        r"WARNING: undefined label: '?no-such-section'?",
    ),
    "dangling link": (
        lambda book: book.add("See [the page](no_such_page.md)."),
        r"WARNING: .*no_such_page",
    ),
    "dead link in HTML": (
        lambda book: book.add('See <a href="no_such_page.html">the page</a>.'),
        r"\[404\] book/no_such_page\.html",
    ),
    "dead anchor in HTML": (
        lambda book: book.add('See <a href="intro.html#the-root">one</a>, <a href="intro.html#nowhere">two</a>.'),
        r"\[#\] book/intro\.html#nowhere",
    ),
    "exercise that there is not": (
        lambda book: book.add("```{asked} ex-sigmoid-bce-labels\n```"),
        r"there is no exercise 'ex-sigmoid-bce-labels'; did you mean ex-sigmoid-bce-label",
    ),
    "missing citation": (
        lambda book: book.add("See {cite:t}`nobody-1900`."),
        r"WARNING: could not find bibtex key .*nobody-1900",
    ),
    "RuntimeWarning in a cell": (
        lambda book: book.add_cell("np.float64(1e308) * 10"),
        r"stderr was found in the cell outputs",
    ),
    "page without a description": (
        lambda book: book.page.write_text(book.page.read_text().replace("html_meta", "nothing")),
        r"sample.*WARNING: the front matter has no myst: html_meta: description",
    ),
    "formula that cannot be read": (
        lambda book: book.add(r"Let $\nosuchmacro{z}$."),
        r"KaTeX parse error: Undefined control sequence: \\nosuchmacro",
    ),
    "style sheet of another KaTeX": (
        Book.change_the_katex_version,
        r"package\.json has KaTeX 0\.16\.21",
    ),
    "theorem made false": (
        lambda book: book.replace(
            "symbolic/sigmoid_bce.py",
            r"(\"sigmoid-bce-gradient\",\s+equation\(Derivative\(bce\(z, y\), z\), in_order\(sigma\(z\)), -y",
            r"\1, y",
        ),
        r"AssertionError: sigmoid-bce-gradient is not proved; it is refuted",
    ),
    "docstring without its example": (
        lambda book: book.list_results(r"\n    >>> latest\(\"speed\"\).*\n.*\n", "\n"),
        r"sample\.md:\d+: WARNING: logitgrad\.results\.latest: the docstring lacks an example",
    ),
    "docstring that names nothing": (
        lambda book: book.list_results("what `save` writes", "what `sieve` writes"),
        r"WARNING: the docstring of logitgrad\.results\.dated refers to `sieve`, which does not exist",
    ),
    "library function made wrong": (
        Book.negate_the_coded_gradient,
        r"(?s)assert gradient == -0\.5.*AssertionError",
    ),
}


def test_the_faultless_book_builds_and_loads_nothing_from_elsewhere(book: Book) -> None:
    status, printed = book.build()
    assert status == 0, printed
    page = book.html.read_text()
    assert "gradient: -0.5" in page
    assert 'class="katex-html"' in page
    assert 'href="#equation-eq-sample-gradient">(1)</a>' in page

    elsewhere = re.compile(
        r"<(?:script|img|iframe|source|link)\b[^>]*\b(?:src|href)=\"(?:https?:)?//|unpkg\.com|jsdelivr"
    )
    pages = list(book.html.parents[1].rglob("*.html"))
    assert len(pages) > 3
    assert not [page for page in pages if elsewhere.search(page.read_text())]


@pytest.mark.parametrize("name", FAULTS)
def test_fault_stops_the_build(book: Book, name: str) -> None:
    inject, message = FAULTS[name]
    inject(book)
    status, printed = book.build()
    assert status != 0, f"a book with a {name} was built:\n{printed}"
    assert re.search(message, printed), f"the build of a book with a {name} does not say why:\n{printed}"


def test_library_broken_after_a_build_does_not_show_yesterdays_page(book: Book) -> None:
    status, printed = book.build()
    assert status == 0, printed
    assert "gradient: -0.5" in book.html.read_text()

    book.negate_the_coded_gradient()
    status, printed = book.build()
    assert status != 0, printed
    assert re.search(r"(?s)assert gradient == -0\.5.*AssertionError", printed), printed
    assert not book.html.exists() or "gradient: -0.5" not in book.html.read_text()
