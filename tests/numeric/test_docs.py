"""Every public name says what it computes, what it implements and where that comes from."""

import inspect
import re

import pytest

from logitgrad.numeric import logexp, naive, relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce, variants
from logitgrad.symbolic import theorems

PUBLIC = [
    pytest.param(module, name, id=f"{module.__name__.rsplit('.', 1)[1]}.{name}")
    for module in (logexp, sigmoid_bce, sigmoid_mse, softmax_ce, relu_ce, tanh_ce, variants)
    for name in module.__all__
]


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_docstring_names_theorems_that_exist_and_a_source(module, name):
    text = inspect.getdoc(getattr(module, name))
    named = re.findall(r"``([a-z0-9]+(?:-[a-z0-9]+)+)``", re.search(r"Theorems?:(.*?)Source:", text, re.S)[1])
    assert named
    assert all(theorem in theorems for theorem in named)


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_docstring_has_a_formula_and_an_example(module, name):
    text = inspect.getdoc(getattr(module, name))
    assert text.startswith("Return ")
    assert ">>> " in text
    if "loss" in name and "grad" not in name:
        assert "nats" in text


@pytest.mark.parametrize(
    "name", [n for n, f in vars(naive).items() if inspect.isfunction(f) and n not in ("real", "like")]
)
def test_naive_form_shows_its_failure_in_an_example(name):
    assert ">>> " in inspect.getdoc(getattr(naive, name))


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_signature_is_typed_and_options_are_keyword_only(module, name):
    signature = inspect.signature(getattr(module, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty
        if parameter.default is not inspect.Parameter.empty:
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
