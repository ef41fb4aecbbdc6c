"""A browser, the built book on a server of its own, and each page in each view, opened once for all its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from . import pictures
from .book import FLAGS, HTML, Missing, chromium, pages
from .server import serve
from .visit import AXE, PATIENCE, Visit, views, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def is_wanted(config: pytest.Config) -> bool:
    return config.option.markexpr == "browser"


def pytest_configure(config: pytest.Config) -> None:
    """What these tests need is asked for before they start, not by hundreds of failures."""
    if not is_wanted(config):
        return
    try:
        chromium(), pages()
    except Missing as missing:
        raise pytest.UsageError(str(missing)) from None
    if not (find_spec("playwright") and AXE.is_file()):
        raise pytest.UsageError("Playwright or axe is not installed: run make test-browser")


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """The other tests go without what these need."""
    return None if is_wanted(config) else True


def pytest_sessionfinish(session: pytest.Session) -> None:
    if is_wanted(session.config) and not hasattr(session.config, "workerinput"):
        pictures.write_sheet(pages())


class ByView(LoadScopeScheduling):
    """One worker runs all tests of a view: it is opened once.

    `--dist loadgroup` of `pytest-xdist` 3.8 groups nothing under pytest 9.2, which keeps a test's name elsewhere.
    """

    @cached_property
    def views(self) -> set[str]:
        return {view.name for view in views(pages())}

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.rpartition("[")[2].removesuffix("]")
        return name if name in self.views else nodeid


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByView | None:
    return ByView(config, log) if is_wanted(config) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "view" in metafunc.fixturenames:
        every = [pytest.param(view, id=view.name) for view in views(pages())]
        metafunc.parametrize("view", every, scope="module", indirect=True)
    if "address" in metafunc.fixturenames:
        metafunc.parametrize("address", pages(), ids=[Path(page).stem for page in pages()])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    with serve(HTML) as address:
        yield address


@pytest.fixture(scope="session")
def disk() -> str:
    return HTML.as_uri()


@pytest.fixture(scope="module")
def view(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visit]:
    """A page in one view, read to its end; its picture is kept."""
    wanted = request.param
    with visit(browser, site, wanted.width, wanted.theme) as visited:
        visited.go(wanted.page)
        visited.read_to_the_end()
        pictures.keep(visited.page, wanted)
        yield visited


@pytest.fixture
def go(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """Open a page in a window that is the test's own."""
    with ExitStack() as windows:

        def go(address: str, home: str = site, **options: object) -> Visit:
            visited = windows.enter_context(visit(browser, home, **options))
            visited.go(address)
            return visited

        yield go
