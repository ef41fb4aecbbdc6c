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
mse_loss, mse_grad, mse_hess = (
    [lambda library, name=name: claims.mse_is_exact(library, name, F64, claims.HARD)]
    for name in ("sigmoid_mse.loss", "sigmoid_mse.grad", "sigmoid_mse.hess")
)
mse_soft_grad = [lambda library: claims.mse_is_exact(library, "sigmoid_mse.grad", F64, (0.3,))]
mse_difference = [claims.mse_gradient_is_the_loss_s_difference]
mse_hess_difference = [claims.mse_second_derivative_is_the_gradient_s_difference]
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
    "sigmoid-mirrored": ("logexp", "z > 0, q", "z < 0, q", sigmoid),
    "sigmoid-correction-with-the-wrong-sign": (
        "_tail",
        "low -= np.multiply(q, t.e",
        "low += np.multiply(q, t.e",
        [*sigmoid, *bce_grad],
    ),
    "sigmoid-without-absolute-value": (
        "_tail",
        "np.abs(z, out=",
        "np.positive(z, out=",
        [*sigmoid, *bce_hess],
    ),
    "softplus-without-log1p": ("_tail", "np.log1p(t.e", "np.log(1 + t.e", [*softplus, *bce_loss]),
    "softplus-without-the-exponential-s-low-part": (
        "_tail",
        "low += np.divide(t.e_low",
        "low += 0 * np.divide(t.e_low",
        softplus,
    ),
    "softplus-of-the-minimum": ("logexp", "np.maximum(z, 0", "np.minimum(z, 0", softplus),
    "log-sigmoid-sign": ("logexp", "np.negative(value", "np.positive(value", log_sigmoid),
    "logsumexp-sign": ("logexp", "two_sum(t.peak, top)", "two_sum(t.peak, -top)", logsumexp),
    "exponential-one-term-short": ("_exp", "np.multiply(r, 1 / 24", "np.multiply(r, 0 / 24", softplus),
    "bce-eps-in-the-log": ("_tail", "np.log1p(t.e", "np.log1p(t.e + 1e-8", [*bce_loss, *bce_soft_loss]),
    "bce-swapped-label": (
        "sigmoid_bce",
        "np.abs(side.weight",
        "np.abs(1 - np.abs(side.weight)",
        [*bce_loss, *bce_difference],
    ),
    "bce-0-times-inf": (
        "sigmoid_bce",
        "large[np.isnan(large)] = 0",
        "pass",
        [claims.infinite_logits_are_limits],
    ),
    "bce-y-minus-p": (
        "sigmoid_bce",
        "        q += q_low\n    return q",
        "        q += q_low\n    return -q",
        [*bce_grad, *bce_difference],
    ),
    "bce-p-plus-y": ("sigmoid_bce", "np.subtract(y, h", "np.add(y, h", [*bce_grad, *bce_difference]),
    "bce-gradient-missing-factor-2": ("sigmoid_bce", "np.multiply(-2, side.h", "np.multiply(-1, side.h", bce_grad),
    "bce-second-derivative-doubled": (
        "sigmoid_bce",
        "(np.subtract(q, lacking, out=q),)",
        "(2 * (q - lacking),)",
        bce_hess,
    ),
    "bce-second-derivative-first-order": ("sigmoid_bce", "np.multiply(q, q", "np.multiply(0, q", bce_hess),
    "bce-second-derivative-other-factor": ("sigmoid_bce", "np.multiply(q, q", "np.multiply(2 * q, q", bce_hess),
    "softmax-rounded-shift": (
        "_shifted",
        "np.multiply(e, gap_low",
        "np.multiply(0, gap_low",
        [*softmax, *ce_grad],
    ),
    "sum-with-the-maximum's-1": (
        "_shifted",
        "t.total - t.unit, t.total_low",
        "t.total, t.total_low",
        [*log_softmax, *logsumexp, *ce_loss],
    ),
    "softmax-minimum-for-maximum": ("_shifted", "z.max(axis=0)", "z.min(axis=0)", softmax),
    "log-softmax-sign": ("_shifted", "add(t.gap, -top", "add(t.gap, top", log_softmax),
    "ce-without-log1p": ("_shifted", "np.log1p(rest)", "np.log(1 + rest)", [*log_softmax, *ce_loss]),
    "ce-eps-in-the-log": (
        "_shifted",
        "np.log1p(rest)",
        "np.log1p(rest + 1e-8)",
        [*log_softmax, *ce_loss],
    ),
    "ce-loss-sign": ("softmax_ce", "-t.gap[own], top", "t.gap[own], top", [*ce_loss, *ce_difference]),
    "ce-other-class": ("softmax_ce", "own = y, np", "own = y - 1, np", [*ce_loss, *ce_grad]),
    "ce-y-minus-p": ("softmax_ce", "p[own] = -complement", "p[own] = complement", [*ce_grad, *ce_difference]),
    "ce-p-minus-1": (
        "softmax_ce",
        "p[own] = -complement",
        "p[own] = p[own] - 1 + 0 * complement",
        [claims.true_class_keeps_its_digits, *ce_grad],
    ),
    "ce-weights-p-minus-y": (
        "softmax_ce",
        "probabilities(t, s) * _sum_without_each(s, y) - y * complement(t.e, t.e_low, t)",
        "probabilities(t, s) - y",
        ce_difference,
    ),
    "ce-weights-cancelling": (
        "softmax_ce",
        "probabilities(t, s) * _sum_without_each(s, y) - y * complement(t.e, t.e_low, t)",
        "probabilities(t, s) * y.sum(axis=0) - y",
        [claims.one_hot_is_the_class_index],
    ),
    "ce-weights-sign": (
        "softmax_ce",
        "y) - y * complement(",
        "y) + y * complement(",
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
        "y * complement(t.e, t.e_low, t)",
        "y * (1 - probabilities(t, s))",
        [claims.one_hot_is_the_class_index],
    ),
    "hvp-sign": ("softmax_ce", "(from_peak - mean)", "(from_peak + mean)", [*hvp, *hvp_difference]),
    "hvp-without-p": ("softmax_ce", "(scale * (p * (", "(scale * (1 * (", [*hvp, *hvp_difference]),
    "hvp-without-sum-y": ("softmax_ce", "y.sum(axis=0) if y.ndim == 2 else 1.0", "1.0", hvp_difference),
    "mse-without-its-half": ("sigmoid_mse", "_scaled(0.5, excess)", "excess", mse_loss),
    "mse-y-minus-p": ("sigmoid_mse", "np.where(z > 0, -1.0, 1.0)", "np.where(z > 0, 1.0, -1.0)", mse_difference),
    "mse-gradient-without-the-sigmoid-s-slope": (
        "sigmoid_mse",
        "_times(excess, _spread(q))",
        "excess[0]",
        [*mse_grad, *mse_difference, claims.saturated_mse_has_no_gradient],
    ),
    "mse-gradient-with-factor-2": (
        "sigmoid_mse",
        "_times(excess, _spread(q))",
        "2 * _times(excess, _spread(q))",
        [*mse_grad, *mse_difference],
    ),
    "mse-error-sign": ("sigmoid_mse", "(-weight, low), q", "(weight, low), q", [*mse_loss, *mse_grad]),
    "mse-gradient-without-the-side": ("sigmoid_mse", "np.where(z > 0, -1.0, 1.0)", "1.0", mse_difference),
    "mse-spread-1-plus-q": ("sigmoid_mse", "_scaled(-1, _product(q, q))", "_product(q, q)", mse_grad),
    "mse-product-without-low-parts": ("sigmoid_mse", "error + (x * y_low + x_low * y)", "0 * error", mse_grad),
    "mse-sum-without-low-parts": ("sigmoid_mse", "low + (b[1] if", "0 * (b[1] if", mse_grad),
    "mse-second-derivative-without-its-second-term": (
        "sigmoid_mse",
        "_sum(spread, _product(excess, slant))",
        "spread",
        [*mse_hess, *mse_hess_difference],
    ),
    "mse-second-derivative-slant": (
        "sigmoid_mse",
        "_scaled(-2, q)",
        "_scaled(-1, q)",
        [*mse_hess, *mse_hess_difference],
    ),
    "tanh-slope-without-the-square": (
        "tanh_ce",
        "inner = 1 - a * a",
        "inner = 1 - a",
        [claims.tanh_gradient_is_the_loss_s_difference],
    ),
    "tanh-gradient-sign": (
        "tanh_ce",
        "outer = -(y / a",
        "outer = (y / a",
        [claims.tanh_gradient_is_the_loss_s_difference],
    ),
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
    "quotient-with-the-low-part-s-sign-wrong": ("_shifted", "quotient += product", "quotient -= product", softmax),
    "quotient-without-low": (
        "_shifted",
        "product += low * inverse",
        "pass",
        softmax,
    ),
    "sum-forgets-errors": (
        "_doubled",
        "lows[:half] += np.add(error,",
        "lows[:half] += np.add(0,",
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
        "np.moveaxis(a, axis, -1)) if",
        "a.reshape(-1, classes)) if",
        [claims.every_axis_agrees],
    ),
    "events-escape": ("_arrays", 'np.errstate(all="ignore")', "np.errstate()", [claims.nothing_escapes]),
    "pair-swapped": (
        "softmax_ce",
        "_loss(s, t, y) + _grad(s, t, y)",
        "_grad(s, t, y) + _loss(s, t, y)",
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
        parts = ("logexp", "naive", "relu_ce", "sigmoid_bce", "sigmoid_mse", "softmax_ce", "tanh_ce")
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


@pytest.mark.slow
@pytest.mark.parametrize("unchanged", ["copy"])
def test_unchanged_copy_passes_what_catches_the_mutants(unchanged, build):
    library = build("logexp", "z", "z")
    for catcher in {id(c): c for *_, catchers in MUTANTS.values() for c in catchers}.values():
        catcher(library)
