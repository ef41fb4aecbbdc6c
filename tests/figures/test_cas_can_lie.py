import pytest

from logitgrad.figures import evalf_loses_all_digits, slopes_at_a_kink
from logitgrad.figures.cas_can_lie import DISTANCES, FULL, GAP, TAIL, WRITINGS, by_evalf, by_floats, digits
from logitgrad.symbolic import prove_equal, relu, z


def at(curve):
    return dict(zip(DISTANCES, curve, strict=True))


def test_digits_are_counted_from_the_left():
    assert digits(1.001, 1.0) == pytest.approx(3)
    assert digits(1.0, 1.0) == FULL
    assert digits(0.0, 1.0) == 0


def test_evalf_of_the_logarithm_falls_in_one_step_where_the_text_says():
    found = at(by_evalf(TAIL))
    assert min(found[far] for far in range(1, 47)) > 15
    assert max(right for far, right in found.items() if far >= 47) < 0.1


def test_evalf_of_the_difference_loses_its_digits_one_by_one_where_the_text_says():
    found = at(by_evalf(GAP))
    assert min(right for far, right in found.items() if far <= 250) > 15
    assert 3 < found[275] < found[260] < 15
    assert max(right for far, right in found.items() if far >= 290) < 0.1


def test_floats_have_no_digit_from_37_on():
    found = at(by_floats(TAIL))
    assert found[36] > 0
    assert max(right for far, right in found.items() if far >= 37) < 0.1


def test_the_curves_are_the_counted_digits():
    lines = evalf_loses_all_digits().axes[0].lines
    assert [list(line.get_ydata()) for line in lines] == [by_floats(TAIL), by_evalf(TAIL), by_evalf(GAP)]


def test_the_writings_are_one_function_and_the_marks_are_its_slopes():
    assert all(prove_equal(relu(z), f) for f in WRITINGS.values())
    marks = slopes_at_a_kink().axes[0].lines[1:]
    assert [list(line.get_ydata()) for line in marks] == [[0.5], [0.5], [1], [0]]
    assert [line.get_label() for line in marks] == list(WRITINGS)
