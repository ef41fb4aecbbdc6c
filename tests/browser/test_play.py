"""Figures to play with come to life when they are seen, answer to the keyboard, are pictures without scripts."""

from __future__ import annotations

import pytest

from .checks import CHAPTER, assert_nothing
from .visit import HEIGHTS, THEMES

pytestmark = pytest.mark.browser

FIGURE = "figure:has(> form.play)"
ADDRESSES = [f"book/{slug}.html" for slug in ("sigmoid_bce", "sigmoid_bce_floats", "softmax_ce")]


def alive(visited):
    """The page's figure, in view and drawn."""
    figure = visited.page.locator(FIGURE)
    figure.scroll_into_view_if_needed()
    visited.page.locator(f"{FIGURE}.play-on").wait_for()
    return figure


def test_its_scripts_come_only_when_it_comes_into_view(go):
    visited = go(CHAPTER)
    asked = []
    visited.page.on("request", lambda request: asked.append(request.url))
    assert visited.page.locator(f"{FIGURE}.play-on").count() == 0
    alive(visited)
    assert any("uPlot" in url for url in asked)
    assert_nothing(visited.elsewhere + visited.unanswered + visited.said)


@pytest.mark.parametrize("page", ADDRESSES)
def test_the_arrow_keys_move_it_and_what_it_prints_follows_and_comes_back(go, page):
    from playwright.sync_api import expect

    figure = alive(go(page))
    printed = figure.locator("[data-show]:not([role=status])")
    before = printed.all_text_contents()
    figure.locator("input[type=range]").first.press("ArrowRight")
    assert printed.all_text_contents() != before
    figure.locator("button[type=reset]").press("Enter")
    expect(printed).to_have_text(before)


@pytest.mark.parametrize("page", ADDRESSES)
@pytest.mark.parametrize("width", HEIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_no_violation_in_it_and_it_widens_nothing(go, page, width, theme):
    visited = go(page, width=width, theme=theme)
    alive(visited)
    assert_nothing(visited.violations(FIGURE) + visited.cut())
    assert visited.needs <= width


def test_from_disk_it_is_alive_too(go, disk):
    visited = go(CHAPTER, home=disk, offline=True)
    alive(visited)
    assert_nothing(visited.said + visited.unanswered)


@pytest.mark.parametrize("page", ADDRESSES)
def test_without_scripts_it_is_its_picture(go, page):
    figure = go(page, java_script_enabled=False).page.locator(FIGURE)
    figure.locator("img").scroll_into_view_if_needed()
    assert figure.locator("img").is_visible()
    assert not figure.locator("form.play").is_visible()


def test_on_paper_it_is_its_picture(go):
    visited = go(CHAPTER)
    figure = alive(visited)
    visited.page.emulate_media(media="print")
    assert figure.locator("img").is_visible()
    assert not figure.locator("form.play").is_visible()
