"""What a measured function does besides returning numbers is reported, and is never fatal."""

import ctypes
import math
import platform
import sys
import warnings

import numpy as np
import pytest

import logitgrad as lg
from logitgrad.audit import FORMS
from logitgrad.audit.calls import shortened
from logitgrad.audit.measure import UnknownForm

pytestmark = pytest.mark.slow

right = lg.sigmoid_bce.grad
POINTS = 64


def audit(function, against="sigmoid_bce.grad", dtype="float32"):
    return lg.audit(function, against, dtype, points=POINTS)


def problems(report):
    return {problem.kind: str(problem) for problem in report.problems}


def test_a_function_that_does_what_it_should_has_no_problems():
    assert problems(audit(right)) == {}


def test_a_function_that_always_raises_has_no_result_and_its_error_is_shown():
    def broken(z, y):
        raise RuntimeError("no such device\nsecond line")

    report = audit(broken)
    assert [part.verdict for part in report.parts] == ["no result"] * 3
    assert report.max_ulp is None and not report.within(np.inf)
    said = problems(report)["raises"]
    assert said.startswith("raises RuntimeError: no such device, first at ") and "second" not in said
    assert said.endswith(f"({sum(part.points for part in report.parts)} points)")
    assert report.edges.right == 0 and report.refusals.right == report.refusals.total


def test_a_function_that_raises_somewhere_is_measured_elsewhere():
    def partial(z, y):
        if (z > 10).any():
            raise OverflowError("too large")
        return right(z, y)

    report = audit(partial)
    for part in report.parts:
        missing = part.points - part.answered
        assert 0 < missing < part.points and part.max_ulp <= 0.501
        assert part.verdict.endswith(f", {missing} without result")
    assert "OverflowError" in problems(report)["raises"]
    assert not report.within(1)


def test_a_function_that_leaves_the_program_does_not_leave_the_audit():
    assert "SystemExit" in problems(audit(lambda z, y: sys.exit(3)))["raises"]


def test_ctrl_c_ends_the_audit():
    def interrupted(z, y):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(interrupted)


@pytest.mark.parametrize(
    ("wrong", "shape"),
    [
        (lambda z, y: right(z, y).mean(), "()"),
        (lambda z, y: right(z, y)[:, None], ", 1)"),
        (lambda z, y: [], "(0,)"),
    ],
    ids=["an average", "a column", "nothing"],
)
def test_a_wrong_shape_is_reported_beside_the_one_that_is_due(wrong, shape):
    report = audit(wrong)
    assert {part.verdict for part in report.parts} == {"no result"}
    said = problems(report)["shape"]
    assert shape in said and f"({report.parts[0].points},) is due" in said


def test_a_loss_of_rows_that_keeps_the_axis_of_classes_has_the_wrong_shape():
    report = audit(lambda z, y: lg.softmax_ce.loss(z, y)[:, None], "softmax_ce.loss")
    assert "shape" in problems(report) and report.max_ulp is None


def test_a_wrong_type_is_reported_and_its_numbers_are_measured():
    report = audit(lambda z, y: right(z.astype(float), y.astype(float)))
    assert problems(report)["dtype"].startswith("returns float64, not float32")
    assert report.within(0.501)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (lambda z, y: right(z, y).astype(complex), "complex128"),
        (lambda z, y: right(z, y).astype(object), "object"),
        (lambda z, y: right(z, y).astype(str), "<U"),
        (lambda z, y: None, "object"),
        (lambda z, y: {"grad": right(z, y)}, "object"),
    ],
    ids=["complex", "object", "text", "None", "dict"],
)
def test_what_are_no_real_numbers_is_no_result(wrong, name):
    report = audit(wrong)
    assert problems(report)["dtype"].startswith(f"returns {name}")
    assert report.max_ulp is None


def test_integers_are_numbers():
    report = audit(lambda z, y: np.zeros(z.shape, int))
    assert "int64" in problems(report)["dtype"] and report["y = 1"].kind == "lost"


def test_a_list_is_as_good_as_an_array():
    assert problems(audit(lambda z, y: list(right(z, y)))) == {}


