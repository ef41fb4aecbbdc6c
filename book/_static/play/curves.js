// Plots above one another over one axis, drawn by uPlot; a finger or a mouse on them moves the value of one range.
(() => {
  "use strict";

  const FONT = "13px system-ui, sans-serif";
  const AXIS = { y: 64, x: 48, bare: 10 }; // px, with and without numbers and a label

  // panel: a Panel; x: {at, label, range, ticks, name} with the name of the range input; plots: {label, range, ticks, lines, marks},
  // lines: {colour, width, dash}, marks(pen): what is drawn upon the lines.
  class Curves {
    constructor(panel, x, plots) {
      Object.assign(this, { panel, x, plots });
      this.all = plots.map((plot, n) => {
        const last = n === plots.length - 1;
        const made = new uPlot(this.options(plot, last), [x.at, ...plot.lines.map(() => x.at)], panel.live);
        this.drag(made.over);
        return made;
      });
    }

    options({ label, range, ticks, lines, marks }, last) {
      const ink = () => this.panel.colour("ink");
      const shared = { stroke: ink, font: FONT, labelFont: FONT, grid: this.rule(), ticks: this.rule(), gap: 4 };
      const numbers = (_, values) => values.map((value) => String(value).replace("-", "−"));
      return {
        ...this.size(last),
        pxAlign: 0,
        padding: [8, 10, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, range: this.x.range }, y: { range } },
        axes: [
          last
            ? { ...shared, label: this.x.label, labelSize: 20, size: AXIS.x - 20, values: numbers, splits: () => this.x.ticks }
            : { ...shared, size: AXIS.bare, values: (_, values) => values.map(() => ""), splits: () => this.x.ticks },
          { ...shared, label, labelSize: 20, size: AXIS.y - 20, values: numbers, splits: () => ticks },
        ],
        series: [{}, ...lines.map((line) => this.series(line))],
        hooks: { draw: [(u) => marks(new Pen(u, this.panel))] },
      };
    }

    rule() {
      return { stroke: () => this.panel.colour("grid"), width: 1, size: 4 };
    }

    series({ colour, width = 2.4, dash }) {
      return { stroke: () => this.panel.colour(colour), width, dash, points: { show: false } };
    }

    size(last) {
      const { clientWidth: width, clientHeight } = this.panel.live;
      const each = (clientHeight - AXIS.x + AXIS.bare) / this.plots.length; // every plot has the same height inside
      return { width, height: last ? each + AXIS.x - AXIS.bare : each };
    }

    // rows: for each plot the values of its lines, or nothing to draw what is there once more.
    draw(rows) {
      this.all.forEach((made, n) => {
        const size = this.size(n === this.all.length - 1);
        if (rows) made.setData([this.x.at, ...rows[n]], false);
        if (made.width !== size.width || made.height !== size.height) made.setSize(size);
        else made.redraw(false, true);
      });
    }

    drag(over) {
      const input = this.panel.form.elements[this.x.name];
      const move = (event) => {
        const box = over.getBoundingClientRect();
        const [low, high] = this.x.range;
        input.value = low + ((event.clientX - box.left) / box.width) * (high - low); // the input rounds to its step
        input.dispatchEvent(new Event("input", { bubbles: true }));
      };
      over.addEventListener("pointerdown", (event) => (over.setPointerCapture(event.pointerId), move(event)));
      over.addEventListener("pointermove", (event) => event.buttons && move(event));
    }
  }

  // Draws in the units of a plot.
  class Pen {
    constructor(u, panel) {
      Object.assign(this, { u, panel, ink: u.ctx, unit: u.ctx.canvas.width / u.width });
    }

    at(x, y) {
      return [this.u.valToPos(x, "x", true), this.u.valToPos(y, "y", true)];
    }

    inside(draw) {
      const { left, top, width, height } = this.u.bbox;
      this.ink.save();
      this.ink.beginPath();
      this.ink.rect(left, top, width, height);
      this.ink.clip();
      draw();
      this.ink.restore();
    }

    line(from, to, colour, { width = 1, dash = [] } = {}) {
      this.inside(() => {
        this.ink.beginPath();
        this.ink.moveTo(...this.at(...from));
        this.ink.lineTo(...this.at(...to));
        Object.assign(this.ink, { strokeStyle: this.panel.colour(colour), lineWidth: width * this.unit });
        this.ink.setLineDash(dash.map((part) => part * this.unit));
        this.ink.stroke();
      });
    }

    dot(x, y, colour) {
      if (!Number.isFinite(y)) return;
      this.ink.beginPath();
      this.ink.arc(...this.at(x, y), 6 * this.unit, 0, 2 * Math.PI);
      Object.assign(this.ink, { fillStyle: this.panel.colour(colour), strokeStyle: this.panel.colour("paper") });
      this.ink.lineWidth = 2 * this.unit;
      this.ink.setLineDash([]);
      this.ink.fill();
      this.ink.stroke();
    }

    // A strip along the upper edge, `row` strips down, from one x to another.
    strip(from, to, row, colour) {
      const [left] = this.at(from, 0);
      const [right] = this.at(to, 0);
      const height = 6 * this.unit;
      this.inside(() => {
        this.ink.fillStyle = this.panel.colour(colour);
        this.ink.fillRect(left, this.u.bbox.top + row * (height + this.unit), right - left, height);
      });
    }
  }

  // From low to high in even steps, both ends included.
  const grid = (low, high, steps) => Array.from({ length: steps + 1 }, (_, n) => low + ((high - low) * n) / steps);

  Object.assign(window.play, { Curves, grid });
})();
