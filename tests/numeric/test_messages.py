"""Each error says, to the letter, which rule is broken and by what; each rule holds up to its very edge."""

import re

import numpy as np
import pytest

import logitgrad as lg
from logitgrad import sigmoid_bce, softmax_ce

inf, nan = np.inf, np.nan


def refused(message, call, *arguments, error=ValueError, **options):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call(*arguments, **options)


REAL = "{} must be float16, float32, float64, integers or booleans; got {}"


@pytest.mark.parametrize("bad", [np.zeros(2, complex), np.array(["0", "1"]), np.zeros(2, "m8[s]")], ids=str)
def test_a_type_that_is_not_real_is_named_with_the_argument(bad):
    for call in (lg.sigmoid, lg.softplus, lg.log_sigmoid, lg.softmax, lg.log_softmax, lg.logsumexp):
        refused(REAL.format("logits", bad.dtype), call, bad, error=TypeError)
    for module in (sigmoid_bce, softmax_ce):
        refused(REAL.format("logits", bad.dtype), module.loss, bad, 0, error=TypeError)
        refused(REAL.format("targets", bad.dtype), module.loss, np.zeros(2), bad, error=TypeError)
    refused(REAL.format("vectors", bad.dtype), softmax_ce.hvp, np.zeros(2), 0, bad, error=TypeError)


def test_boolean_targets_are_told_what_they_could_be():
    message = "targets must be class indices (integers) or probabilities (floats); got bool"
    refused(message, softmax_ce.loss, np.zeros(2), np.ones(2, bool), error=TypeError)


SHAPES = "shapes differ: {} {}, logits {}; only a single number is broadcast"


def test_shapes_that_differ_are_both_given():
    z = np.zeros((2, 3))
    refused(SHAPES.format("targets", (3,), (2, 3)), sigmoid_bce.loss, z, np.zeros(3))
    refused(SHAPES.format("target probabilities", (3,), (2, 3)), softmax_ce.loss, z, np.zeros(3))
    refused(SHAPES.format("class indices", (3,), (2,)), softmax_ce.loss, z, np.zeros(3, int))
    refused(SHAPES.format("class indices", (2,), (3,)), softmax_ce.loss, z, np.zeros(2, int), axis=0)
    refused(SHAPES.format("vectors", (3,), (2, 3)), softmax_ce.hvp, z, 0, np.zeros(3))


def test_no_class_is_refused_with_the_shape():
    refused("at least one class is needed; the logits have shape (3, 0)", lg.softmax, np.zeros((3, 0)))
    refused("at least one class is needed; the logits have shape (0, 3)", lg.softmax, np.zeros((0, 3)), axis=0)


@pytest.mark.parametrize("bad", [-5e-324, 1 + 2.0**-52, nan, inf, -inf])
def test_the_first_target_outside_the_unit_interval_is_given(bad):
    message = f"targets must lie in [0, 1]; got {bad}"
    refused(message, sigmoid_bce.loss, np.zeros(5), [0.0, 1.0, 0.5, bad, 2.0])
    refused(message, sigmoid_bce.loss, np.zeros(0), bad)


def test_the_first_class_index_out_of_range_is_given():
    z = np.zeros((4, 3))
    for bad in (-1, 3):
        refused(f"class indices must lie in 0..2; got {bad}", softmax_ce.loss, z, [0, 2, bad, 7])
    assert softmax_ce.loss(z, [0, 2, 1, 2]).shape == (4,)


@pytest.mark.parametrize("bad", [-5e-324, -inf, inf, nan])
def test_the_first_weight_that_is_none_is_given(bad):
    z, y = np.zeros((2, 3)), np.array([[0.0, 1, 0], [0.5, 0.5, bad]])
    for options in ({}, {"normalized": False}):
        refused(f"target weights must be finite and >= 0; got {bad}", softmax_ce.loss, z, y, **options)


SUM = "the sum of the targets along axis must be {}; got {}"


def test_the_first_sum_that_is_not_one_is_given():
    y = np.array([[0.5, 0.5], [0.5, 0.75], [1, 1]])
    refused(SUM.format("1 (normalized=False takes weights)", 1.25), softmax_ce.loss, np.zeros((3, 2)), y)
    refused(SUM.format("1 (normalized=False takes weights)", 1.25), softmax_ce.loss, np.zeros((2, 3)), y.T, axis=0)
    assert softmax_ce.loss(np.zeros((3, 2)), y, normalized=False).shape == (3,)


@pytest.mark.parametrize("name", softmax_ce.__all__)
def test_each_function_wants_probabilities_unless_it_is_told_otherwise(name):
    call = getattr(softmax_ce, name)
    more = (np.ones(2),) if name == "hvp" else ()
    refused(SUM.format("1 (normalized=False takes weights)", 1.25), call, np.zeros(2), [0.5, 0.75], *more)
    call(np.zeros(2), [0.5, 0.75], *more, normalized=False)


def test_the_first_sum_that_overflows_is_given():
    y = np.array([[1.0, 1.0], [1.5e308, 1.5e308]])
    refused(SUM.format("finite", "inf"), softmax_ce.loss, np.zeros((2, 2)), y, normalized=False)


@pytest.mark.parametrize("classes", [4, 64])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_sum_may_miss_one_by_twice_the_rounding_of_as_many_terms_in_their_type_or_float32(dtype, classes):
    eps = float(np.finfo(np.float16 if dtype is np.float16 else np.float32).eps)
    allowed = 2 * np.sqrt(classes) * eps
    for sign in (1, -1):
        y = np.append([0.5 + sign * allowed, 0.5], np.zeros(classes - 2)).astype(dtype)
        assert softmax_ce.loss(np.zeros(classes), y) > 0
        y[0] += sign * dtype(eps)
        with pytest.raises(ValueError, match="normalized=False"):
            softmax_ce.loss(np.zeros(classes), y)
