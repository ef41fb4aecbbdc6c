"""Chapters run side by side, once, and what they printed is kept as long as nothing that made it has changed.

Stock Jupyter Book runs one chapter after another, and its cache asks only whether the *cells* are the same: after
a change of the library it shows yesterday's output. Here

- the chapters that have to be read run in parallel, one kernel for each processor, and `myst-nb` is given their
  outputs where it would have run them;
- the outputs are kept in a folder named after all that can change them: the library's files, the versions of
  Python and of every package that the cells run with. The name is a setting too, so that with a new one Sphinx
  reads every chapter again;
- a build that was interrupted, that failed or that warned leaves a mark, and the next one begins anew, with no
  more than the kept outputs: those are written in one step, each under the digest of its chapter's cells.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import nbformat
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.execute import direct
from myst_nb.core.read import create_nb_reader
from myst_nb.sphinx_ext import add_global_html_resources
from nbformat import NotebookNode
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx_exercise import copy_asset_files

LOGGER = logging.getLogger(__name__)
STATES_KEPT = 3
#: What pages are made of besides their text.
FURNITURE = ("_play", "_static", "_templates")
#: What cells run with; what is installed besides cannot change an output.
RUNNING = ("logitgrad", "click", "rich", "ipykernel", "myst-nb")

# What this build has run or found, by the digest of the cells.
results: dict[str, ExecutionResult] = {}


def digest(*parts: bytes) -> str:
    """A name for some content, short enough for a file."""
    content = hashlib.sha256()
    for part in parts:
        content.update(b"%d\0" % len(part) + part)
    return content.hexdigest()[:32]


def written(folder: Path) -> Iterator[bytes]:
    """The names and contents of the files that people wrote in a folder, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix().encode()
            yield path.read_bytes()


def needed(packages: Iterable[str]) -> dict[str, str]:
    """Packages and all that they need, as far as it is installed, with their versions."""
    versions: dict[str, str] = {}
    waiting = list(packages)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in versions:
            with suppress(PackageNotFoundError):
                versions[name] = version(name)
                requirements = map(Requirement, requires(name) or ())
                waiting += [
                    one.name for one in requirements if not one.marker or one.marker.evaluate({"extra": ""})
                ]
    return versions


def what_runs() -> str:
    """The digest of all that can change an output, apart from the cells."""
    spec = find_spec("logitgrad")
    if spec is None or spec.origin is None:
        raise ExtensionError("the library is not installed: run `make setup`")
    installed = sorted(f"{name}=={number}" for name, number in needed(RUNNING).items())
    return digest(*written(Path(spec.origin).parent), sys.version.encode(), "\n".join(installed).encode())


