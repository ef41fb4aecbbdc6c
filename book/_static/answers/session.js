// The first use of an answer's form or of a cell's button brings this: one worker for the page, and what it says, shown.

const SECONDS = { check: 20, preview: 5, run: 60, fetch: 120 };
const TYPING = 250; // milliseconds without a key
const SHORT = 400; // milliseconds in which nothing need be said

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const button = (text, act) => {
  const made = make("button", { type: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
};

// Why there is no result: "cancelled", "ended" (out of time), or what went wrong.
class NoResult extends Error {
  constructor(why, message = why) {
    super(message);
    this.why = why;
  }
}

// Python, in a worker that answers one request after another, and can be ended at any time.
class Python {
  constructor(address) {
    this.address = address;
    this.isReady = false;
    this.listeners = new Set();
    this.last = Promise.resolve();
    this.numbers = 0;
  }

  start() {
    const worker = new Worker(this.address, { type: "module" });
    this.isReady = false;
    this.ready = new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => {
        if (data.stage) this.listeners.forEach((hear) => hear(data));
        if (data.ready) {
          this.numpy = data.numpy;
          resolve((this.isReady = true));
        }
        if (data.failed) reject(new NoResult("failed", data.failed));
      });
      worker.addEventListener("error", (event) => reject(new NoResult("failed", event.message ?? "the worker has ended")));
    });
    this.ready.catch(() => this.end(worker));
    return worker;
  }

  end(worker) {
    worker.terminate();
    if (this.worker === worker) this.worker = undefined;
    this.isReady = this.worker !== undefined && this.isReady;
  }

  ask(task, request, { signal, hear = () => {} } = {}) {
    this.listeners.add(hear);
    const result = this.last.then(() => this.serve(task, request, signal)).finally(() => this.listeners.delete(hear));
    this.last = result.catch(() => {});
    return result;
  }

  async serve(task, request, signal) {
    const seconds = request.seconds ?? SECONDS[task];
    if (signal?.aborted) throw new NoResult("cancelled");
    const worker = (this.worker ??= this.start());
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new NoResult("cancelled")), { once: true });
        worker.addEventListener("error", () => reject(new NoResult("failed", "the worker has ended")), { once: true });
        this.ready.then(() => {
          timer = setTimeout(() => reject(new NoResult("ended")), seconds * 1000);
          this.answer(worker, task, request).then(resolve, reject);
        }, reject);
      });
    } catch (error) {
      // What runs cannot be asked to stop. Another worker starts at once, unless it was the start that was cancelled.
      if (error.why !== "failed-task") {
        const wasReady = this.isReady;
        this.end(worker);
        if (wasReady) this.worker = this.start();
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  answer(worker, task, request) {
    const number = ++this.numbers;
    return new Promise((resolve, reject) => {
      const hear = ({ data }) => {
        if (data.number !== number) return;
        worker.removeEventListener("message", hear);
        if (data.error === undefined) resolve(data.result);
        else reject(new NoResult("failed-task", data.error));
      };
      worker.addEventListener("message", hear);
      worker.postMessage({ number, task, request });
    });
  }
}

// How far Python is, and a button to cancel; there only while somebody waits.
class Wait {
  constructor(after) {
    this.after = after;
    this.bar = make("progress", { max: 1, ariaLabel: "how much has loaded" });
    this.stage = make("span");
    this.stage.setAttribute("role", "status");
    this.element = make("div", { className: "answer-wait", hidden: true }, this.bar, this.stage);
    this.element.append(button("Cancel", () => this.cancel()));
    this.waiting = 0;
  }

  async until(python, task, request) {
    this.controller ??= new AbortController();
    this.waiting += 1;
    this.hear({ stage: python.isReady ? "Working" : "Starting Python, once for this page", part: null });
    const timer = setTimeout(() => (this.element.hidden = false), python.isReady ? SHORT : 0);
    try {
      return await python.ask(task, request, { signal: this.controller.signal, hear: (said) => this.hear(said) });
    } finally {
      clearTimeout(timer);
      this.waiting -= 1;
      if (!this.waiting) this.end();
    }
  }

  hear({ stage, part }) {
    if (this.stage.textContent !== `${stage} ...`) this.stage.textContent = `${stage} ...`;
    if (part === null) this.bar.removeAttribute("value");
    else this.bar.value = part;
  }

  cancel() {
    this.controller.abort();
    this.after.focus();
  }

  end() {
    this.controller = undefined;
    this.element.hidden = true;
  }
}

const WITHOUT_RESULT = {
  cancelled: () => "Cancelled.",
  ended: (seconds) => `Ended: there was no result within ${seconds} seconds.`,
  failed: (_, message) => `Python could not be started here: ${message}`,
  "failed-task": (_, message) => `This went wrong: ${message.trim().split("\n").at(-1)}`,
};
const excuse = (error, seconds) => {
  if (!(error instanceof NoResult)) throw error;
  return WITHOUT_RESULT[error.why](seconds, error.message);
};

// An exercise's form: what is typed is shown as mathematics, and checked when asked.
class Answer {
  constructor(session, form) {
    [this.session, this.form] = [session, form];
    [this.input, this.shown, this.verdict] = ["input", ".answer-preview", ".answer-verdict"].map((one) => form.querySelector(one));
    this.wait = new Wait(this.input);
    this.shown.after(this.wait.element);
  }

  get seconds() {
    return Number(this.form.dataset.seconds ?? SECONDS.check);
  }

  get request() {
    return { exercise: this.form.dataset.exercise, answer: this.input.value };
  }

  type() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.preview(), TYPING);
  }

  async preview() {
    const { python } = this.session;
    // Who cancelled the start is not asked again before a check.
    if (this.previewing || (this.declined && !python.isReady)) return;
    if (!this.input.value.trim()) {
      this.shown.replaceChildren();
      return;
    }
    const request = this.request;
    this.previewing = true;
    try {
      const found = await (python.isReady
        ? python.ask("preview", request)
        : this.wait.until(python, "preview", request));
      if (!this.checking) await this.show(found);
    } catch (error) {
      this.shown.textContent = excuse(error, SECONDS.preview);
      this.declined = error.why === "cancelled";
    } finally {
      this.previewing = false;
    }
    if (!this.checking && request.answer !== this.input.value) this.type();
  }

  async show({ latex, message }) {
    const line = latex ? make("span", {}, `$${latex}$`) : make("span", { className: "answer-unread" }, `Not read yet: ${message}`);
    if (latex) await this.session.typeset(line);
    this.shown.replaceChildren(line);
  }

  async check() {
    if (this.checking || !this.input.value.trim()) {
      this.input.focus();
      return;
    }
    this.checking = true;
    this.declined = false;
    clearTimeout(this.typing);
    this.shown.replaceChildren(); // the verdict says what was read
    this.form.setAttribute("aria-busy", "true");
    try {
      const { python } = this.session;
      const found = await this.wait.until(python, "check", { ...this.request, seconds: this.seconds });
      const made = card(found);
      await Promise.all([...made.querySelectorAll(".answer-math")].map((formula) => this.session.typeset(formula)));
      this.verdict.replaceChildren(made);
    } catch (error) {
      this.verdict.textContent = excuse(error, this.seconds);
    } finally {
      this.checking = false;
      this.form.removeAttribute("aria-busy");
    }
  }
}

