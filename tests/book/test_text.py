"""What the text promises about itself: labels, cells, exercises, figures."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from logitgrad import figures
from logitgrad.symbolic import theorems
from logitgrad.verdicts import CLAIMS

from .chapters import BOOK, CHAPTERS, TAUGHT

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
each_taught = pytest.mark.parametrize("chapter", TAUGHT, ids=lambda chapter: chapter.slug)


def test_every_theorem_is_shown_once_with_its_label_in_its_own_chapter():
    shown = [(chapter.slug, name, label) for chapter in CHAPTERS for name, label in chapter.labels]
    wanted = [(theorem.chapter, name, theorem.label) for name, theorem in theorems.items()]
    assert Counter(shown) == Counter(wanted)


@each_chapter
def test_every_equation_label_in_the_text_is_that_of_a_theorem_or_a_definition(chapter):
    theorem_labels = {theorem.label for theorem in theorems.values()}
    definitions = re.findall(r"^\$\$ \((eq-[\w-]+-definition)\)$", chapter.text, flags=re.M)
    labels = re.findall(r"(?:^:label: |^\$\$ \()(eq-[\w-]+)", chapter.text, flags=re.M)
    assert set(labels) <= theorem_labels | set(definitions)


@each_chapter
def test_every_pasted_result_is_proved_in_the_chapter_itself(chapter):
    proving = "\n".join(cell.source for cell in chapter.cells if "show(" in cell.source)
    proved = set(re.findall(r'"([\w-]+)"', proving))
    pasted = set(re.findall(r"^```\{glue:math\} ([\w-]+)$", chapter.text, flags=re.M))
    assert pasted <= proved


@each_chapter
def test_no_visible_cell_is_longer_than_twelve_lines(chapter):
    long = [cell.source for cell in chapter.cells if cell.visible and len(cell.source.splitlines()) > 12]
    assert not long


@each_chapter
def test_no_boolean_is_left_to_the_readers_eye(chapter):
    last_lines = [cell.source.splitlines()[-1] for cell in chapter.cells if cell.source]
    comparisons = [line for line in last_lines if re.match(r"^[^=#(]*\s(==|!=|<|>|<=|>=)\s", line)]
    assert not [line for line in comparisons if not line.lstrip().startswith(("assert", "for", "if"))]


@each_taught
def test_every_chapter_has_five_exercises_each_with_a_solution(chapter):
    assert len(chapter.exercises) >= 5
    assert chapter.solutions == chapter.exercises


OPENING = ("intro", "how_to_read", "notation")
KINDS = {"derivation", "prediction", "find-the-error", "in-code"}


@each_taught
def test_every_exercise_has_a_kind_and_every_chapter_all_kinds(chapter):
    assert all(kinds and kinds <= KINDS for _, kinds in chapter.kinds)
    if chapter.slug not in OPENING:
        assert set().union(*(kinds for _, kinds in chapter.kinds)) == KINDS


@each_taught
def test_exercise_labels_carry_the_chapters_slug(chapter):
    prefix = f"ex-{chapter.slug.replace('_', '-')}-"
    assert all(label.startswith(prefix) for label in chapter.exercises)


@each_taught
def test_every_solution_runs_an_assertion(chapter):
    solutions = re.findall(r"^```\{solution-start\}.*?^```\{solution-end\}", chapter.text, flags=re.M | re.S)
    assert len(solutions) == len(chapter.solutions)
    assert all("{code-cell}" in solution and "assert" in solution for solution in solutions)


@each_chapter
def test_figures_say_in_the_page_what_the_library_says_they_show(chapter):
    for name, alt in chapter.figures:
        assert alt == figures.alt(name).replace('"', "'")


@each_taught
def test_every_chapter_after_the_opening_has_two_figures(chapter):
    assert len({name for name, _ in chapter.figures}) >= 2 or chapter.slug in OPENING


def test_every_figure_cell_has_a_caption_and_an_alternative_text():
    for chapter in CHAPTERS:
        for cell in chapter.cells:
            if re.search(r"figures\.(?!use_style|alt)\w+\(", cell.source):
                assert "caption:" in cell.tags and "alt:" in cell.tags, (chapter.slug, cell.source)


def test_every_chapter_of_the_registry_is_a_page_in_the_table_of_contents():
    toc = (BOOK.parent / "_toc.yml").read_text(encoding="utf-8")
    listed = {Path(name).name for name in re.findall(r"^(?:root|\s*- file): (\S+)", toc, flags=re.M)}
    assert {theorem.chapter for theorem in theorems.values()} <= listed
    assert {chapter.slug for chapter in CHAPTERS} == listed


def test_the_intro_has_a_line_for_every_chapter_with_theorems_in_the_books_order():
    toc = (BOOK.parent / "_toc.yml").read_text(encoding="utf-8")
    proving = {theorem.chapter for theorem in theorems.values()}
    in_order = [slug for slug in re.findall(r"^\s*- file: book/(\S+)", toc, flags=re.M) if slug in proving]
    (intro,) = [chapter for chapter in CHAPTERS if chapter.slug == "intro"]
    assert re.findall(r'^    "(\w+)": \(', intro.text, flags=re.M) == in_order


def test_each_theorem_is_listed_on_one_page_in_the_books_order():
    toc = (BOOK.parent / "_toc.yml").read_text(encoding="utf-8")
    slugs = re.findall(r"^\s*- file: book/(\S+)", toc, flags=re.M)
    proving = {theorem.chapter for theorem in theorems.values()}
    text = {slug: (BOOK / f"{slug}.md").read_text(encoding="utf-8") for slug in slugs}
    pages = {slug: call[1] for slug in slugs if (call := re.search(r"\blisting\((.*?)\)", text[slug]))}
    assert [chapter for call in pages.values() for chapter in re.findall(r'"(\w+)"', call)] == [
        slug for slug in slugs if slug in proving
    ]
    assert dict(re.findall(r'^    "(theorems_\w+)": \[(.*)\],$', text["theorems"], flags=re.M)) == pages


@each_chapter
def test_cells_use_no_network_no_shell_and_no_files(chapter):
    for cell in chapter.cells:
        assert not re.search(r"^\s*[!%]|\bopen\(|urllib|requests|subprocess", cell.source, flags=re.M)


ROW = re.compile(r"^\| ([A-E]\d+[ab]?) \| .* \| (holds if|holds|fails)\b.* \|$", flags=re.M)


@pytest.mark.slow
def test_every_claim_stands_once_in_the_chapter_that_settles_it_with_its_verdict():
    told = [(chapter.slug, *row) for chapter in CHAPTERS for row in ROW.findall(chapter.text)]
    assert sorted(told) == sorted((claim.chapter, id, claim.decide().word) for id, claim in CLAIMS.items())


def test_every_figure_is_referred_to_by_its_number():
    text = "\n".join(chapter.text for chapter in CHAPTERS)
    named = re.findall(r"^    name: (fig-[\w-]+)$", text, flags=re.M)
    assert set(named) <= set(re.findall(r"\{numref\}`(?:[^`<]*<)?(fig-[\w-]+)", text))
