"""Leads and gaps: the exact values are the theorem's, and known failures are found where they are."""

import numpy as np
import pytest

from logitgrad.audit import exact, leads
from logitgrad.audit.leads import LEADS, NOT_FINITE, RIGHT, WRONG
from logitgrad.numeric import logexp, naive
from logitgrad.numeric.remedies import Remedy
from logitgrad.numeric.softmax_remedies import REMEDIES, shifted

AS_WRITTEN, SHIFTED, LOG_SOFTMAX, EPS, CLIP, LIBRARY = REMEDIES
DTYPES = ("float16", "float32", "float64")
DIGITS = {"float16": 11, "float32": 24, "float64": 53}
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


@each_dtype
def test_every_lead_is_exact_in_every_type(dtype):
    assert (LEADS.astype(dtype).astype(float) == LEADS).all()
    assert (np.diff(LEADS) > 0).all()


@pytest.mark.parametrize("lead", [-790.0, -45.5, -0.125, 3.0, 37.0, 700.0])
def test_exact_values_are_those_of_the_theorem(lead):
    (at,) = np.flatnonzero(lead == LEADS)
    loss, slope = (float(values[at]) for values in leads.exact_at_leads())
    row, label = [lead, 0.0], [1.0, 0.0]
    assert loss == exact("softmax_ce.loss", row, label)
    assert slope == exact("softmax_ce.grad", row, label, index=0)


@each_dtype
@pytest.mark.parametrize("part", [0, 1])
def test_the_library_is_right_at_every_lead(part, dtype):
    errors = leads.relative_errors(LIBRARY, dtype)[part]
    assert leads.borders(LIBRARY, part, dtype) == [None, None, None]
    normal = np.abs(LEADS) < leads.normal_gap(dtype)
    assert errors[normal].max() < 2.4 * np.finfo(dtype).eps


@each_dtype
@pytest.mark.parametrize("remedy", REMEDIES[:3], ids=lambda remedy: remedy.name)
@pytest.mark.parametrize("part", [0, 1])
def test_all_is_lost_where_1_plus_r_rounds_to_1(remedy, part, dtype):
    ahead, behind, _ = leads.borders(remedy, part, dtype)
    assert abs(ahead - DIGITS[dtype] * np.log(2)) < 1.3
    assert behind is None


@each_dtype
def test_as_written_ends_where_exp_overflows(dtype):
    end = leads.borders(AS_WRITTEN, 1, dtype)[2]
    assert 0 <= end - np.log(np.float64(np.finfo(dtype).max)) < 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_constants_take_the_gradient_away_where_the_model_is_wrong(dtype):
    assert abs(leads.borders(EPS, 1, dtype)[1] + np.log(1e-8)) < 0.2
    assert abs(leads.borders(CLIP, 1, dtype)[1] + np.log(1e-7)) < 0.2


def test_states():
    assert leads.states(np.array([0, 0.49, 0.5, 1e300, np.inf])).tolist() == [
        RIGHT,
        RIGHT,
        WRONG,
        WRONG,
        NOT_FINITE,
    ]


def test_border_is_the_nearest_on_its_side():
    errors = np.where(LEADS < -20, np.inf, np.where(LEADS > 30, 1.0, 0.0))
    assert leads.border(errors, WRONG, ahead=True) == 30.125
    assert leads.border(errors, WRONG, ahead=False) is None
    assert leads.border(errors, NOT_FINITE, ahead=False) == 20.125


def test_a_remedy_that_returns_nothing_right_is_wrong_from_the_start():
    never = Remedy("never", lambda z, y: z[..., 0] * 0, lambda z, y: z * 0)
    assert leads.borders(never, 0, "float64")[:2] == [LEADS[LEADS > 0][0], LEADS[LEADS > 0][0]]


@pytest.mark.parametrize(("dtype", "gap"), [("float16", 9.5), ("float32", 80.0), ("float64", 700.0)])
def test_the_shift_costs_the_power_of_two_below_the_gap(dtype, gap):
    steps = 2 ** int(np.log2(gap))
    assert 0.9 * steps < leads.worst_ulps(shifted, gap, dtype) < steps + 2


@each_dtype
def test_without_a_shift_and_in_the_library_the_gap_costs_nothing(dtype):
    gap = leads.normal_gap(dtype)
    assert leads.worst_ulps(naive.softmax, gap, dtype) < 5
    assert leads.worst_ulps(logexp.softmax, gap, dtype) < 2.4


def test_a_function_that_is_off_by_a_digit_is_seen():
    assert leads.worst_ulps(lambda z: logexp.softmax(z) * (1 + 2.0**-45), 100.0, "float64") > 100


@each_dtype
def test_far_class_of_the_gradient_errs_as_its_probability_does(dtype):
    gap = leads.normal_gap(dtype)
    assert leads.far_ulps(SHIFTED, dtype) == leads.worst_ulps(shifted, gap, dtype)
    assert leads.far_ulps(LIBRARY, dtype) < 2.4
    assert leads.far_ulps(CLIP, dtype) * np.finfo(dtype).eps >= 0.9


@each_dtype
def test_everyday_errors_are_small_but_for_the_constant(dtype):
    assert max(leads.everyday_ulps(LIBRARY, dtype)) < 2.4
    assert max(leads.everyday_ulps(SHIFTED, dtype)) < 30
    if dtype == "float64":
        assert min(leads.everyday_ulps(EPS, dtype)) > 1e9


def test_everyday_errors_see_a_wrong_sign():
    flipped = Remedy("flipped", LIBRARY.loss, lambda z, y: -LIBRARY.grad(z, y))
    loss, grad = leads.everyday_ulps(flipped, "float32")
    assert loss < 0.501
    assert grad > 2**23
