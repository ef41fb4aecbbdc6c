// The closed forms behind the figures that can be played with. Pure functions, and no others: tests/book/test_play.py
// runs this file and holds each of them to the theorem named beside it.
(() => {
  "use strict";

  const { abs, exp, log, log1p, max, min } = Math;

  // One logit z, one target y in [0, 1]. No exponential of a positive number, and no difference of what is nearly equal.

  // sigmoid-stable
  const sigmoid = (z) => (z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)));

  // softplus-stable
  const softplus = (z) => max(z, 0) + log1p(exp(-abs(z)));

  const bce = {
    // bce-stable-soft-loss: no term is negative
    loss: (z, y) => abs(z) * (z > 0 ? 1 - y : y) + log1p(exp(-abs(z))),
    // bce-soft-gradient
    grad: (z, y) => (1 - y) * sigmoid(z) - y * sigmoid(-z),
  };

  const mse = {
    // sigmoid-mse-soft-loss
    loss: (z, y) => bce.grad(z, y) ** 2 / 2,
    // sigmoid-mse-soft-gradient
    grad: (z, y) => bce.grad(z, y) * sigmoid(z) * sigmoid(-z),
  };

  // Rows: logits z, probabilities p, targets y that sum to one.

  const sum = (row) => row.reduce((total, term) => total + term, 0);
  const without = (row, j) => row.filter((_, k) => k !== j);
  const cross = (y, logs) => sum(y.map((mass, k) => (mass === 0 ? 0 : -mass * logs[k]))); // 0 log 0 = 0

  // softmax-shift
  const softmax = (z) => {
    const top = max(...z);
    const raised = z.map((logit) => exp(logit - top));
    const total = sum(raised);
    return raised.map((one) => one / total);
  };

  // log-softmax, with the largest term taken out of the sum
  const logSoftmax = (z) => {
    const top = z.indexOf(max(...z));
    const rest = log1p(sum(without(z, top).map((logit) => exp(logit - z[top]))));
    return z.map((logit) => logit - z[top] - rest);
  };

  const ce = {
    // cross-entropy of the row's softmax
    loss: (z, y) => cross(y, logSoftmax(z)),
    // softmax-ce-gradient-normalized, as (1 - y_j) p_j - y_j (1 - p_j), and 1 - p_j is the sum of the others
    grad: (z, y) => {
      const p = softmax(z);
      return p.map((one, j) => (1 - y[j]) * one - y[j] * sum(without(p, j)));
    },
  };

  // The least loss under a target, and what the loss at probabilities is above it.
  const entropy = (y) => cross(y, y.map(log));
  const divergence = (y, p) => sum(y.map((mass, k) => (mass === 0 ? 0 : mass * log(mass / p[k]))));

  // A target that gives up a part of its mass, in equal shares to all classes.
  const smoothed = (label, part, classes) =>
    Array.from({ length: classes }, (_, k) => (k === label ? 1 - part : 0) + part / classes);

  // The logits of given probabilities that sum to zero.
  const centred = (p) => {
    const logs = p.map(log);
    const mean = sum(logs) / logs.length;
    return logs.map((one) => one - mean);
  };

  // One step of gradient descent on the logits.
  const step = (z, y, rate) => {
    const slope = ce.grad(z, y);
    return z.map((logit, k) => logit - rate * slope[k]);
  };

  // The probabilities on the way, while the logits descend in small steps.
  const descend = (z, y, rate, steps) => {
    const path = [];
    for (let at = z, n = 0; n <= steps; n += 1, at = step(at, y, rate)) path.push(softmax(at));
    return path;
  };

  // Floating-point types, by rounding each result once: to nearest, ties to even. One operation on float16s or
  // float32s, done in float64 and rounded, is right; for exp and log that holds but for values beside a tie.

  const F16 = { bits: 11, least: 2 ** -24, overflow: 65520 }; // from the middle of 65504 and 65536 on: infinity

  const f16 = (x) => {
    if (x === 0 || !Number.isFinite(x)) return x;
    if (abs(x) >= F16.overflow) return x > 0 ? Infinity : -Infinity;
    let unit = F16.least; // the last place of x
    while (unit * 2 ** F16.bits <= abs(x)) unit *= 2;
    const quotient = abs(x) / unit; // exact: a division by a power of two
    const down = Math.floor(quotient);
    const rest = quotient - down;
    const places = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
    return (x < 0 ? -1 : 1) * places * unit;
  };

  const rounding = { float16: Math.f16round ?? f16, float32: Math.fround, float64: (x) => x };

  // Binary cross-entropy as it is usually written, and with two guards, each operation in the type: the lines of
  // logitgrad.numeric.naive. `eps` is rounded to the type as a constant in a program is.
  const typed = (type) => {
    const r = rounding[type];
    const rlog = (x) => r(log(x));
    const sigma = (z) => r(1 / r(1 + r(exp(-z))));
    const cost = (left, right, y) => -r(r(y * rlog(left)) + r(r(1 - y) * rlog(right)));
    const other = (p) => r(1 - p);
    const slope = (z, y) => {
      const p = sigma(z);
      const spread = r(p * other(p));
      return r(r(r(p - y) / spread) * spread);
    };
    return {
      round: r,
      written: {
        loss: (z, y) => cost(sigma(z), other(sigma(z)), y),
        grad: slope,
      },
      inside: {
        loss: (z, y, eps) => cost(r(sigma(z) + r(eps)), r(other(sigma(z)) + r(eps)), y),
        grad: (z, y, eps) => {
          const p = sigma(z);
          const left = r(y / r(p + r(eps)));
          const right = r(r(1 - y) / r(other(p) + r(eps)));
          return r(r(right - left) * r(p * other(p)));
        },
      },
      clipped: {
        loss: (z, y, eps) => {
          const p = min(max(sigma(z), r(eps)), r(1 - eps));
          return cost(p, other(p), y);
        },
        grad: (z, y, eps) => (sigma(z) > r(eps) && sigma(z) < r(1 - eps) ? slope(z, y) : 0),
      },
    };
  };

  const forms = {
    sigmoid, softplus, bce, mse, softmax, logSoftmax, ce, entropy, divergence,
    smoothed, centred, step, descend, f16, typed,
  };
  if (typeof module === "object") module.exports = forms;
  else window.play.forms = forms;
})();
