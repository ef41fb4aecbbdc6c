import numpy as np
import pytest

from logitgrad.figures import matched_and_mismatched, matching_areas, tangent_gaps

OUTPUTS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "arctan": lambda z: 0.5 + np.arctan(z) / np.pi,
    "ReLU": lambda z: np.maximum(z, 0),
    "exp": np.exp,
}


def dot(ax):
    (mark,) = (line for line in ax.lines if line.get_marker() == "o")
    return np.ravel(mark.get_data())


@pytest.fixture(scope="module")
def rows():
    axes = matching_areas().axes
    return list(zip(axes[::2], axes[1::2], strict=True))


@pytest.mark.parametrize("row", range(3))
def test_the_dot_on_the_right_is_as_high_as_the_area_on_the_left(rows, row):
    left, right = rows[row]
    output, (logit, height) = OUTPUTS[left.get_title(loc="left")], dot(right)
    target = left.lines[1].get_ydata()[0]
    shaded = left.collections[0].get_paths()[0].vertices[:, 0]
    between = np.linspace(shaded.min(), shaded.max(), 10_001)
    area = np.trapezoid(abs(output(between) - target), between)
    assert abs(height - area) < 1e-6
    assert logit in (shaded.min(), shaded.max())


@pytest.mark.parametrize("row", range(3))
def test_the_loss_is_convex_and_0_where_the_output_is_the_target(rows, row):
    left, right = rows[row]
    z, loss = right.lines[0].get_data()
    target = left.lines[1].get_ydata()[0]
    assert (np.diff(loss, 2) > -1e-12).all()
    assert 0 <= loss.min() < 1e-4
    assert abs(OUTPUTS[left.get_title(loc="left")](z[loss.argmin()]) - target) < 0.02


@pytest.mark.parametrize("panel", range(4))
def test_matched_the_gradient_is_the_error_and_borrowed_it_falls_silent(panel):
    ax = matched_and_mismatched().axes[panel]
    matched, borrowed = ax.lines
    z, values = matched.get_data()
    name = ax.get_title(loc="left").split(",")[0]
    np.testing.assert_allclose(values, OUTPUTS[name](z) - 1, atol=1e-14)
    assert abs(borrowed.get_ydata()[0]) < 0.2 < 0.9 < abs(values[0])


def test_the_relu_has_no_slope_at_its_kink():
    z, borrowed = matched_and_mismatched().axes[2].lines[1].get_data()
    assert np.isnan(borrowed[z == 0]).all()
    assert np.isnan(borrowed).sum() == 1


def test_both_gaps_are_equally_long_and_reach_from_the_tangent_to_the_curve():
    lengths = []
    for ax in tangent_gaps().axes:
        curve, tangent, gap = ax.lines[:3]
        at, ends = gap.get_xdata()[0], gap.get_ydata()
        for line, end in zip((tangent, curve), ends, strict=True):
            assert abs(np.interp(at, *line.get_data()) - end) < 1e-3
        lengths.append(ends[1] - ends[0])
    assert abs(lengths[0] - lengths[1]) < 1e-12
    assert round(lengths[0], 2) == 0.65
