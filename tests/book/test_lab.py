"""A chapter that JupyterLab saves is the file that it was, but for what was edited."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from jupytext import myst, reads, writes
from jupytext.config import JupytextConfiguration
from traitlets.config import Config

from .chapters import BOOK, CHAPTERS

FORMAT = {"extension": ".md"}
#: What JupyterLab makes of it when a kernel has started.
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
    "language_info": {"name": "python", "version": "3.11.2"},
}


@pytest.fixture
def config(monkeypatch):
    """What `make lab` sets."""
    monkeypatch.setattr(myst, "CompactDumper", myst.CompactDumper)  # put back afterwards
    found = Config()
    source = (BOOK / "_ext" / "lab_config.py").read_text(encoding="utf-8")
    exec(compile(source, "lab_config.py", "exec"), {"c": found})
    return JupytextConfiguration(**found.ContentsManager)


@pytest.mark.parametrize("chapter", [chapter for chapter in CHAPTERS if chapter.cells], ids=lambda c: c.slug)
def test_a_chapter_comes_out_of_jupytext_as_it_went_in(chapter, config):
    notebook = reads(chapter.text, FORMAT, config=config)
    notebook.metadata |= METADATA
    assert writes(notebook, FORMAT, config=config) == chapter.text


def ask(address: str, data: object = None) -> dict:
    """What Jupyter's server answers."""
    base, token = address.split("?token=")
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    method, body = ("PUT", json.dumps(data).encode()) if data else ("GET", None)
    with urlopen(Request(base, body, headers, method=method)) as answer:
        return json.load(answer)


def listening(address: str) -> None:
    """Wait until the server does what it has said: it names its address before it listens there."""
    host, port = address.removeprefix("http://").split(":")
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens at {address}")


@pytest.fixture
def lab(tmp_path):
    """The server of `make lab` with a copy of the book: how to address it, and where the copy is."""
    shutil.copytree(BOOK, tmp_path / "book")
    home = tmp_path / "home"
    home.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "JUPYTER"))}
    command = ["make", "lab", f"BOOK={tmp_path}", "LAB=--no-browser --port=0"]
    server = subprocess.Popen(
        command,
        cwd=BOOK.parent,
        env=env | {"HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in server.stderr:
        if found := re.search(r"(http://127\.0\.0\.1:\d+)/lab(\?token=\w+)", line):
            break
    listening(found[1])
    yield lambda path: f"{found[1]}/{path}{found[2]}", tmp_path
    os.killpg(server.pid, signal.SIGTERM)
    server.communicate()


@pytest.mark.notebooks
def test_a_click_opens_a_notebook_and_saving_it_changes_what_was_edited(lab):
    address, folder = lab
    manager = ask(address("lab/api/settings/@jupyterlab/docmanager-extension:plugin"))
    assert manager["schema"]["properties"]["defaultViewers"]["default"]["markdown"] == "Jupytext Notebook"

    notebook = ask(address("api/contents/intro.md"))["content"]
    notebook["metadata"] |= METADATA
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    last = cell["source"].splitlines()[-1]
    cell |= {"source": f"{cell['source']}\n# edited", "execution_count": 1}
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "seen"}]
    ask(address("api/contents/intro.md"), {"type": "notebook", "format": "json", "content": notebook})

    before, after = (Path(place, "intro.md").read_text("utf-8") for place in (BOOK, folder / "book"))
    assert after == before.replace(f"{last}\n```", f"{last}\n# edited\n```", 1)
    assert [path.name for path in (folder / "home").rglob("user-settings")] == []
