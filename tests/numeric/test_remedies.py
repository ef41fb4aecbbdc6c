"""Each remedy fails, or does not, where the book says; and its gradient is what backpropagation would find."""

import inspect

import numpy as np
import pytest

import logitgrad as lg
from logitgrad.numeric import naive, remedies
from logitgrad.numeric.remedies import REMEDIES

inf, nan = np.inf, np.nan
NAMED = {each.name: each for each in REMEDIES}
each_remedy = pytest.mark.parametrize("remedy", REMEDIES)
# A unit that is saturated and wrong, and one that is saturated and right: (type, logit)
SATURATED = [(np.float16, 10), (np.float32, 20), (np.float64, 40)]


def at(remedy, dtype, z, y):
    with np.errstate(all="raise"):
        return [remedy.loss(dtype(z), dtype(y)), remedy.grad(dtype(z), dtype(y))]


@pytest.mark.parametrize(("dtype", "z"), SATURATED)
@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("as written", [inf, nan], [nan, nan]),
        ("0 · anything = 0", [inf, 0], [0, 0]),
        ("special cases", ["z", 1], [0, 0]),
        ("nan_to_num", ["max", 0], [0, 0]),
        ("where, by sign", ["z", 1], ["loss", "grad"]),
        ("logits and p − y", ["z", 1], ["loss", 0]),
        ("logitgrad", ["z", 1], ["loss", "grad"]),
    ],
)
def test_what_a_saturated_unit_gets(name, wrong, right, dtype, z):
    loss, grad = lg.sigmoid_bce.loss_and_grad(dtype(z), 1)
    words = {"z": z, "max": np.finfo(dtype).max, "loss": loss, "grad": grad}
    for y, expected in ((0, wrong), (1, right)):
        expected = [words.get(value, value) for value in expected]
        np.testing.assert_allclose(at(NAMED[name], dtype, z, y), expected, rtol=2 * np.finfo(dtype).eps)


@pytest.mark.parametrize("name", ["ε in the denominator", "ε in the logarithm", "clipping"])
@pytest.mark.parametrize(("dtype", "z"), SATURATED[1:])
def test_a_constant_takes_the_gradient_from_a_saturated_wrong_unit(name, dtype, z):
    assert at(NAMED[name], dtype, z, 0)[1] == 0
    assert abs(at(NAMED[name], dtype, -z, 1)[1]) < 0.2


@pytest.mark.parametrize("name", ["ε in the denominator", "ε in the logarithm"])
def test_a_constant_below_the_type_s_smallest_number_does_nothing(name):
    np.testing.assert_array_equal(at(NAMED[name], np.float16, 10, 0), at(NAMED["as written"], np.float16, 10, 0))


def test_a_constant_that_the_type_can_hold_makes_a_finite_gradient():
    assert remedies.eps_below_grad(np.float16(10), 0, eps=1e-3) == 0
    assert remedies.eps_below_grad(0.0, 0, eps=0.25) == 0.25


def test_float64_inside_helps_the_other_types_and_not_itself():
    inside, written = NAMED["float64 inside"], NAMED["as written"]
    for dtype, z in SATURATED[:2]:
        np.testing.assert_allclose(at(inside, dtype, z, 0), [z, 1])
        np.testing.assert_array_equal(at(inside, dtype, 40, 0), [inf, nan])
    for z in (-3.0, 40.0):
        np.testing.assert_array_equal(at(inside, np.float64, z, 0), at(written, np.float64, z, 0))


@pytest.mark.parametrize(("dtype", "z"), [(np.float16, 12), (np.float32, 89), (np.float64, 710)])
def test_where_has_the_loss_and_loses_the_gradient_where_the_other_branch_overflows(dtype, z):
    for side in (1, -1):
        for y in (0, 1):
            loss, grad = at(NAMED["where, by sign"], dtype, side * z, y)
            assert loss == pytest.approx(
                float(lg.sigmoid_bce.loss(dtype(side * z), y)), rel=float(np.finfo(dtype).eps)
            )
            assert np.isnan(grad)


