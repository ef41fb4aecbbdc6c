import numpy as np
import pytest

from logitgrad.audit.margins import margins, measure
from logitgrad.figures import (
    alt,
    digits_lost_by_subtraction,
    guarded_loss_and_gradient,
    remedies_measured,
    where_types_give_up,
)
from logitgrad.figures.sigmoid_bce_floats import DTYPES, EPS, FORMS, STEPS, remedy
from logitgrad.numeric.remedies import REMEDIES


def bars(ax):
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]


def test_the_bars_end_where_the_measurement_says():
    for ax, (name, part) in zip(where_types_give_up().axes, FORMS, strict=True):
        for (left, right), dtype in zip(bars(ax), DTYPES, strict=True):
            found = measure(getattr(remedy(name), part), part, dtype)
            end = margins(dtype)[-1]
            assert left == (found.first_lost(-1) or -end)
            assert right == pytest.approx(found.first_lost(1) or end)


def test_the_bars_end_where_the_alternative_text_says():
    written, _, by_where, subtracted, ours = where_types_give_up().axes
    assert bars(written) == [(-8, 8), (-17, 17), (-37, 37)]
    assert bars(by_where) == [(-12, 12), (-89, 89), (-710, 710)]
    assert [left for left, _ in bars(subtracted)] == [-8, -17, -37]
    assert not ours.texts


def test_there_is_a_strip_for_each_remedy_in_both_panels():
    loss, grad, _ = remedies_measured().axes
    for ax in (loss, grad):
        assert len(ax.images) == len(REMEDIES)
        assert [label.get_text() for label in ax.get_yticklabels()] == [each.name for each in REMEDIES]


def test_only_the_last_strip_is_dark_everywhere_in_both_panels():
    loss, grad, _ = remedies_measured().axes
    strips = [[ax.images[row].get_array() for ax in (loss, grad)] for row in range(len(REMEDIES))]
    dark = [all(strip.count() == strip.size and strip.max() < 1e-6 for strip in pair) for pair in strips]
    assert dark == [False] * (len(REMEDIES) - 1) + [True]


def test_strips_are_hatched_where_nothing_finite_came_out():
    _, grad, _ = remedies_measured().axes
    written = measure(remedy("as written").grad, "grad", "float32")
    hatched = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in grad.patches if bar.get_y() < 0]
    inside = [any(left < at < right for left, right in hatched) for at in written.margin]
    assert (~np.array(inside) == written.finite).all()


def test_half_of_the_gradient_is_left_at_the_dots():
    _, below = guarded_loss_and_gradient().axes
    _, *curves = [line for line in below.lines if line.get_linestyle() != "None" and len(line.get_xdata()) > 1]
    for curve, size in zip(curves, EPS, strict=True):
        assert np.interp(-np.log(size), *curve.get_data()) == pytest.approx(0.5, abs=1e-3)


def test_the_ceilings_are_where_the_alternative_text_says():
    above, _ = guarded_loss_and_gradient().axes
    assert [round(line.get_ydata().max(), 1) for line in above.lines[1:]] == [9.2, 18.4]


def test_the_crosses_are_where_the_alternative_text_says():
    subtracted, ours = digits_lost_by_subtraction().axes
    assert [text.get_text() for text in subtracted.texts] == ["−7.6", "−16.8", "−36.8"]
    assert not ours.texts
    assert max(line.get_ydata().max() for line in ours.lines) < 1


def test_the_margins_of_the_lines_are_exact_in_every_type():
    at = np.arange(45 * STEPS + 1) / STEPS
    for dtype in DTYPES:
        assert (at.astype(dtype).astype(float) == at).all()


def test_alternative_texts_name_as_many_strips_as_there_are():
    assert "eleven strips" in alt("remedies_measured")
    assert len(REMEDIES) == 11
