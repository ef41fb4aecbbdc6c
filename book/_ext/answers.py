"""Exercises whose answer can be checked: what is asked, the form to answer in, and the answer, all from one entry.

``{asked}`` is the sentence of the exercise in `logitgrad.exercises`, and below it a form; ``{answer}`` is the
answer as a displayed formula. The form does nothing until it is used: then a worker loads Python (see
`python_in_page`) and checks. By the same worker the cells of a page can be edited and run. Without scripts and in
print there is the sentence alone; in a notebook, besides, the line that checks.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import python_in_page
from docutils import nodes
from docutils.statemachine import StringList
from notebooks import is_cell, write
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from logitgrad.exercises import Exercise, exercises
from logitgrad.symbolic import tex

#: Some of those that may be typed.
FUNCTIONS = ("exp", "log", "sigma")
STYLE, SCRIPT = "answers/answers.css", "answers/answers.js"


class answer_form(nodes.General, nodes.Element):
    """Where the answer to an exercise is typed; its children say in which names."""


class OfExercise(SphinxDirective):
    """What a directive about an entry of `logitgrad.exercises` needs."""

    required_arguments = 1

    def entry(self) -> Exercise:
        """The entry that is named; one that there is not stops the build, and names the nearest."""
        try:
            return exercises[self.arguments[0]]
        except KeyError as error:
            raise self.error(str(error)) from None


class Asked(OfExercise):
    """The directive: what is asked, and the form."""

    def run(self) -> list[nodes.Node]:
        """The sentence, which is Markdown, and below it the names that may be typed."""
        entry = self.entry()
        sentence = nodes.Element()
        self.state.nested_parse(
            StringList(entry.asked.splitlines(), self.block_text), self.content_offset, sentence
        )
        form = answer_form("", names(entry), exercise=entry.id)
        self.set_source_info(form)
        return [*sentence.children, form]


class Answer(OfExercise):
    """The directive: the answer."""

    def run(self) -> list[nodes.Node]:
        """A formula on a line of its own."""
        written = tex(self.entry().answer)
        node = nodes.math_block(written, written, docname=self.env.docname, number=None, label=None, nowrap=False)
        self.set_source_info(node)
        return [node]


def names(entry: Exercise) -> nodes.paragraph:
    """The names that the answer may have, each with what it stands for."""
    line = nodes.paragraph("", "Names: ")
    for number, (name, meaning) in enumerate(entry.symbols.items()):
        line += [nodes.Text(", ")] * bool(number) + [nodes.literal("", name)]
        if tex(meaning) != name and str(meaning) != name:
            line += [nodes.Text(" = "), nodes.math("", tex(meaning))]
    line += nodes.Text(". Functions: ")
    for name in FUNCTIONS:
        line += [nodes.literal("", name), nodes.Text(", ")]
    line += nodes.Text("...; LaTeX works too.")
    return line


def visit_form(translator: HTML5Translator, node: answer_form) -> None:
    """Open the form."""
    exercise = escape(node["exercise"])
    translator.body.append(
        f'<form class="answer" data-exercise="{exercise}" autocomplete="off">\n'
        f'<label for="answer-{exercise}">Your answer</label>\n<div class="answer-line">'
        f'<input id="answer-{exercise}" name="answer" aria-describedby="names-{exercise}" spellcheck="false" '
        'autocapitalize="none" autocorrect="off" maxlength="1000"><button>Check</button></div>\n'
        f'<div class="answer-names" id="names-{exercise}">\n'
    )


def depart_form(translator: HTML5Translator, _: answer_form) -> None:
    """Close it: below the names come what was understood, and the verdict."""
    translator.body.append(
        '</div>\n<p class="answer-preview"></p>\n<div class="answer-verdict" role="status"></div>\n</form>\n'
    )


def name_state(app: Sphinx, config: Config) -> None:
    """Pages name the state of what they load, and so are written anew when it changes."""
    config.answers_version = python_in_page.state(Path(app.srcdir))


def put_python(app: Sphinx) -> None:
    """Put Python into the site."""
    python_in_page.put(Path(app.srcdir), Path(app.outdir))


def load(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give a page with cells their sources in a file, and the script that waits for their use."""
    if doctree is None:
        return
    shown = [node["cell_index"] for node in doctree.findall(nodes.container) if is_cell(node)]
    if not shown and next(doctree.findall(answer_form), None) is None:
        return
    slug = page.rpartition("/")[2]
    content = f"{json.dumps(cells(app, page, shown))}\n".encode()
    write(Path(app.outdir) / python_in_page.FOLDER / "cells" / f"{slug}.json", content)
    address = f"cells/{slug}.json?v={python_in_page.digest(content)}"
    attributes = {"data-version": app.config.answers_version, "data-cells": address}
    app.add_js_file(SCRIPT, loading_method="defer", **attributes)


def cells(app: Sphinx, page: str, shown: list[int]) -> list[dict[str, Any]]:
    """The sources of all cells in their order; of those that the page shows, the place among them."""
    notebook = json.loads(Path(app.env.mystnb_config.output_folder, f"{page}.ipynb").read_text(encoding="utf-8"))
    place = {index: number for number, index in enumerate(shown)}
    return [
        {"source": "".join(cell["source"]), "shown": place.get(index)}
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
    ]


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    app.add_config_value("answers_version", "", "html")
    app.add_css_file(STYLE)
    app.add_node(answer_form, html=(visit_form, depart_form))
    app.add_directive("asked", Asked)
    app.add_directive("answer", Answer)
    app.connect("config-inited", name_state)
    app.connect("builder-inited", put_python)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
