"""How the book is cited, from CITATION.cff alone: as BibTeX, and in the style of the APA."""

import re
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def read(root: str | Path) -> dict[str, Any]:
    """What CITATION.cff says."""
    return dict(yaml.safe_load((Path(root) / "CITATION.cff").read_text(encoding="utf-8")))


def names(cff: dict[str, Any]) -> list[tuple[str, str]]:
    """Each author's family name and given names; a group has one name.

    >>> names({"authors": [{"family-names": "Ekman", "given-names": "Magnus"}, {"name": "The readers"}]})
    [('Ekman', 'Magnus'), ('The readers', '')]
    """
    return [
        (author.get("name") or author["family-names"], author.get("given-names", "")) for author in cff["authors"]
    ]


def bibtex(cff: dict[str, Any], address: str = "") -> str:
    """An entry that every style knows; inner braces keep a group's name and the title's letters as they are."""
    fields = {
        "author": " and ".join(f"{family}, {given}" if given else f"{{{family}}}" for family, given in names(cff)),
        "title": f"{{{cff['title']}}}",
        "year": str(cff["date-released"].year),
        "note": f"Version {cff['version']}",
        "url": cff.get("url") or address,
    }
    key = re.sub(r"\W+", "-", cff["title"].lower())
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def apa(cff: dict[str, Any], address: str = "") -> str:
    """As Markdown: the title is in italics."""
    authors = [f"{family}, {_initials(given)}" if given else family for family, given in names(cff)]
    listed = ", & ".join([", ".join(authors[:-1]), authors[-1]] if len(authors) > 1 else authors)
    work = f"*{cff['title']}* (Version {cff['version']}) [Computer software]."
    return f"{listed.rstrip('.')}. ({cff['date-released'].year}). {work} {cff.get('url') or address}".strip()


def _initials(given: str) -> str:
    return " ".join(f"{name[0]}." for name in given.split())


class CiteThisBook(SphinxDirective):
    """The directive: both forms, the second to be copied."""

    def run(self) -> list[nodes.Node]:
        """Read CITATION.cff, on which the page then depends."""
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / "CITATION.cff"))
        cff, address = read(root), self.config.html_baseurl
        return self.parse_text_to_nodes(f"{apa(cff, address)}\n\n```bibtex\n{bibtex(cff, address)}\n```\n")
