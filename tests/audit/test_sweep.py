"""A sweep meets every float, decides each with certainty, and sees what is wrong."""

from itertools import pairwise

import numpy as np
import pytest

from logitgrad.audit import reference
from logitgrad.audit.exact import exact
from logitgrad.audit.sweep import CHECKS, LIMIT, Check, Tally, _ulps, check
from logitgrad.audit.swept import sample
from logitgrad.numeric import logexp, sigmoid_bce

DTYPES = ("float16", "float32")
SIGMOID = str(CHECKS[0])
ONE = 0x3F800000  # the bit pattern of 1 in float32


@pytest.fixture(scope="module")
def every_float16():
    return check("float16", 0, 1 << 15)


@pytest.mark.parametrize("name", [str(c) for c in CHECKS])
def test_every_float16_is_rounded_correctly(every_float16, name):
    tally = every_float16[name]
    assert (tally.inputs, tally.nan_inputs) == (1 << 16, 2 * (2**10 - 1))
    assert not tally.not_correct
    assert (tally.correct, tally.within, tally.zero_signs) == (1 << 16, 1 << 16, 0)


def test_every_bit_pattern_is_met_once(monkeypatch):
    met = []
    monkeypatch.setattr(logexp, "sigmoid", lambda z: met.append(z.view("u2")) or np.zeros_like(z))
    check("float16", 0, 1 << 15)
    assert np.array_equal(np.sort(np.concatenate(met)), np.arange(1 << 16))


def test_shards_add_up_to_the_whole(every_float16):
    cuts = [0, 1, 5000, 0x7C00, 0x7C01, 1 << 15]  # at infinity and at the first NaN too
    parts = [check("float16", *pair) for pair in pairwise(cuts)]
    for c in map(str, CHECKS):
        assert sum((part[c] for part in parts), Tally()) == every_float16[c]


@pytest.mark.parametrize("first", np.random.default_rng(3).integers(0x33000000, 0x43000000, 4), ids=hex)
def test_float32_is_within_the_limit_on_ranges_at_random(first):
    for tally in check("float32", int(first), int(first) + (1 << 12)).values():
        assert tally.within == tally.inputs == 1 << 13
        assert tally.zero_signs == 0


