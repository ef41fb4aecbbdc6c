"""Search: it finds what readers look for, and shows the sentences in which it stands."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

# What is looked for, and the page that is to be among the first five.
WANTED = {"softmax gradient": "softmax_ce", "nan": "how_to_read", "BCEWithLogits": "frameworks"}
each_query = pytest.mark.parametrize(("query", "slug"), WANTED.items(), ids=WANTED)

RESULTS = "#search-results ul.search > li"
LATEX = r"\\[a-zA-Z]+|\$|[\^_]\{"
# A formula that is read three times over: as MathML, as its source, as it is set.
STUTTER = r"([A-Za-z−-][^\s.]*)\1\1"


def search(go, query, **options):
    """Type the query into the search field of a page, as a reader does."""
    visited = go("book/sigmoid_bce.html", **options)
    visited.page.keyboard.press("Control+k")
    visited.page.keyboard.type(query)
    visited.page.keyboard.press("Enter")
    visited.page.wait_for_url("**/search.html?q=*")
    visited.page.locator(".search-summary", has_text=re.compile(r"\d")).wait_for()
    visited.page.wait_for_load_state("networkidle")
    return visited


def summaries(visited):
    return visited.page.locator(f"{RESULTS} .context").all_inner_texts()


@each_query
def test_the_page_that_answers_is_among_the_first_five(go, query, slug):
    found = search(go, query).page.locator(f"{RESULTS} > a").evaluate_all("links => links.map(link => link.href)")
    assert f"/book/{slug}.html" in " ".join(found[:5])


@each_query
def test_a_summary_is_words_with_the_query_in_them(go, query, slug):
    shown = summaries(search(go, query))
    assert shown
    for summary in shown:
        assert any(word.lower() in summary.lower() for word in query.split())
        assert len(re.findall(r"\b[a-z]{2,}\b", summary)) >= 5


@each_query
def test_a_summary_shows_no_latex_and_no_formula_more_than_once(go, query, slug):
    for summary in summaries(search(go, query)):
        assert not re.search(LATEX, summary)
        assert not re.search(STUTTER, summary)


@each_query
def test_a_summary_is_of_the_text_and_not_of_its_table_of_contents(go, query, slug):
    assert not [summary for summary in summaries(search(go, query)) if re.search(r"\bContents\b", summary)]


@each_query
def test_what_is_found_from_disk_is_the_same(go, disk, query, slug):
    served, opened = search(go, query), search(go, query, home=disk)
    assert not opened.said
    assert summaries(opened) == summaries(served)
    titles = [visited.page.locator(f"{RESULTS} > a").all_inner_texts() for visited in (served, opened)]
    assert titles[0] and titles[0] == titles[1]


def test_a_word_that_is_nowhere_is_said_to_be_nowhere(go):
    visited = go("search.html?q=xyzzyplugh")
    visited.page.locator(".search-summary", has_text="did not match").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_no_violation_in_the_dialog_and_in_the_results(go, width, theme):
    visited = go("book/sigmoid_bce.html", width=width, theme=theme)
    visited.page.keyboard.press("Control+k")
    assert not visited.violations()
    visited.go("search.html?q=nan")
    visited.page.locator(RESULTS).first.wait_for()
    visited.page.wait_for_load_state("networkidle")
    assert not visited.violations()
