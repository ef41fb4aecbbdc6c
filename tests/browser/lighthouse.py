"""Lighthouse, as on a phone: `make lighthouse` prints its figures for every chapter, fails where one misses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from .book import FLAGS, HTML, Missing, chapters, chromium
from .server import serve
from .table import Figure, show

COMMAND = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"
RUNS = 3  # where the first is too slow
NOTE = f"Lighthouse's figures of speed are medians of {RUNS} runs where the first run missed one."

SPEED = {
    "performance": Figure("speed", "≥", 0.95, ".2f"),
    "first-contentful-paint": Figure("first paint, s", "<", 2, ".1f"),
    "cumulative-layout-shift": Figure("shift on load", "<", 0.02, ".3f"),
}
CARE = {
    "accessibility": Figure("access", "=", 1, ".2f"),
    "best-practices": Figure("practices", "=", 1, ".2f"),
    "seo": Figure("SEO", "=", 1, ".2f"),
}
FIGURES = SPEED | CARE


def run(address: str) -> dict:
    """Look at a page once, by the preset for phones."""
    flags = f"--chrome-flags={' '.join(['--headless=new', *FLAGS])}"
    command = [COMMAND, address, "--quiet", "--output=json", "--output-path=stdout", flags]
    done = subprocess.run(command, env=os.environ | {"CHROME_PATH": chromium()}, capture_output=True, text=True)
    result = {} if done.returncode else json.loads(done.stdout)
    if not result or "runtimeError" in result:
        raise Missing(f"Lighthouse could not look at {address}: {result.get('runtimeError', done.stderr)}")
    return result


def figures_of(result: dict) -> dict[str, float]:
    scores = {name: category["score"] for name, category in result["categories"].items()}
    audits = {name: result["audits"][name]["numericValue"] for name in SPEED if name in result["audits"]}
    return scores | audits | {"first-contentful-paint": audits["first-contentful-paint"] / 1000}


def complaints_of(result: dict) -> list[str]:
    """What takes a point off, apart from speed."""
    judged = [ref["id"] for name in CARE for ref in result["categories"][name]["auditRefs"] if ref["weight"]]
    audits = [result["audits"][name] for name in dict.fromkeys(judged)]
    return [audit["title"] for audit in audits if audit["score"] not in (None, 1)]


def look(address: str) -> tuple[dict[str, float], list[str]]:
    """The figures of a page; those of speed depend on what else runs here, so a bad one is not the last word."""
    first = run(address)
    figures = figures_of(first)
    if not all(figure.is_met("", figures[name]) for name, figure in SPEED.items()):
        more = [figures, *(figures_of(run(address)) for _ in range(RUNS - 1))]
        figures |= {name: median(each[name] for each in more) for name in SPEED}
    return figures, complaints_of(first)


def main() -> int:
    rows, complaints = {}, []
    with serve(HTML) as site:
        for page in chapters():
            rows[page], found = look(f"{site}/{page}")
            complaints += [f"{page}: {complaint}" for complaint in found]
    missed = show("Lighthouse, as on a phone", FIGURES, rows)
    print(NOTE, *missed, *complaints, sep="\n")
    return int(bool(missed))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as missing:
        sys.exit(str(missing))