def cells_of(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def key(notebook: NotebookNode) -> str:
    """The digest of what runs in a notebook, and of the kernel that runs it."""
    kernel = str(notebook.metadata.get("kernelspec", {}).get("name"))
    return digest(kernel.encode(), *(cell.source.encode() for cell in cells_of(notebook)))


def run(notebook: NotebookNode, timeout: int | None) -> ExecutionResult:
    """Run a notebook in a kernel and a folder of its own."""
    with TemporaryDirectory() as folder:
        result = single_nb_execution(notebook, cwd=folder, timeout=timeout, allow_errors=False)
    for cell in cells_of(result.nb):
        cell.outputs = join_streams(cell.outputs)
    return result


def join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Put together what a kernel printed in parts: where it cuts depends on the clock.

    `myst-nb` would end each part with a new line, in the middle of what was one.
    """
    joined: list[NotebookNode] = []
    begun: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type != "stream":
            begun.clear()
        elif output.name in begun:
            begun[output.name].text += output.text
            continue
        else:
            begun[output.name] = output
        joined.append(output)
    return joined


def keep(result: ExecutionResult, path: Path) -> None:
    """Write an executed notebook in one step: it is there whole, or not at all."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        nbformat.write(result.nb, file)
        os.fsync(file.fileno())
    os.replace(file.name, path)


def recall(notebook: NotebookNode, **_: object) -> ExecutionResult:
    """Give a notebook the outputs that running it has had (in the place of the function that runs it)."""
    result = results[key(notebook)]
    for cell, done in zip(cells_of(notebook), cells_of(result.nb), strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    notebook.metadata.language_info = result.nb.metadata.get("language_info", {})
    return ExecutionResult(notebook, result.cwd, result.time, result.err, result.exc_string)


def notebook_of(env: BuildEnvironment, docname: str) -> NotebookNode | None:
    """A chapter as `myst-nb` reads it; None for a page without cells."""
    path = env.doc2path(docname)
    text = Path(path).read_text(encoding="utf-8")
    reader = create_nb_reader(path, env.myst_config, env.mystnb_config, text)
    return reader and reader.read(text)


def run_chapters(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run all chapters that are about to be read and whose outputs are not kept, in parallel."""
    kept = Path(app.config.nb_execution_cache_path)
    results.clear()
    to_run = {}
    for docname in docnames:
        notebook = notebook_of(env, docname)
        if notebook is not None:
            path = kept / f"{key(notebook)}.ipynb"
            if path.exists():
                results[key(notebook)] = ExecutionResult(nbformat.read(path, as_version=4), "", 0.0)
            else:
                to_run[docname] = notebook

    # A long chapter that begins last would run alone at the end.
    order = sorted(to_run, key=lambda name: name not in app.config.execution_first)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {pool.submit(run, to_run[name], env.mystnb_config.execution_timeout): name for name in order}
        for count, future in enumerate(as_completed(futures), 1):
            docname, result = futures[future], future.result()
            results[key(result.nb)] = result
            if result.err is None:
                keep(result, kept / f"{key(result.nb)}.ipynb")
            outcome = "run" if result.err is None else "failed"
            LOGGER.info(f"{outcome} in {result.time:.1f} s: {docname} ({count} of {len(to_run)})")

    failed = [name for name in to_run if results[key(to_run[name])].err is not None]
    if failed:
        # Yesterday's page would say what is no longer so.
        forget_pages(app, failed)
        raise ExtensionError("\n".join(f"{name}:\n{results[key(to_run[name])].exc_string}" for name in failed))


def copy_styles(app: Sphinx, builder: Builder) -> None:
    """Copy early what is copied at the end: only files that are there get a check sum into a page's link."""
    add_global_html_resources(app, None)
    copy_asset_files(app, None)


def set_keys(app: Sphinx, config: Config) -> None:
    """Name the folder of the outputs, drop old ones, and let Sphinx see a change of what makes the pages."""
    kept = Path(app.outdir).parent / ".executed" / what_runs()
    kept.mkdir(parents=True, exist_ok=True)
    os.utime(kept)
    for old in sorted(kept.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-STATES_KEPT]:
        shutil.rmtree(old)
    config.nb_execution_cache_path = str(kept)
    extensions = Path(__file__).parent
    config.book_extensions = digest(*written(extensions))
    config.book_furniture = digest(*(part for name in FURNITURE for part in written(extensions.with_name(name))))


def forget_removed(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Where a chapter has gone, its page goes too."""
    forget_pages(app, removed)
    return []


def forget_pages(app: Sphinx, docnames: Iterable[str]) -> None:
    """Take pages out of the book."""
    for docname in docnames:
        Path(app.builder.get_outfilename(docname)).unlink(missing_ok=True)


def mark(app: Sphinx) -> Path:
    """The file that is there while a build runs, and stays when it does not end well."""
    return Path(f"{app.outdir}.unfinished")


def distrust_unfinished(app: Sphinx, config: Config) -> None:
    """Begin anew after a build that did not end well, and mark this one as not ended."""
    if mark(app).exists():
        LOGGER.info("the last build did not end well: all pages are made anew")
        for folder in (app.doctreedir, app.outdir):
            shutil.rmtree(folder, ignore_errors=True)
    mark(app).parent.mkdir(parents=True, exist_ok=True)
    mark(app).touch()


def trust(app: Sphinx, exception: Exception | None) -> None:
    """Take the mark away after a build without a fault: Sphinx does not repeat the warnings of a page it kept."""
    if exception is None and app._warncount == 0:
        mark(app).unlink()


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    direct.single_nb_execution = recall
    app.add_config_value("execution_first", [], "", list)
    # A change of the first has all chapters read again, a change of the second all pages written.
    app.add_config_value("book_extensions", "", "env", str)
    app.add_config_value("book_furniture", "", "html", str)
    app.connect("config-inited", set_keys)
    app.connect("config-inited", distrust_unfinished)
    app.connect("env-get-outdated", forget_removed)
    app.connect("env-before-read-docs", run_chapters)
    app.connect("write-started", copy_styles)
    # After all other listeners: what they write belongs to the build.
    app.connect("build-finished", trust, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