// How a verdict looks, and what it says first.
const KINDS = {
  right: ["answer-right", () => "Right"],
  wrong: ["answer-wrong", () => "Not right"],
  "right if": ["answer-right", ({ condition }) => `Right if ${condition}`],
  undecided: ["answer-open", () => "Undecided"],
  "not understood": ["answer-open", () => "Not understood"],
};
// What it says below: of a message, what the title does not say already.
const said = {
  right: ({ method }) => `Proved by ${method}.`,
  wrong: ({ point, values }) => {
    const places = Object.entries(point ?? {}).map(([name, value]) => `${name} = ${value}`);
    const where = places.length ? `At ${places.join(", ")} your` : "Your";
    return `${where} answer is ${values.yours}, and it should be ${values.expected}.`;
  },
  "right if": ({ message, condition }) => message.replace(`Right if ${condition}. `, ""),
  undecided: ({ message }) => message.replace(/^Undecided: (.)/, (_, first) => first.toUpperCase()),
  "not understood": ({ message }) => message.replace(/^Not understood[^:]*: /, ""),
};

function card(verdict) {
  const { verdict: kind, answer, understood, place, hint } = verdict;
  const [look, title] = KINDS[kind];
  const made = make("div", { className: `answer-card ${look}` }, make("p", { className: "answer-title" }, title(verdict)));
  const say = (...parts) => made.append(make("p", {}, ...parts));
  if (understood) say("Read as ", make("span", { className: "answer-math" }, `$${understood.latex}$`));
  if (place) {
    const [start, end] = place;
    const mark = make("mark", {}, answer.slice(start, end) || " ");
    say(make("code", { className: "answer-typed" }, answer.slice(0, start), mark, answer.slice(end)));
  }
  say(said[kind](verdict));
  if (hint) say(hint);
  return made;
}

