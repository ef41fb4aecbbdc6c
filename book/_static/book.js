// What this book needs of the theme's own scripts, which come with all of Bootstrap and measure every box of a page
// when it opens: the theme switch, the search field, the side bars, the place in the table of contents, tab stops.
"use strict";
{
  const root = document.documentElement;
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Light, dark, or as the system has it; layout.html sets the first before the page is drawn.
  const night = matchMedia("(prefers-color-scheme: dark)");
  function applyMode() {
    const { mode } = root.dataset;
    root.dataset.theme = mode === "auto" ? (night.matches ? "dark" : "light") : mode;
  }
  function nextMode() {
    // From automatic, the first step is one that can be seen.
    const order = night.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    root.dataset.mode = order[(order.indexOf(root.dataset.mode) + 1) % order.length];
    localStorage.setItem("mode", root.dataset.mode);
    applyMode();
  }
  night.addEventListener("change", applyMode);
  all(".theme-switch-button").forEach((button) => button.addEventListener("click", nextMode));

  // Paper is white.
  addEventListener("beforeprint", () => (root.dataset.theme = "light"));
  addEventListener("afterprint", applyMode);

  // Search: a field over the page, or the one in the page where it has one.
  const overlay = one(".search-button__wrapper");
  const field = one(":not(.search-button__search-container) > form.bd-search input") ?? one("form.bd-search input");
  let opener = null;
  overlay.setAttribute("role", "search");
  function toggleSearch() {
    const closing = document.activeElement === field;
    if (overlay.contains(field)) {
      overlay.classList.toggle("show", !closing);
    }
    if (closing) {
      field.blur();
      opener?.focus();
    } else {
      opener = document.activeElement;
      field.focus();
      field.select();
    }
  }
  function closeSearch() {
    overlay.classList.remove("show");
    opener?.focus();
  }
  all(".search-button__button").forEach((button) => button.addEventListener("click", toggleSearch));
  one(".search-button__overlay").addEventListener("click", closeSearch);
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      toggleSearch();
    } else if (event.key === "Escape" && overlay.classList.contains("show")) {
      closeSearch();
    }
  });

  // The bar at the top casts a shadow when the page has been scrolled.
  const edge = one(".sbt-scroll-pixel-helper");
  const shadow = ([change]) => document.body.classList.toggle("scrolled", change.boundingClientRect.y < 0);
  if (edge) {
    new IntersectionObserver(shadow).observe(edge);
  }

  // Side bars: the theme's style sheet shows them by two check boxes, which these buttons tick.
  for (const side of ["primary", "secondary"]) {
    const box = document.getElementById(`pst-${side}-sidebar-checkbox`);
    const bar = one(`.bd-sidebar-${side}`);
    const button = one(`.${side}-toggle`);
    if (bar && button) {
      button.addEventListener("click", () => {
        box.checked = !box.checked;
        // The bar cannot take the focus before it has begun to slide in.
        setTimeout(() => box.checked && bar.querySelector("a, button").focus(), 100);
      });
      bar.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && box.checked) {
          box.checked = false;
          button.focus();
        }
      });
      box.addEventListener("change", () => box.checked || button.focus());
    }
  }

  // The contents of the page: mark the section at the top of the window, and those that it is in.
  const places = new Map(all(".bd-toc-nav a[href^='#']").map((link) => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]));
  places.delete(null);
  const seen = new Set();
  const spy = new IntersectionObserver(
    (changes) => {
      changes.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target) : seen.delete(target)));
      const here = [...places.keys()].findLast((place) => seen.has(place));
      if (here) {
        for (const [place, link] of places) {
          const marked = place.contains(here);
          link.classList.toggle("active", marked);
          link.parentElement.classList.toggle("active", marked);
        }
      }
    },
    { rootMargin: "0px 0px -60%" },
  );
  places.forEach((link, place) => spy.observe(place));

  // A box that scrolls sideways is a tab stop, so that the arrow keys reach all of it. Whether it does is known once it
  // is laid out, which is when it comes near the window, or when what it is folded in is opened; until then it is a tab
  // stop. To ask earlier would lay out all of the page. All is read before anything is written: a change of what can be
  // focused makes the next question cost a layout.
  const scrolling = ".pst-scrollable-table-container, pre, .katex-display, .cell_output > .output";
  const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));
  const laidOut = (thing) => thing.checkVisibility({ contentVisibilityAuto: true });
  function ask(boxes) {
    const scrolls = boxes.map((box) => box.scrollWidth > box.clientWidth);
    boxes.forEach((box, place) => {
      if (scrolls[place]) {
        box.tabIndex = 0;
      } else if (box !== document.activeElement) {
        box.removeAttribute("tabindex");
      }
    });
  }
  function askAll() {
    // A box that is itself not laid out stands there, empty.
    const [known, unknown] = [[], []];
    all(scrolling).forEach((box) => (laidOut(box.firstElementChild ?? box) ? known : unknown).push(box));
    ask(known);
    unknown.forEach((box) => (box.tabIndex = 0));
  }
  function askIn(thing) {
    ask([thing, ...thing.querySelectorAll(scrolling)].filter((box) => box.matches(scrolling)));
  }
  document.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => skipped || askIn(target));
  document.addEventListener("toggle", ({ target }) => target.open && askIn(target), { capture: true });
  let pending;
  addEventListener("load", () => whenIdle(askAll));
  addEventListener("resize", () => {
    clearTimeout(pending);
    pending = setTimeout(askAll, 300);
  });

  // On a wide window the bar of all chapters stays: the chapter that is open is in sight.
  const current = one(".bd-docs-nav .current.active");
  if (current && matchMedia("(min-width: 992px)").matches) {
    const bar = one(".bd-sidebar-primary");
    bar.scrollTop = current.getBoundingClientRect().top - bar.getBoundingClientRect().top - bar.clientHeight / 2;
  }
}
