"""The claims catch what people get wrong: each mutant of the source fails the claims named for it."""

import importlib
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import logitgrad.numeric

from . import claims

SOURCE = Path(logitgrad.numeric.__file__).parent
F64 = np.float64


def exact(claim, *names):
    return [lambda library, name=name: claim(library, name, F64) for name in names]


sigmoid = exact(claims.scalar_is_exact, "logexp.sigmoid")
softplus = exact(claims.scalar_is_exact, "logexp.softplus")
log_sigmoid = exact(claims.scalar_is_exact, "logexp.log_sigmoid")
bce_loss = exact(claims.hard_labels_are_exact, "sigmoid_bce.loss")
bce_soft_loss = exact(claims.soft_labels_are_exact, "sigmoid_bce.loss")
bce_grad = exact(claims.hard_labels_are_exact, "sigmoid_bce.grad")
bce_difference = [claims.bce_gradient_is_the_loss_s_difference]
bce_hess = [
    *exact(claims.hard_labels_are_exact, "sigmoid_bce.hess"),
    claims.bce_second_derivative_is_the_gradient_s_difference,
]
softmax = exact(claims.rows_are_exact, "logexp.softmax")
log_softmax = exact(claims.rows_are_exact, "logexp.log_softmax")
logsumexp = [lambda library: claims.logsumexp_is_exact(library, F64)]
ce_loss = exact(claims.class_indices_are_exact, "softmax_ce.loss")
ce_grad = exact(claims.class_indices_are_exact, "softmax_ce.grad")
ce_soft_grad = exact(claims.probabilities_are_exact, "softmax_ce.grad")
ce_difference = [claims.ce_gradient_is_the_loss_s_difference]
hvp = [lambda library: claims.hvp_is_exact(library, F64)]
hvp_difference = [claims.hvp_is_the_gradient_s_difference]

