"""Every page with cells as a notebook that runs on its own, beside the wheel of the library that it needs.

They are made from the resolved pages, where each number is known, and from the notebooks that MyST-NB has
executed. Outputs stay, since many read a notebook where they cannot run it. The site's folder ``notebooks`` holds
them and the wheel.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import nbformat
from docutils import nodes
from first_cell import install
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx_exercise.nodes import solution_node
from to_markdown import Writer, folded

import logitgrad

FOLDER = "notebooks"
ROLE = re.compile(r"\{[a-z:]+\}`")
LIVE_ONLY = re.compile(r'<div class="live-only">.*?</div>', re.S)
SOURCE_HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
OUTPUTS_HIDDEN = {"hide-output", "hide-cell", "remove-output", "remove-cell"}
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def build_wheel(app: Sphinx) -> None:
    """Build the library's wheel into the site; the same commit gives the same bytes."""
    roots = [folder for folder in Path(logitgrad.__file__).parents if (folder / "pyproject.toml").is_file()]
    if not roots:
        raise ExtensionError(
            "logitgrad is installed without its sources, of which its wheel is made: run `make setup`"
        )
    env = {"SOURCE_DATE_EPOCH": _time_of_commit(roots[0])} | os.environ
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
        subprocess.run(command, cwd=roots[0], env=env, check=True, capture_output=True)
        (wheel,) = Path(folder).iterdir()
        write(Path(app.outdir) / FOLDER / wheel.name, wheel.read_bytes())
    app.config.notebooks_wheel = wheel.name


def _time_of_commit(root: Path) -> str:
    """Seconds; outside a repository the beginning of 1980, before which a ZIP file knows no time."""
    git = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True)
    return git.stdout.strip() or "315532800"


def write(path: Path, content: bytes) -> None:
    """Write a file unless it has this very content."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def add_notebook(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Write the notebook of a page that has cells, and tell the template where it is."""
    if doctree is None or not any(map(is_cell, doctree.findall(nodes.container))):
        return
    executed = nbformat.read(Path(app.env.mystnb_config.output_folder, f"{page}.ipynb"), as_version=4)
    slug = page.rpartition("/")[2]
    cells = [
        first_cell(app.config.notebooks_wheel, notebooks_address(app)),
        *Pages(Writer(app, page), executed).cells(doctree),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"{slug}-{number}"
    notebook = new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(notebook)
    write(Path(app.outdir) / FOLDER / f"{slug}.ipynb", f"{nbformat.writes(notebook)}\n".encode())
    context["notebook"] = context["pathto"](f"{FOLDER}/{slug}.ipynb", 1)


def add_places(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Offer to open a page's notebook in a browser."""
    repository, branch = (context.get(f"theme_repository_{name}") for name in ("url", "branch"))
    if repository and "notebook" in context:
        places = list(launch(repository, branch or "main", page, notebooks_address(app)))
        context["header_buttons"].append(
            {"type": "group", "tooltip": "Open in a browser", "icon": "fas fa-rocket", "buttons": places}
        )


def notebooks_address(app: Sphinx) -> str:
    """The address of the folder, if that of the book is configured."""
    return app.config.html_baseurl and f"{app.config.html_baseurl.rstrip('/')}/{FOLDER}/"


def launch(repository: str, branch: str, page: str, notebooks: str) -> Iterator[dict[str, str]]:
    """Buttons for Binder, which takes the repository, and for Colab, which takes a notebook from the site."""
    host, owner, name = repository.rstrip("/").rsplit("/", 2)
    here = f"gh/{owner}/{name}" if host.endswith("github.com") else f"git/{quote(repository, safe='')}"
    binder = f"https://mybinder.org/v2/{here}/{branch}?urlpath=lab/tree/{page}.md"
    yield {"type": "link", "text": "Binder", "tooltip": "Open in Binder", "url": binder}
    if notebooks:
        notebook = quote(f"{notebooks}{page.rpartition('/')[2]}.ipynb", safe="")
        colab = f"https://colab.research.google.com/#fileId={notebook}"
        yield {"type": "link", "text": "Colab", "tooltip": "Open in Colab", "url": colab}


def first_cell(wheel: str, base: str) -> NotebookNode:
    """The cell that brings the library."""
    source = (
        f"# Run this first: it installs the book's library, {wheel.split('-')[0]}, unless this version is here.\n"
        f"{inspect.getsource(install)}\n"
        f'install("{wheel}", base="{base}")\n\n'
        "from logitgrad.symbolic.render import Shown\n\n"
        "Shown.equations = False  # the text below a proof has them, with their numbers"
    )
    return new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})


