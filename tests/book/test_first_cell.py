"""The first cell of a notebook finds the library's wheel, or says what to do."""

from __future__ import annotations

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from threading import Thread

import pytest
from first_cell import install

HERE = f"logitgrad-{version('logitgrad')}-py3-none-any.whl"
NOT_HERE = "logitgrad-99-py3-none-any.whl"
BROKEN = b"not a wheel, so that pip refuses it and changes nothing"


@pytest.fixture
def no_pip(monkeypatch):
    """A pip that fails at once: the error says which wheel it was to install."""
    monkeypatch.setattr(sys, "executable", "false")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the notebook is; nobody has said where the wheel is."""
    place = tmp_path / "own" / "notebooks"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    monkeypatch.delenv("LOGITGRAD_WHEEL", raising=False)
    return place


def test_the_version_that_is_here_is_left_alone(folder, capsys):
    (folder / HERE).write_bytes(BROKEN)
    install(HERE, base="")
    assert capsys.readouterr().out == ""


def test_a_wheel_that_is_nowhere_is_an_error_that_says_what_to_do(folder):
    with pytest.raises(FileNotFoundError, match=f"{NOT_HERE} is not there.*{folder}.*LOGITGRAD_WHEEL"):
        install(NOT_HERE, base="")


@pytest.mark.parametrize("place", [".", "..", "notebooks", "_build/html/notebooks", "../_build/html/notebooks"])
def test_a_wheel_in_a_place_of_the_site_is_found(folder, place, no_pip):
    wheel = folder / place / NOT_HERE
    if place == "..":
        wheel = folder.parent / "notebooks" / NOT_HERE
    wheel.parent.mkdir(parents=True, exist_ok=True)
    wheel.write_bytes(BROKEN)
    with pytest.raises(RuntimeError, match=f"pip could not install {wheel.resolve().as_uri()}:\n"):
        install(NOT_HERE, base="")


def test_a_path_that_was_given_comes_first(folder, monkeypatch, no_pip):
    elsewhere = folder.parent / NOT_HERE
    for wheel in (folder / NOT_HERE, elsewhere):
        wheel.write_bytes(BROKEN)
    monkeypatch.setenv("LOGITGRAD_WHEEL", str(elsewhere))
    with pytest.raises(RuntimeError, match=elsewhere.as_uri()):
        install(NOT_HERE, base="")
    elsewhere.unlink()
    with pytest.raises(FileNotFoundError, match=f"{elsewhere} is not there"):
        install(NOT_HERE, base="")


def test_the_address_of_the_book_is_asked_where_no_file_is(folder, monkeypatch, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / NOT_HERE).write_bytes(BROKEN)
    handler = partial(SimpleHTTPRequestHandler, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        with pytest.raises(RuntimeError, match=f"pip could not install {address}{NOT_HERE}:\n.*invalid"):
            install(NOT_HERE, base=address)
        server.shutdown()
