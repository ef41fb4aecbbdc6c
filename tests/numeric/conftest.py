"""The implementation under test."""

from types import SimpleNamespace

import pytest

from logitgrad.numeric import logexp, naive, relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce


@pytest.fixture(scope="session")
def library():
    """The library's own modules, as the claims take them."""
    return SimpleNamespace(
        logexp=logexp,
        naive=naive,
        relu_ce=relu_ce,
        sigmoid_bce=sigmoid_bce,
        sigmoid_mse=sigmoid_mse,
        softmax_ce=softmax_ce,
        tanh_ce=tanh_ce,
    )
