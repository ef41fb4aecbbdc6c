import numpy as np
import pytest

from logitgrad.figures import frameworks_bce, frameworks_ce
from logitgrad.figures.frameworks import LIBRARIES, REMEDIES, errors_at, normal_end

from .conftest import FOUND


def strips(ax):
    return [mesh.get_array().ravel() for mesh in ax.collections]


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_there_is_a_strip_for_each_library_and_each_form_on_the_lead():
    *bce, _ = frameworks_bce(FOUND).axes
    *ce, _ = frameworks_ce(FOUND).axes
    assert [len(strips(ax)) for ax in bce] == [len(LIBRARIES)] * 4
    assert [len(strips(ax)) for ax in ce] == [len(LIBRARIES) + len(REMEDIES)] * 2
    assert names(bce[0]) == list(LIBRARIES.values())
    assert names(ce[0])[-1] == "logitgrad"


def test_strips_are_in_the_order_of_their_names_and_pale_where_the_data_say_lost():
    loss_of_0, loss_of_1, *_ = frameworks_bce(FOUND).axes
    pale = [strip.max() == 1 for strip in strips(loss_of_0)]
    assert [name for name, lost in zip(names(loss_of_0), pale, strict=True) if lost] == ["PyTorch"]
    assert not any(strip.max() == 1 for strip in strips(loss_of_1))


def part(at, relative, lost_ranges=()):
    return {"curve": {"at": at, "relative": relative}, "lost_ranges": lost_ranges}


def test_errors_between_two_points_lie_between_theirs():
    between = errors_at(np.array([0.0, 5.0, 10.0]), part([0.0, 10.0], [1e-16, 1e-8]))
    assert between == pytest.approx([1e-16, 1e-12, 1e-8])


def test_no_number_and_lost_ranges_count_as_all_lost():
    places = np.array([0.0, 1.0, 2.0, 3.0])
    assert errors_at(places, part([0.0, 1.0, 3.0], [1e-16, None, 1e-16]))[1] == 1
    assert (errors_at(places, part([0.0, 3.0], [1e-16, 1e-16], [(2.0, 3.0)])) == 1).tolist() == [0, 0, 1, 1]


def test_points_beyond_the_places_have_no_influence():
    places = np.linspace(0, 10, 5)
    near = part([0.0, 10.0], [1e-16, 1e-16])
    far = part([0.0, 10.0, 11.0], [1e-16, 1e-16, 1.0])
    assert (errors_at(places, near) == errors_at(places, far)).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_axis_ends_where_exponentials_are_no_longer_normal(dtype):
    end = normal_end(dtype)
    assert np.exp(-end * (1 - 1e-6)) > np.finfo(dtype).tiny > np.exp(-end * (1 + 1e-6))
