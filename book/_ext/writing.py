"""Pages are written side by side, and written again when what they show of other pages has changed.

Sphinx writes a page again when its own text has changed, or its numbers. But a page also shows titles, numbers and
labels of the pages that it refers to, and all pages show the chapters' titles. Here, what each name stands for is
noted before and after the chapters are read, and a page that refers to a name which now means something else is
written again.
"""

import gc
import os
from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from solutions import exercises
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinxcontrib.bibtex.nodes import bibliography

#: What stands for a list of things from all pages.
LISTS = (bibliography, exercises)
#: The names that a page refers to, in its metadata.
REFERS = "refers-to"

Meanings = dict[str, set[str]]


def note_references(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the names that a page refers to; None for a page that lists what is on others."""
    lists = any(isinstance(node, LISTS) for node in doctree.findall())
    names = {node["reftarget"] for node in doctree.findall(addnodes.pending_xref)}
    app.env.metadata[app.env.docname][REFERS] = None if lists else names


def number(env: BuildEnvironment, page: str, place: str) -> list[Any]:
    """The numbers of a section, a figure, an equation or an exercise."""
    section = env.toc_secnumbers.get(page, {}).get(f"#{place}")
    return [section, *(kind[place] for kind in env.toc_fignumbers.get(page, {}).values() if place in kind)]


def named(env: BuildEnvironment) -> Iterator[tuple[str, Any]]:
    """All that a page can refer to: its name, and what is shown of it."""
    standard = env.domaindata["std"]
    for labels in (standard["labels"], standard["anonlabels"]):
        for name, (page, place, *title) in labels.items():
            yield name, (page, place, title, number(env, page, place))
    for name, (page, _) in env.domaindata["math"]["objects"].items():
        yield name, (page, number(env, page, nodes.make_id(f"equation-{name}")))
    for (_, name), where in standard["objects"].items():
        yield name, where
    for name, entry in env.domaindata["py"]["objects"].items():
        yield name, entry[:2]
    for citation in env.domaindata["cite"]["citations"]:
        yield citation.key, (citation.citation_id, citation.formatted_entry.text.render_as("text"))
    for name, entry in getattr(env, "sphinx_exercise_registry", {}).items():
        yield name, (entry["docname"], entry["node"][0].astext(), sorted(entry["node"]["classes"]))


def meanings(env: BuildEnvironment) -> Meanings:
    """What each name stands for, as text."""
    found: Meanings = {}
    for name, meaning in named(env):
        found.setdefault(name, set()).add(repr(meaning))
    return found


def frame(env: BuildEnvironment) -> list[Any]:
    """What every page shows: the chapters in their order, with titles and numbers."""
    titles = [
        (page, title.astext(), env.toc_secnumbers.get(page, {}).get("")) for page, title in env.titles.items()
    ]
    return [sorted(titles, key=str), sorted(env.toctree_includes.items())]


def note_before(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Remember what names stand for before chapters are read."""
    app.config.written_before = meanings(env), frame(env)


def pages_to_rewrite(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """The pages of which Sphinx does not know that what they show has changed."""
    (before, frame_before), after = app.config.written_before, meanings(env)
    if frame(env) != frame_before:
        return env.all_docs
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    return [page for page in env.all_docs if _shows(env.metadata[page][REFERS], changed)]


def _shows(names: set[str] | None, changed: set[str]) -> bool:
    return bool(changed if names is None else names & changed)


class ReadOnce:
    """The environment, for looking at other pages: a numbered reference looks its target's page up each time."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env
        self._trees: dict[str, nodes.document] = {}

    def get_doctree(self, docname: str) -> nodes.document:
        """A page as it was read; it must not be changed."""
        if docname not in self._trees:
            self._trees[docname] = self._env.get_doctree(docname)
        return self._trees[docname]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


def read_pages_once(app: Sphinx, builder: Builder) -> None:
    """Let numbered references share the pages that they look at."""
    standard, pages = app.env.get_domain("std"), ReadOnce(app.env)
    original = standard._resolve_numref_xref
    standard._resolve_numref_xref = lambda env, *more: original(pages, *more)


def write_in_parallel(app: Sphinx, env: BuildEnvironment) -> None:
    """One process for each processor writes, beside this one, which resolves references.

    jupyter-book asks for one process in all. Reading stays with one: not every extension can do it otherwise.
    """
    app.parallel = (os.cpu_count() or 1) + 1


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    # Trees of whole chapters come and go, of a hundred thousand objects each: to look for cycles in them as often
    # as Python does by default takes a third of a build after an edit.
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    app.add_config_value("written_before", None, "", types=())
    app.connect("doctree-read", note_references)
    app.connect("env-before-read-docs", note_before)
    # After the numbers have been given, on the same event.
    app.connect("env-get-updated", pages_to_rewrite, priority=1000)
    app.connect("env-updated", write_in_parallel)
    app.connect("write-started", read_pages_once)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
