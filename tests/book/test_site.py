"""A small book as it is published: what its pages say of themselves, and what its search has to look through."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest

from .test_gate import Book

pytestmark = pytest.mark.gate

BASE = "https://example.org/course/"
DAY = "2031-02-03T12:00:00+0000"
COMMIT = {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}


class Head(HTMLParser):
    """The metadata and the links of a page, and the local addresses in it."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.addresses: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "meta":
            self.metas.append((found.get("name") or found.get("property") or "", found.get("content", "")))
        elif tag == "link":
            self.links.append((found["rel"], found["href"]))
        self.addresses += [found[name] for name in ("href", "src", "action") if name in found]

    def meta(self, name: str) -> list[str]:
        return [content for own, content in self.metas if own == name]

    def link(self, rel: str) -> list[str]:
        return [href for own, href in self.links if own == rel]


def html(book: Book) -> Path:
    return book.html.parents[1]


def pages(book: Book) -> list[Path]:
    return [page for page in html(book).rglob("*.html") if "_static" not in page.parts]


def git(folder: Path, *command: str) -> str:
    identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *identity, *command],
        cwd=folder,
        env=os.environ | COMMIT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """With an address, from a commit."""
    book = Book(tmp_path_factory.mktemp("published"))
    config = book.path / "_config.yml"
    assert 'baseurl: ""' in config.read_text()
    config.write_text(config.read_text().replace('baseurl: ""', f"baseurl: {BASE}"))
    (book.path / ".gitignore").write_text("_build\n__pycache__\nnode_modules\n")
    git(book.path, "init", "--quiet")
    root = book.path / "book" / "intro.md"
    root.write_text(root.read_text() + "\n[2]{#theorems-proved} more theorems.\n")
    book.add("[3]{#theorems-proved} theorems.\n\nIt is $\\frac{1}{1 + e^{-z}}$, as in `BCEWithLogitsLoss`.")
    git(book.path, "add", "--all")
    git(book.path, "commit", "--quiet", "--message", "All")
    status, printed = book.build()
    assert status == 0, printed
    return book


@pytest.fixture(scope="module")
def unpublished(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Without either."""
    book = Book(tmp_path_factory.mktemp("unpublished"))
    status, printed = book.build()
    assert status == 0, printed
    return book


@pytest.mark.parametrize("book", ["published", "unpublished"])
def test_every_page_has_one_viewport_a_description_a_title_and_a_card(book, request):
    for page in pages(request.getfixturevalue(book)):
        head = Head(page)
        assert len(head.meta("viewport")) == 1
        [description] = head.meta("description")
        assert 50 <= len(description) <= 160
        assert head.meta("og:description") == [description]
        [title] = head.meta("og:title")
        assert title
        assert title in page.read_text().partition("<title>")[2].partition("</title>")[0]
        assert '<html lang="en"' in page.read_text()


def test_every_page_names_its_icons_so_that_no_browser_asks_for_another(unpublished):
    for page in pages(unpublished):
        icons = Head(page).link("icon")
        assert [Path(icon).name for icon in icons] == ["icon.svg", "favicon.ico"], page
        assert all((page.parent / icon).is_file() for icon in icons), page


def test_a_published_page_names_its_address_and_its_picture(published):
    head = Head(published.html)
    assert head.link("canonical") == head.meta("og:url") == [f"{BASE}book/sample.html"]
    [picture] = head.meta("og:image")
    assert (html(published) / picture.removeprefix(BASE)).is_file()
    assert Head(html(published) / "index.html").link("canonical") == [f"{BASE}book/intro.html"]


def test_a_book_without_an_address_names_none(unpublished):
    for page in pages(unpublished):
        head = Head(page)
        assert not head.link("canonical")
        assert not head.meta("og:url") + head.meta("og:image")
    assert not (html(unpublished) / "sitemap.xml").exists()


def test_the_site_map_has_every_chapter_once(published):
    root = ElementTree.parse(html(published) / "sitemap.xml").getroot()
    assert [place.text for place in root.findall("{*}url/{*}loc")] == [
        f"{BASE}book/intro.html",
        f"{BASE}book/sample.html",
    ]


def test_the_links_of_the_404_page_work_wherever_it_is_shown(published):
    local = [one for one in Head(html(published) / "404.html").addresses if not re.match(r"[a-z]+:|#", one)]
    assert len(local) > 10
    for address in local:
        assert address.startswith("/course/"), address
        assert (html(published) / re.sub(r"[?#].*", "", address).removeprefix("/course/")).is_file(), address


def colophon(page: Path) -> str:
    found = re.search(r'<p class="colophon">(.*?)</p>', page.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(re.sub("<.*?>", "", found[1]).split())


def test_every_page_says_what_it_was_built_from_and_what_was_proved(published):
    said = {colophon(html(published) / "book" / f"{name}.html") for name in ("intro", "sample")}
    name = git(published.path, "rev-parse", "HEAD")[:10]
    [words] = said
    assert words.startswith(f"Last commit {name} of 3 February 2031; built with Python 3.")
    assert re.search(r"SymPy [\d.]+, NumPy [\d.]+ and logitgrad [\d.]+\. 5 theorems proved\.", words)


def test_without_a_commit_and_a_proof_no_page_speaks_of_one(unpublished):
    assert re.fullmatch(
        r"Built with Python [\d.]+, SymPy [\d.]+, NumPy [\d.]+ and logitgrad [\d.]+\.", colophon(unpublished.html)
    )


def search_text(book: Book) -> list[dict]:
    text = (html(book) / "_static" / "searchindex.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("const PAGES = ").rstrip(";\n"))


def test_the_search_has_the_sentences_of_each_place_with_formulas_as_text(published):
    root, sample = search_text(published)
    assert (root["page"], sample["page"]) == ("book/intro", "book/sample")
    [place] = sample["places"]
    assert place["anchor"] == "a-sample"
    assert "∂/∂z L(z, y) = σ(z) − y" in place["text"]
    assert "By (1), the gradient at z = 0 is 1/2 − y." in place["text"]
    assert "It is 1/(1 + e^(−z)), as in BCEWithLogitsLoss." in place["text"]
    assert "gradient: -0.5" in [output.strip() for output in place["code"]]


def test_the_search_page_alone_loads_the_search(published):
    assert not (html(published) / "searchindex.js").exists()
    for page in pages(published):
        assert ("searchindex.js" in page.read_text()) == (page.name == "search.html")


def test_a_chapter_that_is_built_again_brings_the_others_what_they_share(published):
    published.page.write_text(published.page.read_text().replace("[3]{#th", "[4]{#th").replace("It is", "That is"))
    status, printed = published.build()
    assert status == 0, printed
    for name in ("intro", "sample"):
        words = colophon(html(published) / "book" / f"{name}.html")
        assert "of 3 February 2031; built with Python" in words
        assert words.endswith("6 theorems proved.")
    root, sample = search_text(published)
    assert root["places"]
    assert "That is 1/(1 + e^(−z)), as in BCEWithLogitsLoss." in sample["places"][0]["text"]
