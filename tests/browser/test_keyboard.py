"""All of a page by the keyboard alone, and always with a sign of where one is."""

from __future__ import annotations

import pytest

from .book import chapters
from .checks import CHAPTER, assert_nothing
from .visit import visit

pytestmark = pytest.mark.browser

REACHED = {
    "search": ".search-button__button",
    "the theme switch": ".theme-switch-button",
    "a folded cell": ".cell summary",
    "a folded solution": ".solution > summary",
    "a copy button": ".copybtn",
    "a cell's button": ".cell-edit",
    "an answer": ".answer-line input",
    "the next page": ".next-page, .right-next",
}
# Where the focus is, whether it can be seen to be there, and which of the wanted things it is.
STOP = """async wanted => {
  const element = document.activeElement;
  if (element === document.body) return null;
  element.wasFocused = true;
  const look = () => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
    return [outlined && style.outlineWidth + style.outlineColor, style.boxShadow, style.backgroundColor,
            style.borderColor, style.textDecorationLine].join();
  };
  await Promise.all(document.getAnimations().map(moving => moving.finished));
  const box = element.getBoundingClientRect(), focused = look();
  element.blur();
  const plain = look();
  element.focus({ preventScroll: true, focusVisible: true });
  return {
    name: element.outerHTML.slice(0, 120),
    marked: focused !== plain,
    seen: element.checkVisibility({ visibilityProperty: true }) && box.width > 0 && box.height > 0 &&
      box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    is: Object.keys(wanted).filter(name => element.matches(wanted[name])),
  };
}"""
# What has more to show than there is room for, side by side, and was never focused.
PASSED = """() => [...document.querySelectorAll(".bd-article *")].filter(box =>
  box.scrollWidth > box.clientWidth && /auto|scroll/.test(getComputedStyle(box).overflowX) &&
  box.checkVisibility() && !box.wasFocused).map(box => box.outerHTML.slice(0, 120))"""
#: The second has wide tables and a hundred long formulas.
PAGES = [CHAPTER, "book/variants.html"]


def stops(page):
    """Press Tab until the page has been left; tell where it stopped."""
    found = []
    while len(found) < 500:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP, REACHED)
        if stop is None:
            return found
        found.append(stop)
    pytest.fail("the focus never leaves the page")


@pytest.fixture(params=PAGES)
def page_walked(request, go):
    visited = go(request.param, width=390)
    stops(visited.page)
    return visited.page


@pytest.fixture(scope="module", params=[390, 1440])
def walk(request, browser, site):
    with visit(browser, site, request.param) as visited:
        visited.go(CHAPTER)
        yield stops(visited.page)


@pytest.mark.parametrize("thing", REACHED)
def test_tab_reaches(walk, thing):
    assert any(thing in stop["is"] for stop in walk)


def test_tab_reaches_all_that_scrolls_sideways(page_walked):
    scrolling = page_walked.locator(".bd-article [tabindex]").count()
    assert scrolling > 5
    assert_nothing(page_walked.evaluate(PASSED))


def test_the_first_stop_leads_past_the_navigation(go):
    visited = go(CHAPTER)
    visited.page.keyboard.press("Tab")
    assert visited.page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    visited.page.keyboard.press("Enter")
    visited.page.keyboard.press("Tab")
    assert visited.page.evaluate("document.activeElement.closest('main, #main-content') !== null")


def test_the_focus_is_always_marked(walk):
    assert_nothing(stop["name"] for stop in walk if not stop["marked"])


def test_the_focus_is_always_on_the_screen(walk):
    assert_nothing(stop["name"] for stop in walk if not stop["seen"])


def test_tab_reaches_every_chapter_on_a_desk(go):
    visited = go(CHAPTER)
    links = visited.page.locator("nav.bd-docs-nav a")
    assert links.count() == len(chapters())
    for link in links.all():
        link.focus()
        assert link.evaluate(
            "link => link === document.activeElement && link.tabIndex >= 0 && link.checkVisibility()"
        )


def test_a_phones_navigation_opens_by_the_keyboard_and_leads_to_every_chapter(go):
    from playwright.sync_api import expect

    visited = go(CHAPTER, width=390)
    links = visited.page.locator("nav.bd-docs-nav a")
    expect(links.first).not_to_be_in_viewport()
    visited.page.locator(".primary-toggle").press("Enter")
    expect(links.first).to_be_in_viewport()
    visited.stand_still()
    links.first.focus()
    visited.page.keyboard.press("Tab")
    expect(links.nth(1)).to_be_focused()


@pytest.mark.parametrize("width", [390, 1440])
def test_control_k_opens_the_search_and_escape_closes_it(go, width):
    from playwright.sync_api import expect

    visited = go(CHAPTER, width=width)
    field = visited.page.get_by_role("searchbox")
    expect(field).to_be_hidden()
    visited.page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    visited.page.keyboard.press("Escape")
    expect(field).to_be_hidden()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_theme_switch_works_by_the_keyboard(go, key):
    visited = go(CHAPTER)
    schemes = set()
    for _ in range(3):
        visited.page.locator(".theme-switch-button").press(key)
        schemes.add(visited.scheme)
    assert schemes == {"light", "dark"}
