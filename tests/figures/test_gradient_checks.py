import numpy as np
import pytest

from logitgrad.figures import difference_at_kink, error_by_step, mistakes_and_checks
from logitgrad.figures.gradient_checks import COMPLEX, LOGITS, SHORTEST, errors_by_step, gradients, predicted

each_type = pytest.mark.parametrize("dtype", COMPLEX)


@each_type
def test_the_best_central_step_is_the_predicted_one_within_a_factor_of_two(dtype):
    steps, errors = errors_by_step(dtype)
    assert predicted(dtype) / 2 <= steps[errors["central"].argmin()] <= predicted(dtype) * 2


@each_type
def test_the_best_steps_are_a_root_of_the_precision(dtype):
    steps, errors = errors_by_step(dtype)
    eps = np.finfo(dtype).eps
    for kind, order in (("forward", 2), ("central", 3)):
        best = steps[errors[kind].argmin()]
        assert eps ** (1 / order) / 4 < best < eps ** (1 / order) * 4
        assert errors[kind].min() < 10 * eps ** (1 - 1 / order)


@each_type
def test_the_complex_step_keeps_every_digit_however_short(dtype):
    _, errors = errors_by_step(dtype)
    assert errors["complex step"][-10:].max() < 2 * np.finfo(dtype).eps


@each_type
def test_where_steps_are_long_the_errors_are_of_first_and_second_order(dtype):
    _, errors = errors_by_step(dtype)
    for kind, halved in (("forward", 2), ("central", 4), ("complex step", 4)):
        assert abs(errors[kind][2] / errors[kind][3] - halved) < 0.1 * halved


@each_type
def test_the_shortest_step_still_moves_some_logit_and_all_is_lost_there(dtype):
    step = np.dtype(dtype).type(2.0 ** -SHORTEST[dtype])
    logits = LOGITS.astype(dtype)
    assert (logits + step != logits).any()
    assert step == np.spacing(abs(logits).min())
    assert not (logits + step / 4 != logits).any()
    assert errors_by_step(dtype)[1]["central"][-1] >= 1


def test_the_numbers_are_those_of_the_alternative_text():
    lowest = {dtype: errors_by_step(dtype)[1]["central"].min() for dtype in COMPLEX}
    assert round(np.log10(lowest["float32"])) == -5
    assert float(f"{lowest['float64']:.0e}") == 2e-11


def test_the_curves_of_the_panels_are_the_measured_errors():
    for ax, dtype in zip(error_by_step().axes, COMPLEX, strict=True):
        steps, errors = errors_by_step(dtype)
        assert {line.get_label() for line in ax.lines if len(line.get_xdata()) > 2} == set(errors)
        for line in (line for line in ax.lines if line.get_label() in errors):
            np.testing.assert_array_equal(line.get_data(), (steps, errors[line.get_label()]))


def test_the_gradients_are_the_sigmoid():
    np.testing.assert_allclose(gradients(), 1 / (1 + np.exp(-LOGITS)), rtol=1e-15)


@pytest.mark.parametrize("number", [1, 2])
def test_a_ramp_is_straight_and_twice_as_wide_as_its_step(number):
    line = difference_at_kink((0.5, 0.25)).axes[0].lines[number]
    step = (0.5, 0.25)[number - 1]
    at, values = line.get_data()
    np.testing.assert_allclose(values, np.clip((at + step) / (2 * step), 0, 1), atol=1e-12)


def test_all_ramps_cross_at_one_half():
    for line in difference_at_kink().axes[0].lines[1:3]:
        at, values = line.get_data()
        assert values[at == 0] == [0.5]


def test_a_mark_stands_for_each_answer_in_its_row_and_column():
    noticed = {"none": {"a": False, "b": False}, "sign": {"a": True, "b": False}}
    (ax,) = mistakes_and_checks(noticed).axes
    marks = {line.get_label(): set(zip(*line.get_data(), strict=True)) for line in ax.lines}
    assert marks == {"noticed": {(0, 1)}, "passes": {(0, 0), (1, 0), (1, 1)}}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["none", "sign"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]
