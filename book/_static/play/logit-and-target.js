// Loss and gradient of one unit, with cross-entropy and with squared error, at a logit and a target moved by hand.
play.define("logit-and-target", (panel) => {
  "use strict";

  const { forms, number, Curves, grid } = play;
  const REACH = 8;
  const TANGENT = 2; // to either side
  const lines = [{ colour: "1" }, { colour: "2", dash: [9, 5] }];
  const losses = [forms.bce, forms.mse];
  const at = grid(-REACH, REACH, 160);
  let z, y;

  const marks = (part, range) => (pen) => {
    pen.line([z, range[0]], [z, range[1]], "faint", { dash: [3, 4] });
    if (part === "loss") {
      const here = forms.bce.loss(z, y);
      const rise = TANGENT * forms.bce.grad(z, y);
      pen.line([z - TANGENT, here - rise], [z + TANGENT, here + rise], "ink", { width: 2 });
    }
    losses.forEach((each, n) => pen.dot(z, each[part](z, y), lines[n].colour));
  };
  const plot = (part, label, range, ticks) => ({ label, range, ticks, lines, marks: marks(part, range) });
  const curves = new Curves(panel, { at, label: "logit z", range: [-REACH, REACH], ticks: grid(-REACH, REACH, 8), name: "z" }, [
    plot("loss", "loss", [-0.4, 8.4], [0, 2, 4, 6, 8]),
    plot("grad", "gradient by z", [-1.15, 1.15], [-1, -0.5, 0, 0.5, 1]),
  ]);

  const update = () => {
    [z, y] = [panel.value("z"), panel.value("y")];
    const p = forms.sigmoid(z);
    const [bce, mse] = losses.map((each) => ({ loss: number(each.loss(z, y)), grad: number(each.grad(z, y)) }));
    panel.show({ z: number(z, 1), y: number(y, 2), p: number(p), error: number(p - y) });
    panel.show({ "bce-loss": bce.loss, "bce-grad": bce.grad, "mse-loss": mse.loss, "mse-grad": mse.grad });
    panel.say(
      `logit ${number(z, 1)}, target ${number(y, 2)}: output ${number(p)}; ` +
        `cross-entropy: loss ${bce.loss}, gradient ${bce.grad}; squared error: loss ${mse.loss}, gradient ${mse.grad}`,
    );
    const bar = panel.form.querySelector(".play-bar");
    for (const [name, value] of Object.entries({ p, y })) bar.style.setProperty(`--${name}`, value);
    curves.draw(["loss", "grad"].map((part) => losses.map((each) => at.map((logit) => each[part](logit, y)))));
  };

  panel.start({ update, draw: () => curves.draw() });
});
