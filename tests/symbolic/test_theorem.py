"""A theorem has a name and a label, the registry finds it, and nothing is proved of nothing."""

import sys

import pytest
from sympy import Eq, Gt

from logitgrad.symbolic import Theorem, theorems, y, z
from logitgrad.symbolic.theorem import Registry, UnknownName, topic

module = sys.modules["logitgrad.symbolic.theorem"]


def test_without_leaves_the_other_assumptions():
    theorem = theorems["cross-entropy-minimiser"]
    for assumption in theorem.assumptions:
        fewer = theorem.without(assumption).assumptions
        assert set(fewer) == set(theorem.assumptions) - {assumption}


def test_unknown_name_names_the_nearest():
    with pytest.raises(UnknownName, match="sigmoid-bce-gradient") as error:
        theorems["sigmoid-bce-gradiant"]
    assert "did you mean" in str(error.value)
    assert isinstance(error.value, KeyError)
    with pytest.raises(UnknownName) as error:
        theorems["xyzzyqq"]
    assert "did you mean" not in str(error.value)


def test_name_can_be_given_once_only():
    registry = Registry()
    registry.add(Theorem("a", Eq(z, z), "c", "W."))
    with pytest.raises(ValueError, match="already"):
        registry.add(Theorem("a", Eq(y, y), "c", "W."))
    assert list(registry) == ["a"]
    assert len(registry) == 1


def test_vacuous_theorem_is_not_proved():
    assert Theorem("x", Gt(z, z + 1, evaluate=False), "c", "W.", (z > 1, z < 0)).prove().status == "undecided"


def test_unknown_name_is_answered_with_the_three_nearest():
    registry = Registry()
    for name in ("sigmoid-a", "sigmoid-b", "sigmoid-c", "sigmoid-d", "zzzzzzzzz"):
        registry.add(Theorem(name, Eq(z, z), "c", "W."))
    with pytest.raises(UnknownName) as error:
        registry["sigmoid-"]
    words, _, names = str(error.value).partition("; did you mean ")
    assert words == "there is no theorem named 'sigmoid-'"
    near = names.removesuffix("?").split(" or ")
    assert len(near) == 3
    assert set(near) < {"sigmoid-a", "sigmoid-b", "sigmoid-c", "sigmoid-d"}
    with pytest.raises(UnknownName) as error:
        registry["qqq"]
    assert str(error.value) == "there is no theorem named 'qqq'"
    with pytest.raises(UnknownName, match="did you mean sigmoid-d"):
        registry["sgd"]  # half alike


def test_theorem_is_found_under_its_name():
    registry = Registry()
    added = registry.add(Theorem("a", Eq(z, z), "c", "W."))
    assert registry["a"] is added
    with pytest.raises(ValueError, match=r"^there is a theorem named 'a' already$"):
        registry.add(added)


def test_topic_enters_theorems_of_its_chapter(monkeypatch):
    registry = Registry()
    monkeypatch.setattr(module, "theorems", registry)
    stated = topic("chapter")("name", Eq(z, y), "Words.", assumptions=(Eq(z, y),), uses=("other",), via=(y,))
    assert stated is registry["name"]
    assert stated == Theorem("name", Eq(z, y), "chapter", "Words.", (Eq(z, y),), ("other",), (y,))


def test_proof_is_of_the_statement_under_its_assumptions_by_its_forms(monkeypatch):
    monkeypatch.setattr(module, "prove", lambda *asked: asked)
    theorem = Theorem("a", Eq(z, y), "c", "W.", (Eq(z, y),), (), (z + 0 * y,))
    assert theorem.prove() == (Eq(z, y), (Eq(z, y),), (z,))
    assert theorem.without(Eq(z, y)).prove() == (Eq(z, y), (), (z,))


def test_display_is_the_statement():
    assert Theorem("a", Eq(z, y), "c", "W.")._repr_latex_() == r"$\displaystyle z = y$"
    assert "Sum" not in theorems["softmax-ce-gradient-normalized"]._repr_latex_()
    assert r"\sum" in theorems["softmax-ce-gradient-normalized"]._repr_latex_()


def test_words_and_label_carry_the_name():
    theorem = Theorem("a-name", Eq(z, y), "c", "Words.")
    assert str(theorem) == "a-name: Words."
    assert theorem.label == "eq-a-name"
