"""The search: what every section says, for _static/search.js to look through in the reader's browser.

Sphinx's own search knows which page has a word, and shows what it cuts out of that page's HTML, each formula
three times over. Here a result is a section, an exercise, a term of the glossary or a name of the library, and
what is shown are its sentences, with formulas as text. MiniSearch ranks them. All of it comes as scripts, so that
it works from disk, and only the search page loads it.
"""

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import formulas
from docutils import nodes
from light import fold_title
from solutions import in_order
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

logger = logging.getLogger(__name__)
MATH = re.compile(r"<math.*?</math>", re.S)
TEX = re.compile(r"<annotation[^>]*>(.*?)</annotation>", re.S)
#: What has an address of its own, and so is a result of its own.
TASKS = (exercise_node, exercise_enumerable_node, solution_node)
PLACES = (nodes.section, *TASKS, addnodes.desc, nodes.definition_list_item)
HEADINGS = (nodes.title, nodes.term, addnodes.desc_signature, fold_title)
#: Sphinx's search, which nothing loads.
REPLACED = ("searchtools.js", "language_data.js")

#: A result: its address on the page, its heading, the paragraphs of its text, its code.
Place = dict[str, Any]


def write_places(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Note what a page says as it is written; a page that is not written again has its notes already."""
    if doctree is not None:
        numbers = ".".join(map(str, app.env.toc_secnumbers.get(page, {}).get("", ())))
        title = f"{numbers}. " * bool(numbers) + app.env.titles[page].astext()
        formulas_of = {_key(tex): line for tex, line in read_formulas(context["body"])}
        exercises = app.env.toc_fignumbers.get(page, {}).get("exercise", {})
        reader = Reader(page, title, exercises, formulas_of)
        notes = {"page": page, "title": title, "places": reader.read(doctree)}
        file = notes_of(app, page)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(notes, ensure_ascii=False), encoding="utf-8")


def notes_of(app: Sphinx, page: str) -> Path:
    """The file of a page's notes, beside what Sphinx has read: a fresh build starts without either."""
    return Path(app.doctreedir) / "search" / f"{page}.json"


def read_formulas(body: str) -> Iterator[tuple[str, str]]:
    """Each formula of a page as TeX and as a line of text, by the ``MathML`` that KaTeX made of it."""
    for mathml in MATH.findall(body):
        tex = TEX.search(mathml)
        if tex:
            yield html.unescape(tex[1]), formulas.plain(mathml)


def _key(tex: str) -> str:
    return "".join(tex.split())


class Reader:
    """Reads the places of one page, in their order."""

    def __init__(
        self, page: str, title: str, numbers: dict[str, tuple[int, ...]], formulas_of: dict[str, str]
    ) -> None:
        self.page = page
        self.title = title
        self.numbers = numbers
        self.formulas_of = formulas_of
        self.places: list[Place] = []

    def read(self, doctree: nodes.document) -> list[Place]:
        """All places that say something."""
        self._enter(doctree, self._place("", ""))
        return [place for place in self.places if place["title"] or place["text"] or place["code"]]

    def _place(self, anchor: str, title: str) -> Place:
        self.places.append({"anchor": anchor, "title": title, "text": [], "code": []})
        return self.places[-1]

    def _enter(self, node: nodes.Element, place: Place) -> None:
        for child in node.children:
            if isinstance(child, PLACES) and (anchor := self._anchor(child)):
                self._enter(child, self._place(anchor, self._title(child)))
            elif isinstance(child, nodes.raw) or (isinstance(child, HEADINGS) and self._anchor(node)):
                continue
            elif isinstance(child, nodes.literal_block | nodes.doctest_block):
                place["code"].append(child.astext())
            elif isinstance(child, nodes.row):
                place["text"].append(" · ".join(filter(None, (self._text(entry) for entry in child))))
            elif isinstance(child, nodes.TextElement):
                place["text"] += filter(None, [self._text(child)])
            elif isinstance(child, nodes.Element):
                self._enter(child, place)

    def _anchor(self, node: nodes.Element) -> str:
        """A section's id; a term's and a name's are on its heading; the parts of an exercise are not addressed."""
        if isinstance(node.parent, TASKS):
            return ""
        ids = node["ids"] or [one for part in node.children if isinstance(part, HEADINGS) for one in part["ids"]]
        return str(ids[0]) if ids else ""

    def _title(self, node: nodes.Element) -> str:
        if isinstance(node.parent, nodes.document):
            return self.title
        heading = next((part for part in node.children if isinstance(part, HEADINGS)), None)
        if isinstance(heading, addnodes.desc_signature):
            return str(heading["ids"][0])
        if isinstance(node, exercise_enumerable_node):
            number = ".".join(map(str, self.numbers[node["label"]]))
            return f"Exercise {number} {self._text(heading)}"
        return self._text(heading) if heading is not None else ""

    def _text(self, node: nodes.Node) -> str:
        return " ".join(self._pieces(node).split())

    def _pieces(self, node: nodes.Node) -> str:
        match node:
            case nodes.math() | nodes.math_block():
                return self._formula(node)
            case nodes.Text():
                return str(node)
            case nodes.raw():  # a line's end
                return " "
            case nodes.paragraph() | nodes.list_item():
                return "".join(map(self._pieces, node.children)) + " "
            case _:
                return "".join(map(self._pieces, node.children))

    def _formula(self, node: nodes.Element) -> str:
        tex = node.astext()
        if _key(tex) not in self.formulas_of:
            logger.warning("the search has no text for the formula %s", tex, location=self.page)
        return self.formulas_of.get(_key(tex), "…")


def write_index(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Put the notes of all pages together, in the book's order, as a script, and make the page that loads it."""
    pages = dict.fromkeys(in_order(app.env, app.config.root_doc))
    notes = [json.loads(notes_of(app, page).read_text(encoding="utf-8")) for page in pages]
    data = json.dumps(notes, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / "searchindex.js").write_text(f"const PAGES = {data};\n", encoding="utf-8")
    for script in REPLACED:
        (Path(app.outdir) / "_static" / script).unlink(missing_ok=True)
    yield "search", {}, "search.html"


def load_index(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """The search page alone loads what the search needs."""
    if page == "search":
        for script in ("minisearch/minisearch.js", "searchindex.js", "search.js"):
            app.add_js_file(script)


def copy_minisearch(app: Sphinx) -> None:
    """Switch Sphinx's own index off, and bring MiniSearch from node_modules, with its licence."""
    app.builder.search = False
    package = Path(app.srcdir) / "node_modules" / "minisearch"
    if not package.is_dir():
        raise ExtensionError("MiniSearch is missing: run `make setup`")
    static = Path(app.outdir) / "_static" / "minisearch"
    static.mkdir(parents=True, exist_ok=True)
    script = (package / "dist" / "umd" / "index.js").read_text(encoding="utf-8")
    (static / "minisearch.js").write_text(re.sub(r"//# sourceMappingURL=.*\n?", "", script), encoding="utf-8")
    shutil.copy(package / "LICENSE.txt", static)


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    app.add_css_file("search.css")
    app.connect("builder-inited", copy_minisearch)
    app.connect("html-page-context", write_places)
    app.connect("html-page-context", load_index)
    app.connect("html-collect-pages", write_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
