import numpy as np
import pytest

from logitgrad import sigmoid_bce
from logitgrad.figures import bce_in_floats
from logitgrad.figures.definitions import BCE_GRADIENT, y, z
from logitgrad.figures.sigmoid_bce_floats import (
    DTYPES,
    LOGITS,
    TRIALS,
    Trial,
    exact_values,
    lost,
    relative_error,
)


def errors_of(trial, dtype):
    return relative_error(trial, exact_values(trial.exact.subs(y, trial.target), z), dtype)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
def test_everything_is_lost_where_the_sigmoid_rounds_to_one(trial, dtype):
    digits = -np.log2(np.finfo(dtype).epsneg)
    assert abs(LOGITS[lost(errors_of(trial, dtype))] - digits * np.log(2)) < 0.15


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
def test_the_library_loses_nothing_where_the_others_lose_all(dtype):
    errors = errors_of(Trial("library", sigmoid_bce.grad, BCE_GRADIENT, target=1), dtype)
    normal = np.exp(-LOGITS) > 4 * np.finfo(dtype).tiny
    assert errors[normal].max() < 3 * np.finfo(dtype).eps


def test_the_marks_are_where_the_alternative_text_says():
    for ax in bce_in_floats().axes:
        assert [text.get_text() for text in ax.texts] == ["7.6", "16.7", "36.8"]


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
def test_every_logit_is_exact_in_every_type(dtype):
    assert (LOGITS.astype(dtype).astype(float) == LOGITS).all()


def test_a_value_that_is_exact_loses_nothing():
    errors = errors_of(Trial("identity", lambda z, y: z, z, target=0), np.float16)
    assert (errors == 0).all()
    assert lost(errors) is None


def test_a_value_that_is_never_right_is_lost_from_the_start():
    assert lost(np.full(5, np.inf)) == 0


def test_a_value_that_recovers_is_not_lost():
    assert lost(np.array([0.1, np.inf, 0.1])) is None
