"""Buffers: each named after what it holds, none made twice, none that a result or another call can see."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest

from logitgrad import relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce
from logitgrad.numeric import _arrays, _doubled, _exp, _shifted, _tail, logexp
from logitgrad.numeric._scratch import Scratch

RNG = np.random.default_rng(17)
Z = RNG.normal(size=_arrays.CHUNK) * 5
HARD = RNG.integers(0, 2, Z.size).astype(float)
ROWS = RNG.normal(size=(64, 256)) * 5  # classes first
CLASSES = RNG.integers(0, 64, 256)
MASSES = RNG.dirichlet(np.ones(64), 256).T.copy()

EXP = "e"
EXP_WIDE = "e e_low t r scale index"
TAIL, TAIL_WIDE = f"size x {EXP} total", f"size x {EXP_WIDE} total"
SHIFT, SHIFT_WIDE = f"gap {EXP} highs lows sum sum_low seen", f"gap gap_low {EXP_WIDE} highs lows sum sum_low seen"
SMALLER, SMALLER_WIDE = f"{TAIL} q", f"{TAIL_WIDE} q q_low other"
LOG, LOG_WIDE = "log", "log sum sum_low seen"
SIDE, SIDE_WIDE = "h weight", "h weight weight_low"


def shifted(kernel):
    return lambda s, z, *more: kernel(s, _shifted.shift(z, s), *more)


#: Kernel, arguments, the buffers it takes where results are narrow and where they are float64.
KERNELS = {
    "sigmoid": (logexp._sigmoid, (Z,), SMALLER, SMALLER_WIDE),
    "softplus": (logexp._softplus, (Z,), f"start {TAIL} {LOG}", f"start {TAIL_WIDE} {LOG_WIDE}"),
    "log_sigmoid": (
        logexp._log_sigmoid,
        (Z,),
        f"mirrored start {TAIL} {LOG}",
        f"mirrored start {TAIL_WIDE} {LOG_WIDE}",
    ),
    "sigmoid_bce.loss": (
        sigmoid_bce._loss,
        (Z, HARD),
        f"{TAIL} {SIDE} large {LOG}",
        f"{TAIL_WIDE} {SIDE_WIDE} large {LOG_WIDE}",
    ),
    "sigmoid_bce.grad": (
        sigmoid_bce._grad,
        (Z, HARD),
        f"{SMALLER} {SIDE} sign",
        f"{SMALLER_WIDE} {SIDE_WIDE} sign",
    ),
    "sigmoid_bce.hess": (sigmoid_bce._hess, (Z, HARD), f"{SMALLER} square", f"{SMALLER_WIDE} square"),
    "sigmoid_mse.grad": (sigmoid_mse._grad, (Z, HARD), SMALLER, SMALLER_WIDE),
    "logsumexp": (logexp._logsumexp, (ROWS,), SHIFT, SHIFT_WIDE),
    "softmax": (logexp._softmax, (ROWS,), f"{SHIFT} p t", f"{SHIFT_WIDE} p"),
    "log_softmax": (logexp._log_softmax, (ROWS,), f"{SHIFT} log_p", SHIFT_WIDE),
    "softmax_ce.loss": (shifted(softmax_ce._loss), (ROWS, CLASSES), SHIFT, SHIFT_WIDE),
    "softmax_ce.grad": (shifted(softmax_ce._grad), (ROWS, CLASSES), f"{SHIFT} p t", f"{SHIFT_WIDE} p"),
    "softmax_ce.grad-masses": (shifted(softmax_ce._grad), (ROWS, MASSES), f"{SHIFT} p t", f"{SHIFT_WIDE} p"),
    "softmax_ce.hvp": (shifted(softmax_ce._hvp), (ROWS, CLASSES, ROWS), f"{SHIFT} p t", f"{SHIFT_WIDE} p"),
}


@pytest.mark.parametrize("wide", [False, True], ids=["narrow", "wide"])
@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_takes_the_buffers_that_are_named_here_and_no_other(name, wide):
    kernel, arguments, *named = KERNELS[name]
    s = Scratch(wide)
    with np.errstate(all="ignore"):
        kernel(s, *arguments)
    assert set(s._buffers) == set(named[wide].split())


def anew(call):
    """The memory that a call takes beyond what it has taken before, in buffers of a chunk."""
    call()
    tracemalloc.start()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / Z.nbytes


BOOLEANS = 1 / 8  # an array of them, in buffers
NUMPY_S_OWN = 1 / 2  # 8192 numbers, where an operation broadcasts or changes a type
SLACK = 0.1  # numbers for each of 256 rows

WIDE, NARROW = Scratch(wide=True), Scratch(wide=False)
T, T_NARROW = _tail.tail(Z, WIDE), _tail.tail(Z, NARROW)
R, R_NARROW = _shifted.shift(ROWS, WIDE), _shifted.shift(ROWS, NARROW)

#: A call, and the memory that it takes each time.
PARTS = {
    "exp": (lambda: _exp.exp(-np.abs(Z, out=WIDE("argument", Z.shape)), WIDE), 1),
    "exp-narrow": (lambda: _exp.exp(Z, NARROW), 0),
    "tail": (lambda: _tail.tail(Z, WIDE), 0),
    "tail-narrow": (lambda: _tail.tail(Z, NARROW), 0),
    "smaller_side": (lambda: _tail.smaller_side(T, WIDE), 0),
    "plus_log": (lambda: _tail.plus_log(Z, T, WIDE, Z), BOOLEANS),
    "plus_log-narrow": (lambda: _tail.plus_log(Z, T_NARROW, NARROW), 0),
    "add": (lambda: _doubled.add(Z, Z, WIDE), 0),
    "collapse": (lambda: _doubled.collapse(Z, np.zeros_like(Z)), 1 + BOOLEANS),
    "sum_pairs": (lambda: _doubled.sum_pairs(ROWS, ROWS, WIDE), 0),
    "gap": (lambda: _shifted._gap(ROWS, R.peak, WIDE), NUMPY_S_OWN),
    "gap-narrow": (lambda: _shifted._gap(ROWS, R.peak, NARROW), NUMPY_S_OWN),
    "shift": (lambda: _shifted.shift(ROWS, WIDE), NUMPY_S_OWN),
    "shift-narrow": (lambda: _shifted.shift(ROWS, NARROW), NUMPY_S_OWN),
    "log_probabilities": (lambda: _shifted.log_probabilities(R, WIDE), NUMPY_S_OWN + BOOLEANS),
    "log_probabilities-narrow": (lambda: _shifted.log_probabilities(R_NARROW, NARROW), NUMPY_S_OWN),
    "probabilities": (lambda: _shifted.probabilities(R, WIDE), 1 + NUMPY_S_OWN),
    "probabilities-narrow": (lambda: _shifted.probabilities(R_NARROW, NARROW), NUMPY_S_OWN),
    "sigmoid": (lambda: logexp._sigmoid(WIDE, Z), BOOLEANS + NUMPY_S_OWN),
    "softplus": (lambda: logexp._softplus(WIDE, Z), BOOLEANS),
    "log_sigmoid": (lambda: logexp._log_sigmoid(WIDE, Z), BOOLEANS),
    "sigmoid_bce.loss": (lambda: sigmoid_bce._loss(WIDE, Z, HARD), BOOLEANS),
    "sigmoid_bce.grad": (lambda: sigmoid_bce._grad(WIDE, Z, HARD), BOOLEANS),
    "sigmoid_bce.hess": (lambda: sigmoid_bce._hess(WIDE, Z, HARD), 2),
    "sigmoid_bce.hess-narrow": (lambda: sigmoid_bce._hess(NARROW, Z, HARD), 0),
    "sigmoid_bce.loss_and_grad": (lambda: sigmoid_bce._loss_and_grad(WIDE, Z, HARD), BOOLEANS),
}


@pytest.mark.parametrize("part", PARTS)
def test_the_second_chunk_takes_no_more_memory_than_is_named_here(part):
    call, buffers = PARTS[part]
    with np.errstate(all="ignore"):
        assert anew(call) < buffers + SLACK


# Results


def results(module, *arguments):
    loss, grad = module.loss_and_grad(*arguments)
    return (*arguments, loss, grad, module.loss(*arguments), module.grad(*arguments))


@pytest.mark.parametrize("size", [3, 2 * _arrays.CHUNK + 1])
@pytest.mark.parametrize("module", [sigmoid_bce, sigmoid_mse, relu_ce, tanh_ce])
def test_results_share_no_memory_with_each_other_or_with_the_arguments(module, size):
    z = np.linspace(-3, 3, size)
    for a, b in combinations(results(module, z, np.full(size, 0.5)), 2):
        assert not np.shares_memory(a, b)


@pytest.mark.parametrize("y", [CLASSES, MASSES.T], ids=["indices", "probabilities"])
def test_results_of_rows_share_no_memory_either(y):
    for a, b in combinations(results(softmax_ce, ROWS.T, y), 2):
        assert not np.shares_memory(a, b)


def test_threads_at_work_at_once_get_what_each_gets_alone():
    z, y = RNG.normal(size=(300, 400)) * 9, RNG.integers(0, 400, 300)
    calls = [
        lambda: softmax_ce.loss_and_grad(z, y),
        lambda: softmax_ce.loss_and_grad(z[::-1], y),
        lambda: sigmoid_bce.loss_and_grad(z, 0.3),
        lambda: sigmoid_bce.loss_and_grad(-z, 1),
    ]
    alone = [call() for call in calls]
    with ThreadPoolExecutor(4) as pool:
        together = [future.result() for future in [pool.submit(call) for call in 4 * calls]]
    for got, expected in zip(together, 4 * alone, strict=True):
        np.testing.assert_array_equal(got[0], expected[0])
        np.testing.assert_array_equal(got[1], expected[1])


# Scratch itself


def test_a_name_is_one_place_in_memory_whatever_the_shape():
    s = Scratch(wide=True)
    whole = s("a", (4, 3))
    assert whole.shape == (4, 3)
    assert whole.dtype == np.float64
    part = s("a", (5,))
    assert part.shape == (5,)
    assert part.ctypes.data == whole.ctypes.data
    assert s("a", (12,)).ctypes.data == whole.ctypes.data


def test_two_names_are_two_places():
    s = Scratch(wide=False)
    assert not np.shares_memory(s("a", (5,)), s("b", (5,)))


def test_a_buffer_grows_when_more_is_asked_for():
    s = Scratch(wide=True)
    assert s("a", (2,), np.int64).dtype == np.int64
    assert s("a", (7,), np.int64).shape == (7,)
    assert s("a", (0, 3), np.int64).size == 0


def test_two_scratches_have_nothing_in_common():
    assert not np.shares_memory(Scratch(wide=True)("a", (5,)), Scratch(wide=True)("a", (5,)))
