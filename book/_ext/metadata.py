"""What a page says of itself: its description for search engines and for links to it, and what it was built from.

A chapter's description is the field ``myst: html_meta: description`` of its front matter. Absolute addresses (the
canonical one, the picture, the site map) exist only where ``html: baseurl`` of _config.yml says where the book is
published. The colophon names the commit, the versions, and how many theorems the page of theorems has proved.
"""

import os
import platform
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import escape
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import citation
from docutils import nodes
from solutions import in_order
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)
PACKAGES = {"SymPy": "sympy", "NumPy": "numpy", "logitgrad": "logitgrad"}
PICTURE = "_static/card.png"
#: The id of the number that the page of theorems prints.
PROVED = "theorems-proved"
#: What ``docutils`` writes, after the one that every page begins with.
VIEWPORT = re.compile(r'<meta [^>]*name="viewport"[^>]*/>\n?')
#: An address on the site, in a page that is shown anywhere.
RELATIVE = re.compile(r'((?:href|src|action|data-content_root)=")(?![#/"]|[a-z]+:)(?:\./)?')


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Write the page's description, and the card that a link to it shows, into its head."""
    base, book = app.config.html_baseurl, context["docstitle"]
    is_start = page in (app.config.root_doc, "index")
    description = _description(app, page, doctree)
    properties = {
        "og:title": book if is_start else re.sub("<.*?>", "", context.get("title", "")) or book,
        "og:type": "website" if is_start else "article",
        "og:site_name": book,
        "og:description": description,
    }
    names = {} if doctree is not None else {"description": description}
    if base:
        properties |= {
            "og:url": context["pageurl"],
            "og:image": urljoin(base, PICTURE),
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": f"{book}: the sigmoid, and p − y as the distance from it to the target.",
        }
        names["twitter:card"] = "summary_large_image"
    tags = [f'<meta property="{name}" content="{escape(text)}" />' for name, text in properties.items()]
    tags += [f'<meta name="{name}" content="{escape(text)}" />' for name, text in names.items()]
    context["metatags"] = VIEWPORT.sub("", context.get("metatags", "")) + "\n".join(tags)
    context["base"], context["base_path"] = base, urlsplit(base).path
    context["colophon"] = app.env.colophon


def _description(app: Sphinx, page: str, doctree: nodes.document | None) -> str:
    """A chapter's own; the pages that are no chapters have the book's."""
    if doctree is None:
        return metadata("logitgrad")["Summary"]
    found = [node["content"] for node in doctree.findall(nodes.meta) if node.get("name") == "description"]
    if not found:
        logger.warning("the front matter has no myst: html_meta: description", location=page)
    return " ".join(found)


def note_theorems(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the number of theorems that a page has proved, as it prints it."""
    for node in doctree.findall(nodes.inline):
        if PROVED in node["ids"]:
            app.env.metadata[app.env.docname][PROVED] = node.astext()


def note_colophon(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Every page carries the colophon: where it has changed, all are written again (none is read again)."""
    before, env.colophon = getattr(env, "colophon", None), colophon(app)
    return [] if env.colophon == before else sorted(env.found_docs)


def colophon(app: Sphinx) -> dict[str, Any]:
    """What the book is built from: the same for the same commit and the same versions, whenever it is built."""
    commit, day = last_commit(Path(app.srcdir), app.config.book_source_date)
    proved = sum(int(data[PROVED]) for data in app.env.metadata.values() if PROVED in data)
    versions = {"Python": platform.python_version()} | {
        name: version(package) for name, package in PACKAGES.items()
    }
    return {
        "commit": commit,
        "date": day,
        "versions": versions,
        "theorems": proved,
    }


def last_commit(root: Path, epoch: str) -> tuple[str, str]:
    """The commit's name and day, or the day asked for; nothing where there is no repository, or no git."""
    name = day = ""
    if (root / ".git").exists():
        try:
            name, day = _git(root, "log", "-1", "--format=%H %cs").split()
        except (OSError, subprocess.CalledProcessError):
            logger.info("git does not say which commit this is")
    if epoch:
        day = datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    return name[:10], _in_words(date.fromisoformat(day)) if day else ""


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _git(root: Path, *command: str) -> str:
    done = subprocess.run(["git", "-C", root, *command], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def add_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page for what is not there, and the root, which leads to the first page."""
    yield "404", {}, "404.html"
    yield "index", {}, "redirect.html"


def write_for_servers(app: Sphinx, exception: Exception | None) -> None:
    """Where the book has an address: the site map, and a 404 page whose links work wherever it is shown."""
    base = app.config.html_baseurl
    if exception is None and app.builder.format == "html" and base:
        root = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
        for page in dict.fromkeys(in_order(app.env, app.config.root_doc)):
            entry = ElementTree.SubElement(root, "url")
            ElementTree.SubElement(entry, "loc").text = urljoin(base, app.builder.get_target_uri(page))
        ElementTree.indent(root)
        ElementTree.ElementTree(root).write(Path(app.outdir) / "sitemap.xml", "utf-8", xml_declaration=True)
        missing = Path(app.outdir) / "404.html"
        text = missing.read_text(encoding="utf-8")
        missing.write_text(RELATIVE.sub(rf"\g<1>{urlsplit(base).path}", text), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    # Asked for now: when the wheel is built, the variable is set for it.
    app.add_config_value("book_source_date", os.environ.get("SOURCE_DATE_EPOCH", ""), "", str)
    app.add_directive("cite-this-book", citation.CiteThisBook)
    app.add_css_file("metadata.css")
    app.connect("doctree-read", note_theorems)
    app.connect("env-updated", note_colophon)
    app.connect("html-page-context", describe)
    app.connect("html-collect-pages", add_pages)
    app.connect("build-finished", write_for_servers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
