"""A page becomes a notebook of plain Markdown, with its numbers and nothing that only the book understands."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pytest

from .chapters import BOOK

FRONT = (
    "---\njupytext: {text_representation: {extension: .md, format_name: myst}}\nkernelspec: {name: python3}\n---\n"
)
CONF = f"""\
import sys
sys.path.insert(0, {str(BOOK / "_ext")!r})
extensions = ["myst_nb", "sphinx_exercise", "sphinx_design", "sphinxcontrib.bibtex", "notebooks"]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
numfig = math_numfig = True
numfig_secnum_depth = 1
nb_execution_raise_on_error = True
nb_render_markdown_format = "myst"
"""
PAGE = r"""
(sec)=
# A page with $\sigma$

A *word*, **another**, `x|y`, a_b, 2 * 3 < 7 and $a < b$; {eq}`eq-typed` and {eq}`eq-glued`, {numref}`fig-one`,
{ref}`here <sec>`, {doc}`other`, {ref}`ex-one`, [out](https://example.org), {cite}`turing`, {cite:t}`turing`,
{glue:text}`four`.

```{math}
:label: eq-typed
a = b
```

```{code-cell} ipython3
:tags: [remove-cell]
from myst_nb import glue
class Tex(str):
    def _repr_latex_(self):
        return f"$${self}$$"
glue("formula", Tex("c = d"), display=False)
glue("four", 4, display=False)
```

```{glue:math} formula
:label: eq-glued
```

| formula | code |
|---|---|
| $\|x\|$, $\left\|y\right\|$ | `p \| q`<br>next |

- one
  1. first
  2. second
- two

term
: what it means

:::{note}
Mind the *gap*.
:::

::::{tab-set}
:::{tab-item} One
inside
:::
::::

```python
left = "alone"
```

```{code-cell} ipython3
---
mystnb:
  figure: {name: fig-one, caption: A caption with $z$.}
  image: {alt: a pixel}
tags: [hide-input]
---
from IPython.display import SVG, Markdown
SVG("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
```

```{code-cell} ipython3
:tags: [hide-input]
Markdown("| by |\n|---|\n| {eq}`eq-typed` |")
```

```{code-cell} ipython3
print("seen")
40 + 2
```

```{code-cell} ipython3
from logitgrad.symbolic import show
show("sigmoid-symmetry")
```

```{exercise-start} The $x$
:label: ex-one
:class: prediction
```
What is $x$?
```{exercise-end}
```

```{solution-start} ex-one
:class: dropdown
```
It is **four**.

```{code-cell} ipython3
x = 4
```

No more.
```{solution-end}
```
"""
TEXT = r"""
# 1. A page with $\sigma$
A *word*, **another**, `x|y`, a\_b, 2 \* 3 &lt; 7 and $a < b$;
; (1.1) and (1.2), Fig. 1.1,
, here, The other, Exercise 1.1, [out](https://example.org), \[Turing, 1936\], Turing \[1936\], 4.
$$
a = b \tag{1.1}
$$
$$
c = d \tag{1.2}
$$
| $\vert x\vert $, $\left\vert y\right\vert $ | `p \| q`<br>next |
- one

  1. first
  2. second

- two
**term**: what it means
> **Note**
>
> Mind the *gap*.
**One**

inside
```python
left = "alone"
```
*Fig. 1.1.* A caption with $z$.
| by |
| --- |
| (1.1) |
> **Exercise 1.1 (The $x$)**
>
> What is $x$?
<details>
<summary>Solution to Exercise 1.1 (The $x$)</summary>

It is **four**.

</details>
<summary>... and on</summary>

No more.
""".strip()
LINKED = r"""
[(1.1)](https://example.org/book/page.html#equation-eq-typed)
[The other](https://example.org/book/other.html)
[Fig. 1.1](https://example.org/book/page.html#fig-one)
[out](https://example.org)
\[[Turing, 1936](https://example.org/book/other.html#
""".strip().splitlines()


def build(folder: Path, site: str, *options: str) -> Path:
    """Build the book of a folder into a site beside it, with what earlier builds have read; return the site."""
    command = [sys.executable, "-m", "sphinx", "-Wq", "--keep-going", "-d", folder / "doctrees", *options]
    done = subprocess.run(
        [*command, folder / "source", folder / site], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return folder / site


def write_source(folder: Path) -> None:
    """Write a book of two pages."""
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONF)
    (source / "index.md").write_text("# Root\n\n```{toctree}\n:numbered: 1\npage\nother\n```\n")
    (source / "page.md").write_text(FRONT + PAGE)
    (source / "other.md").write_text("# The other\n\n```{bibliography}\n```\n")
    (source / "references.bib").write_text(
        '@misc{turing, author = "Alan Turing", title = "On numbers", year = 1936}\n'
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("book")
    write_source(path)
    build(path, "html")
    return path


@pytest.fixture(scope="module")
def notebook(folder):
    return nbformat.read(folder / "html" / "notebooks" / "page.ipynb", as_version=4)


@pytest.fixture(scope="module")
def text(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def code(notebook, words):
    """The one code cell in which the words are."""
    (cell,) = (cell for cell in notebook.cells[1:] if cell.cell_type == "code" and words in cell.source)
    return cell


@pytest.mark.slow
def test_every_part_of_a_page_is_there_in_plain_markdown(text):
    missing = [part for part in re.split(r"\n(?=[A-Z#;,|$*>-]|\*\*|```p|<d|<s)", TEXT) if part not in text]
    assert not missing, text


def test_nothing_is_left_that_only_the_book_understands(text):
    assert not re.search(r"\{[a-z:]+\}`|```\{|:::|eq-|fig-|ex-", text)


def test_a_notebook_is_valid_and_its_ids_count_its_cells(notebook):
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [f"page-{i}" for i in range(len(notebook.cells))]


def test_cells_have_the_order_of_the_page_and_those_left_out_run_too(notebook):
    sources = [cell.source.splitlines()[0] for cell in notebook.cells if cell.cell_type == "code"]
    assert [source.split()[0] for source in sources[1:]] == [
        "from",
        "from",
        'Markdown("|',
        'print("seen")',
        "from",
        "x",
    ]


def test_what_a_page_hides_is_folded_and_what_it_leaves_out_shows_nothing(notebook):
    assert code(notebook, "SVG").metadata.jupyter == {"source_hidden": True}
    assert code(notebook, "x = 4").metadata.jupyter == {"source_hidden": True}
    assert code(notebook, "class Tex").metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}
    assert code(notebook, "class Tex").outputs == []
    assert "jupyter" not in code(notebook, "seen").metadata


def test_outputs_are_kept_without_counts(notebook):
    stream, value = code(notebook, "seen").outputs
    assert stream.text == "seen\n"
    assert value.data == {"text/plain": "42"}
    assert "image/svg+xml" in code(notebook, "SVG(").outputs[0].data
    assert all(cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


def test_a_proof_does_not_repeat_the_equations_that_the_text_has(notebook):
    (output,) = code(notebook, "show(").outputs
    assert output.data["text/html"] == '<p class="proved">Proved by rewriting.</p>'
    assert "Shown.equations = False" in notebook.cells[0].source


def test_text_with_references_that_a_cell_makes_stands_below_it_once(notebook, text):
    cell = code(notebook, "Markdown(")
    assert cell.source.endswith(";")
    assert cell.outputs == []
    assert text.count("| by |") == 1


def test_references_are_links_to_the_site_where_its_address_is_known(folder):
    site = build(folder, "with_address", "-D", "html_baseurl=https://example.org/book")
    notebook = nbformat.read(site / "notebooks" / "page.ipynb", as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert [part for part in LINKED if part not in text] == []
    assert 'base="https://example.org/book/notebooks/")\n' in notebook.cells[0].source


REPOSITORY = "https://github.com/someone/a-book"
BINDER = "https://mybinder.org/v2/gh/someone/a-book/main?urlpath=lab/tree/page.md"
COLAB = "https://colab.research.google.com/#fileId=https%3A%2F%2Fexample.org%2Fbook%2Fnotebooks%2Fpage.ipynb"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("repository", "base", "places"),
    [
        ("", "", []),
        ("", "https://example.org/book", []),
        (REPOSITORY, "", [BINDER]),
        (REPOSITORY, "https://example.org/book/", [BINDER, COLAB]),
    ],
)
def test_a_page_offers_binder_and_colab_where_they_can_find_it(folder, repository, base, places):
    theme = ["-D", "html_theme=sphinx_book_theme", "-D", f"html_theme_options.repository_url={repository}"]
    site = build(folder, f"launch{len(base)}{len(places)}", *theme, "-D", f"html_baseurl={base}")
    page = (site / "page.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(https://(?:mybinder|colab)[^"]*)"', unescape(page)) == places
    assert ('aria-label="Open in a browser"' in page) == bool(places)


def test_binder_installs_the_pins_and_the_library():
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ]
    done = subprocess.run(
        [*command, "-r", ".binder/requirements.txt"], cwd=BOOK.parent, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Would install logitgrad", done.stdout, re.M)
    assert re.search(r"^Requirement already satisfied: jupyter-book==", done.stdout, re.M)


def test_only_pages_with_cells_become_notebooks_and_the_wheel_lies_beside_them(folder):
    names = sorted(path.name for path in (folder / "html" / "notebooks").iterdir())
    assert [re.sub(r"-\d.*", "", name) for name in names] == ["logitgrad", "page.ipynb"]


@pytest.mark.slow
def test_a_second_build_gives_the_same_bytes_and_writes_no_file_again(folder, tmp_path):
    write_source(tmp_path)
    first, second = folder / "html" / "notebooks", build(tmp_path, "html") / "notebooks"
    assert {p.name: p.read_bytes() for p in second.iterdir()} == {p.name: p.read_bytes() for p in first.iterdir()}
    times = {path: path.stat().st_mtime_ns for path in second.iterdir()}
    build(tmp_path, "html", "-a")
    assert {path: path.stat().st_mtime_ns for path in second.iterdir()} == times
