"""Public functions speak one language; what else a docstring has is tested with the book's reference."""

import inspect

import pytest

from logitgrad.numeric import logexp, relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce, variants

PUBLIC = [
    pytest.param(module, name, id=f"{module.__name__.rsplit('.', 1)[1]}.{name}")
    for module in (logexp, sigmoid_bce, sigmoid_mse, softmax_ce, relu_ce, tanh_ce, variants)
    for name in module.__all__
]


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_docstring_says_what_is_returned_and_in_which_unit(module, name):
    text = inspect.getdoc(getattr(module, name))
    assert text.startswith("Return ")
    if "loss" in name and "grad" not in name:
        assert "nats" in text


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_signature_is_typed_and_options_are_keyword_only(module, name):
    signature = inspect.signature(getattr(module, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty
        if parameter.default is not inspect.Parameter.empty:
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
