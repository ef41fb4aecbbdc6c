// What a constant does to the loss and to the gradient in a floating-point type, beside the exact values.
play.define("epsilon", (panel) => {
  "use strict";

  const { forms, number, Curves, grid } = play;
  const REACH = 40;
  const at = grid(-REACH, REACH, 320); // in quarters, which every type holds
  const lines = [
    { colour: "faint", width: 5 },
    { colour: "1" },
    { colour: "2", dash: [9, 5] },
  ];
  const ROWS = ["exact", "guarded", "written"];
  const dtypes = Object.fromEntries(["float16", "float32", "float64"].map((name) => [name, forms.typed(name)]));
  let z, y, values;

  const computed = (part) => {
    const type = dtypes[panel.value("dtype")];
    const eps = Number(`1e${panel.value("exponent")}`);
    const guard = type[panel.value("guard")][part];
    return [
      (logit) => type.round(forms.bce[part](logit, y)),
      (logit) => guard(logit, y, eps),
      (logit) => type.written[part](logit, y),
    ];
  };

  // Where a row is not finite: the first and the last logit of each stretch.
  const runs = (row) => {
    const found = [];
    row.forEach((value, n) => {
      if (Number.isFinite(value)) return;
      if (n > 0 && !Number.isFinite(row[n - 1])) found.at(-1)[1] = at[n];
      else found.push([at[n], at[n]]);
    });
    return found;
  };

  const marks = (part, range) => (pen) => {
    pen.line([z, range[0]], [z, range[1]], "faint", { dash: [3, 4] });
    const half = (at[1] - at[0]) / 2;
    values[part].forEach((row, n) => {
      for (const [from, to] of runs(row)) pen.strip(from - half, to + half, n - 1, lines[n].colour);
    });
    computed(part).forEach((value, n) => pen.dot(z, value(z), lines[n].colour));
  };
  const plot = (part, label, range, ticks) => ({ label, range, ticks, lines, marks: marks(part, range) });
  const curves = new Curves(panel, { at, label: "logit z", range: [-REACH, REACH], ticks: grid(-REACH, REACH, 4), name: "z" }, [
    plot("loss", "loss (nats)", [-2, 44], [0, 10, 20, 30, 40]),
    plot("grad", "gradient by z", [-1.3, 1.3], [-1, -0.5, 0, 0.5, 1]),
  ]);

  const update = () => {
    [z, y] = [panel.value("z"), panel.value("y")];
    const here = { loss: computed("loss"), grad: computed("grad") };
    values = Object.fromEntries(Object.entries(here).map(([part, row]) => [part, row.map((value) => at.map(value))]));
    const texts = {};
    for (const [part, row] of Object.entries(here)) {
      row.forEach((value, n) => (texts[`${ROWS[n]}-${part}`] = number(value(z))));
    }
    const epsilon = `1e${panel.value("exponent")}`.replace("-", "−");
    panel.show({ ...texts, z: number(z, 2), exponent: epsilon });
    panel.say(
      `${panel.value("dtype")}, logit ${number(z, 2)}, target ${y}, epsilon ${epsilon}: ` +
        ROWS.map((name) => `${name} loss ${texts[`${name}-loss`]}, gradient ${texts[`${name}-grad`]}`).join("; "),
    );
    // A line has a gap where its value is nan or infinite.
    const drawn = (row) => row.map((value) => (Number.isFinite(value) ? value : null));
    curves.draw(["loss", "grad"].map((part) => values[part].map(drawn)));
  };

  panel.start({ update, draw: () => curves.draw() });
});
