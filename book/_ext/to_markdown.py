"""A resolved page as plain Markdown, for notebooks: of what MyST adds to it, numbers and names remain.

A method of `Writer` writes the nodes of the class after which it is named; any other node is written as what is in
it. (The builders that write Markdown files know no equation numbers, and cannot stop where a page has a cell.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import indent
from urllib.parse import urljoin

from docutils import nodes
from sphinx.application import Sphinx

SYNTAX = re.compile(r"([\\`*_\[\]$|]|^[#+-](?= )|^\d+(?=[.)] ))")


class Writer:
    """Writes the nodes of one page; ``self.address`` is where the page will be read, if that is known."""

    def __init__(self, app: Sphinx, page: str) -> None:
        base = app.config.html_baseurl
        self.address = base and urljoin(f"{base.rstrip('/')}/", app.builder.get_target_uri(page))
        self.numbers = app.env.toc_fignumbers.get(page, {})
        self.chapter = app.env.toc_secnumbers.get(page, {}).get("")
        self.figure_format = app.config.numfig_format["figure"]

    def __call__(self, node: nodes.Node) -> str:
        """Write a node as the nearest of its classes is written."""
        for kind in type(node).__mro__:
            if write := getattr(self, kind.__name__, None):
                return write(node)
        return self.children(node)

    def children(self, node: nodes.Node) -> str:
        """What is in a node: running text, or blocks with a line between them."""
        parts = [self(child) for child in node.children]
        return "".join(parts) if isinstance(node, nodes.TextElement) else "\n\n".join(filter(str.strip, parts))

    def number(self, kind: str, node: nodes.Element) -> str:
        """The number of an equation, a figure or an exercise, as the page has it."""
        found = [self.numbers.get(kind, {}).get(label) for label in node["ids"]]
        return next((".".join(map(str, number)) for number in found if number), "")

    # In a line

    def Text(self, node: nodes.Text) -> str:
        return SYNTAX.sub(r"\\\1", node.astext().replace("\n", " ")).replace("<", "&lt;")

    def emphasis(self, node: nodes.Element) -> str:
        return f"*{self.children(node)}*"

    def strong(self, node: nodes.Element) -> str:
        return f"**{self.children(node)}**"

    def literal(self, node: nodes.Element) -> str:
        if "xref" in node["classes"] or any(isinstance(part, nodes.math) for part in node.children):
            return self.children(node)
        code = node.astext().replace("\n", " ")
        fence = "``" if "`" in code else "`"
        pad = " " if "`" in code else ""
        return f"{fence}{pad}{_in_cell(node, code, '|', chr(92) + '|')}{pad}{fence}"

    def math(self, node: nodes.Element) -> str:
        return f"${_barless(node, ' '.join(node.astext().split()))}$"

    def reference(self, node: nodes.Element) -> str:
        """A link, if it leads out of the notebook and it is known where."""
        text, target = self.children(node), node.get("refuri") or f"#{node.get('refid', '')}"
        target = urljoin(self.address, target)
        return f"[{text}]({target})" if re.match("[a-z]+:", target) else text

    def raw(self, node: nodes.Element) -> str:
        return node.astext() if "html" in node.get("format", "") else ""

    def nothing(self, node: nodes.Node) -> str:
        return ""

    comment = image = index = target = toctree = substitution_definition = nothing

    # Blocks

    def title(self, node: nodes.Element) -> str:
        depth = sum(isinstance(above, nodes.section) for above in _above(node))
        chapter = f"{'.'.join(map(str, self.chapter))}. " if self.chapter and depth == 1 else ""
        return f"{'#' * depth} {chapter}{self.children(node)}"

    def rubric(self, node: nodes.Element) -> str:
        return f"**{self.children(node)}**"

    sd_tab_label = rubric

    def math_block(self, node: nodes.Element) -> str:
        tex = re.sub(r"\n\s*\n", "\n", node.astext().strip()).replace(r"\displaystyle ", "", 1)
        tag = rf" \tag{{{number}}}" if node.get("number") and (number := self.number("displaymath", node)) else ""
        return f"$$\n{_barless(node, tex)}{tag}\n$$"

    def literal_block(self, node: nodes.Element) -> str:
        language = node.get("language", "")
        language = "python" if language.startswith("ipython") else language
        language = "" if language in ("default", "none", "myst-ansi", "text") else language
        code = node.astext().strip("\n")
        fence = "````" if "```" in code else "```"
        return f"{fence}{language}\n{code}\n{fence}"

    def doctest_block(self, node: nodes.Element) -> str:
        return f"```python\n{node.astext()}\n```"

    def answer_form(self, node: nodes.Element) -> str:
        """The line that checks an answer to the exercise, in place of the form."""
        line = f'from logitgrad.exercises import check\n\ncheck("{node["exercise"]}", "...")'
        return f"Your answer can be checked in a cell:\n\n```python\n{line}\n```"

    def bullet_list(self, node: nodes.Element) -> str:
        return self._list(node, ["- "] * len(node))

    def enumerated_list(self, node: nodes.Element) -> str:
        return self._list(node, [f"{node.get('start', 1) + i}. " for i in range(len(node))])

    def _list(self, node: nodes.Element, marks: list[str]) -> str:
        items = [self(item) for item in node]
        gap = "\n\n" if any("\n" in item for item in items) else "\n"
        return gap.join(m + indent(item, " " * len(m)).strip() for m, item in zip(marks, items, strict=True))

    def definition_list_item(self, node: nodes.Element) -> str:
        terms = [f"**{self(term)}**" for term in node.findall(nodes.term)]
        return f"{', '.join(terms)}: {self(node[-1])}"

    def field(self, node: nodes.Element) -> str:
        return f"*{self(node[0])}:* {self(node[1])}"

    desc = children  # which counts among the admonitions

    def desc_signature(self, node: nodes.Element) -> str:
        return f"**`{node.astext().strip()}`**"

    def table(self, node: nodes.Element) -> str:
        rows = [[self._cell(entry) for entry in row.findall(nodes.entry)] for row in node.findall(nodes.row)]
        rows.insert(1, ["---"] * len(rows[0]))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _cell(self, entry: nodes.Element) -> str:
        return " ".join(self.children(entry).replace("\n\n", "<br>").split())

    def caption(self, node: nodes.Element) -> str:
        """A figure's caption, which stands for the figure: the picture is the output of the cell above."""
        return f"*{self.figure_format % self.number('figure', node.parent)}.* {self.children(node)}"

    def Admonition(self, node: nodes.Element) -> str:
        """A note, an exercise: a quotation under its title."""
        titled = isinstance(node[0], nodes.title)
        title = self.children(node[0]) if titled else type(node).__name__.capitalize()
        if titled and "%s" in node[0].get("title", ""):  # an exercise
            title = node[0]["title"] % self.number("exercise", node) + title
        return quoted("\n\n".join([f"**{title}**", *map(self, node.children[titled:])]))


def quoted(text: str) -> str:
    """A block quotation."""
    return indent(text, "> ", lambda line: True).replace("> \n", ">\n")


def folded(summary: str, text: str) -> str:
    """What opens on a click: HTML, around Markdown."""
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while (node := node.parent) is not None:
        yield node


def _in_cell(node: nodes.Node, text: str, old: str, new: str) -> str:
    return text.replace(old, new) if any(isinstance(above, nodes.entry) for above in _above(node)) else text


def _barless(node: nodes.Node, tex: str) -> str:
    r"""In a table a bar ends a cell, so that ``|x|`` is written by names."""
    return _in_cell(node, _in_cell(node, tex, r"\|", r"\Vert "), "|", r"\vert ")
