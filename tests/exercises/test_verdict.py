"""A verdict as it is read: by people, in a notebook, by a machine."""

import json
import pickle
import re
import xml.etree.ElementTree as ElementTree

import pytest

from logitgrad.exercises import KINDS, Verdict, check

from .test_check import GRADIENT, SLOPE

VERDICTS = {
    "right": lambda: check("ex-sigmoid-bce-label", "-z"),
    "wrong": lambda: check("ex-tanh-ce-signed", "-t sigma(-2tz)"),
    "right if": lambda: check(GRADIENT, "p_j - y_j"),
    "undecided": lambda: check("ex-sigmoid-bce-label", "1/(sin(z)^2 + cos(z)^2 - 1)"),
    "not understood": lambda: check("ex-sigmoid-bce-label", "z + <b>"),
}
KEYS = [
    "exercise",
    "answer",
    "verdict",
    "understood",
    "point",
    "values",
    "hint",
    "condition",
    "message",
    "place",
    "method",
]


@pytest.fixture(params=KINDS)
def verdict(request):
    found = VERDICTS[request.param]()
    assert found.kind == request.param
    return found


def test_message_is_a_sentence_or_two(verdict):
    assert verdict.message[0].isupper()
    assert verdict.message.endswith(".")
    assert "None" not in verdict.message


def test_text_begins_with_the_message(verdict):
    assert str(verdict).startswith(verdict.message)


def test_json_has_the_same_keys_and_is_plain_data(verdict):
    data = verdict.as_json()
    assert list(data) == KEYS
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["verdict"] in KINDS
    assert (data["understood"] is None) == (verdict.kind == "not understood")
    assert (data["place"] is None) == (verdict.kind != "not understood")
    assert (data["point"] is None) == (data["values"] is None) == (verdict.kind != "wrong")


def test_wrong_has_a_point_both_values_and_the_hint():
    assert VERDICTS["wrong"]().as_json() | {"message": ""} == {
        "exercise": "ex-tanh-ce-signed",
        "answer": "-t sigma(-2tz)",
        "verdict": "wrong",
        "understood": {"text": "-t sigma(-2 t z)", "latex": r"-t \sigma(-2 t z)"},
        "point": {"t": "1", "z": "1/2"},
        "values": {"yours": "-0.268941", "expected": "-0.537883"},
        "hint": "The inner derivative of -2tz is -2t; the 2 is missing.",
        "condition": None,
        "message": "",
        "place": None,
        "method": "counterexample",
    }


def test_card_is_sound_markup_and_shows_what_was_understood(verdict):
    card = ElementTree.fromstring(verdict._repr_html_())
    assert card.tag == "div"
    text = "".join(card.itertext())
    for word in re.findall(r"\w+", verdict.message):
        assert word.lower() in text.lower()
    shown = card.find(".//{http://www.w3.org/1998/Math/MathML}math")
    assert (shown is None) == (verdict.kind == "not understood")


def test_card_takes_its_colours_from_the_page():
    style = VERDICTS["right"]()._repr_html_()
    assert not re.search(r"(?<!-)(?:color|background)\s*:", style.replace("border-left", ""))
    assert "http" not in style.replace("http://www.w3.org/1998/Math/MathML", "")


@pytest.mark.parametrize(
    "answer", ["<script>alert(1)</script>", "z</code><img src=x>", "&lt;", "z\x00\x1b[2J", "\ud800", "' onload='x"]
)
def test_nothing_of_an_answer_is_markup_or_controls_a_terminal(answer):
    verdict = check("ex-sigmoid-bce-label", answer)
    card = verdict._repr_html_()
    assert {node.tag for node in ElementTree.fromstring(card).iter()} <= {"div", "strong", "code", "mark"}
    for shown in (card, str(verdict), json.dumps(verdict.as_json(), ensure_ascii=False)):
        assert all(character.isprintable() or character == "\n" for character in shown)
        shown.encode("utf-8")


def test_place_is_marked_below_the_answer():
    assert str(check("ex-sigmoid-bce-label", "z + foo")).splitlines()[1:] == ["  z + foo", "      ^^^"]
    card = check("ex-sigmoid-bce-label", "z + foo")._repr_html_()
    assert "z + <mark>foo</mark>" in card


def test_a_very_long_answer_is_not_repeated():
    assert len(str(check("ex-sigmoid-bce-label", "(" * 10**6))) < 500
    assert len(check("ex-sigmoid-bce-label", "(" * 10**6)._repr_html_()) < 2000


def test_form_is_told_in_the_card():
    assert "in terms of p" in check(SLOPE, "e^-z/(1+e^-z)^2")._repr_html_()


def test_verdict_survives_its_way_between_processes(verdict):
    assert pickle.loads(pickle.dumps(verdict)) == verdict


@pytest.mark.parametrize(
    "text", ["1/2z", r"\frac{1}{2}^2", "e^-z^2", "-|z|/sqrt(2)", "sigma^2(z) - max(0, z)", "(1-p)^-1"]
)
def test_mathml_is_sound(text):
    verdict = check("ex-sigmoid-bce-label", text)
    children = {"mfrac": 2, "msup": 2, "msub": 2, "munder": 2, "munderover": 3}
    for node in ElementTree.fromstring(verdict.mathml).iter():
        name = node.tag.partition("}")[2]
        assert len(node) == children.get(name, len(node)), name


def test_mathml_of_a_sum_is_sound():
    verdict = check(GRADIENT, "sum_{k != j} p_k - sum_k y_k")
    for name, count in {"munder": 2, "munderover": 3, "msub": 2}.items():
        (node, *_) = ElementTree.fromstring(verdict.mathml).iter(f"{{http://www.w3.org/1998/Math/MathML}}{name}")
        assert len(node) == count


def test_a_kind_is_one_of_five():
    assert KINDS == ("right", "wrong", "right if", "undecided", "not understood")
    assert Verdict("ex", "z", "right", method="rewriting").message == "Right: proved by rewriting."