def test_zero_times_anything_is_zero_and_other_products_are_products():
    a, b = np.array([0.0, -0.0, 2.0, inf]), np.array([inf, nan, 3.0, 2.0])
    np.testing.assert_array_equal(remedies.product(a, b), [0, 0, 6, inf])


def test_a_function_in_float64_keeps_its_name_and_the_input_s_type():
    inside = remedies.in_float64(remedies.as_written)
    assert inside.__name__ == "as_written"
    for dtype in (np.float16, np.float32, np.float64):
        loss = inside(np.array([20.0, -3.0], dtype), [0, 1])
        assert loss.dtype == dtype
        np.testing.assert_array_equal(loss, remedies.as_written([20.0, -3.0], [0, 1]).astype(dtype))
    np.testing.assert_array_equal(inside([0, 1], 1), remedies.as_written([0.0, 1.0], 1))


def test_special_cases_are_right_on_both_sides():
    np.testing.assert_array_equal(remedies.limits([-800.0, -800.0, 800.0, 800.0], [0, 1, 0, 1]), [0, 800, 800, 0])


def test_where_picks_the_form_that_belongs_to_the_logit_s_sign():
    z, y = np.linspace(0.01, 2, 200), 0.3
    right, left = np.log1p(np.exp(-z)) + (1 - y) * z, np.log1p(np.exp(-z)) + y * z
    np.testing.assert_array_equal(remedies.by_where(z, y), right)
    np.testing.assert_array_equal(remedies.by_where(-z, y), left)
    e = np.exp(-z)
    np.testing.assert_array_equal(remedies.by_where_grad(z, y), (1 - y) - e / (1 + e))
    np.testing.assert_array_equal(remedies.by_where_grad(-z, y), e / (1 + e) - y)
    assert remedies.by_where_grad(0.0, y) == 0.5 - y


@each_remedy
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_type_is_kept(remedy, dtype):
    for computed in (remedy.loss, remedy.grad):
        assert computed(np.zeros(2, dtype), np.ones(2, dtype)).dtype == dtype


@each_remedy
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_every_remedy_is_right_where_nothing_is_wrong(remedy, y):
    z = np.linspace(-6, 6, 25)
    y = np.full(z.shape, y)
    # The constants themselves, 1e-8 and 1e-7, act on outputs no nearer to 0 or 1 than 2e-3
    np.testing.assert_allclose(remedy.loss(z, y), lg.sigmoid_bce.loss(z, y), rtol=1e-4)
    np.testing.assert_allclose(remedy.grad(z, y), lg.sigmoid_bce.grad(z, y), rtol=1e-4, atol=1e-8)


@each_remedy
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_gradient_is_the_difference_of_the_loss_as_long_as_both_are_finite(remedy, y):
    if remedy.name == "ε in the denominator":
        return  # its gradient belongs to no loss: that of the chapter's exercise
    h, z = 2.0**-10, np.array([-15.0, -9.0, -2.0, 0.5, 3.0, 8.0, 15.0])
    y = np.full(z.shape, y)
    difference = (remedy.loss(z + h, y) - remedy.loss(z - h, y)) / (2 * h)
    np.testing.assert_allclose(remedy.grad(z, y), difference, atol=1e-6)


def test_names_are_unique_and_every_function_shows_what_it_does():
    assert len(NAMED) == len(REMEDIES)
    own = [f for f in vars(remedies).values() if inspect.isfunction(f) and f.__module__ == remedies.__name__]
    assert all(">>> " in inspect.getdoc(f) for f in own if f.__name__ not in ("bce_grad",))


def test_the_constants_of_the_naive_forms_are_those_that_are_used():
    assert NAMED["ε in the logarithm"][1:] == (naive.bce_eps, naive.bce_eps_grad)
    assert NAMED["clipping"][1:] == (naive.bce_clip, naive.bce_clip_grad)
