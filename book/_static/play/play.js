// Brings a figure to life when it comes into view: loads what its controls name, once, and hands over. Classic scripts,
// since a page opened from disk may not load modules.
(() => {
  "use strict";

  if (!matchMedia("(scripting: enabled)").matches) return; // an older browser: play.css shows the static figure alone

  const here = document.currentScript.src.replace(/[^/]*$/, "");
  const figures = {};
  window.play = { define: (name, build) => (figures[name] = build) };

  const fetched = new Map();
  const fetchOnce = (file) => {
    if (!fetched.has(file)) {
      const style = file.endsWith(".css");
      const element = Object.assign(
        document.createElement(style ? "link" : "script"),
        style ? { rel: "stylesheet", href: here + file } : { src: here + file, async: false }, // run in this order
      );
      const done = new Promise((resolve, reject) => Object.assign(element, { onload: resolve, onerror: reject }));
      fetched.set(file, done);
      document.head.append(element);
    }
    return fetched.get(file);
  };

  const start = async (form) => {
    await Promise.all(form.dataset.load.split(" ").map(fetchOnce));
    figures[form.dataset.play](new window.play.Panel(form));
  };

  const near = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (isIntersecting) {
          near.unobserve(target);
          start(target.querySelector("form.play"));
        }
      }
    },
    { rootMargin: "200px" },
  );
  document.querySelectorAll("form.play").forEach((form) => near.observe(form.closest("figure")));
})();
