"""The digest of the sources changes when, and only when, what they do changes."""

import ast

import pytest

from logitgrad.audit.sources import _shape, digest, reached


def shape(source):
    return _shape(ast.parse(source))


@pytest.mark.parametrize(
    "same",
    [
        "def f(x):\n    'A docstring.'\n    return x + 1",
        "def f(x):  # a comment\n\n    return (x\n            + 1)",
        "'''A module.'''\ndef f(x): return x + 0x1",
    ],
)
def test_comments_docstrings_and_layout_do_not_count(same):
    assert shape(same) == shape("def f(x):\n    return x + 1")


@pytest.mark.parametrize(
    "other",
    [
        "def f(x):\n    return x + 2",
        "def f(x):\n    return x - 1",
        "def f(x):\n    return x + 1.0",
        "def f(y):\n    return y + 1",
        "def f(x, y=0):\n    return x + 1",
        "def f(x):\n    x += 1\n    return x",
        "def f(x):\n    return x + True",
    ],
)
def test_code_counts(other):
    assert shape(other) != shape("def f(x):\n    return x + 1")


def test_modules_that_are_imported_count_too():
    found = reached(["sigmoid_bce"])
    assert {"sigmoid_bce", "_arrays"} < found
    assert not {"naive", "relu_ce", "softmax_ce"} & found


def test_the_digest_is_of_the_modules_whatever_their_order():
    assert digest(["logexp", "sigmoid_bce"]) == digest(["sigmoid_bce", "logexp"])
    assert digest(["logexp"]) != digest(["naive"])
    assert len(digest(["logexp"])) == 64
