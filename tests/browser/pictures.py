"""Pictures of each page in each view, and a sheet to look at them side by side: _build/screenshots/index.html."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from .book import ROOT
from .visit import View, views

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = ROOT / "_build" / "screenshots"
TALLEST = 4000  # pixels: a long page comes in pieces, which can be looked at one by one
# A browser need not draw what is far from its window.
DRAW_ALL = "* { content-visibility: visible !important }"

STYLE = """
body { font: 16px system-ui; margin: 1rem; background: #888 }
section { display: flex; gap: 1rem; align-items: start; margin-bottom: 3rem }
h2 { position: sticky; top: 0; background: #888 }
figure { margin: 0 } img { display: block; width: 100% }
.w390 { flex: 390 1 0 } .w1440 { flex: 1440 1 0 }
"""


def keep(page: Page, view: View) -> None:
    for old in _pieces(view):
        old.unlink()
    FOLDER.mkdir(parents=True, exist_ok=True)
    height = page.evaluate("document.scrollingElement.scrollHeight")
    for number, top in enumerate(range(0, height, TALLEST)):
        piece = {"x": 0, "y": top, "width": view.width, "height": min(TALLEST, height - top)}
        path = FOLDER / f"{view.name}-{number:02}.png"
        page.screenshot(path=path, full_page=True, clip=piece, style=DRAW_ALL, animations="disabled")


def write_sheet(pages: list[str]) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    sheet = FOLDER / "index.html"
    sections = "\n".join(f"<h2>{escape(page)}</h2>\n<section>{_row(page)}</section>" for page in pages)
    head = f'<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>Pictures</title><style>{STYLE}</style>'
    sheet.write_text(f"{head}\n{sections}\n", encoding="utf-8")
    return sheet


def _row(page: str) -> str:
    return "".join(_figure(view) for view in views([page]))


def _figure(view: View) -> str:
    images = (
        f'<a href="{path.name}"><img loading="lazy" src="{path.name}" alt="{view.name}"></a>'
        for path in _pieces(view)
    )
    return f'<figure class="w{view.width}">{"".join(images)}</figure>'


def _pieces(view: View) -> list[Path]:
    return sorted(FOLDER.glob(f"{view.name}-[0-9][0-9].png"))
