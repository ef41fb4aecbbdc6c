"""The built book, and the browser that is there to look at it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HTML = Path(os.environ.get("BOOK_HTML") or ROOT / "_build" / "html").resolve()
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("Chromium", "Google Chrome")  # macOS

# The machine of a test may be a container, whose root cannot have a sandbox; and the browser calls home otherwise.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


class Missing(Exception):
    """Something is not there; the message says how to get it."""


def pages() -> list[str]:
    """The pages of the built book, by their addresses; the first one only leads to the introduction."""
    if not (HTML / "index.html").is_file():
        raise Missing(f"there is no built book in {HTML}: run make book, or name its folder: BOOK_HTML=...")
    found = (path.relative_to(HTML) for path in HTML.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] not in ("_static", "index.html"))


def chapters() -> list[str]:
    return [page for page in pages() if page.startswith("book/")]


def chromium() -> str:
    """The path of Chromium, or of a browser made of it."""
    named = os.environ.get("CHROMIUM")
    bundles = [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in APPLICATIONS]
    for name in [named] if named else [*NAMES, *bundles]:
        if path := shutil.which(name):
            return path
    raise Missing(
        f"{named or 'Chromium'} is not found: install it (Debian, Ubuntu: apt install chromium; "
        "macOS: brew install --cask chromium), or name a browser: make test-browser CHROMIUM=/path/to/chrome"
    )


if __name__ == "__main__":
    try:
        print(chromium())
    except Missing as missing:
        sys.exit(f"make: {missing}")
