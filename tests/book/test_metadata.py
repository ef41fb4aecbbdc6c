"""What the pages say of themselves, as it stands in the repository."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from datetime import date

import citation
import pytest
import yaml
from pybtex.database import parse_string

from .chapters import BOOK, CHAPTERS

ROOT = BOOK.parent
CFF = citation.read(ROOT)
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PERSONS = {"authors": [{"family-names": "Le Cun", "given-names": "Yann Andre"}, {"name": "The readers"}]}


def description(chapter) -> str:
    front = yaml.safe_load(re.match(r"---\n(.*?)^---\n", chapter.text, flags=re.S | re.M)[1])
    return front["myst"]["html_meta"]["description"]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_every_chapter_has_a_description_of_a_sentences_length_in_plain_text(chapter):
    assert 50 <= len(description(chapter)) <= 160
    assert not re.search(r"[$\\`*{}<>\[\]\n]", description(chapter))
    assert description(chapter).endswith((".", "?"))


def test_no_two_chapters_have_the_same_description():
    assert max(Counter(map(description, CHAPTERS)).values()) == 1


def test_the_description_of_other_pages_has_a_sentences_length():
    assert 50 <= len(PROJECT["description"]) <= 160


def test_the_citation_the_package_and_the_book_agree():
    authors = [author["name"] for author in PROJECT["authors"]]
    assert [name for name, _ in citation.names(CFF)] == authors == [CONFIG["author"]]
    assert CFF["version"] == PROJECT["version"]
    assert json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["version"] == PROJECT["version"]
    assert CFF["title"] == CONFIG["title"]


def test_a_reader_of_bibtex_finds_in_the_entry_what_the_citation_file_says():
    [entry] = parse_string(citation.bibtex(CFF, "https://example.org/"), "bibtex").entries.values()
    [author] = entry.persons["author"]
    assert author.last_names == [f"{{{CFF['authors'][0]['name']}}}"]
    assert not author.first_names
    assert entry.fields["title"].strip("{}") == CFF["title"]
    assert entry.fields["year"] == str(CFF["date-released"].year)
    assert CFF["version"] in entry.fields["note"]
    assert entry.fields["url"] == "https://example.org/"


def test_a_person_is_cited_by_the_family_name():
    cff = CFF | PERSONS
    [entry] = parse_string(citation.bibtex(cff), "bibtex").entries.values()
    assert [person.last_names for person in entry.persons["author"]] == [["Le", "Cun"], ["{The readers}"]]
    assert citation.apa(cff).startswith("Le Cun, Y. A., & The readers. (")
    assert "url" not in entry.fields


def test_the_apa_form_has_author_year_title_and_version():
    cff = CFF | {"date-released": date(2031, 1, 2), "version": "9.8", "title": "A title"}
    expected = "The logitgrad authors. (2031). *A title* (Version 9.8) [Computer software]. https://example.org/"
    assert citation.apa(cff, "https://example.org/") == expected
