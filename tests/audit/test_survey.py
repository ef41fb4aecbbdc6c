"""Implementations are found by name; a survey is kept, and compared with the kept one."""

import copy
import json
import sys
from importlib.resources import files
from types import ModuleType

import pytest

import logitgrad as lg
from logitgrad.audit import FORMS
from logitgrad.audit.peers import PEERS, Implementation, Missing, UnknownImplementation, implementation
from logitgrad.audit.survey import LINES, as_result, differences, survey, tasks
from logitgrad.results import dated, latest

pytestmark = pytest.mark.slow

POINTS = 64
NEED_NOTHING = [name for name, packages in PEERS.items() if not packages]


def test_only_the_library_and_its_naive_forms_need_no_other_package():
    assert NEED_NOTHING == ["logitgrad", "naive"]


@pytest.mark.parametrize("name", NEED_NOTHING)
def test_every_function_of_an_implementation_is_named_after_a_form(name):
    found = implementation(name)
    assert found.name == name and set(found.functions) <= set(FORMS)
    assert all(callable(function) for function in found.functions.values())


def test_the_library_is_measured_against_every_form_that_has_a_value_everywhere():
    left_out = set(FORMS) - set(implementation("logitgrad").functions)
    assert {name.split(".")[0] for name in left_out} == {"relu_ce", "tanh_ce"}


def test_a_peer_that_is_not_installed_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn._loss", None)
    monkeypatch.delitem(sys.modules, "logitgrad.audit.peers.sklearn", raising=False)
    with pytest.raises(Missing, match=r"^sklearn cannot be measured .*: pip install scikit-learn$"):
        implementation("sklearn")


def test_a_peer_that_fails_while_it_is_loaded_is_missing_too(monkeypatch):
    broken = ModuleType("torch")  # without torch.nn
    monkeypatch.setitem(sys.modules, "torch", broken)
    monkeypatch.delitem(sys.modules, "logitgrad.audit.peers.torch", raising=False)
    with pytest.raises(Missing, match=r"AttributeError.*: pip install torch"):
        implementation("torch")


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownImplementation, match="did you mean torch"):
        implementation("tporch")
    with pytest.raises(UnknownImplementation, match="module:function"):
        implementation("zzz")


def test_a_function_of_any_module_is_an_implementation():
    found = implementation("logitgrad.numeric.naive:bce_grad_fused", ("sigmoid_bce.grad",))
    assert found.functions == {"sigmoid_bce.grad": lg.naive.bce_grad_fused}


@pytest.mark.parametrize(
    ("name", "against", "said"),
    [
        ("math:exp", (), "--against"),
        ("no.such.module:f", ("logexp.sigmoid",), "cannot be imported: ModuleNotFoundError"),
        ("math:expp", ("logexp.sigmoid",), "no function 'expp'"),
        ("math:pi", ("logexp.sigmoid",), "no function 'pi'"),
        (":f", ("logexp.sigmoid",), "cannot be imported"),
    ],
)
def test_a_function_that_is_not_there_is_told_apart_from_one_that_fails(name, against, said):
    with pytest.raises(UnknownImplementation, match=said):
        implementation(name, against)


@pytest.fixture(scope="module")
def reports():
    chosen = [implementation("naive"), Implementation("ours", {"sigmoid_bce.grad": lg.sigmoid_bce.grad})]
    return list(survey(tasks(chosen, ["sigmoid_bce.grad"], ["float32", "float16"]), POINTS))


def test_every_implementation_is_measured_in_every_type(reports):
    order = [(report.name, report.dtype) for report in reports]
    assert order == [("naive", "float32"), ("ours", "float32"), ("naive", "float16"), ("ours", "float16")]


def test_without_names_every_function_is_a_task():
    assert len(tasks([implementation("naive")], (), ["float32"])) == len(implementation("naive").functions)


@pytest.fixture(scope="module")
def kept(reports):
    return json.loads(json.dumps(dated("peers", as_result(reports, POINTS)), allow_nan=False))


def test_a_survey_comes_out_as_it_was_kept(reports, kept):
    assert list(differences(reports, kept)) == []


def changed(kept, **other):
    different = copy.deepcopy(kept)
    different["reports"][0]["parts"][1] |= other
    return different


def test_another_verdict_is_a_difference(reports, kept):
    other = changed(kept, verdict="0.50", kind="right", max_ulp=0.5)
    assert list(differences(reports, other)) == [
        "naive, sigmoid_bce.grad, float32, y = 1: 100 %, and 0.50 in the kept result"
    ]


def test_on_another_processor_errors_may_differ_but_not_what_is_lost(reports, kept):
    part = reports[1]["y = 1"]
    other = copy.deepcopy(kept)
    other["environment"]["cpu_features"] = ["another"]
    other["reports"][1]["parts"][1] |= {"max_ulp": part.max_ulp * 1.5, "verdict": "0.75"}
    assert list(differences(reports, other)) == []
    other["reports"][1]["parts"][1]["max_ulp"] = part.max_ulp * 3
    assert len(list(differences(reports, other))) == 1
    other["reports"][1]["parts"][1] |= {"kind": "flushed", "max_ulp": part.max_ulp}
    assert len(list(differences(reports, other))) == 1


def test_what_the_kept_result_does_not_have_is_a_difference(reports, kept):
    found = list(differences(reports, kept | {"reports": []}))
    assert len(found) == 12 and all(line.endswith("and not in the kept result") for line in found)


# The result in the package.


@pytest.fixture(scope="module")
def newest():
    return latest("peers")


def test_every_peer_has_been_measured_in_every_type(newest):
    found = {(report["name"], report["dtype"]) for report in newest["reports"]}
    assert found == {(name, dtype) for name in PEERS for dtype in ("float16", "float32", "float64")}
    packages = {package for needed in PEERS.values() for package in needed}
    assert all(newest["environment"]["versions"][package] != "not installed" for package in packages)


def test_the_kept_result_is_small():
    [*_, newest] = sorted(files("logitgrad.results").glob("peers-*.json"))
    assert newest.stat().st_size < 1_000_000


def test_curves_are_kept_for_the_parts_that_are_drawn(newest):
    for report in newest["reports"]:
        for part in report["parts"]:
            drawn = part["label"] in LINES and part["max_ulp"] is not None and report["dtype"] != "float16"
            assert bool(part["curve"]["at"]) or not drawn


def test_the_library_comes_out_as_it_did(newest):
    chosen = [implementation("logitgrad"), implementation("naive")]
    names = ("logexp.softplus", "sigmoid_bce.grad")
    fresh = list(survey(tasks(chosen, names, ["float32"]), newest["points"]))
    assert list(differences(fresh, newest)) == []
