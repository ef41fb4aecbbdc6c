"""What is left out of a page, and what must not be: a small book, built with and without what one would miss."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from .chapters import BOOK

CONF = f"""\
import sys
sys.path.insert(0, {str(BOOK / "_ext")!r})
extensions = ["myst_nb", "sphinx_exercise", "sphinx_togglebutton", "light"]
html_theme = "sphinx_book_theme"
templates_path = [{str(BOOK / "_templates")!r}]
html_static_path = [{str(BOOK / "_static")!r}]
html_css_files = ["custom.css"]
html_js_files = ["open_target.js", "book.js"]
exclude_patterns = ["node_modules"]
myst_enable_extensions = ["attrs_block", "dollarmath"]
suppress_warnings = ["myst"]
html_theme_options = {{"use_download_button": False}}
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="150.3pt"/>'
PAGE = """\
# A page

| | one | two |
|---|---|---|
| row | 1 | 2 |

![a picture](picture.svg)

```{exercise} One
:label: ex-one

One, $x$, or two $y$? Of $z$ nothing. *First*, *second* $u$, *third*.
Type `e^-z - 1`, not `a name that is too long for half a line`.
Short is $p(1 - p)$, and $a + b + c + d + e + f + g + h + i$ is long.
```

```{solution} ex-one
:class: dropdown

One.
```
"""


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """The book as it is built, with a sheet that has one rule that the page needs and one that it does not."""
    source = tmp_path_factory.mktemp("light")
    (source / "node_modules").symlink_to(BOOK.parent / "node_modules")
    (source / "conf.py").write_text(CONF)
    (source / "index.md").write_text(PAGE)
    (source / "picture.svg").write_text(PICTURE)
    command = [sys.executable, "-m", "sphinx", "-q", source, source / "html"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    return source / "html"


@pytest.fixture(scope="module")
def page(html):
    return (html / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def style(html):
    return (html / "_static" / "book.css").read_text(encoding="utf-8")


def test_page_has_one_style_sheet_for_all(page):
    assert re.findall(r'rel="stylesheet"[^>]*href="([^"]*)"', page) == ["_static/book.css"]


def test_no_script_of_a_file_waits_for_nothing(page):
    scripts = re.findall(r"<script[^>]* src=[^>]*>", page)
    assert scripts and all("defer" in script for script in scripts)


def test_scripts_for_which_the_page_has_no_use_are_not_named(page):
    assert not re.search(r"bootstrap\.js|pydata-sphinx-theme\.js|togglebutton|document\.write", page)


@pytest.mark.parametrize(
    "needed", [".search-button__wrapper.show", "details.solution", "data-theme=dark", "th.stub"]
)
def test_rules_that_page_or_script_can_match_stay(style, needed):
    assert needed in style.replace('"', "")


@pytest.mark.parametrize("unused", [".carousel", ".offcanvas", ".fa-airbnb", "@import"])
def test_rules_that_nothing_can_match_go(style, unused):
    assert unused not in style


def test_every_file_that_the_style_sheet_names_is_there(html, style):
    named = set(re.findall(r"url\((?!data:)[\"']?([^)\"'?#]+)", style))
    missing = {name for name in named if not (html / "_static" / name).is_file()}
    assert not {name for name in missing if name.endswith(".woff2")}


def test_icons_that_a_page_shows_come_inside_the_style_sheet(style):
    assert "data:font/woff;base64," in style
    assert len(style) < 200_000


def test_picture_says_its_size_in_pixels(page):
    (picture,) = re.findall(r'<img [^>]*picture\.svg"[^>]*>', page)
    assert 'width="400"' in picture and 'height="200"' in picture and 'loading="lazy"' in picture


def test_short_code_stays_on_one_line_and_long_code_may_break(page):
    short, long = re.findall(r'<code class="([^"]*)">', page)
    assert "together" in short.split() and "together" not in long.split()


def test_short_formula_stays_on_one_line_and_a_long_one_may_break(page):
    *_, short, long = re.findall(r'<span class="([^"]*\bmath\b[^"]*)">', page)
    assert "together" in short.split() and "together" not in long.split()


def test_stop_after_a_formula_stays_with_it(page):
    together = re.findall(
        r'<span class="together">(<span class="[^"]*\bmath\b[^>]*>.*?</span>)([^<]*)</span>', page
    )
    assert [stop for _, stop in together] == [",", "?", ",", ","]
    assert "</span>, or two" not in page


def test_stop_that_stays_with_a_formula_is_taken_from_after_it(page):
    assert re.search(r"<em>First</em>, <em>second</em> <span .*>,</span> <em>third</em>\.", page)


def test_solution_folds_by_its_title_without_a_script(page):
    (title,) = re.findall(r"<details [^>]*solution[^>]*>\s*<summary[^>]*>(.*?)</summary>", page, re.S)
    assert title.startswith("Solution to") and "<a" not in title
    assert "solution-content" not in page and "exercise-content" not in page


def test_table_with_an_empty_corner_has_names_of_rows_and_no_empty_heading(page):
    assert re.search(r'<th class="stub"><p>row</p>', page)
    assert not re.search(r"<th[^>]*>(<p></p>)?</th>", page)