def test_a_changed_input_is_reported_and_does_not_spoil_the_measurement():
    def careless(z, y):
        np.negative(z, out=z)
        return -right(z, 1 - y)

    report = audit(careless)
    assert problems(report) == {"mutates": "changes its input"}
    assert report["y = 0"].max_ulp < 1 and report["y = 1"].max_ulp < 1
    assert audit(right).within(0.501)  # the next one gets the points unchanged


def test_warnings_are_reported_and_none_escapes():
    def noisy(z, y):
        warnings.warn("only tested on Tuesdays", stacklevel=1)
        return right(z, y)

    assert problems(audit(noisy)) == {"warns": "warns: only tested on Tuesdays"}


def test_floating_point_warnings_are_reported():
    said = problems(audit(lambda z: np.log(1 + np.exp(z)), "logexp.softplus"))
    assert said == {"warns": "warns: overflow encountered in exp"}


def scalar(z, y):
    """Of one number, as a textbook writes it."""
    p = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
    return np.float64(p - y)


def test_a_function_of_single_numbers_is_measured_point_by_point():
    report = audit(scalar, dtype="float64")
    assert set(problems(report)) == {"arrays"}
    assert report["y = 0"].kind == "right" and report["y = 1"].kind == "lost"
    assert all(part.answered == part.points for part in report.parts)
    assert report.edges.right == report.edges.total


def test_a_function_of_one_row_is_measured_row_by_row():
    def softmax(z):
        if z.ndim > 1:
            raise ValueError("one row at a time")
        return lg.softmax(z)

    report = audit(softmax, "logexp.softmax")
    assert set(problems(report)) == {"arrays"} and report.within(0.501)


def test_results_in_memory_that_is_used_again_are_measured_as_they_were():
    buffer = np.empty(1 << 20, np.float32)

    def thrifty(z, y):
        buffer[: z.size] = right(z, y)
        return buffer[: z.size]

    assert audit(thrifty).within(0.501)


class Callable:
    """Without a __name__."""

    def __call__(self, z, y):
        return right(z, y)


def test_anything_that_can_be_called_has_a_name():
    assert audit(Callable()).name == "Callable"
    assert audit(right).name == "grad"
    assert lg.audit(right, points=16, name="ours").name == "ours"


def switched_off():
    """A floating-point environment in which the processor takes subnormal numbers for 0."""
    libm = ctypes.CDLL("libm.so.6")
    before, changed = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    libm.fegetenv(before)
    libm.fegetenv(changed)
    flags = ctypes.cast(changed, ctypes.POINTER(ctypes.c_uint32))
    flags[7] |= 0x8040
    return libm, before, changed


@pytest.mark.skipif(
    platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc",
    reason="knows glibc's layout on x86-64 only",
)
def test_a_function_that_switches_subnormal_numbers_off_is_reported():
    libm, before, changed = switched_off()

    def fast(z, y):
        libm.fesetenv(changed)
        return right(z, y)

    audit(right)  # so that its points are known
    try:
        report = audit(fast)
        with pytest.raises(FloatingPointError, match="switched off"):
            audit(right)
    finally:
        libm.fesetenv(before)
    assert report.max_ulp is None and "subnormal numbers have been switched off" in problems(report)["raises"]
    assert audit(right).within(0.501)


def test_an_unknown_form_is_answered_with_the_nearest():
    with pytest.raises(UnknownForm, match=r"did you mean sigmoid_bce\.grad or"):
        audit(right, "sigmoid_bce.gard")
    with pytest.raises(KeyError, match=next(iter(FORMS))):
        audit(right, "xyz")


@pytest.mark.parametrize("dtype", ["int32", "longdouble", "float128!", object, "float8"])
def test_other_types_than_the_three_are_refused(dtype):
    with pytest.raises(ValueError, match="float16, float32 or float64"):
        audit(right, dtype=dtype)


def test_long_rows_are_shown_in_short():
    assert shortened(np.arange(3.0)) == "[0.0, 1.0, 2.0]"
    assert shortened(np.arange(11.0), most=2) == "[0.0, 1.0, ...]"
    assert shortened(np.float32(0.5)) == "0.5"
