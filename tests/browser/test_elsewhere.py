"""The book elsewhere: from disk, without scripts, on paper, and where there is no page."""

from __future__ import annotations

import io
import re

import pytest

from .book import HTML
from .checks import CHAPTER, assert_nothing
from .visit import visit

pytestmark = pytest.mark.browser

A4 = 794 - 2 * 38  # CSS pixels, less the margins of the browser's own choice


def test_from_disk_a_page_shows_all_and_complains_of_nothing(go, disk, address):
    visited = go(address, home=disk, offline=True)
    visited.read_to_the_end()
    assert_nothing(visited.said + visited.unanswered + visited.elsewhere)
    assert visited.page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert visited.page.evaluate("[...document.styleSheets].length > 0")
    if visited.page.locator(".katex").count():
        assert visited.page.evaluate(
            "[...document.fonts].some(f => f.family === 'KaTeX_Main' && f.status === 'loaded')"
        )


def test_from_disk_the_first_page_leads_to_the_introduction(go, disk):
    assert go("index.html", home=disk, offline=True).page.url.endswith("/book/intro.html")


def test_without_scripts_text_and_figures_are_there_and_what_is_folded_can_be_opened(go, address):
    from playwright.sync_api import expect

    visited = go(address, java_script_enabled=False)
    page = visited.page
    expect(page.locator("h1:visible")).not_to_have_count(0)
    for figure in page.locator("main img").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_be_visible()
        assert figure.evaluate("image => image.decode().then(() => image.naturalWidth)")
    for title in page.locator("details > summary").all():  # what is outside comes first
        title.click()
    for content in page.locator("details > :not(summary), .solution > section").all():
        expect(content).to_be_visible()


# What would have to be scrolled is lost on paper.
CUT = """() => [...document.querySelectorAll("main *")]
  .filter(box => box.checkVisibility() && !box.closest(".katex-mathml, .sr-only"))
  .filter(box => getComputedStyle(box).overflowX !== "visible" && box.clientWidth > 1)
  .filter(box => box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.scrollWidth} in ${box.clientWidth} px: ${box.textContent.trim().slice(0, 100)}`)"""


def test_on_paper_no_line_is_cut(go, address):
    page = go(address).page
    page.set_viewport_size({"width": A4, "height": 1000})
    page.emulate_media(media="print", color_scheme="light")
    assert_nothing(page.evaluate(CUT))
    assert page.evaluate("document.scrollingElement.scrollWidth") <= A4


# The first text between formulas that is long enough to be found again.
SENTENCES = """paragraphs => paragraphs
  .map(paragraph => [...paragraph.childNodes].find(node => node.data?.trim().length > 20)?.data)
  .filter(Boolean)"""


@pytest.fixture(scope="module")
def paper(browser, site):
    """What is read in a chapter's PDF, without its spaces; and the solutions' paragraphs as the page has them."""
    from pypdf import PdfReader

    with visit(browser, site) as visited:
        visited.go(CHAPTER)
        solutions = visited.page.locator(".solution > section p").evaluate_all(SENTENCES)
        captions = visited.page.locator("nav.bd-docs-nav .caption").all_text_contents()
        pdf = PdfReader(io.BytesIO(visited.page.pdf(format="A4")))
    text = "".join(page.extract_text() for page in pdf.pages)
    return _letters(text), [_letters(one) for one in solutions], [_letters(one) for one in captions]


def _letters(text):
    return re.sub(r"\W", "", text)


def test_on_paper_every_solution_is_open(paper):
    text, solutions, _ = paper
    assert solutions
    assert_nothing(solution for solution in solutions if solution not in text)


def test_on_paper_there_is_no_navigation(paper):
    text, _, captions = paper
    assert len(captions) > 4
    assert "Sigmoidandbinarycrossentropy" in text
    assert_nothing(caption for caption in captions[1:] if caption in text)


def test_on_paper_nothing_is_there_to_be_pressed(go):
    page = go(CHAPTER).page
    page.emulate_media(media="print")
    pressed = page.locator("header, nav, .bd-sidebar, button").all()
    assert_nothing(one.evaluate("one => one.outerHTML.slice(0, 100)") for one in pressed if one.is_visible())


# Where the page itself is shown deeper down, its links would lead nowhere.
@pytest.mark.parametrize(
    ("unknown", "shown"), [("nowhere.html", "nowhere.html"), ("book/nowhere.html", "404.html")]
)
def test_an_unknown_address_is_answered_by_a_page_that_leads_home(go, site, unknown, shown):
    assert (HTML / "404.html").is_file()
    visited = go(unknown)
    assert visited.page.request.get(f"{site}/{unknown}").status == 404
    visited.page.wait_for_url(f"{site}/{shown}")
    assert not visited.elsewhere
    visited.page.locator('main a[href$="intro.html"]').click()
    visited.page.wait_for_url(f"{site}/book/intro.html")
