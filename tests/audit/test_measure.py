"""The audit finds what is wrong, where theory says, and nothing else; what a function does besides is reported."""

import mpmath
import numpy as np
import pytest

import logitgrad as lg
from logitgrad import naive
from logitgrad.audit import FORMS, exact
from logitgrad.audit.calls import Caller
from logitgrad.audit.compare import compare
from logitgrad.audit.grids import Batch, parts, place
from logitgrad.audit.measure import exact_values
from logitgrad.audit.scales import scale
from logitgrad.audit.scouts import STABLE, stable
from logitgrad.symbolic import theorems

pytestmark = pytest.mark.slow

POINTS = 200
LIBRARY = {
    name: getattr(getattr(lg, name.split(".")[0], lg), name.split(".")[1])
    for name in FORMS
    if not name.startswith(("relu", "tanh"))
}
DIGITS = {"float16": 11, "float32": 24, "float64": 53}
right = lg.sigmoid_bce.grad


def audit(function, against="sigmoid_bce.grad", dtype="float32", points=POINTS):
    return lg.audit(function, against, dtype, points=points)


# What is right is found right.


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_is_within_its_limits(name):
    report = audit(LIBRARY[name], name, points=64)
    assert report.within(0.501) and not report.problems
    assert not report.edges.wrong and not report.refusals.wrong


def test_a_correctly_rounded_function_has_no_error_beyond_half_a_unit():
    report = audit(
        lambda z, y: np.array([exact("sigmoid_bce.grad", *p) for p in zip(z, y, strict=True)]), dtype="float64"
    )
    for part in report.parts[:2]:
        assert part.max_ulp <= 0.5 and part.kind == "right"


@pytest.mark.parametrize("name", ["relu_ce.grad", "tanh_ce.loss", "relu_ce.loss", "tanh_ce.grad"])
def test_functions_that_have_no_value_everywhere_are_measured_where_they_have_one(name):
    report = audit(getattr(getattr(lg, name.split(".")[0]), name.split(".")[1]), name, "float64", 64)
    assert all(part.points > 10 and part.answered == part.points for part in report.parts)
    assert all(part.max_ulp is not None for part in report.parts)


# What is wrong is found wrong, and where it is.


@pytest.mark.parametrize("dtype", DIGITS)
def test_p_minus_y_is_lost_where_1_plus_exp_rounds_to_1(dtype):
    report = audit(naive.bce_grad_fused, dtype=dtype, points=2000)
    begins = DIGITS[dtype] * np.log(2) if dtype != "float16" else np.log(2**11)
    (first, _), *_ = report["y = 1"].lost_ranges
    assert report["y = 1"].kind == "lost"
    assert begins - 0.05 < first < begins + 0.1
    assert report["y = 0"].kind != "lost" and report["0 < y < 1"].kind == "right"


def test_the_naive_log_sigmoid_is_lost_where_the_sigmoid_rounds_to_1_and_infinite_where_exp_is():
    def log_sigmoid(z):
        return np.log(naive.sigmoid(z))

    part = audit(log_sigmoid, "logexp.log_sigmoid", points=2000)["all"]
    assert part.infinity_mismatches > 0 and part.nan_mismatches == 0
    left, right = ([at for at in part.lost_ranges if (at[0] < 0) == side] for side in (True, False))
    assert left[0][0] == -np.finfo("float32").max and left[-1][1] == pytest.approx(-np.log(2.0**128), abs=0.5)
    assert right[0][0] == pytest.approx(24 * np.log(2), abs=0.1)
    assert right[-1][1] < 151 * np.log(2)


