"""The book as one PDF: complete, with links that lead somewhere; and what is said where nothing can print it.

``SITE`` names another built book than that of `make book`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from .chapters import BOOK, CHAPTERS

ROOT = BOOK.parent
SITE = Path(os.environ.get("SITE", ROOT / "_build" / "html"))
SLUGS = [chapter.slug for chapter in CHAPTERS]
TITLE = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]


def make_pdf(target: Path, *options: str) -> subprocess.CompletedProcess:
    """Run the program of `make pdf`."""
    command = [sys.executable, BOOK / "_pdf" / "make_pdf.py", SITE, target, *options]
    return subprocess.run(command, capture_output=True, text=True)


def test_without_a_browser_it_is_said_what_is_needed(tmp_path):
    done = make_pdf(tmp_path / "book.pdf", "--browser", str(tmp_path / "none"))
    assert done.returncode == 1
    assert f"{tmp_path / 'none'} is not found" in done.stderr
    assert "apt install chromium" in done.stderr
    assert "BROWSER=" in done.stderr


def test_an_old_browser_is_refused(tmp_path):
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho Chromium 99.0.1\n")
    browser.chmod(0o755)
    done = make_pdf(tmp_path / "book.pdf", "--browser", str(browser))
    assert done.returncode == 1
    assert re.search(r"Chromium 99\.0\.1, and \d+ or newer is needed", done.stderr)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    done = make_pdf(target)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in target.parent.iterdir()] == ["book.pdf"]
    return PdfReader(BytesIO(target.read_bytes()))


@pytest.fixture(scope="module")
def texts(pdf):
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def titles(slug: str) -> str:
    """A chapter's title as its page has it."""
    html = (SITE / "book" / f"{slug}.html").read_text(encoding="utf-8")
    return re.sub(r"<[^>]*>|#(?=</a>)", "", re.search(r"<h1>(.*?)</h1>", html)[1]).strip()


@pytest.mark.pdf
def test_it_is_a_book_by_its_pages_size_and_metadata(pdf):
    assert 250 < len(pdf.pages) < 500
    assert pdf.stream.getbuffer().nbytes < 15e6
    assert (pdf.metadata.title, pdf.metadata.author) == (TITLE, "The logitgrad authors")
    assert {page.mediabox.width for page in pdf.pages} == {pdf.pages[0].mediabox.width}


@pytest.mark.pdf
@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_begins_on_the_page_that_the_contents_name(slug, pdf, texts):
    title = titles(slug)
    start = pdf.get_destination_page_number(pdf.named_destinations[f"/{slug}"])
    assert title in texts[start]
    contents = " ".join(texts[1 : pdf.get_destination_page_number(pdf.named_destinations["/intro"])])
    assert re.search(rf"{re.escape(title)} {start + 1}(?!\d)", contents)


@pytest.mark.pdf
def test_the_outline_has_every_chapter(pdf):
    def flat(entries):
        return [one for entry in entries for one in (flat(entry) if isinstance(entry, list) else [entry.title])]

    # Chromium takes the number of a heading into the outline, or leaves it out: its versions differ.
    named = {re.sub(r"^\d+\.\s+", "", entry) for entry in flat(pdf.outline)}
    assert {titles(slug) for slug in SLUGS} - named == set()


@pytest.mark.pdf
def test_every_link_leads_into_the_document_or_to_another_site(pdf):
    places = pdf.named_destinations
    inside = outside = 0
    for page in pdf.pages:
        for link in (annotation.get_object() for annotation in page.get("/Annots") or []):
            if "/Dest" in link:
                assert str(link["/Dest"]) in places
                inside += 1
            else:
                assert re.match(r"https?://(?!127|localhost)", link["/A"]["/URI"])
                outside += 1
    assert inside > 1500
    assert outside > 50


@pytest.mark.pdf
def test_equations_have_their_numbers_and_nothing_that_is_folded_is_left(texts):
    text = " ".join(texts)
    for slug in SLUGS:
        html = (SITE / "book" / f"{slug}.html").read_text(encoding="utf-8")
        for number in re.findall(r'<span class="eqno">(\([\d.]+\))', html):
            assert number in text
    assert "Show code cell" not in text