def is_cell(node: nodes.Node) -> bool:
    """Whether MyST-NB has put a code cell here."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


class Pages:
    """Splits a page at its cells."""

    def __init__(self, markdown: Writer, executed: NotebookNode) -> None:
        self.markdown, self.executed, self.next = markdown, executed, 0

    def cells(self, doctree: nodes.document) -> Iterator[NotebookNode]:
        """Code cells, and between them the text, as Markdown."""
        text: list[str] = []
        for piece in self.pieces(doctree):
            if isinstance(piece, str):
                text.append(piece)
                continue
            if "".join(text).strip():
                yield new_markdown_cell("\n\n".join(filter(str.strip, text)))
            text.clear()
            yield piece
        if "".join(text).strip():
            yield new_markdown_cell("\n\n".join(filter(str.strip, text)))
        yield from self.before(len(self.executed.cells))

    def pieces(self, node: nodes.Node) -> Iterator[str | NotebookNode]:
        """A node whole, if it has no cell in it; else what is in it."""
        if is_cell(node):
            yield from self.code(node)
        elif isinstance(node, solution_node):
            yield from self.solution(node)
        elif any(map(is_cell, node.findall(nodes.container))):
            for child in node.children:
                yield from self.pieces(child)
        else:
            yield self.markdown(node)

    def solution(self, node: nodes.Element) -> Iterator[str | NotebookNode]:
        """Text folded below the exercise's number, and cells whose code is folded too."""
        title = self.markdown.children(node[0])
        for part in node.children[1:]:
            for piece in self.pieces(part):
                if isinstance(piece, str):
                    yield folded(title, piece)
                    title = "... and on"
                else:
                    hide(piece, {"hide-input"})
                    yield piece

    def code(self, node: nodes.Element) -> Iterator[str | NotebookNode]:
        """A cell, after those that the page leaves out; then its figure's caption."""
        yield from self.before(node["cell_index"])
        cell = self.cell(node["cell_index"])
        outputs = [part for part in node.children if part.get("nb_element") == "cell_code_output"]
        if any(ROLE.search(output.get("data", {}).get("text/markdown", "")) for output in cell.outputs):
            # Only the book knows what its roles refer to: the text that the cell makes stands below it.
            cell.source, cell.outputs = f"{cell.source};", []
            yield cell
            yield from map(self.markdown, outputs)
        else:
            yield cell
            yield from (self.markdown(caption) for part in outputs for caption in part.findall(nodes.caption))

    def before(self, index: int) -> Iterator[NotebookNode]:
        """The code cells that the page leaves out, up to an index."""
        for left_out in range(self.next, index):
            if self.executed.cells[left_out].cell_type == "code":
                yield self.cell(left_out)
        self.next = index

    def cell(self, index: int) -> NotebookNode:
        """A cell as it was executed, without counts."""
        self.next = index + 1
        old = self.executed.cells[index]
        tags = set(old.metadata.get("tags", ()))
        outputs = [] if tags & {"remove-cell", "remove-output"} else [clean(output) for output in old.outputs]
        cell = new_code_cell(old.source, outputs=outputs, metadata={"tags": sorted(tags)} if tags else {})
        hide(cell, tags)
        return cell


def clean(output: NotebookNode) -> NotebookNode:
    """An output without the count of its cell, and without the equations that the text has, with their numbers."""
    if output.output_type == "stream":
        return new_output("stream", name=output.name, text=output.text)
    data = {kind: LIVE_ONLY.sub("", text) if kind == "text/html" else text for kind, text in output.data.items()}
    return new_output("display_data", data=data)


def hide(cell: NotebookNode, tags: set[str]) -> None:
    """Fold the code and the outputs that a page hides."""
    hidden = {"source_hidden": tags & SOURCE_HIDDEN, "outputs_hidden": tags & OUTPUTS_HIDDEN}
    if any(hidden.values()):
        cell.metadata["jupyter"] = {name: True for name, given in hidden.items() if given}


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    app.add_config_value("notebooks_wheel", "", "")
    app.connect("builder-inited", build_wheel)
    # Before the theme, which drops a part of the header that is empty; and after it has made its own buttons.
    app.connect("html-page-context", add_notebook, priority=400)
    app.connect("html-page-context", add_places, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
