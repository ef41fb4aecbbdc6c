"""Search: it finds what readers look for, and shows the sentences in which it stands."""

from __future__ import annotations

import re

import pytest

from .checks import CHAPTER, assert_nothing
from .visit import HEIGHTS, THEMES, visit

pytestmark = pytest.mark.browser

# What is looked for, and the page that is to be among the first five.
WANTED = {
    "softmax gradient": "softmax_ce.html",
    "nan": "sigmoid_bce_floats.html",
    "BCEWithLogits": "frameworks.html",
}

RESULTS = "#search-results ul.search > li"
LATEX = r"\\[a-zA-Z]+|\$|[\^_]\{"
# A formula that is read three times over: for screen readers, as its source, as it is set.
STUTTER = r"([A-Za-z−-][^\s.]*)\1\1"


def search(visited, query):
    """Type the query as a reader does, and wait until all summaries are there."""
    visited.go(CHAPTER)
    visited.page.keyboard.press("Control+k")
    visited.page.keyboard.type(query)
    visited.page.keyboard.press("Enter")
    visited.page.wait_for_url("**/search.html?q=*")
    visited.page.locator(f"{RESULTS} .context").first.wait_for()


@pytest.fixture(scope="module", params=WANTED)
def found(request, browser, site):
    """The results of a query, on their page."""
    with visit(browser, site) as visited:
        search(visited, request.param)
        visited.query = request.param
        yield visited


def titles(visited):
    return visited.page.locator(f"{RESULTS} > a").all_inner_texts()


def summaries(visited):
    return visited.page.locator(f"{RESULTS} .context").all_inner_texts()


def test_the_page_that_answers_is_among_the_first_five(found):
    addresses = found.page.locator(f"{RESULTS} > a").evaluate_all("links => links.map(link => link.href)")
    assert any(WANTED[found.query] in address for address in addresses[:5]), addresses[:5]


def test_every_result_has_a_word_of_the_query(found):
    words = found.query.lower().split()
    results = found.page.locator(RESULTS).all_inner_texts()
    assert_nothing(result for result in results if not any(word in result.lower() for word in words))


def test_the_first_results_show_sentences(found):
    shown = summaries(found)[:5]
    assert shown
    assert_nothing(summary for summary in shown if len(re.findall(r"\b[a-z]{2,}\b", summary)) < 5)


def test_no_summary_shows_latex(found):
    assert_nothing(summary for summary in summaries(found) if re.search(LATEX, summary))


def test_no_summary_shows_a_formula_more_than_once(found):
    assert_nothing(summary for summary in summaries(found) if re.search(STUTTER, summary))


def test_no_summary_is_of_a_table_of_contents(found):
    assert_nothing(summary for summary in summaries(found) if re.search(r"\bContents\b", summary))


def test_from_disk_the_same_is_found(found, browser, disk):
    with visit(browser, disk) as opened:
        search(opened, found.query)
        assert_nothing(opened.said)
        assert titles(opened) == titles(found) != []
        assert summaries(opened) == summaries(found)


def test_a_word_that_is_nowhere_is_said_to_be_nowhere(go):
    page = go("search.html?q=xyzzyplugh").page
    page.locator(".search-summary", has_text=re.compile("not|nothing", re.I)).wait_for()
    assert page.locator(RESULTS).count() == 0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", HEIGHTS)
def test_axe_finds_no_violation_in_the_dialog_and_in_the_results(go, width, theme):
    visited = go(CHAPTER, width=width, theme=theme)
    visited.page.keyboard.press("Control+k")
    dialog = visited.violations()
    visited.go("search.html?q=nan")
    visited.page.locator(RESULTS).first.wait_for()
    assert_nothing(dialog + visited.violations())
