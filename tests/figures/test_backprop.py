import numpy as np

from logitgrad.figures import training_curves


def test_a_run_that_dies_ends_in_a_cross_at_its_last_finite_value():
    ax = training_curves({"good": [3, 2, 1], "dies": [3.0, 2.5, np.nan, 1.0]}).axes[0]
    good, dies, cross = ax.lines
    assert len(good.get_xdata()) == 3
    assert dies.get_ydata().tolist() == [3.0, 2.5]
    assert cross.get_marker() == "X"
    assert cross.get_xydata().tolist() == [[1, 2.5]]


def test_an_infinite_loss_is_death_too():
    assert len(training_curves({"dies": [1.0, np.inf]}).axes[0].lines) == 2


def test_a_run_that_never_was_finite_is_named_and_draws_nothing():
    ax = training_curves({"dies": [np.nan], "good": [1.0, 0.5]}).axes[0]
    assert [len(line.get_xdata()) for line in ax.lines] == [0, 2]
    assert ax.lines[0].get_label() == "dies (dies at 0)"
