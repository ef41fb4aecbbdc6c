"""The picture of an audit shows what was measured, and does not hide what is lost."""

import numpy as np
import pytest

from logitgrad.figures import relative_errors


def lines(curve, dtype="float32"):
    [ax] = relative_errors({"y = 1": curve}, dtype).axes
    drawn = {line.get_label(): line for line in ax.get_lines()}
    [crosses] = [line for line in ax.get_lines() if line.get_marker() == "x"]
    return ax, drawn["y = 1"], crosses


def test_errors_are_drawn_as_they_are_and_what_is_lost_as_crosses_with_a_gap():
    _, line, crosses = lines([(1.0, 1e-6), (2.0, 1e-3), (20.0, 1.0), (30.0, 7.0), (40.0, None)])
    assert np.array_equal(line.get_ydata(), [1e-6, 1e-3, np.nan, np.nan, np.nan], equal_nan=True)
    assert crosses.get_xdata().tolist() == [20.0, 30.0, 40.0] and set(crosses.get_ydata()) == {1.0}


def test_no_error_at_all_is_drawn_at_the_floor_of_the_axis():
    ax, line, _ = lines([(1.0, 0.0)])
    assert 0 < ax.get_ylim()[0] < line.get_ydata()[0] < np.finfo("float32").eps / 2


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_faint_line_is_the_unit_roundoff_of_the_type(dtype):
    ax, _, _ = lines([(1.0, 0.5)], dtype)
    assert ax.get_lines()[0].get_ydata()[0] == np.finfo(dtype).eps / 2 and dtype in ax.get_ylabel()


def test_points_beyond_the_range_of_exp_are_not_drawn():
    _, line, _ = lines([(5.0, 1e-6), (3e38, 1e-6)])
    assert line.get_xdata().tolist() == [5.0]


def test_nothing_measured_is_an_empty_picture():
    assert relative_errors({}, "float32").legends == []
