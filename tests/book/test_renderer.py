"""KaTeX's server: it ends with the process that started it."""

from __future__ import annotations

import multiprocessing
import socket
import time
from pathlib import Path

import offline
import pytest
from sphinxcontrib import katex

SECONDS = 60


def serve(folder: Path, ready: multiprocessing.connection.Connection) -> None:
    process, client = offline.start_renderer(folder, SECONDS)
    ready.send(process.pid)
    time.sleep(SECONDS)
    client.close()


def is_listening(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        return client.connect_ex(str(folder / "katex.sock")) == 0


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_renderer_ends_when_the_process_that_started_it_is_ended(tmp_path, monkeypatch, how):
    monkeypatch.setattr(katex, "NODEJS_BINARY", str(offline.NODE))
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(tmp_path, there))
    process.start()
    assert here.recv()
    assert is_listening(tmp_path)
    getattr(process, how)()
    process.join()
    deadline = time.monotonic() + SECONDS
    while is_listening(tmp_path):
        assert time.monotonic() < deadline, "the renderer goes on"
        time.sleep(0.05)