// A cell that is edited: its code in a field, and below it what the reader's own run gives.
class Cell {
  constructor(session, input, number) {
    Object.assign(this, { session, input, number, original: input.querySelector("pre").textContent });
    this.printed = input.closest(".cell").querySelector(".cell_output");
    this.field = make("textarea", { value: this.original, spellcheck: false, ariaLabel: "Code of this cell", wrap: "off" });
    this.field.rows = this.original.trimEnd().split("\n").length + 1;
    this.outcome = make("p", { className: "cell-outcome" });
    this.outcome.setAttribute("role", "status");
    this.outputs = make("div", { className: "cell-outputs" });
    this.wait = new Wait(this.field);
    const buttons = make("div", { className: "cell-buttons" });
    buttons.append(button("Run", () => this.run()), button("Put back", () => this.putBack()));
    this.element = make("div", { className: "cell-editor" }, this.field, buttons, this.wait.element, this.outcome, this.outputs);
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.run();
      }
    });
  }

  open() {
    this.input.classList.add("cell-hidden");
    if (!this.element.isConnected) this.input.after(this.element);
    this.field.focus();
  }

  putBack() {
    this.field.value = this.original;
    this.element.remove();
    this.outcome.textContent = "";
    this.outputs.replaceChildren();
    this.input.classList.remove("cell-hidden");
    this.printed?.classList.remove("cell-hidden");
    this.input.querySelector(".cell-edit").focus();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      const outputs = await this.outputsOf(await this.session.sources(this.number, this.field.value));
      const box = make("div", {}, ...outputs.map((output) => this.show(output)));
      await this.session.typeset(box);
      this.outputs.replaceChildren(...box.childNodes);
      this.printed?.classList.add("cell-hidden"); // what the book's own run gave
      const last = outputs.at(-1)?.kind;
      this.outcome.textContent = { error: "It raised an error.", missing: "It did not run." }[last] ?? "It ran.";
    } catch (error) {
      this.outputs.replaceChildren();
      this.outcome.textContent = excuse(error, SECONDS.run);
    } finally {
      this.running = false;
    }
  }

  // Who agreed once to fetch NumPy is not asked again: not by another cell, nor when the worker was ended.
  async outputsOf(sources) {
    const ask = (task, request) => this.wait.until(this.session.python, task, request);
    const outputs = await ask("run", sources);
    if (!this.session.wantsNumPy || outputs.at(-1)?.content !== "NumPy") return outputs;
    this.session.wantsNumPy = false;
    await ask("fetch", {});
    this.session.wantsNumPy = true;
    return ask("run", sources);
  }

  async agree() {
    this.session.wantsNumPy = true;
    this.field.focus();
    await this.run();
  }

  show({ kind, content }) {
    switch (kind) {
      case "latex":
        return make("div", {}, content);
      case "html":
        return plain(content);
      case "missing":
        return this.lacking(content);
      default:
        return make("pre", { className: kind === "error" ? "cell-error" : "" }, content);
    }
  }

  lacking(name) {
    const line = make("p", {}, `This cell needs ${name}, which this page does not have: it has SymPy. `);
    const notebook = document.querySelector("a[href$='.ipynb']");
    if (notebook) line.append("The ", make("a", { href: notebook.href, download: "" }, "notebook of this chapter"), " has all its cells.");
    const made = make("div", {}, line);
    if (name === "NumPy") made.append(...this.offer());
    return made;
  }

  // NumPy for a page is kept by Pyodide's makers only: another host is asked when the reader agrees, and not before.
  offer() {
    const { version, from } = this.session.python.numpy;
    const host = new URL(from).host;
    const line = make("p", {}, `Or it can be fetched: a few megabytes from ${host}, which then learns your address.`);
    return [line, button(`Fetch NumPy ${version} and run`, () => this.agree())];
  }
}

// What HTML says, without anything in it that could act.
function plain(html) {
  const made = new DOMParser().parseFromString(html, "text/html").body;
  made.querySelectorAll("script, style, iframe, object, embed, link, form").forEach((one) => one.remove());
  for (const one of made.querySelectorAll("*")) {
    for (const { name } of [...one.attributes]) {
      if (name !== "class") one.removeAttribute(name);
    }
    one.classList.remove("live-only"); // here the equations are not below
  }
  return make("div", {}, ...made.childNodes);
}

export class Session {
  constructor(here, { version, cells }) {
    this.address = (name) => `${here}${name}?v=${version}`;
    this.python = new Python(this.address("worker.js"));
    this.katex = this.load("katex.min.js").then(() => this.load("auto-render.min.js"));
    this.cells = here + cells;
    this.made = new Map();
  }

  preview(form) {
    this.of(form, () => new Answer(this, form)).type();
  }

  check(form) {
    this.of(form, () => new Answer(this, form)).check();
  }

  edit(input, number) {
    this.of(number, () => new Cell(this, input, number)).open();
  }

  of(thing, build) {
    if (!this.made.has(thing)) this.made.set(thing, build());
    return this.made.get(thing);
  }

  load(name) {
    return new Promise((resolve, reject) => {
      const failed = () => reject(new Error(`${name} did not come`));
      document.head.append(make("script", { src: this.address(name), onload: resolve, onerror: failed }));
    });
  }

  async typeset(element) {
    await this.katex;
    const delimiters = [["$$", "$$", true], ["$", "$", false]].map(([left, right, display]) => ({ left, right, display }));
    renderMathInElement(element, { delimiters, throwOnError: false });
  }

  // The cells before one, as the reader has left them, and then its own; those that the page leaves out too.
  async sources(number, own) {
    this.known ??= fetch(this.cells).then((answer) => answer.json());
    const known = await this.known;
    const end = known.findIndex((cell) => cell.shown === number);
    const before = known.slice(0, end).map(({ source, shown }) => this.made.get(shown)?.field.value ?? source);
    return [...before, own];
  }
}
