"""The checks of words and of links can fail, and say where."""

from __future__ import annotations

import http.server
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

pytestmark = pytest.mark.gate

ROOT = Path(__file__).parents[2]
PAGE = """\
# A sample

A unit that is *sure* of `teh clas` has the logit $z_{teh} > 0$, and {ref}`teh <sampel>` says so.

```python
pritn("the the")
```
"""
MODULE = '''\
"""Half of a number.

>>> halv(halv(4))
1.0
"""


def halv(numbr):
    """Return ``numbr / 2``."""
    return numbr / 2  # exact, unless it is subnormal
'''


def make(target: str, folder: Path) -> tuple[int, str]:
    """Run the target for another folder; return its exit status and what it printed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", target, f"BOOK={folder}"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=110)
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, Path]:
    """A page and a module without a fault."""
    files = {"page": tmp_path / "book" / "sample.md", "module": tmp_path / "lib" / "sample.py"}
    for name, text in (("page", PAGE), ("module", MODULE)):
        files[name].parent.mkdir()
        files[name].write_text(text)
    return files


def test_code_and_mathematics_are_not_checked(texts, tmp_path):
    status, printed = make("words", tmp_path)
    assert status == 0, printed


@pytest.mark.parametrize(
    ("name", "right", "wrong", "message"),
    [
        ("page", "A unit", "A yunit", r"book/sample\.md:3:3 .*Unknown word \(yunit\)"),
        ("page", "A sample", "A color", r"book/sample\.md:1:5 .*Unknown word \(color\)"),
        ("page", "has the logit", "has\nthe the logit", r"book/sample\.md:4:1: lexical_illusions"),
        ("module", "Half of", "Harlf of", r"lib/sample\.py:1:4 .*Unknown word \(Harlf\)"),
        ("module", "exact", "exactt", r"lib/sample\.py:10:25 .*Unknown word \(exactt\)"),
        ("module", "numbr / 2  #", 'numbr / 2 or "a messige to readers"  #', r"sample\.py:10:.*\(messige\)"),
    ],
)
def test_a_fault_in_the_words_is_found(texts, tmp_path, name, right, wrong, message):
    text = texts[name].read_text()
    assert text.count(right) == 1
    texts[name].write_text(text.replace(right, wrong))
    status, printed = make("words", tmp_path)
    assert status != 0, printed
    assert re.search(message, printed), printed


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A site with one page, and one that it shows to people only."""

    def do_GET(self) -> None:
        self.send_response({"/here": 200, "/people": 403}.get(self.path, 404))
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def check_links(tmp_path: Path, *addresses: str) -> tuple[int, str]:
    html = tmp_path / "_build" / "html"
    html.mkdir(parents=True)
    (html / "index.html").write_text("".join(f'<a href="{address}">there</a>' for address in addresses))
    return make("links", tmp_path)


def test_addresses_that_answer_pass(tmp_path, elsewhere):
    status, printed = check_links(tmp_path, f"{elsewhere}/here", f"{elsewhere}/people")
    assert status == 0, printed


def test_addresses_that_do_not_answer_are_named(tmp_path, elsewhere):
    missing, unreachable = f"{elsewhere}/missing", "http://127.0.0.1:1/"
    status, printed = check_links(tmp_path, f"{elsewhere}/here", missing, unreachable)
    assert status != 0, printed
    assert f"[404] {missing}" in printed
    assert f"[0] {unreachable}" in printed
    assert f"{elsewhere}/here" not in printed
