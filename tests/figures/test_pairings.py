import numpy as np
import pytest

from logitgrad.figures import pairings_against_output, pairings_map
from logitgrad.figures.pairings import GROWS, SOUND, failures
from logitgrad.symbolic.pairings import ACTIVATIONS, LOSSES, QUESTIONS, Activation, Loss, Pairing
from logitgrad.symbolic.symbols import a, y, z

PANELS = [loss.name for loss in LOSSES]


@pytest.fixture(scope="module")
def panels():
    return dict(zip(PANELS, pairings_against_output().axes, strict=True))


def curves(ax):
    return {line.get_label(): line.get_data() for line in ax.lines if line.get_label()[0] != "_"}


def test_the_initials_of_the_questions_differ():
    initials = {question.name[0] for question in QUESTIONS}
    assert len(initials) == len(QUESTIONS)


@pytest.mark.slow
def test_every_cell_has_the_failures_of_its_own_pairing():
    (ax,) = pairings_map().axes
    written = {(int(text.get_position()[1]), int(text.get_position()[0])): text.get_text() for text in ax.texts}
    for row, activation in enumerate(ACTIVATIONS):
        for column, loss in enumerate(LOSSES):
            assert written[row, column] == (" ".join(failures(Pairing(activation, loss))) or "all six")


def test_the_tint_of_a_cell_is_that_of_its_words():
    (ax,) = pairings_map().axes
    tinted = dict(
        zip([text.get_text() for text in ax.texts], [p.get_facecolor() for p in ax.patches], strict=True)
    )
    assert len({tinted["all six"], tinted["B E"], tinted["A"]}) == 3
    assert SOUND != GROWS


def test_a_failure_for_one_target_is_a_failure():
    soft_only_for_0 = Pairing(ACTIVATIONS[4], LOSSES[3])  # ReLU and Poisson
    assert failures(soft_only_for_0, targets=[0]) == ""
    assert failures(soft_only_for_0) == "RBA"


@pytest.mark.slow
def test_what_is_not_decided_is_a_question_mark():
    wave = Pairing(Activation("swish", z / (1 + 2 ** (-z))), Loss("squared", (a - y) ** 2))
    assert "?" in failures(wave)


@pytest.mark.parametrize(
    ("panel", "name"), [("squared error", "identity"), ("cross-entropy", "sigmoid"), ("Poisson", "exp")]
)
def test_one_curve_of_the_panel_is_output_minus_target(panels, panel, name):
    on_line = [
        label
        for label, (output, gradient) in curves(panels[panel]).items()
        if np.nanmax(np.abs(gradient - (output - 1))) < 1e-9
    ]
    assert on_line == [name]


def test_no_curve_of_absolute_error_is_output_minus_target(panels):
    for output, gradient in curves(panels["absolute error"]).values():
        assert np.nanmax(np.abs(gradient - (output - 1))) > 0.5


@pytest.mark.parametrize("panel", PANELS)
def test_no_line_bridges_a_pole_or_a_jump(panels, panel):
    for _, gradient in curves(panels[panel]).values():
        steps = np.abs(np.diff(gradient))
        assert np.nanmax(steps) < 0.6


@pytest.mark.parametrize("panel", PANELS)
def test_a_curve_runs_through_a_hatched_quarter_exactly_where_the_direction_is_wrong(panels, panel):
    loss = LOSSES[PANELS.index(panel)]
    for activation in ACTIVATIONS:
        if activation.name in curves(panels[panel]):
            output, gradient = curves(panels[panel])[activation.name]
            wrong = bool(np.nanmin((output - 1) * gradient) < -1e-12)
            assert wrong == (Pairing(activation, loss).verdicts(1)["direction"].answer is False)
