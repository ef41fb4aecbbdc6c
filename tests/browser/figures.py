"""All figures of reading in one table: `make page-figures` prints them, and fails where one is missed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from . import lighthouse
from .book import FLAGS, HTML, Missing, chapters, chromium
from .server import serve
from .table import Figure, show
from .visit import View, views, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIRST = "book/intro.html"
# Over all four views: the worst one, or the sum.
FIGURES = {
    "kilobytes": Figure("kB in all", "≤", 350, only=FIRST),
    "elsewhere": Figure("to other hosts", "=", 0),
    "said": Figure("console", "=", 0),
    "violations": Figure("axe", "=", 0),
    "beyond": Figure("px too wide", "=", 0),
    "cut": Figure("cut", "=", 0),
    "shift": Figure("shift, read", "<", 0.02, ".3f"),
}


def look(browser: Browser, site: str, view: View) -> dict[str, float]:
    with visit(browser, site, view.width, view.theme) as visited:
        visited.go("index.html" if view.page == FIRST else view.page)
        visited.read_to_the_end()
        for line in visited.said + visited.unanswered:
            tell(f"  {line}")
        return {
            "kilobytes": visited.bytes / 1000,
            "elsewhere": len(visited.elsewhere),
            "said": len(visited.said + visited.unanswered),
            "beyond": max(0, visited.needs - visited.width),
            "cut": len(visited.cut()),
            "shift": visited.shift,
            "violations": len(visited.violations()),
        }


def worst(browser: Browser, site: str, page: str) -> dict[str, float]:
    found = [look(browser, site, view) for view in views([page])]
    sums = {name: sum(each[name] for each in found) for name in ("elsewhere", "said", "cut", "violations")}
    return {name: max(each[name] for each in found) for name in FIGURES} | sums


def tell(stage: str) -> None:
    """How far it is: the table comes at the end."""
    print(stage, file=sys.stderr, flush=True)


def main() -> int:
    rows, complaints = {}, []
    with serve(HTML) as site:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            for page in chapters():
                tell(f"in four views: {page}")
                rows[page] = worst(browser, site, page)
            browser.close()
        for page in rows:
            tell(f"in Lighthouse: {page}")
            figures, found = lighthouse.look(f"{site}/{page}")
            rows[page] |= figures
            complaints += [f"{page}: {complaint}" for complaint in found]
    missed = show("Reading", FIGURES | lighthouse.FIGURES, rows)
    print(lighthouse.NOTE, *missed, *complaints, sep="\n")
    return int(bool(missed))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as missing:
        sys.exit(str(missing))
