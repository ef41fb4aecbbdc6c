"""The book as one PDF, printed by a browser from the pages that `make book` has built.

A browser needs no second account of how mathematics, tables and code look, and many machines have one. The pages
are put behind each other in the order of the table of contents, with identifiers that are unique in the book;
links between them become links inside the document. It is printed twice: the first time tells on which page each
chapter begins.
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pikepdf
import yaml
from bs4 import BeautifulSoup, Tag
from sphinx_external_toc.parsing import parse_toc_yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: The first that numbers pages and repeats titles in the margin.
OLDEST = 131
BROWSERS = (
    *(
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "microsoft-edge",
        "msedge",
    ),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
#: What only a screen has a use for, what a page folds away, and the second account of each formula.
LEFT_OUT = (
    "a.headerlink, .toctree-wrapper, script, button, form, .play-try, details.hide",
    ".katex-mathml, .sd-tab-set > input",
)


class NothingToPrintWith(Exception):
    """There is no browser, or it is too old."""


def find_browser(given: str | None) -> str:
    """Return the browser that was named, or the first that is here."""
    for name in [given] if given else BROWSERS:
        if path := shutil.which(name):
            said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            numbers = [word.split(".")[0] for word in said.split() if word[0].isdigit()]
            if numbers and int(numbers[0]) >= OLDEST:
                return path
            raise NothingToPrintWith(f"{path} is {said.strip() or 'no browser'}, and {OLDEST} or newer is needed")
    raise NothingToPrintWith(f"{given or 'Chromium, Chrome or Edge'} is not found")


def chapters(root: Path) -> Iterator[tuple[str, str]]:
    """The pages in their order, each with the caption of the part that it begins."""
    toc = parse_toc_yaml(root / "_toc.yml")
    yield toc.root.docname, ""
    for part in toc.root.subtrees:
        for i, page in enumerate(part.items):
            yield page, "" if i else part.caption or ""


class Book:
    """All pages of a site in one document."""

    def __init__(self, site: Path, target: Path, pages: list[tuple[str, str]]) -> None:
        self.site, self.pages = site, pages
        self.way = os.path.relpath(site, target.parent)
        self.known = {f"{page}.html": page.rpartition("/")[2] for page, _ in pages}
        self.parts = [self.chapter(page) for page, _ in pages]

    def chapter(self, page: str) -> Tag:
        """A page's text, for its place in the book."""
        soup = BeautifulSoup((self.site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
        text = soup.select_one("article.bd-article")
        slug = self.known[f"{page}.html"]
        for part in text.select(", ".join(LEFT_OUT)):
            part.decompose()
        for part in text.select("details"):
            part["open"] = ""
        for part in text.select("[id]"):
            part["id"] = f"{slug}--{part['id']}"
        for part in text.select("[src]"):
            part["src"] = f"{self.way}/{urljoin(page, part['src'])}"
            part.attrs.pop("loading", None)  # a browser that prints does not scroll
        for link in text.select("a[href]"):
            self.lead(link, page)
        text.name, text.attrs = "section", {"id": slug, "class": "chapter", "style": f"page: {slug}"}
        return text

    def lead(self, link: Tag, page: str) -> None:
        """Let a link lead to the place in this document; a page that is not in it cannot be reached."""
        target, place = urldefrag(urljoin(f"{page}.html", link["href"]))
        if target in self.known:
            link["href"] = f"#{self.known[target]}{place and f'--{place}'}"
        elif "://" not in target:
            link.unwrap()

    def title(self, part: Tag) -> str:
        """A chapter's title with its number, in plain text."""
        return " ".join(part.h1.get_text().split())

    def contents(self, starts: dict[str, int]) -> str:
        """The table of contents."""
        lines = []
        for (_, caption), part in zip(self.pages, self.parts, strict=True):
            if caption:
                lines.append(f"<p>{html.escape(caption)}</p>")
            number = starts.get(part["id"], 0)
            title = html.escape(self.title(part))
            lines.append(f'<a href="#{part["id"]}"><span>{title}</span><span>{number}</span></a>')
        return f'<nav id="contents"><h1>Contents</h1>{"".join(lines)}</nav>'

    def running_titles(self) -> str:
        """For each chapter the style of its pages, which have its title on top."""
        return "".join(
            f'@page {part["id"]} {{ @top-center {{ content: "{self.title(part)}" }} }}\n' for part in self.parts
        )

    def document(self, cover: str, starts: dict[str, int]) -> str:
        """The whole of it, with the style of the site's code and formulas, and one for paper."""
        style = (HERE / "pdf.css").read_text(encoding="utf-8") + self.running_titles()
        sheets = ["pygments.css", "katex/katex.min.css"]
        links = "".join(f'<link rel="stylesheet" href="{self.way}/_static/{sheet}">' for sheet in sheets)
        head = f'<meta charset="utf-8"><title>{self.title(self.parts[0])}</title>{links}<style>{style}</style>'
        text = f"{cover}{self.contents(starts)}{''.join(map(str, self.parts))}"
        return (
            f'<!DOCTYPE html>\n<html lang="en" data-theme="light"><head>{head}</head><body>{text}</body></html>\n'
        )


def cover_of(config: dict[str, str], date: str) -> str:
    """The first page."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [f"<h1>{config['title']}</h1>", f"<p>{project['description']}</p>", f"<p>{config['author']}</p>"]
    lines.append(f"<p>Version {project['version']}{date and f', {date}'}. Text: CC BY 4.0. Code: MIT.</p>")
    return f'<section id="cover">{"".join(lines)}</section>'


def time_of_commit(form: str) -> str:
    """When the commit was made, or nothing outside a repository."""
    command = ["git", "log", "-1", "--format=%cd", f"--date=format:{form}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def print_page(browser: str, page: Path, pdf: Path, *options: str) -> None:
    """Have the browser print a page."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
        command += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command += ["--no-pdf-header-footer", f"--print-to-pdf={pdf}", *options, page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True)
    if not pdf.is_file():
        raise NothingToPrintWith(f"{browser} did not print:\n{done.stderr}")


def starts_of(path: Path, slugs: list[str]) -> dict[str, int]:
    """The page on which each chapter begins."""
    with pikepdf.open(path) as pdf:
        return {slug: pikepdf.Page(pdf.Root.Dests[f"/{slug}"][0]).index + 1 for slug in slugs}


def finish(draft: Path, target: Path, config: dict[str, str], titles: list[str]) -> None:
    """Say what the PDF is, and write it smaller, without what differs from one printing to the next."""
    with pikepdf.open(draft) as pdf:
        with pdf.open_outline() as outline:
            # Chromium has the text of a heading twice that begins a page.
            for entry, title in zip(outline.root, [config["title"], "Contents", *titles], strict=True):
                entry.title = title
        for key in list(pdf.docinfo):
            del pdf.docinfo[key]
        pdf.docinfo["/Title"], pdf.docinfo["/Author"] = config["title"], config["author"]
        if date := time_of_commit("D:%Y%m%d%H%M%S"):
            pdf.docinfo["/CreationDate"] = date
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def make(site: Path, browser: str, target: Path) -> None:
    """Print the book twice, the second time with page numbers in its table of contents."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    target.parent.mkdir(parents=True, exist_ok=True)
    book, cover = Book(site, target, list(chapters(ROOT))), cover_of(config, time_of_commit("%-d %B %Y"))
    page, draft, final = (target.parent / name for name in ("print.html", "draft.pdf", "final.pdf"))
    page.write_text(book.document(cover, {}), encoding="utf-8")
    print_page(browser, page, draft, "--disable-pdf-tagging")
    page.write_text(book.document(cover, starts_of(draft, list(book.known.values()))), encoding="utf-8")
    print_page(browser, page, final, "--generate-pdf-document-outline")
    finish(final, target, config, [book.title(part) for part in book.parts])
    for path in (page, draft, final):
        path.unlink()


def main() -> int:
    """Make the PDF, or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, help="what `make book` has built")
    parser.add_argument("target", type=Path, help="the PDF")
    parser.add_argument("--browser", default=None, help="the browser to print with")
    given = parser.parse_args()
    try:
        make(given.site.resolve(), find_browser(given.browser), given.target.resolve())
    except NothingToPrintWith as missing:
        print(
            f"make pdf prints the book with a browser: {missing}.\nInstall Chromium, Chrome or Edge "
            "(Debian, Ubuntu: apt install chromium), or name one: make pdf BROWSER=/path/to/chrome",
            file=sys.stderr,
        )
        return 1
    print(given.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
