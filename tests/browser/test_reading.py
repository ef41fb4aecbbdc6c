"""What a reader does to a page: change the theme, open what is folded, copy a cell, follow a link."""

from __future__ import annotations

import json
import re

import pytest

from logitgrad.symbolic import theorems

from ..book.chapters import Chapter
from .checks import CHAPTER
from .visit import HEIGHTS, THEMES

pytestmark = pytest.mark.browser

FOLDS = {"code": ".cell details", "solution": "details.solution"}
each_fold = pytest.mark.parametrize("fold", FOLDS.values(), ids=FOLDS)


def assert_opens_and_closes(details, act):
    """By an act on its title, done twice."""
    from playwright.sync_api import expect

    title, content = details.locator(":scope > summary"), details.locator(":scope > :not(summary)").first
    expect(title).to_be_visible()
    expect(content).to_be_attached()
    expect(content).to_be_hidden()
    act(title)
    expect(content).to_be_visible()
    act(title)
    expect(content).to_be_hidden()


@pytest.mark.parametrize("theme", THEMES)
def test_the_switch_changes_the_theme_and_the_choice_is_remembered(go, theme):
    (other,) = set(THEMES) - {theme}
    visited = go(CHAPTER, theme=theme)
    for _ in range(3):  # light, dark, and as the system has it
        if visited.scheme != other:
            visited.page.locator(".theme-switch-button").click()
    assert visited.scheme == other
    visited.page.reload()
    assert visited.scheme == other
    visited.go("book/intro.html")
    assert visited.scheme == other
    red = re.match(r"rgb\((\d+)", visited.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert (int(red[1]) < 128) == (other == "dark")


@each_fold
def test_what_is_folded_opens_and_closes_by_the_mouse(go, fold):
    folds = go(CHAPTER).page.locator(f"{fold}:visible").all()
    assert folds
    for details in folds:
        assert_opens_and_closes(details, lambda title: title.click())


@each_fold
@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_what_is_folded_opens_and_closes_by_the_keyboard(go, fold, key):
    folds = go(CHAPTER).page.locator(f"{fold}:visible").all()
    assert folds
    for details in folds:
        assert_opens_and_closes(details, lambda title: title.press(key))


def test_a_copy_button_puts_the_cells_source_on_the_clipboard(go):
    visited = go(CHAPTER, permissions=["clipboard-read", "clipboard-write"])
    visited.unfold()
    cells = [cell.source for cell in Chapter("sigmoid_bce").cells if "remove-" not in cell.tags]
    buttons = visited.page.locator(".cell_input .copybtn").all()
    assert len(buttons) == len(cells) > 0
    for button, source in zip(buttons, cells, strict=True):
        button.click()
        assert visited.page.evaluate("navigator.clipboard.readText()").rstrip("\n") == source


def assert_target_is_open(visited):
    from playwright.sync_api import expect

    target = visited.page.locator(f'[id="{visited.page.evaluate("decodeURIComponent(location.hash.slice(1))")}"]')
    expect(target.locator(":scope > :not(summary)").first).to_be_visible()
    expect(target).to_be_in_viewport()


def test_a_link_to_a_folded_solution_opens_it(go):
    visited = go("book/solutions.html")
    links = visited.page.locator('a[href^="sigmoid_bce.html#"]', has_text=re.compile("^solution$"))
    number = links.count()
    assert number
    for one in range(number):
        visited.go("book/solutions.html")
        links.nth(one).click()
        visited.page.wait_for_url("**/sigmoid_bce.html#**")
        assert_target_is_open(visited)


def test_a_link_from_the_page_itself_opens_a_folded_solution_too(go):
    visited = go(CHAPTER)
    for name in visited.page.locator("details.solution").evaluate_all("solutions => solutions.map(one => one.id)"):
        visited.page.evaluate("name => { location.hash = name }", name)
        assert_target_is_open(visited)


PLACES = ("equation-eq-softplus-stable", "summary", "in-code")


@pytest.mark.parametrize("way", ["address", "link"])
@pytest.mark.parametrize("width", HEIGHTS)
@pytest.mark.parametrize("place", PLACES)
def test_a_link_leads_to_its_place_also_for_those_who_like_motion(go, place, width, way):
    address = f"{CHAPTER}#{place}" if way == "address" else CHAPTER
    visited = go(address, width=width, reduced_motion="no-preference")
    if way == "link":
        visited.page.evaluate("place => { location.hash = place }", place)
    stands = (
        "() => new Promise(done => { const y = scrollY; setTimeout(() => done(scrollY === y && y > 0), 300) })"
    )
    visited.page.wait_for_function(stands)
    top = visited.page.locator(f"[id='{place}']").evaluate("place => place.getBoundingClientRect().top")
    assert 0 <= top < 100


def test_a_chapter_is_downloaded_as_a_notebook_whose_library_is_on_the_site(go, site):
    page = go(CHAPTER).page
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    assert download.value.suggested_filename == "sigmoid_bce.ipynb"
    notebook = json.loads(download.value.path().read_text(encoding="utf-8"))
    first, *_, last = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    wheel = re.search(r"logitgrad-[\w.-]+\.whl", "".join(first["source"]))
    assert "assert" in "".join(last["source"])
    assert page.request.get(f"{site}/notebooks/{wheel[0]}").ok


def test_the_colophon_counts_every_theorem_and_leads_to_their_names(go):
    from playwright.sync_api import expect

    visited = go(CHAPTER)
    visited.page.locator(".colophon a").filter(has_text=f"{len(theorems)} theorems").click()
    names = visited.page.locator(".cell_output li code")
    expect(names).to_have_count(len(theorems))
    assert sorted(names.all_text_contents()) == sorted(theorems)
