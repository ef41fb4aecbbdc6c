"""Sphinx extension of this book: the page of all exercises, from sphinx-exercise's registry.

``{exercises}`` lists every exercise, chapter by chapter, with its number, title, kinds and a link to its solution;
``{exercises} prediction`` lists those of one kind. A kind is a class of the exercise: see ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_subtitle

#: An exercise, its kinds, and its solution.
Entry = tuple[nodes.Element, list[str], nodes.Element | None]

logger = logging.getLogger(__name__)
KINDS = {
    "derivation": "derivation",
    "prediction": "prediction",
    "find-the-error": "find the error",
    "in-code": "in code",
}


class exercises(nodes.General, nodes.Element):
    """Stands where the list will be; the registry is complete only when all chapters have been read."""


class Exercises(SphinxDirective):
    """The directive: all exercises, or those of one kind."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A place for the list: the exercises are known when all chapters have been read."""
        kind = self.arguments[0] if self.arguments else ""
        if kind and kind not in KINDS:
            raise self.error(f"there is no kind of exercise {kind!r}: there are {', '.join(KINDS)}")
        return [exercises(kind=kind)]


class ListExercises(SphinxPostTransform):
    """Replace each placeholder by its list."""

    default_priority = 5

    def run(self) -> None:
        """Chapters under their titles, in the book's order."""
        for place in list(self.document.findall(exercises)):
            chapters: list[nodes.Node] = []
            for chapter in in_order(self.env, self.config.root_doc):
                items = [self.item(*entry) for entry in self.entries(chapter, place["kind"])]
                if items:
                    title = self.link(chapter, "", self.env.titles[chapter].children)
                    chapters += [nodes.rubric("", "", title), nodes.bullet_list("", *items)]
            place.replace_self(chapters)

    def entries(self, chapter: str, kind: str) -> Iterator[Entry]:
        """A chapter's exercises of a kind, each with all its kinds and its solution."""
        found = [
            entry["node"] for entry in self.env.sphinx_exercise_registry.values() if entry["docname"] == chapter
        ]
        solutions = {node["target_label"]: node for node in found if "target_label" in node}
        for node in found:
            if "target_label" not in node:
                kinds = [name for name in KINDS if name in node["classes"]]
                solution = solutions.get(node["label"])
                if not kinds or solution is None:
                    logger.warning("the exercise %s lacks a kind or a solution", node["label"], location=chapter)
                if not kind or kind in kinds:
                    yield node, kinds, solution

    def item(self, exercise: nodes.Element, kinds: list[str], solution: nodes.Element | None) -> nodes.list_item:
        """Number and title, kinds, and the way to the solution."""
        chapter, label = exercise["docname"], exercise["label"]
        number = ".".join(map(str, self.env.toc_fignumbers[chapter]["exercise"][label]))
        title = [part for name in exercise[0].findall(exercise_subtitle) for part in name.children]
        line = nodes.paragraph("", "", self.link(chapter, label, [nodes.Text(f"{number} "), *title]))
        line += nodes.Text(f" · {', '.join(KINDS[kind] for kind in kinds)}")
        if solution is not None:
            line += [nodes.Text(" · "), self.link(chapter, solution["label"], [nodes.Text("solution")])]
        return nodes.list_item("", line)

    def link(self, chapter: str, label: str, text: list[nodes.Node]) -> nodes.reference:
        """A reference to a place of a chapter."""
        uri = self.app.builder.get_relative_uri(self.env.docname, chapter) + (label and f"#{label}")
        return nodes.reference("", "", *[part.deepcopy() for part in text], internal=True, refuri=uri)


def in_order(env: BuildEnvironment, chapter: str) -> Iterator[str]:
    """A page and those below it, as the table of contents has them."""
    yield chapter
    for below in env.toctree_includes.get(chapter, ()):
        yield from in_order(env, below)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_node(exercises)
    app.add_directive("exercises", Exercises)
    app.add_post_transform(ListExercises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
