import numpy as np

from logitgrad.figures import decision_regions, loss_and_gradient_norm, training_curves


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


def test_each_loss_is_drawn_as_a_multiple_of_its_first_value():
    above, below = loss_and_gradient_norm({"a": ([4, 2], [1, 3]), "b": ([8, np.nan], [2, np.nan])}).axes
    assert above.lines[0].get_ydata().tolist() == [1, 0.5]
    assert below.lines[0].get_ydata().tolist() == [1, 3]
    assert above.lines[1].get_label() == "b (dies at 1)"


def test_the_first_step_has_a_place_on_the_logarithmic_axis():
    ax = training_curves({"a": [1.0, 0.5]}, log_step=True).axes[0]
    assert ax.get_xlim()[0] < 0 and ax.get_xscale() == "symlog"


def test_each_panel_shows_what_its_own_classifier_says():
    points, labels = np.array([[0.5, 1.0], [-1.0, 0.0]]), np.array([1, 0])
    asked = []

    def right(x):
        asked.append(x)
        return (x[:, 0] > 0).astype(int)

    (ax,) = decision_regions({"right": right}, points, labels).axes
    assert ax.get_title() == "right" or ax.get_title(loc="left") == "right"
    assert np.abs(asked[0]).max() > 1 and asked[0].shape[1] == 2
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[-1, 0]], [[0.5, 1]]]
    assert len({line.get_marker() for line in ax.lines}) == 2
    borders = ax.collections[-1].get_paths()[0].vertices
    assert np.abs(borders[:, 0]).max() < 0.05
