"""What is true of every page, on a phone and on a desk, in light and in dark."""

from __future__ import annotations

import re

import pytest

from ..book.chapters import CHAPTERS
from .checks import assert_nothing

pytestmark = pytest.mark.browser

SOURCES = {f"book/{chapter.slug}.html": chapter.text for chapter in CHAPTERS}

# What can be read, without code, and without what KaTeX keeps for screen readers.
READ_TEXT = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), lines = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.checkVisibility() && !parent.closest("pre, code, .katex")) lines.push(walker.currentNode.data);
  }
  return lines.join("\\n");
}"""
PICTURES = """images => images
  .filter(image => !(image.naturalWidth && image.hasAttribute("width") && image.hasAttribute("height")))
  .map(image => image.currentSrc || image.src)"""

# In pixels, without their padding; half a pixel is rounding.
OUT_OF_SHAPE = """images => images.filter(image => {
  const style = getComputedStyle(image);
  const width = image.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const height = image.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  return Math.abs(height - width * image.naturalHeight / image.naturalWidth) > 0.02 * height + 0.5;
}).map(image => `${image.alt.slice(0, 60)} ${image.clientWidth} x ${image.clientHeight}`)"""


def count(view, selector):
    return view.page.locator(selector).count()


def test_it_loads_without_an_error_or_a_warning_on_the_console(view):
    assert_nothing(view.said)


def test_every_request_is_answered(view):
    assert_nothing(view.unanswered)


def test_no_request_goes_to_another_host(view):
    assert_nothing(view.elsewhere)


def test_the_theme_is_the_one_that_the_system_prefers(view):
    assert view.scheme == view.theme


def test_its_mathematics_is_there_for_eyes_and_for_screen_readers(view):
    source = SOURCES.get(view.address, "")
    has_formulas = re.search(r"\$[^$\n]+\$|^\$\$$|^```\{glue:math\}|\blisting\(", source, flags=re.M) is not None
    assert bool(count(view, ".katex-html")) == has_formulas
    assert count(view, ".katex-html") == count(view, ".katex > .katex-mathml > math")
    assert not count(view, ".katex-error, .math:not(:has(.katex))")
    if has_formulas:
        assert view.page.evaluate(
            "[...document.fonts].some(f => f.family === 'KaTeX_Main' && f.status === 'loaded')"
        )


def test_nothing_widens_it(view):
    assert view.needs <= view.width


def test_nothing_ends_where_it_cannot_be_seen(view):
    assert_nothing(view.cut())


def test_nothing_shifts_while_it_is_read(view):
    assert view.shift_while_read < 0.02


def test_every_picture_is_shown_and_has_its_dimensions(view):
    assert_nothing(view.page.locator("img").evaluate_all(PICTURES))


def test_every_picture_keeps_its_shape(view):
    assert_nothing(view.page.locator("main img").evaluate_all(OUT_OF_SHAPE))


def test_axe_finds_no_violation(view):
    assert_nothing(view.violations())


def test_axe_finds_no_violation_in_what_was_folded(view):
    if view.unfold():
        assert_nothing(view.violations("details"))


def test_no_formula_is_left_as_latex(view):
    view.unfold()
    assert_nothing(re.findall(r"\\[a-zA-Z]+|\$[^$\n]+\$", view.page.evaluate(READ_TEXT)))


def test_the_first_page_weighs_at_most_350_kilobytes(go):
    first = go("index.html", width=390)
    first.read_to_the_end()
    assert first.bytes <= 350_000