@pytest.mark.parametrize(
    ("name", "wrong"),
    {
        "the sign": lambda z, y: -right(z, y),
        "the labels": lambda z, y: right(z, 1 - y),
        "a factor": lambda z, y: np.float32(2) * right(z, y),
        "an average": lambda z, y: right(z, y) / np.float32(z.size),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_gradient_has_a_large_error_for_each_label(name, wrong):
    report = audit(wrong)
    assert all(part.max_ulp > 2**20 for part in report.parts)
    assert not report.within(1e6)


def test_one_wrong_float16_of_all_is_found():
    def wrong(z, y):
        return np.where(z == np.float16(1.5), np.float16(1.01), np.float16(1)) * right(z, y)

    report = audit(wrong, dtype="float16")
    for part in report.parts:
        assert part.max_ulp > 10 and part.worst.arguments[0] == 1.5


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DIGITS)
@pytest.mark.parametrize("special", [0.0, -0.0, "smallest_subnormal", "smallest_normal", "eps", "max"])
def test_a_function_that_is_wrong_at_one_special_logit_is_found(special, dtype):
    at = np.dtype(dtype).type(special if isinstance(special, float) else getattr(np.finfo(dtype), special))

    def wrong(z, y):
        there = (z == at) & (np.signbit(z) == np.signbit(at))
        return np.where(there, z.dtype.type(0.25), right(z, y))

    assert all(part.max_ulp > 100 for part in audit(wrong, dtype=dtype).parts[:2])


def test_a_narrow_range_of_wrong_float32_is_found():
    def wrong(z, y):
        return np.where((z > 9) & (z < 9.01), np.float32(1 + 1e-5), np.float32(1)) * right(z, y)

    report = audit(wrong)
    assert all(9 < part.worst.arguments[0] < 9.01 for part in report.parts)


def test_flushed_subnormals_are_counted_and_do_not_hide_other_errors():
    tiny = np.finfo("float32").tiny

    def flushing(z, y):
        grad = right(z, y)
        return np.where(np.abs(grad) < tiny, np.float32(0), grad)

    for label in ("y = 0", "y = 1"):
        part = audit(flushing, points=2000)[label]
        assert part.kind == "flushed" and part.flushed == part.lost > 10
        assert part.max_ulp < 1  # 0 where the smallest subnormal is nearest, but not much nearer
        side = -1 if label == "y = 0" else 1
        assert all(side * end > 126 * np.log(2) - 1e-6 for span in part.lost_ranges for end in span)


def test_nan_and_infinity_where_a_number_is_due_are_counted():
    def wrong(z, y):
        return np.where(z > 5, np.float32(np.nan), np.where(z < -5, np.float32(-np.inf), right(z, y)))

    part = audit(wrong)["y = 0"]
    z = parts("sigmoid_bce.grad", "float32", POINTS)[0].batches[0].at
    assert (part.nan_mismatches, part.infinity_mismatches) == ((z > 5).sum(), (z < -5).sum())
    assert part.max_ulp == np.inf and part.kind == "lost"


def test_a_finite_number_where_the_value_rounds_to_infinity_is_an_error_and_infinity_is_none():
    top = np.finfo("float16").max
    far = Batch((np.array([[top, -top]], np.float16), np.array([1])), np.array([0.0]))
    value = exact_values("softmax_ce.loss", "float16", far)
    for result, error in ((np.inf, 0.0), (float(top), np.inf)):
        caller = Caller(lambda z, y, result=result: np.array([result], np.float16), np.dtype("float16"))
        found = compare(caller, "softmax_ce.loss", far, value)
        assert found.ulps == error and found.lost == (error > 0)


def test_a_zero_is_not_lost_where_two_terms_cancel_to_less_than_a_unit_of_theirs():
    z, y = np.array([-0.0015], np.float32), np.array([0.49962], np.float32)
    batch = Batch((z, y), z)
    value = exact_values("sigmoid_bce.grad", "float16", batch)
    zero = Caller(lambda z, y: np.zeros_like(z, np.float16), np.dtype("float16"))
    found = compare(zero, "sigmoid_bce.grad", batch, value)
    assert 0 < found.ulps < 1 and not found.lost
    half = Batch((z, np.array([0.48], np.float32)), z)  # a hundred units
    found = compare(zero, "sigmoid_bce.grad", half, exact_values("sigmoid_bce.grad", "float16", half))
    assert 50 < found.ulps < 200 and not found.lost and 0.01 < found.relative < 0.1


def test_a_zero_with_the_other_sign_is_no_error():
    def signed(z, y):
        grad = right(z, y)
        return np.where(grad == 0, -grad, grad)

    assert audit(signed, points=600).within(0.501)


# The measured errors are those that mpmath finds.


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_ulps_equal_an_independent_computation(dtype):
    [batch] = parts("sigmoid_bce.grad", dtype, 100)[1].batches  # y = 1
    found = compare(
        Caller(naive.bce_grad_fused, np.dtype(dtype)),
        "sigmoid_bce.grad",
        batch,
        exact_values("sigmoid_bce.grad", dtype, batch),
    )
    with mpmath.workprec(4000):
        for z, got, ulps in zip(batch.at.tolist(), found.got[:, 0].tolist(), found.ulps[:, 0], strict=True):
            if abs(z) > 1000:
                continue
            due = -1 / (1 + mpmath.exp(mpmath.mpf(z)))
            info = np.finfo(dtype)
            last_place = max(mpmath.frexp(due)[1] - 1, int(info.minexp)) - int(info.nmant)
            step = mpmath.mpf(2) ** last_place
            assert float(abs(mpmath.mpf(got) - due) / step) == pytest.approx(float(ulps), abs=1e-6, rel=1e-6)


def test_the_worst_point_is_shown_with_its_error():
    worst = audit(naive.bce_grad_fused, dtype="float64", points=600)["0 < y < 1"].worst
    z, y = map(mpmath.mpf, map(float, worst.arguments))
    with mpmath.workprec(500):
        due = (1 - y) / (1 + mpmath.exp(-z)) - y / (1 + mpmath.exp(z))
        terms = max((1 - y) / (1 + mpmath.exp(-z)), y / (1 + mpmath.exp(z)))
    assert worst.exact == float(due)
    assert worst.result == naive.bce_grad_fused(*worst.arguments)
    step = np.spacing(float(max(abs(due), terms)))
    assert worst.ulps == pytest.approx(float(abs(mpmath.mpf(worst.result) - due) / step), rel=1e-6)
    assert float.fromhex(worst.hex.split(", ")[0]) == worst.arguments[0]


# A unit is larger than that of the result only where terms cancel.


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_nothing_is_forgiven_for_a_hard_label(label):
    z = np.linspace(-700, 700, 101)
    assert (scale("sigmoid_bce.grad", (z, np.full_like(z, label)), None) == 0).all()


@pytest.mark.parametrize("gap", [1.0, 40.0, 700.0])
def test_no_more_is_forgiven_for_probabilities_on_one_class_than_its_own_term(gap):
    z, y = np.array([[gap, 0.0, -1.0]]), np.array([[1.0, 0.0, 0.0]])
    size = scale("softmax_ce.grad", (z, y), np.array([[0, 1, 2]]))[0]
    due = [abs(float(exact("softmax_ce.grad", z[0], y[0], index=n))) for n in range(3)]
    assert size == pytest.approx(due, rel=1e-12)


def test_forgiven_is_a_rounding_of_the_terms_and_no_more():
    z, y = 0.4054651081081644, 0.6  # p is about y
    term = (1 - y) * float(exact("logexp.sigmoid", z))
    assert scale("sigmoid_bce.grad", (np.array([z]), np.array([y])), None) == pytest.approx([term], rel=1e-9)
    report = audit(lambda z, y: right(z, y) + np.float32(1e-6) * (y - y * y), points=600)
    assert report["0 < y < 1"].max_ulp > 1 and report["y = 0"].max_ulp < 1


# Where it looks.


def test_each_stable_form_is_a_theorem_about_what_it_is_used_for():
    for name, theorem in STABLE.items():
        assert name in FORMS and theorem in theorems
        z = np.array([-3.25, 0.5, 11.0], np.longdouble)
        y = np.array([0.0, 1.0, 0.25], np.longdouble)
        more = () if name.startswith("logexp") else (y,)
        due = [float(exact(name, *map(float, point))) for point in zip(z, *more, strict=True)]
        assert np.asarray(stable(name)(z, y), float) == pytest.approx(due, rel=1e-13)


def test_a_row_of_one_class_is_ahead_by_its_logit_and_of_more_by_the_difference():
    assert place(np.array([[3.0]]), np.array([0])).tolist() == [3.0]
    assert place(np.array([[3.0, 1.0], [3.0, 1.0]]), np.array([0, 1])).tolist() == [2.0, -2.0]


@pytest.mark.parametrize("name", FORMS)
def test_points_are_the_same_in_each_run_and_there_are_more_where_more_are_asked_for(name):
    few, again, more = (parts(name, "float32", size) for size in (64, 64, 640))
    for a, b in zip(few, again, strict=True):
        for first, second in zip(a.batches, b.batches, strict=True):
            assert all(np.array_equal(x, y) for x, y in zip(first.arguments, second.arguments, strict=True))
    assert sum(len(b) for p in more for b in p.batches) > 4 * sum(len(b) for p in few for b in p.batches)