# What the reference says


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_reference_keeps_its_bounds(dtype):
    found = reference.deviations(sample(dtype)[:250])
    assert max(found.pop("exp"), found.pop("log1p")) <= reference.TRUST / 8
    assert set(found) == set(reference.QUANTITIES)
    assert max(found.values()) <= 1 / 2


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("c", CHECKS, ids=str)
def test_each_function_is_the_quantity_that_the_table_names(c, dtype):
    a = sample(dtype)[:60]
    found = reference.rounded(a)
    for side, (sign, name) in ((1, c.right), (-1, c.left)):
        label = () if c.label is None else (float(c.label),)
        for x, value in zip(a, found[name].value, strict=True):
            assert abs(exact(c.function, side * float(x), *label, dtype=dtype)) == value
            assert (exact(c.function, side * float(x), *label) < 0) == (sign < 0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_long_double_that_is_no_wider_gives_the_same(monkeypatch, dtype):
    a = sample(dtype)
    wanted = reference.rounded(a)
    trusted = reference.TRUST * float(np.finfo(np.float64).eps)
    monkeypatch.setattr(reference, "WIDE", np.float64)
    monkeypatch.setattr(reference, "MARGIN", 18 * reference.UNIT + 4 * trusted)
    for name, got in reference.rounded(a).items():
        assert np.array_equal(got.value, wanted[name].value)


def test_what_is_too_near_the_middle_goes_to_the_theorem():
    a = np.array([2.0**-24, 1.0], np.float32)  # 1/2 - 2^-26 is the middle of two floats; sigmoid(-2^-24) nearly so
    found = reference.rounded(a)["q"]
    assert list(found.by_exact) == [0]
    assert found.value[0] == exact("logexp.sigmoid", -(2.0**-24), dtype="float32")


def test_a_margin_that_covers_all_leaves_all_to_the_theorem(monkeypatch):
    a = np.linspace(0.5, 8, 20, dtype=np.float32)
    wanted = reference.rounded(a)
    monkeypatch.setattr(reference, "MARGIN", 1e-6)
    for name, got in reference.rounded(a).items():
        assert got.by_exact.size == a.size
        assert np.array_equal(got.value, wanted[name].value)


@pytest.mark.parametrize("dtype", DTYPES)
def test_infinity_and_zero_have_their_limits(dtype):
    found = reference.rounded(np.array([0, np.inf], dtype))
    half, log2 = np.array([0.5, np.log(2)], dtype)
    expected = {"p": (half, 1), "q": (half, 0), "s": (log2, np.inf), "t": (log2, 0), "h": (half / 2, 0)}
    expected |= {"pp": (half / 4, half), "qq": (half / 4, 0), "ph": (half / 4, 0), "qh": (half / 4, 0)}
    assert {name: tuple(got.value) for name, got in found.items()} == expected


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_smallest_results_are_not_flushed(dtype):
    tiny = float(np.finfo(dtype).smallest_subnormal)
    a = np.array([-np.log(tiny), -np.log(tiny / 2) * 1.01], dtype)
    for name in "qth":
        assert list(reference.rounded(a)[name].value) == [tiny, 0]


# What it sees


def damaged(function, at, value):
    """The function with another value at some inputs."""

    def wrong(z, *y):
        got = function(z, *y)
        got[at(z)] = value if not callable(value) else value(got[at(z)])
        return got

    return wrong


def test_one_wrong_neighbour_is_found_and_named(monkeypatch):
    up = damaged(logexp.sigmoid, lambda z: z == 1.0, lambda p: np.nextafter(p, np.float32(2)))
    monkeypatch.setattr(logexp, "sigmoid", up)
    tally = check("float32", ONE - 50, ONE + 50)[SIGMOID]
    assert (tally.inputs, tally.correct, tally.within) == (200, 199, 199)
    assert tally.not_correct == [tally.worst_input] == [(1.0).hex()]
    assert LIMIT < tally.worst_ulp <= 1.5


def test_a_lost_nan_is_found(monkeypatch):
    monkeypatch.setattr(logexp, "sigmoid", damaged(logexp.sigmoid, np.isnan, 0.5))
    tally = check("float32", 0x7F7FFFFE, 0x7F800003)[SIGMOID]
    assert (tally.inputs, tally.nan_inputs, tally.correct, tally.within) == (10, 4, 6, 6)
    assert tally.worst_ulp == np.inf and tally.not_correct == ["nan"] * 4


def test_a_nan_too_many_is_found(monkeypatch):
    monkeypatch.setattr(logexp, "softplus", damaged(logexp.softplus, np.isinf, np.nan))
    tally = check("float32", 0x7F7FFFFE, 0x7F800003)["logexp.softplus"]
    assert (tally.within, tally.worst_ulp) == (8, np.inf)
    assert set(tally.not_correct) == {"inf", "-inf"}


def test_a_flushed_subnormal_is_found(monkeypatch):
    tiny = np.finfo(np.float32).smallest_normal
    flush = damaged(logexp.sigmoid, lambda z: logexp.softplus(-z) > -np.log(tiny), 0)
    monkeypatch.setattr(logexp, "sigmoid", flush)
    first = int(np.array(88.0, np.float32).view("u4"))
    tally = check("float32", first, first + 1000)[SIGMOID]
    assert tally.within < tally.inputs and tally.worst_ulp > 2**22


def test_a_zero_with_the_wrong_sign_is_counted_by_itself(monkeypatch):
    plus = damaged(sigmoid_bce.grad, lambda z: z > 110, 0.0)
    monkeypatch.setattr(sigmoid_bce, "grad", plus)
    first = int(np.array(128.0, np.float32).view("u4"))
    tally = check("float32", first, first + 10)["sigmoid_bce.grad, y = 1"]
    assert (tally.inputs, tally.correct, tally.within, tally.zero_signs) == (20, 10, 20, 10)
    assert not tally.not_correct


def test_another_type_or_shape_is_an_error(monkeypatch):
    monkeypatch.setattr(logexp, "sigmoid", lambda z: z.astype(np.float64))
    with pytest.raises(TypeError, match=r"logexp\.sigmoid gives float64 \(3,\) for float32 \(3,\)"):
        check("float32", 0, 3)


def test_error_is_counted_in_units_of_the_exact_value_s_binade():
    got = np.array([1.0, 1.0, 0.0, np.inf, np.nan, 2**-149, 1.0], np.float32)
    true = np.array([1 - 2**-25, 1 + 2**-24, 2.0**-150, 3e38, 1.0, 0.0, np.inf])
    assert list(_ulps(got, true)) == [0.5, 0.5, 0.5, np.inf, np.inf, 1.0, np.inf]


def test_a_sum_keeps_the_worst_and_adds_the_counts():
    a = Tally(inputs=3, worst_ulp=0.5, worst_input="a", not_correct=["x"], seconds=1)
    b = Tally(inputs=4, worst_ulp=0.7, worst_input="b", not_correct=["y"], seconds=2)
    assert a + b == Tally(inputs=7, worst_ulp=0.7, worst_input="b", not_correct=["x", "y"])
    assert (b + a).worst_input == "b" and (a + b).seconds == 3


def test_the_limit_is_one_rounding_and_a_thousandth():
    assert LIMIT == 0.5 + 1e-3


def test_a_check_is_named_after_its_function_and_label():
    assert str(Check("f.g", None, (1, "p"), (1, "q"))) == "f.g"
    assert str(Check("f.g", 1, (1, "p"), (1, "q"))) == "f.g, y = 1"
    assert len({str(c) for c in CHECKS}) == len(CHECKS)
