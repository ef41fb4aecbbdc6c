"""`make serve` shows the book, builds it again when a chapter is saved, and tells open pages to reload."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.gate

ROOT = Path(__file__).parents[2]
PAGE = """\
---
myst: {html_meta: {description: A page of a book that is built to show that what is saved is served.}}
---

# One page

The first sentence.
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(text: str, address: str, seconds: float = 100) -> str:
    """The page, as soon as it says so."""
    page, end = "", time.monotonic() + seconds
    while text not in page:
        assert time.monotonic() < end, f"{text!r} is not on the page after {seconds} s: {page[:500]}"
        time.sleep(0.2)
        with suppress(URLError):
            page = urlopen(address).read().decode()
    return page


def test_a_saved_chapter_appears_in_the_page_that_is_served(tmp_path: Path) -> None:
    for folder in ("book/_ext", "book/_static", "book/_templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("_config.yml", "book/references.bib", "book/serve.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/one\n")
    chapter = tmp_path / "book" / "one.md"
    chapter.write_text(PAGE)

    port = free_port()
    command = [sys.executable, str(tmp_path / "book" / "serve.py"), "--port", str(port)]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )
    try:
        address = f"http://127.0.0.1:{port}/book/one.html"
        assert "livereload.js" in wait_for("The first sentence.", address)
        chapter.write_text(PAGE + "\nThe second sentence.\n")
        wait_for("The second sentence.", address)
    finally:
        server.terminate()
        server.wait(20)
