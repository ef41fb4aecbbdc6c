"""Smoothed, weighted and focal losses and distillation: exact values of the theorems, edges, and mistakes."""

import numpy as np
import pytest

from logitgrad import sigmoid_bce, softmax, softmax_ce, variants
from logitgrad.symbolic import K, enclose, j, logits, theorems, y, z
from logitgrad.symbolic.variants import T, focal, gamma, lam, w, weighted_bce
from logitgrad.symbolic.variants import teacher as teachers

from . import oracle

inf, nan = np.inf, np.nan
LOGITS = [-300.5, -40.25, -17.0, -3.0, -0.5, 0.0, 1e-9, 0.75, 3.0, 17.0, 40.25, 300.5]


def right_side(name):
    return theorems[name].statement.rhs


@pytest.mark.parametrize("exponent", [0.25, 0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("at", LOGITS)
def test_focal_loss_and_gradient_are_the_theorems_within_a_few_units(at, exponent):
    loss, grad = variants.focal(at, 0.0, gamma=exponent)
    if at * (exponent + 1) < -700:
        return
    point = {z: at, gamma: exponent}
    bound = 2 * exponent + 6
    assert oracle.ulps(loss, enclose(focal(z, 0, gamma), point), np.float64) <= bound
    assert oracle.ulps(grad, enclose(right_side("focal-gradient"), point), np.float64) <= bound


@pytest.mark.parametrize("exponent", [0.0, 0.5, 2.0])
def test_focal_targets_mirror_each_other_bit_for_bit(exponent):
    loss, grad = variants.focal(LOGITS, 0, gamma=exponent)
    mirrored = variants.focal(np.negative(LOGITS), 1, gamma=exponent)
    assert (loss == mirrored[0]).all()
    assert (grad == -mirrored[1]).all()


def test_focal_without_focusing_is_binary_cross_entropy():
    for got, expected in zip(
        variants.focal(LOGITS, 1, gamma=0), sigmoid_bce.loss_and_grad(LOGITS, 1), strict=True
    ):
        np.testing.assert_allclose(got, expected, rtol=1e-15, atol=0)


@pytest.mark.parametrize("exponent", [0.5, 2.0])
@pytest.mark.parametrize(
    ("at", "label", "loss", "grad"),
    [(inf, 1, 0, 0), (inf, 0, inf, 1), (-inf, 0, 0, 0), (-inf, 1, inf, -1), (nan, 0, nan, nan)],
)
def test_focal_is_extended_by_continuity(at, label, loss, grad, exponent):
    with np.errstate(all="raise"):
        got = variants.focal(at, label, gamma=exponent)
    np.testing.assert_array_equal(got, (loss, grad))


@pytest.mark.parametrize("at", LOGITS)
@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("weight", [0.5, 3.0])
def test_weighted_loss_and_gradient_are_the_theorems(at, target, weight):
    loss, grad = variants.weighted_bce(at, target, pos_weight=weight)
    point = {z: at, y: target, w: weight}
    assert oracle.ulps(loss, enclose(weighted_bce(z, y, w), point), np.float64) <= 4
    terms = sigmoid_bce.grad(at, 0.0) + weight
    exact = enclose(right_side("pos-weight-gradient"), point)
    assert oracle.ulps(grad, exact, np.float64) <= 4 or abs(grad - exact) <= 1e-15 * terms


@pytest.mark.parametrize(
    ("at", "label", "loss", "grad"),
    [(inf, 1, 0, 0), (inf, 0, inf, 1), (-inf, 0, 0, 0), (-inf, 1, inf, -3), (inf, 0.5, inf, 0.5)],
)
def test_weighted_loss_is_extended_by_continuity(at, label, loss, grad):
    with np.errstate(all="raise"):
        assert variants.weighted_bce(at, label, pos_weight=3) == (loss, grad)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 20.0, 1e6, 1e12])
