"""A visit to a page: what the browser says about it, asked for and measured."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

THEMES = ("light", "dark")
HEIGHTS = {390: 844, 1440: 900}  # of a phone and of a desk, by width
PATIENCE = 30_000  # milliseconds, for machines that do other things too
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

# Every shift counts, not only the worst few seconds of them.
COUNT_SHIFTS = """
window.layoutShift = 0;
new PerformanceObserver(shifts => {
  for (const shift of shifts.getEntries()) window.layoutShift += shift.hadRecentInput ? 0 : shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# Scripts put off what can wait, and do it bit by bit. After a picture, a browser without a screen waits for the
# next frame to call them.
UNTIL_IDLE = """async () => {
  for (let turn = 0, quiet = 0; turn < 200 && quiet < 20; turn++) {
    await new Promise(requestAnimationFrame);
    const idle = await new Promise(done => requestIdleCallback(done, { timeout: 1000 }));
    quiet = idle.timeRemaining() > 12 ? quiet + 1 : 0;
  }
}"""
# By quarters of a screen, as with a wheel or a finger, until what comes late has come; then to the top again.
READ_TO_THE_END = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const moveTo = async top => {
    scrollTo({ top, behavior: "instant" });
    await frame();
    await frame();
  };
  for (let top = 0; top < document.scrollingElement.scrollHeight; top += innerHeight / 4) await moveTo(top);
  await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
  await document.fonts.ready;
  await moveTo(0);
}"""
RUN_AXE = """async where => {
  const found = await axe.run(where ? { include: where } : document, { resultTypes: ["violations"] });
  return found.violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id} ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
# What ends beyond the window, and is in no box that scrolls there; what is only for screen readers is nowhere.
FIND_CUT = """() => {
  const scrolls = box => ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
  const isReached = element => {
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (scrolls(box) && box !== document.body && box !== document.documentElement) return true;
    }
    return false;
  };
  const says = element => element.matches("img, svg, canvas, table") ||
    [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return [...document.querySelectorAll("main *")]
    .filter(element => says(element) && !element.closest(".katex-mathml, .sr-only, script, style"))
    .filter(element => element.checkVisibility({ visibilityProperty: true }))
    .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter(element => !isReached(element))
    .map(element => `${Math.round(element.getBoundingClientRect().right)} px: ${element.outerHTML.slice(0, 120)}`);
}"""


@dataclass(frozen=True)
class View:
    """A page as somebody sees it."""

    page: str
    width: int
    theme: str

    @property
    def name(self) -> str:
        return f"{Path(self.page).stem}-{self.width}-{self.theme}"


def views(pages: list[str]) -> list[View]:
    return [View(*choice) for choice in product(pages, HEIGHTS, THEMES)]


@dataclass
class Visit:
    """A page that is open, and what has happened so far."""

    page: Page
    home: str
    width: int
    theme: str
    address: str = ""
    said: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    shift_while_read: float = 0.0  # a picture of all of the page shifts it once more
    _answered: list[Request] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._asks)
        self.page.on("requestfailed", lambda request: self.unanswered.append(f"{request.url}: {request.failure}"))
        self.page.on("requestfinished", lambda request: self._answered.append(request))
        self.page.on("response", self._is_answered)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _asks(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _is_answered(self, response: Response) -> None:
        if response.status >= 400:
            self.unanswered.append(f"{response.url}: {response.status}")

    def go(self, address: str) -> None:
        """Open a page of the book, and wait until it stands still: its title, its fonts, its theme."""
        self.address = address
        self.page.goto(f"{self.home}/{address}")
        self.page.locator("h1").first.wait_for(state="attached")  # the first page leads on to the introduction
        self.page.wait_for_load_state("load")
        self.page.evaluate("document.fonts.ready.then(() => {})")
        self.stand_still()

    def stand_still(self) -> None:
        """Wait until nothing moves; without scripts too, where a function that is polled would never be asked."""
        self.page.evaluate("Promise.allSettled(document.getAnimations().map(moving => moving.finished))")

    @property
    def shift(self) -> float:
        return self.page.evaluate("window.layoutShift")

    def read_to_the_end(self) -> None:
        self.page.evaluate(READ_TO_THE_END)
        self.shift_while_read = self.shift

    @property
    def bytes(self) -> int:
        """What has been transferred, headers too."""
        sizes = [request.sizes() for request in self._answered if request.url.startswith("http")]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)

    @property
    def needs(self) -> int:
        """The width that the page needs."""
        return self.page.evaluate("document.scrollingElement.scrollWidth")

    def cut(self) -> list[str]:
        """What cannot be seen, since it ends beyond the window."""
        return self.page.evaluate(FIND_CUT)

    def violations(self, where: str | None = None) -> list[str]:
        """What axe finds, one line for each element and rule."""
        self.page.evaluate(_axe())
        self.page.evaluate(UNTIL_IDLE)
        return [" ".join(found.split()) for found in self.page.evaluate(RUN_AXE, where)]

    def workers_end(self) -> bool:
        """Whether no worker is left, as soon as the browser has told of it."""
        deadline = time.monotonic() + PATIENCE / 1000
        while self.page.workers and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        return not self.page.workers

    def unfold(self) -> int:
        """Open all that is folded; give its number."""
        folds = self.page.locator("details")
        folds.evaluate_all("folds => folds.forEach(fold => { fold.open = true })")
        return folds.count()

    def has_font(self, family: str) -> bool:
        """Whether the font is there, and used."""
        script = "family => [...document.fonts].some(font => font.family === family && font.status === 'loaded')"
        return self.page.evaluate(script, family)

    @property
    def scheme(self) -> str:
        """The theme that is shown: "light" or "dark"."""
        return self.page.locator("html").evaluate("html => getComputedStyle(html).colorScheme")


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


@contextmanager
def visit(browser: Browser, home: str, width: int = 1440, theme: str = "light", **options: Any) -> Iterator[Visit]:
    """A window of its own, without a memory of other visits."""
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, color_scheme=theme, **{"reduced_motion": "reduce"} | options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(COUNT_SHIFTS)
    visited = Visit(context.new_page(), home, width, theme)
    visited.listen()
    yield visited
    context.close()
