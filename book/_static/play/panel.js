// What the figures share: their controls, what they print and say, and when they draw.
(() => {
  "use strict";

  const SAY_AFTER = 500; // ms without a change: a screen reader hears the result, not the way there

  const fixed = (x, digits) => x.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");

  // As many digits as are asked for, or a power of ten where they would all be 0.
  const number = (x, digits = 3) => {
    if (Number.isNaN(x)) return "nan";
    if (!Number.isFinite(x)) return x > 0 ? "inf" : "−inf";
    const isTiny = x !== 0 && Math.abs(x) < 0.5 * 10 ** -digits;
    return isTiny ? x.toExponential(1).replaceAll("-", "−") : fixed(x, digits);
  };

  class Panel {
    constructor(form) {
      this.form = form;
      this.figure = form.closest("figure");
      this.live = document.createElement("div");
      this.live.className = "play-live";
      this.figure.querySelector(".play-stage").append(this.live);
    }

    value(name) {
      const { value } = this.form.elements[name];
      return value === "" || Number.isNaN(Number(value)) ? value : Number(value);
    }

    set(name, value) {
      this.form.elements[name].value = value;
    }

    // Write into each place of the panel that has this name; beside a range the value is also what is spoken.
    show(texts) {
      for (const [name, text] of Object.entries(texts)) {
        for (const place of this.form.querySelectorAll(`[data-show="${name}"]`)) place.textContent = text;
        const control = this.form.elements[name];
        if (control?.type === "range") control.setAttribute("aria-valuetext", text);
      }
    }

    // To a screen reader, about what the reader has changed.
    say(text) {
      if (!this.isLive) return;
      clearTimeout(this.saying);
      this.saying = setTimeout(() => this.show({ say: text }), SAY_AFTER);
    }

    colour(name) {
      return getComputedStyle(this.live).getPropertyValue(`--play-${name}`).trim();
    }

    // From now on the figure is live. `update` prints and draws; `draw` only draws, for a new size or theme.
    start({ update, draw, reset = () => {} }) {
      this.form.addEventListener("input", update);
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("reset", () => setTimeout(() => (reset(), update())));
      this.form.querySelector("fieldset").disabled = false;
      update();
      new ResizeObserver(draw).observe(this.live);
      new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
      this.figure.classList.add("play-on");
      this.isLive = true;
    }
  }

  Object.assign(window.play, { Panel, fixed, number });
})();
