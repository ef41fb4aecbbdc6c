"""Chapters run once, in parallel, and never show what is no longer so; a build that broke off is not trusted."""

import filecmp
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.gate

ROOT = Path(__file__).parents[2]
FRONT = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
myst: {html_meta: {description: A page of a book that is built to show what is built anew and what is not.}}
---

"""
PAGE = """\
# Page {name}

```{{code-cell}} ipython3
import logitgrad as lg
print("{name}:", lg.sigmoid_bce.grad(0.0, 1), "by", lg.__name__)
```

```{{code-cell}} ipython3
:tags: [remove-input]
import matplotlib.pyplot as plt
plt.plot([0, 1], [0, {name!r}.count("a")])
plt.show()
```
"""
RAN = re.compile(r"run in [\d.]+ s: book/(\w+)")


class Book:
    """Three pages with the real configuration, beside a copy of the library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.html = path / "_build" / "html"
        for folder in ("book/_ext", "book/_static", "book/_templates", "lib/logitgrad"):
            shutil.copytree(ROOT / folder, path / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("_config.yml", "book/references.bib", "pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / file, path / file)
        (path / "node_modules").symlink_to(ROOT / "node_modules")
        (path / "_toc.yml").write_text(
            "format: jb-book\nroot: book/a\nchapters:\n  - file: book/b\n  - file: book/c\n"
        )
        for name in "abc":
            self.page(name).write_text(FRONT + PAGE.format(name=name))

    def page(self, name: str) -> Path:
        return self.path / "book" / f"{name}.md"

    def command(self) -> list[str]:
        jupyter_book = Path(sys.executable).with_name("jupyter-book")
        return [str(jupyter_book), "build", str(self.path), "-W", "-n", "--keep-going"]

    def start(self) -> subprocess.Popen[str]:
        env = {**os.environ, "PYTHONPATH": str(self.path / "lib"), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            self.command(), env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def build(self) -> tuple[set[str], str]:
        """Build; return the chapters that ran, and what was printed."""
        process = self.start()
        printed, _ = process.communicate(timeout=240)
        assert process.returncode == 0, printed
        return set(RAN.findall(printed)), printed

    def build_and_kill(self, seconds: float) -> None:
        """Start a build, and end it with all its kernels after so many seconds, without a warning."""
        process = self.start()
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def text(self, name: str) -> str:
        return (self.html / "book" / f"{name}.html").read_text()


def differences(left: Path, right: Path) -> list[str]:
    """The files that are on one side only, or differ in a byte."""
    compared = filecmp.dircmp(left, right, ignore=[], hide=[])
    names = compared.left_only + compared.right_only
    names += filecmp.cmpfiles(left, right, compared.common_files, shallow=False)[1]
    return names + [
        f"{one}/{name}" for one in compared.common_dirs for name in differences(left / one, right / one)
    ]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book of pages")


def test_only_a_chapter_whose_cells_changed_runs_again(book: Book) -> None:
    assert book.build()[0] == {"a", "b", "c"}
    assert book.build()[0] == set()

    book.page("b").write_text(book.page("b").read_text() + "\nA sentence more.\n")
    assert book.build()[0] == set()
    assert "A sentence more." in book.text("b")

    book.page("b").write_text(book.page("b").read_text().replace('print("b:"', 'print("bee:"'))
    assert book.build()[0] == {"b"}
    assert "bee: -0.5" in book.text("b")


def test_every_chapter_runs_again_after_a_change_of_the_library_and_shows_it(book: Book) -> None:
    book.build()
    before = book.text("a"), book.text("c")
    source = book.path / "lib" / "logitgrad" / "numeric" / "sigmoid_bce.py"
    source.write_text(source.read_text() + "\n\n_right = grad\n\n\ndef grad(z, y):\n    return 2 * _right(z, y)\n")
    assert book.build()[0] == {"a", "b", "c"}
    assert "a: -0.5" in before[0]
    assert "a: -1.0" in book.text("a")
    assert "c: -1.0" in book.text("c")


def test_an_edit_leaves_the_same_bytes_as_a_build_from_nothing(book: Book, tmp_path: Path) -> None:
    book.build()
    book.page("b").write_text(book.page("b").read_text().replace("# Page b", "# Page bee") + "\nSee [c](c.md).\n")
    book.build()
    edited = tmp_path / "edited"
    shutil.copytree(book.html, edited)
    shutil.rmtree(book.path / "_build")
    book.build()
    assert differences(edited, book.html) == []


def test_what_a_page_shows_of_another_follows_it_and_no_other_page_is_written(book: Book, tmp_path: Path) -> None:
    b, c, other = (book.page(name) for name in "bcd")
    other.write_text(FRONT + PAGE.format(name="d"))
    toc = book.path / "_toc.yml"
    toc.write_text(f"{toc.read_text()}  - file: book/d\n")
    b.write_text(b.read_text() + "\n(of-b)=\n## Old words\n\n$$1 = 1$$ (eq-b)\n")
    c.write_text(c.read_text() + "\nSee {ref}`of-b` and {eq}`eq-b`.\n")
    book.build()
    assert "Old words" in book.text("c")
    written = {name: (book.html / "book" / f"{name}.html").stat().st_mtime_ns for name in "abcd"}

    b.write_text(b.read_text().replace("(of-b)=\n## Old", "$$0 = 0$$ (eq-first)\n\n(of-b)=\n## New"))
    assert book.build()[0] == set()
    assert "New words" in book.text("c")
    assert "Old words" not in book.text("c")
    assert {
        name for name, before in written.items()
        if (book.html / "book" / f"{name}.html").stat().st_mtime_ns != before
    } == {"a", "b", "c"}  # a has the table of contents  # fmt: skip

    edited = tmp_path / "edited"
    shutil.copytree(book.html, edited)
    shutil.rmtree(book.path / "_build")
    book.build()
    assert differences(edited, book.html) == []


def test_the_page_of_a_chapter_that_is_gone_goes_too(book: Book) -> None:
    book.build()
    book.page("c").unlink()
    toc = book.path / "_toc.yml"
    toc.write_text(toc.read_text().replace("  - file: book/c\n", ""))
    assert book.build()[0] == set()
    assert (book.html / "book" / "b.html").exists()
    assert not (book.html / "book" / "c.html").exists()


def test_a_change_of_the_style_reaches_the_pages_without_one_of_the_text(book: Book) -> None:
    book.build()
    style = book.path / "book" / "_static" / "custom.css"
    style.write_text(style.read_text() + "\np { text-indent: 7.25em; }\n")
    assert book.build()[0] == set()
    assert "7.25em" in (book.html / "_static" / "book.css").read_text()


def test_a_warning_is_repeated_until_it_is_mended(book: Book) -> None:
    book.build()
    book.page("c").write_text(book.page("c").read_text() + "\nSee {ref}`no-such-section`.\n")
    for _ in range(2):
        process = book.start()
        printed, _ = process.communicate(timeout=240)
        assert process.returncode != 0
        assert "undefined label" in printed


def test_a_build_that_was_killed_anywhere_leaves_nothing_that_the_next_one_trusts(
    book: Book, tmp_path: Path
) -> None:
    started = time.monotonic()
    book.build()
    whole = time.monotonic() - started
    clean = tmp_path / "clean"
    shutil.copytree(book.html, clean)

    moments = random.Random(20261121)
    for _ in range(4):
        shutil.rmtree(book.path / "_build")
        for _ in range(2):
            book.build_and_kill(moments.uniform(0.2, 1.0) * whole)
        book.build()
        assert differences(clean, book.html) == []
