// The triangle of three probabilities: a point to drag, the arrow from it to the target, and the way of the
// probabilities while the logits follow the arrow.
play.define("simplex", (panel) => {
  "use strict";

  const { forms, fixed, number } = play;
  const CORNERS = [[0.5, Math.sqrt(3) / 2], [0, 0], [1, 0]]; // with side 1
  const MARGIN = { side: 34, top: 34, bottom: 34 }; // px, for the names of the corners
  const LEVELS = [0.25, 0.5, 1, 2]; // nats above the least loss
  const [RAYS, FAR] = [360, 4]; // of a level line, and where they end, in sides
  const LEAST = 0.002; // no logit is infinite
  const [MOVE, LEAP] = [0.02, 0.1]; // of a side, for the arrow keys, without and with shift
  const RATE = 0.01; // of the path, in steps as small as the static figure's
  const names = ["z1", "z2", "z3"];
  let z, y; // the state: the ranges show rounded logits

  // Barycentric coordinates to the plane and back.
  const plane = (p) => [0, 1].map((axis) => p.reduce((total, share, k) => total + share * CORNERS[k][axis], 0));
  const shares = ([u, v]) => {
    const first = v / CORNERS[0][1];
    const third = u - first / 2;
    return [first, 1 - first - third, third];
  };
  const nearest = (p) => {
    const held = p.map((share) => Math.max(share, LEAST));
    const total = held.reduce((a, b) => a + b);
    return held.map((share) => share / total);
  };

  const make = (tag, attributes, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return parent?.appendChild(element) ?? element;
  };
  const svg = make("svg", { "aria-hidden": "true" }, panel.live);
  const head = make("marker", {
    id: "play-head", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 5, markerHeight: 5, orient: "auto",
  }, svg);
  make("path", { d: "M0 0L10 5L0 10z", class: "play-head" }, head);
  const clip = make("path", {}, make("clipPath", { id: "play-inside" }, svg));
  const triangle = make("path", { class: "play-edge" }, svg);
  const levels = LEVELS.map((level) => ({
    level,
    line: make("path", { class: "play-level", "clip-path": "url(#play-inside)" }, svg),
    text: make("text", { class: "play-level-name" }, svg),
  }));
  const corners = CORNERS.map((_, k) => make("text", { class: "play-corner", "text-anchor": "middle" }, svg));
  const path = make("path", { class: "play-path" }, svg);
  const arrow = make("path", { class: "play-arrow", "marker-end": "url(#play-head)" }, svg);
  const target = make("path", { class: "play-target" }, svg);
  const handle = Object.assign(document.createElement("span"), { className: "play-handle", tabIndex: 0 });
  const spoken = { role: "slider", "aria-label": "the probabilities, moved by the arrow keys" };
  for (const [name, value] of Object.entries({ ...spoken, "aria-valuemin": 0, "aria-valuemax": 1 })) {
    handle.setAttribute(name, value);
  }
  panel.live.append(handle);

  let scale = 1;
  let origin = [0, 0];
  const onPage = ([u, v]) => [origin[0] + scale * u, origin[1] - scale * v];
  const place = (p) => onPage(plane(p));
  const way = (points, end = "") =>
    `M${points.map((p) => place(p).map((c) => c.toFixed(1)).join(" ")).join("L")}${end}`;

  // How far along a ray from the target the loss rises to a level. A share without mass in the target has no say, so
  // for a corner the line goes on outside the triangle, where it is cut off.
  const distance = (level, [right, up]) => {
    const from = plane(y);
    const isBelow = (t) => {
      const p = shares([from[0] + t * right, from[1] + t * up]);
      return p.every((share, k) => share > 0 || y[k] === 0) && forms.divergence(y, p) <= level;
    };
    let [low, high] = [0, FAR];
    for (let halving = 0; halving < 16; halving += 1) {
      const middle = (low + high) / 2;
      [low, high] = isBelow(middle) ? [middle, high] : [low, middle];
    }
    return low;
  };
  const beside = (t, [right, up]) => {
    const [u, v] = plane(y);
    return onPage([u + t * right, v + t * up]);
  };

  const drawLevels = () => {
    const label = panel.value("label");
    const next = CORNERS[(label + 2) % 3];
    const edge = [next[0] - CORNERS[label][0], next[1] - CORNERS[label][1]];
    // The names stand outside the triangle, where the lines meet its edge; a soft target's lines end nowhere, so theirs
    // stand on them.
    const isHard = Math.max(...y) === 1;
    const [from, to] = [plane(y), plane([0, 1, 2].map((k) => (k === label ? 0 : k === (label + 2) % 3 ? 0.75 : 0.25)))];
    const towards = isHard ? edge : [to[0] - from[0], to[1] - from[1]];
    const [right, up] = isHard ? [-edge[1], edge[0]] : [0, 0]; // of length 1, to the left of the way along the edge
    for (const { level, line, text } of levels) {
      const points = [];
      for (let n = 0; n <= RAYS; n += 1) {
        const ray = [Math.cos((2 * Math.PI * n) / RAYS), Math.sin((2 * Math.PI * n) / RAYS)];
        const t = distance(level, ray);
        points.push(t < 0.999 * FAR ? beside(t, ray) : null);
      }
      const parts = points.map((at, n) => at && `${n && points[n - 1] ? "L" : "M"}${at[0]} ${at[1]}`);
      line.setAttribute("d", parts.filter(Boolean).join(""));
      const [x, v] = beside(distance(level, towards), towards);
      text.setAttribute("x", x + 8 * right);
      text.setAttribute("y", v - 12 * up + 5);
      text.setAttribute("text-anchor", right > 0.1 ? "start" : right < -0.1 ? "end" : "middle");
      text.textContent = `+${level}`;
    }
  };

  const draw = () => {
    const { clientWidth: width, clientHeight: height } = panel.live;
    const room = [width - 2 * MARGIN.side, (height - MARGIN.top - MARGIN.bottom) / CORNERS[0][1]];
    scale = Math.min(...room);
    origin = [(width - scale) / 2, (height + scale * CORNERS[0][1]) / 2];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const unit = [0, 1, 2].map((k) => [0, 1, 2].map((n) => Number(n === k)));
    for (const outline of [triangle, clip]) outline.setAttribute("d", way(unit, "Z"));
    corners.forEach((text, k) => {
      const [x, v] = place(unit[k]);
      text.setAttribute("x", x);
      text.setAttribute("y", v + (k ? 22 : -14));
      text.textContent = `class ${k + 1}`;
    });
    drawLevels();
    drawPoint();
  };

  const drawPoint = () => {
    const p = forms.softmax(z);
    const [x, v] = place(p);
    Object.assign(handle.style, { left: `${x}px`, top: `${v}px` });
    arrow.setAttribute("d", way([p, y]));
    const [tx, tv] = place(y);
    target.setAttribute("d", `M${tx} ${tv - 8}l8 8l-8 8l-8 -8z`);
    path.setAttribute("d", way(forms.descend(z, y, RATE, 3000).filter((_, n) => n % 10 === 0)));
  };

  const update = (event) => {
    const changed = event?.target;
    if (names.includes(changed?.name)) z[names.indexOf(changed.name)] = panel.value(changed.name);
    y = forms.smoothed(panel.value("label"), panel.value("part"), 3);
    const [p, gradient] = [forms.softmax(z), forms.ce.grad(z, y)];
    const texts = { part: number(panel.value("part"), 2), loss: number(forms.ce.loss(z, y)) };
    texts.least = number(forms.entropy(y));
    const rows = { z, p, y, g: gradient };
    for (const [name, row] of Object.entries(rows)) {
      row.forEach((value, k) => (texts[`${name}${k + 1}`] = name === "z" ? fixed(value, 1) : number(value)));
    }
    panel.show(texts);
    const list = (row) => row.map((value) => fixed(value, 2)).join(", ");
    handle.setAttribute("aria-valuenow", p[0].toFixed(2));
    handle.setAttribute("aria-valuetext", `probabilities ${list(p)}`);
    panel.say(`probabilities ${list(p)}, target ${list(y)}: loss ${texts.loss}, gradient ${list(gradient)}`);
    if (changed?.name === "part" || changed?.name === "label" || !event) draw();
    else drawPoint();
  };

  const moveTo = (logits) => {
    z = logits;
    names.forEach((name, k) => panel.set(name, z[k]));
    update({});
  };
  const point = (event) => {
    const box = panel.live.getBoundingClientRect();
    const at = [(event.clientX - box.left - origin[0]) / scale, (origin[1] - event.clientY + box.top) / scale];
    moveTo(forms.centred(nearest(shares(at))));
  };
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => event.buttons && point(event));
  handle.addEventListener("keydown", (event) => {
    const [right, up] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
    if (right === undefined) return;
    event.preventDefault();
    const size = event.shiftKey ? LEAP : MOVE;
    const [u, v] = plane(forms.softmax(z));
    moveTo(forms.centred(nearest(shares([u + size * right, v + size * up]))));
  });
  panel.form.elements.step.addEventListener("click", () => moveTo(forms.step(z, y, 1)));

  const fromRanges = () => (z = names.map((name) => panel.value(name)));
  fromRanges();
  panel.start({ update, draw, reset: fromRanges });
});
