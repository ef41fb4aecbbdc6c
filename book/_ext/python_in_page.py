"""What runs Python in a page: Pyodide, and SymPy with the library's symbolic side, compiled for it.

A browser that compiled SymPy itself would take eight seconds for that alone. So Pyodide, run by Node, compiles it
out of what is installed here, which is what the pins say; no network is needed. The result depends on nothing but
what went in, and is kept beside the environment until that changes: `make setup` runs this module to make what
depends on the pins alone, and a build makes what is not there.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import distribution
from pathlib import Path

from notebooks import write
from offline import NODE
from sphinx.errors import ExtensionError

import logitgrad

HERE = Path(__file__).parent
PROGRAMS = (HERE / "compile.mjs", HERE / "compile_modules.py")
FOLDER = "_static/answers"
PACKAGES = ("lark", "mpmath", "sympy")
#: Folders of packages that nothing outside them imports, not even when it is called, but for tests.
LEFT_OUT = {"__pycache__", "autolev", "benchmarks", "sandbox", "stats", "testing", "tests"}
#: Of the library, what imports no NumPy; and what does, which comes when a reader asks for NumPy.
PARTS = ("__init__.py", "exercises", "symbolic")
NUMERIC_PARTS = ("_runs", "audit", "numeric", "results", "verdicts", "verify.py")
#: Of Pyodide: what it fetches itself, and the rest; its package.json tells version, licence and home.
FETCHED = ("pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
RUNTIME = (*FETCHED, "pyodide.mjs", "pyodide.asm.mjs", "package.json")
#: What shows formulas that come from a check.
KATEX = ("katex.min.js", "contrib/auto-render.min.js")
#: Where Pyodide's makers keep what is built for it. NumPy is in no package that could be pinned here; Pyodide's
#: lock file has the digest of its wheel, and Pyodide compares what comes with it.
PACKAGE_HOST = "https://cdn.jsdelivr.net"
SOURCE_MAP = re.compile(rb"//# sourceMappingURL=.*\n?")
KEPT = 6

#: Contents by their place in an archive.
Files = dict[str, bytes]


def packages() -> Files:
    """The packages as they are installed, each with its licence."""
    return {
        str(path): path.locate().read_bytes()
        for name in PACKAGES
        for path in distribution(name).files or ()
        if not LEFT_OUT & set(path.parts)
        and ((path.parts[0] == name and path.suffix in (".py", ".lark")) or path.name.startswith("LICENSE"))
    }


def library() -> Files:
    """The library's symbolic side, and the program that serves the page by it."""
    return _library(PARTS) | {"in_page.py": (HERE / "in_page.py").read_bytes()}


def numeric_library() -> Files:
    """The rest of the library, but for what needs more than NumPy."""
    return _library(NUMERIC_PARTS)


def _library(parts: tuple[str, ...]) -> Files:
    root = Path(logitgrad.__file__).parent
    files = [path for part in parts for path in _files(root / part)]
    wanted = [path for path in files if path.suffix in (".py", ".lark") or path.match("results/*.json")]
    return {path.relative_to(root.parent).as_posix(): path.read_bytes() for path in wanted}


def _files(path: Path) -> Iterator[Path]:
    yield from sorted(path.rglob("*")) if path.is_dir() else [path]


def digest(*parts: bytes) -> str:
    """A name for some content."""
    content = hashlib.sha256()
    for part in parts:
        content.update(b"%d\0" % len(part) + part)
    return content.hexdigest()[:16]


def archive(files: Files) -> bytes:
    """A ZIP file without a date."""
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as made:
        for name in sorted(files):
            made.writestr(zipfile.ZipInfo(name), files[name])
    return buffer.getvalue()


def key(files: Files, pyodide: Path) -> str:
    """The digest of all that an archive of compiled modules depends on."""
    version = pyodide / "package.json"
    programs = (program.read_bytes() for program in PROGRAMS)
    return digest(version.read_bytes() if version.is_file() else b"", *programs, archive(files))


def compiled(files: Files, pyodide: Path) -> bytes:
    """An archive in which each module is compiled for Pyodide's Python; made once, and kept."""
    kept = Path(sys.prefix) / "cache" / "answers"
    path = kept / f"{key(files, pyodide)}.zip"
    with suppress(FileNotFoundError):
        os.utime(path)  # what is used last is kept longest
        return path.read_bytes()
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        source, target = Path(folder) / "source.zip", Path(folder) / "target.zip"
        source.write_bytes(archive(files))
        command = [NODE, *PROGRAMS, pyodide / "pyodide.mjs", source, target]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise ExtensionError(f"Pyodide cannot compile the modules for the page: {done.stderr[-2000:]}")
        made = target.read_bytes()
        target.replace(path)
    for old in sorted(kept.glob("*.zip"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
    return made


def state(source: Path) -> str:
    """A name for what runs Python in a page: whatever changes it gives it another name."""
    pyodide = source / "node_modules" / "pyodide"
    scripts = sorted((HERE.parent / "_static" / "answers").glob("*.js"))
    keys = [key(files, pyodide) for files in (packages(), library(), numeric_library())]
    parts = [*keys, *(script.read_text("utf-8") for script in scripts)]
    return digest(*(part.encode() for part in parts))


def put(source: Path, outdir: Path) -> None:
    """Put all that runs Python in a page into the site.

    ``python.json`` names the large files. They have a version or a digest in their names: a browser may keep them.
    """
    pyodide, katex = source / "node_modules" / "pyodide", source / "node_modules" / "katex" / "dist"
    if not pyodide.is_dir():
        raise ExtensionError("Pyodide is missing: run `make setup`")
    runtime = _runtime(pyodide)
    version = json.loads(runtime["package.json"])["version"]
    numpy = json.loads(runtime["pyodide-lock.json"])["packages"]["numpy"]["version"]
    folder = f"pyodide-{version}"
    archives = dict(_archive(files, pyodide) for files in (packages(), library()))
    numeric, content = _archive(numeric_library(), pyodide)
    counted = [*archives.values(), *(runtime[name] for name in FETCHED)]
    notes = {
        "pyodide": f"{folder}/",
        "archives": [*archives],
        "bytes": sum(map(len, counted)),
        "numpy": {"version": numpy, "from": f"{PACKAGE_HOST}/pyodide/v{version}/full/", "library": numeric},
    }
    archives[numeric] = content
    contents = archives | {f"{folder}/{name}": content for name, content in runtime.items()}
    contents |= {Path(script).name: (katex / script).read_bytes() for script in KATEX}
    contents["python.json"] = json.dumps(notes).encode()
    target = outdir / FOLDER
    for old in (*target.glob("pyodide-*"), *target.glob("*.zip")):
        if old.name not in (folder, *archives):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name, content in contents.items():
        write(target / name, content)


def _archive(files: Files, pyodide: Path) -> tuple[str, bytes]:
    return f"{key(files, pyodide)}.zip", compiled(files, pyodide)


def _runtime(pyodide: Path) -> Files:
    """Pyodide itself; of the packages that it could ask another host for it knows NumPy alone."""
    files = {name: (pyodide / name).read_bytes() for name in RUNTIME}
    files["pyodide.mjs"] = SOURCE_MAP.sub(b"", files["pyodide.mjs"])
    lock = json.loads(files["pyodide-lock.json"])
    lock["packages"] = {"numpy": lock["packages"]["numpy"]}
    return files | {"pyodide-lock.json": json.dumps(lock).encode()}


if __name__ == "__main__":
    compiled(packages(), HERE.parents[1] / "node_modules" / "pyodide")