def test_distillation_gradient_keeps_its_digits_at_any_temperature(temperature):
    student, teacher = [1.5, -2.0, 0.25], [0.5, 1.0, -3.0]
    got = variants.distillation_grad(student, teacher, temperature=temperature)
    form = T**2 * right_side("distillation-gradient")
    for index in range(3):
        point = {logits: student, teachers: teacher, T: temperature, j: index + 1}
        exact = enclose(form, point)
        assert abs(got[index] / float(exact) - 1) < 4e-15
    assert abs(got.sum()) < 1e-14


def test_distillation_gradient_has_the_limit_of_the_theorem_and_takes_any_axis():
    student, teacher = np.random.default_rng(0).normal(size=(2, 5, 4))
    d = student - teacher
    limit = (d - d.mean(axis=0)) / 5
    got = variants.distillation_grad(student, teacher, temperature=1e10, axis=0)
    np.testing.assert_allclose(got, limit, rtol=1e-8)
    apart = variants.distillation_grad(student * 300, teacher, temperature=1.0, axis=0)
    np.testing.assert_allclose(apart, softmax(student * 300, axis=0) - softmax(teacher, axis=0), atol=1e-15)


def test_distillation_gradient_of_equal_logits_is_zero_up_to_a_shift():
    assert (variants.distillation_grad([1.0, 2.0], [5.0, 6.0], temperature=3.0) == 0).all()


@pytest.mark.parametrize("amount", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_smoothed_targets_sum_to_one_and_are_met_by_their_logarithms(amount, classes):
    targets = variants.smooth(np.eye(classes)[:1], amount, classes=classes)
    assert abs(targets.sum() - 1) < 1e-15
    if amount:
        assert np.abs(softmax_ce.grad(np.log(targets), targets)).max() < 1e-16
        odds = targets[0, 0] / targets[0, 1]
        exact = enclose(right_side("smoothing-odds").subs(K, classes), {lam: amount}) if amount < 1 else 1
        assert abs(odds / float(exact) - 1) < 1e-14


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_results_have_the_type_of_the_logits_and_inputs_are_not_changed(dtype):
    at, labels = np.array([[-2.0, 3.0]], dtype), np.array([[0.0, 1.0]])
    before = at.copy()
    results = (
        *variants.focal(at, labels, gamma=2),
        *variants.weighted_bce(at, labels, pos_weight=2),
        variants.distillation_grad(at, at[:, ::-1], temperature=2.0),
        variants.smooth(labels.astype(dtype), 0.1),
    )
    assert all(result.dtype == dtype and result.shape == (1, 2) for result in results)
    assert (at == before).all()


@pytest.mark.parametrize(
    "call",
    [
        lambda: variants.smooth([0.0, 1.5], 0.1),
        lambda: variants.smooth([0.0, 1.0], nan),
        lambda: variants.weighted_bce(0.0, 1, pos_weight=-1),
        lambda: variants.weighted_bce(0.0, 2, pos_weight=1),
        lambda: variants.focal(0.0, 0.5, gamma=2),
        lambda: variants.focal(0.0, 1, gamma=-1),
        lambda: variants.focal([0.0, 1.0], [1], gamma=1),
        lambda: variants.distillation_grad([0.0, inf], [0.0, 0.0], temperature=1.0),
        lambda: variants.distillation_grad([0.0, 1.0], [0.0, 0.0], temperature=0.0),
        lambda: variants.distillation_grad([0.0, 1.0], [0.0], temperature=1.0),
    ],
)
def test_what_cannot_be_meant_is_a_value_error(call):
    with pytest.raises(ValueError, match=r"must|shapes"):
        call()


def as_written(at, exponent):
    """The focal gradient for target 1 as a program multiplies it that differentiates the published formula."""
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-at))
        loss, base = -np.log(p), 1 - p
        return base**exponent * (p - 1) - loss * exponent * base ** (exponent - 1) * p * (1 - p)


def test_the_published_form_is_nan_where_the_stable_one_is_right():
    assert np.isnan(as_written(np.float64(40), 0.5))
    assert as_written(np.float64(40), 2.0) == 0
    assert variants.focal(40.0, 1, gamma=2)[1] < 0
    assert abs(as_written(np.float64(3), 2.0) / variants.focal(3.0, 1, gamma=2)[1] - 1) < 1e-13
