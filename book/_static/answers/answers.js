// Answers checked, and cells run, in the page: this waits for their first use, and then brings all that they need.
(() => {
  "use strict";

  const { src, dataset } = document.currentScript;
  const here = new URL(".", src).href;
  const onDisk = location.protocol === "file:";

  // A page from disk has no workers; one command gives the same book an address.
  const serve = () => {
    const root = decodeURIComponent(new URL("../../", here).pathname);
    const folder = root.replace(/^\/(?=[A-Za-z]:)/, "").replace(/\/$/, "");
    const page = location.pathname.slice(new URL("../../", here).pathname.length);
    return [`python -m http.server --bind 127.0.0.1 --directory "${folder}"`, `http://127.0.0.1:8000/${page}`];
  };
  const sayHow = (box) => {
    const [command, address] = serve();
    const [first, line, last] = ["p", "pre", "p"].map((name) => document.createElement(name));
    first.textContent = "Browsers do not run this from disk. One command serves the book on this machine:";
    line.textContent = command;
    last.append("and then it is at ", Object.assign(document.createElement("a"), { href: address, textContent: address }));
    box.replaceChildren(first, line, last);
  };

  let session;
  const begin = () =>
    (session ??= import(`${here}session.js?v=${dataset.version}`).then(({ Session }) => new Session(here, dataset)));
  // What cannot begin says why, and may be tried again.
  const use = async (box, act) => {
    if (onDisk) {
      sayHow(box);
      return;
    }
    try {
      act(await begin());
    } catch (error) {
      session = undefined;
      box.textContent = `What checks answers could not be loaded: ${error.message}`;
    }
  };

  for (const form of document.querySelectorAll("form.answer")) {
    const box = form.querySelector(".answer-verdict");
    form.addEventListener("input", () => use(box, (found) => found.preview(form)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      use(box, (found) => found.check(form));
    });
  }

  document.querySelectorAll(".cell").forEach((cell, number) => {
    const input = cell.querySelector(":scope > .cell_input, :scope > details > .cell_input");
    if (input && dataset.cells) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "cell-edit" });
      button.textContent = "Edit and run";
      input.append(button);
      button.addEventListener("click", () => use(noteAfter(input), (found) => found.edit(input, number)));
    }
  });
  const noteAfter = (input) => {
    const next = input.nextElementSibling;
    if (next?.matches(".cell-note")) return next;
    const note = Object.assign(document.createElement("div"), { className: "cell-note" });
    note.setAttribute("role", "status");
    input.after(note);
    return note;
  };
})();
