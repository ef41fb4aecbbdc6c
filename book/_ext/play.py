"""Figures to play with: ``{play} simplex`` makes the figure that ``:figure:`` names one that can be moved by hand.

What the reader moves is plain HTML, ``book/_play/<name>.html``; it stands between the picture and its caption, and
the directive's content, which says what to try, below the caption. The scripts in ``_static/play`` draw upon the
picture when it comes into view, from the closed forms in ``forms.js``. Only pages with such a figure load them.
Without scripts, in print, and in formats other than HTML, the static figure is all there is.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

PANELS = Path(__file__).parents[1] / "_play"
STATIC = Path(__file__).parents[1] / "_static"
LOADED = ("play/play.css", "play/play.js")
PLOTTER = ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE")


class play(nodes.General, nodes.Element):
    """The controls of a figure; its children say what to try."""


class stage(nodes.General, nodes.Element):
    """Holds the static picture, and keeps its box for the live one."""


class Play(SphinxDirective):
    """The directive: the name of a panel, and below it what to try."""

    required_arguments = 1
    has_content = True
    option_spec = {"figure": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """The controls wait here for their figure, which a cell has yet to show."""
        panel = PANELS / f"{self.arguments[0]}.html"
        if not panel.is_file() or "figure" not in self.options:
            raise self.error(f"{{play}} needs a panel in {PANELS.name} and a :figure:, not {self.block_text!r}")
        for part in (panel, *(STATIC / name for name in LOADED)):  # a page's links carry their check sums
            self.env.note_dependency(str(part))
        node = play(panel=panel.read_text(encoding="utf-8"), figure=self.options["figure"])
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class JoinFigures(SphinxPostTransform):
    """Put each panel into its figure, once MyST-NB has chosen (at 4) in which format a cell's output is shown."""

    default_priority = 6

    def run(self) -> None:
        """Between the picture and the caption come the controls, below the caption what to try."""
        figures = {name: figure for figure in self.document.findall(nodes.figure) for name in figure["ids"]}
        for panel in list(self.document.findall(play)):
            panel.parent.remove(panel)
            figure = figures.get(panel["figure"])
            if figure is None:
                logger.warning("there is no figure %s to play with", panel["figure"], location=panel)
            elif self.app.builder.format == "html":
                picture, *below = figure.children
                words = nodes.legend("", *panel.children, classes=["play-try"])
                panel.clear()
                figure.children = []
                figure += [stage("", picture), panel, *below, words]


def visit_stage(translator: HTML5Translator, _: stage) -> None:
    """Open the box around the picture."""
    translator.body.append('<div class="play-stage">')


def depart_stage(translator: HTML5Translator, _: stage) -> None:
    """Close it."""
    translator.body.append("</div>\n")


def visit_play(translator: HTML5Translator, node: play) -> None:
    """Write the controls."""
    translator.body.append(node["panel"])
    raise nodes.SkipNode


def load(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add style and script to the pages that have such a figure, and to no others."""
    if doctree is not None and next(doctree.findall(play), None) is not None:
        style, script = LOADED
        app.add_css_file(style)
        app.add_js_file(script, loading_method="defer")


def copy_plotter(app: Sphinx) -> None:
    """Copy uPlot, with its licence, to where the figures load it from."""
    package = Path(app.srcdir) / "node_modules" / "uplot"
    if not package.is_dir():
        raise ExtensionError("uPlot is missing: run `make setup`")
    target = Path(app.outdir) / "_static" / "play" / "uplot"
    target.mkdir(parents=True, exist_ok=True)
    for part in PLOTTER:
        shutil.copyfile(package / part, target / Path(part).name)


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    app.add_node(play, html=(visit_play, None))
    app.add_node(stage, html=(visit_stage, depart_stage))
    app.add_directive("play", Play)
    app.add_post_transform(JoinFigures)
    app.connect("builder-inited", copy_plotter)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
