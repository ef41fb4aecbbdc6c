"""The theorems about an unspecified loss, with a loss put in; and that wrong versions of each are refuted."""

import pytest
from sympy import Derivative, Eq, Subs, Sum, diff, simplify

from logitgrad.symbolic import (
    bce,
    direction,
    j,
    k,
    logits,
    mse,
    prove,
    prove_equal,
    softmax,
    targets,
    theorems,
    total,
)
from logitgrad.symbolic.backprop import (
    D,
    E,
    N,
    W,
    a_j,
    any_loss,
    d,
    loss_along,
    loss_by_unit,
    loss_slope,
    r,
    share,
    t,
    x,
)
from logitgrad.symbolic.intervals import as_symbols, concrete
from logitgrad.symbolic.symbols import z

OF_ANY_LOSS = ("backprop-weight", "backprop-bias", "backprop-mean")
normalized = Eq(total(targets[k]), 1)


def with_loss(e, loss):
    """The statement for a loss that is known, its derivative taken by plain SymPy."""
    slope = diff(loss(z, targets[1]).definition, z)
    e = e.replace(any_loss, loss)
    return e.replace(loss_slope, lambda at, y: slope.subs({z: at, targets[1]: y}, simultaneous=True))


def gap_of(name, loss, inputs=2):
    sides = [concrete(side, inputs, {j: 1, N: 2}) for side in theorems[name].statement.args]
    (left, right), _ = as_symbols(*(concrete(with_loss(side, loss), inputs) for side in sides))
    return left, right


@pytest.mark.parametrize("loss", [bce, mse])
@pytest.mark.parametrize("name", OF_ANY_LOSS)
def test_the_theorem_for_any_loss_holds_for_each_loss(name, loss):
    left, right = gap_of(name, loss)
    assert simplify(left - right) == 0


@pytest.mark.parametrize("name", ["backprop-weight", "backprop-mean"])
def test_it_fails_for_a_loss_that_has_lost_its_input(name):
    left, right = gap_of(name, bce)
    assert prove_equal(left, 2 * right).status == "refuted"


def test_a_derivative_by_the_targets_is_not_invented():
    with pytest.raises(NotImplementedError):
        any_loss(z, targets[1]).diff(targets[1])


p_k, error = softmax(logits, k), softmax(logits, k) - targets[k]
along = Subs(Derivative(loss_along(logits, E, x, targets, t, D), t), t, 0)
by_unit = Derivative(loss_by_unit(W, a_j, r, targets), a_j)
here = share(W, a_j, r, k)


@pytest.mark.parametrize(
    "wrong",
    [
        total(Sum(-error * x[d] * E[k, d], (d, 1, D))),
        total(Sum(p_k * x[d] * E[k, d], (d, 1, D))),
        total(Sum(error * E[k, d], (d, 1, D))),
        total(Sum(error * x[d] * E[d, k], (d, 1, D))),
    ],
    ids=["dropped sign", "no target", "no input", "transposed"],
)
def test_a_wrong_gradient_of_a_layer_is_refuted(wrong):
    assert prove(Eq(along, wrong), normalized).status == "refuted"


@pytest.mark.parametrize(
    "wrong",
    [
        total((targets[k] - here) * W[k, j]),
        total((here - targets[k]) * W[j, k]),
        total(here - targets[k]),
        total((here - targets[k]) * direction[k]),
    ],
    ids=["dropped sign", "transposed", "no weight", "other weights"],
)
def test_a_wrong_gradient_of_a_hidden_output_is_refuted(wrong):
    assert prove(Eq(by_unit, wrong), normalized).status == "refuted"