MUTANTS = {
    "sigmoid-mirrored": ("logexp", "np.abs((z > 0) - ", "np.abs((z < 0) - ", sigmoid),
    "sigmoid-correction-with-the-wrong-sign": (
        "logexp",
        "(e - q) - q * e",
        "(e - q) + q * e",
        [*sigmoid, *bce_grad],
    ),
    "sigmoid-without-absolute-value": (
        "logexp",
        "e = np.exp(-np.abs(z))",
        "e = np.exp(-z)",
        [*sigmoid, *bce_hess],
    ),
    "softplus-without-log1p": ("logexp", "0) + np.log1p(", "0) + np.log(1 + ", softplus),
    "softplus-of-the-minimum": ("logexp", "np.maximum(z, 0)", "np.minimum(z, 0)", softplus),
    "log-sigmoid-sign": ("logexp", "0) - np.log1p(", "0) + np.log1p(", log_sigmoid),
    "logsumexp-sign": ("logexp", "two_sum(s.peak, top)", "two_sum(s.peak, -top)", logsumexp),
    "bce-eps-in-the-log": ("sigmoid_bce", "np.log1p(e)", "np.log1p(e + 1e-8)", [*bce_loss, *bce_soft_loss]),
    "bce-swapped-label": (
        "sigmoid_bce",
        "np.abs(weight)",
        "np.abs(1 - np.abs(weight))",
        [*bce_loss, *bce_difference],
    ),
    "bce-without-log1p": ("sigmoid_bce", "np.log1p(e)", "np.log(1 + e)", bce_loss),
    "bce-0-times-inf": (
        "sigmoid_bce",
        "np.fmax(size * np.abs(weight), 0)",
        "size * np.abs(weight)",
        [claims.infinite_logits_are_limits],
    ),
    "bce-y-minus-p": (
        "sigmoid_bce",
        "return (weight + side * q) + (low + side * q_low)",
        "return -((weight + side * q) + (low + side * q_low))",
        [*bce_grad, *bce_difference],
    ),
    "bce-p-plus-y": ("sigmoid_bce", "weight = h - y", "weight = h + y", [*bce_grad, *bce_difference]),
    "bce-gradient-missing-factor-2": ("sigmoid_bce", "1.0 - 2.0 * (z > 0)", "1.0 - (z > 0)", bce_grad),
    "bce-gradient-sign-of-zero": (
        "sigmoid_bce",
        "side = 1.0 - 2.0 * (z > 0)",
        "side = -np.sign(z)",
        bce_grad,
    ),
    "bce-second-derivative-doubled": ("sigmoid_bce", "(q - (q * q", "2 * (q - (q * q", bce_hess),
    "bce-second-derivative-first-order": ("sigmoid_bce", "(q - (q * q", "(q - (0 * q", bce_hess),
    "bce-second-derivative-other-factor": ("sigmoid_bce", "(q - (q * q", "(q - (2 * q * q", bce_hess),
    "softmax-rounded-shift": ("_shifted", "e_low = e * low", "e_low = 0 * low", [*softmax, *ce_grad]),
    "sum-with-the-maximum's-1": (
        "_shifted",
        "others[at] = others_low[at] = 0",
        "others_low[at] = 0",
        [*softmax, *log_softmax, *logsumexp, *ce_loss],
    ),
    "softmax-minimum-for-maximum": ("_shifted", "z.argmax(axis=0)", "z.argmin(axis=0)", softmax),
    "log-softmax-sign": ("_shifted", "two_sum(s.gap, -top)", "two_sum(s.gap, top)", log_softmax),
    "ce-without-log1p": ("_shifted", "np.log1p(s.rest)", "np.log(1 + s.rest)", [*log_softmax, *ce_loss]),
    "ce-eps-in-the-log": (
        "_shifted",
        "np.log1p(s.rest)",
        "np.log1p(s.rest + 1e-8)",
        [*log_softmax, *ce_loss],
    ),
    "ce-loss-sign": ("softmax_ce", "-s.gap[own]", "s.gap[own]", [*ce_loss, *ce_difference]),
    "ce-other-class": ("softmax_ce", "own = y, np", "own = y - 1, np", [*ce_loss, *ce_grad, *ce_difference]),
    "ce-y-minus-p": ("softmax_ce", "p[own] = -others", "p[own] = others", [*ce_grad, *ce_difference]),
    "ce-p-minus-1": (
        "softmax_ce",
        "p[own] = -others",
        "p[own] = p[own] - 1",
        [claims.true_class_keeps_its_digits, *ce_grad],
    ),
    "ce-weights-p-minus-y": (
        "softmax_ce",
        "p * _sum_without_each(y) - y * complements(s, p)",
        "p - y",
        ce_difference,
    ),
    "ce-weights-cancelling": (
        "softmax_ce",
        "p * _sum_without_each(y) - y * complements(s, p)",
        "p * y.sum(axis=0) - y",
        [claims.one_hot_is_the_class_index],
    ),
    "ce-weights-sign": (
        "softmax_ce",
        "(y) - y * complements(s, p)",
        "(y) + y * complements(s, p)",
        [*ce_soft_grad, *ce_difference],
    ),
    "ce-weights-sum-over-batch": (
        "softmax_ce",
        "others = (total - y)",
        "others = (total.sum() - y)",
        ce_difference,
    ),
    "ce-masked-0-times-inf": (
        "softmax_ce",
        "np.fmax(apart, 0)",
        "apart",
        [claims.masked_classes_count_for_nothing],
    ),
    "ce-one-hot-apart-from-index": (
        "softmax_ce",
        "y * complements(s, p)",
        "y * (1 - p)",
        [claims.one_hot_is_the_class_index],
    ),
    "hvp-sign": ("softmax_ce", "(from_peak - mean)", "(from_peak + mean)", [*hvp, *hvp_difference]),
    "hvp-without-p": ("softmax_ce", "(scale * (p * (", "(scale * (1 * (", [*hvp, *hvp_difference]),
    "hvp-without-sum-y": ("softmax_ce", "y.sum(axis=0) if y.ndim == 2 else 1.0", "1.0", hvp_difference),
    "relu-source-s-sign": (
        "relu_ce",
        "outer = -(y / a",
        "outer = (y / a",
        [claims.relu_gradient_is_the_loss_s_difference],
    ),
    "relu-loss-sign": (
        "relu_ce",
        "(1 - y) * np.log(1 - a)",
        "-(1 - y) * np.log(1 - a)",
        [claims.relu_gradient_is_the_loss_s_difference],
    ),
    "quotient-twice-rounded-wrong": ("_doubled", "first + left * inverse", "first - left * inverse", softmax),
    "quotient-without-low": (
        "_doubled",
        "(den - den_half) + den_low)) + low",
        "(den - den_half) + den_low))",
        softmax,
    ),
    "sum-forgets-errors": (
        "_doubled",
        "low[:half] += low[keep : keep + half] + error",
        "low[:half] += error",
        ce_grad,
    ),
    "classes-put-back-on-the-wrong-axis": (
        "_arrays",
        "np.moveaxis(result, -1, axis) if",
        "result if",
        [claims.every_axis_agrees],
    ),
    "axis-ignored": (
        "_arrays",
        "moved = np.moveaxis(array, axis, -1)",
        "moved = array",
        [claims.every_axis_agrees],
    ),
    "events-escape": ("_arrays", 'np.errstate(all="ignore")', "np.errstate()", [claims.nothing_escapes]),
    "pair-swapped": (
        "softmax_ce",
        "_loss(s, y) + _grad(s, y)",
        "_grad(s, y) + _loss(s, y)",
        [claims.pairs_agree],
    ),
}


@pytest.fixture
def build(tmp_path, monkeypatch, request):
    """Import a copy of the numeric package in which one piece of source is another."""

    def build(module, old, new):
        name = "mutant_" + "".join(c if c.isalnum() else "_" for c in request.node.callspec.id)
        shutil.copytree(SOURCE, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        path = tmp_path / name / f"{module}.py"
        source = path.read_text(encoding="utf-8")
        assert old in source, f"{module}.py no longer contains {old!r}: the mutation would change nothing"
        path.write_text(source.replace(old, new), encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        parts = ("logexp", "naive", "relu_ce", "sigmoid_bce", "softmax_ce")
        library = SimpleNamespace(**{part: importlib.import_module(f"{name}.{part}") for part in parts})
        for loaded in [m for m in sys.modules if m.split(".")[0] == name]:
            monkeypatch.delitem(sys.modules, loaded)
        return library

    return build


@pytest.mark.parametrize("mutant", MUTANTS)
def test_mutant_is_caught(mutant, build):
    module, old, new, catchers = MUTANTS[mutant]
    assert old != new
    library = build(module, old, new)
    for catcher in catchers:
        with pytest.raises((AssertionError, ValueError, IndexError)):
            catcher(library)


@pytest.mark.parametrize("unchanged", ["copy"])
def test_unchanged_copy_passes_what_catches_the_mutants(unchanged, build):
    library = build("logexp", "z", "z")
    for catcher in {id(c): c for *_, catchers in MUTANTS.values() for c in catchers}.values():
        catcher(library)
