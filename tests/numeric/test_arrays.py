"""Types and layouts: the same out as in, no input changed, no result that depends on its place in memory."""

import tracemalloc

import numpy as np
import pytest

import logitgrad as lg
from logitgrad import relu_ce, sigmoid_bce, sigmoid_mse, softmax_ce, tanh_ce
from logitgrad.numeric import _arrays

from .grids import DTYPES

RNG = np.random.default_rng(11)

ELEMENTWISE = {
    "sigmoid": lambda z, y: lg.sigmoid(z),
    "softplus": lambda z, y: lg.softplus(z),
    "log_sigmoid": lambda z, y: lg.log_sigmoid(z),
    "sigmoid_bce.loss": sigmoid_bce.loss,
    "sigmoid_bce.grad": sigmoid_bce.grad,
    "sigmoid_bce.hess": sigmoid_bce.hess,
    "sigmoid_mse.loss": sigmoid_mse.loss,
    "sigmoid_mse.grad": sigmoid_mse.grad,
    "sigmoid_mse.hess": sigmoid_mse.hess,
    "tanh_ce.loss": tanh_ce.loss,
    "tanh_ce.grad": tanh_ce.grad,
    "relu_ce.loss": relu_ce.loss,
    "relu_ce.grad": relu_ce.grad,
}
ROWS = {
    "softmax": lambda z, y: lg.softmax(z),
    "log_softmax": lambda z, y: lg.log_softmax(z),
    "logsumexp": lambda z, y: lg.logsumexp(z),
    "softmax_ce.loss": lambda z, y: softmax_ce.loss(z, y, normalized=False),
    "softmax_ce.grad": lambda z, y: softmax_ce.grad(z, y, normalized=False),
    "softmax_ce.hvp": lambda z, y: softmax_ce.hvp(z, np.zeros(z.shape[:-1], int), y),
    "softmax_ce.loss-index": lambda z, y: softmax_ce.loss(z, np.zeros(z.shape[:-1], int)),
    "softmax_ce.grad-index": lambda z, y: softmax_ce.grad(z, np.zeros(z.shape[:-1], int)),
}
ALL = ELEMENTWISE | ROWS

every = pytest.mark.parametrize("name", ALL)
dtypes = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)

LAYOUTS = {
    "contiguous": lambda a: a,
    "fortran": np.asfortranarray,
    "strided": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "reversed": lambda a: np.ascontiguousarray(a[::-1, ::-1])[::-1, ::-1],
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "read-only": lambda a: np.frombuffer(a.tobytes(), a.dtype).reshape(a.shape),
    "unaligned": lambda a: unaligned(a),
}


def unaligned(a):
    raw = np.zeros(a.nbytes + 1, np.uint8)
    moved = raw[1:].view(a.dtype).reshape(a.shape)
    moved[...] = a
    return moved


def data(dtype, shape=(6, 7)):
    return (RNG.normal(size=shape) * 5).astype(dtype), RNG.uniform(0.01, 0.99, shape).astype(dtype)


@every
@dtypes
@pytest.mark.parametrize("layout", LAYOUTS)
def test_result_does_not_depend_on_the_layout_and_inputs_are_not_changed(name, dtype, layout):
    z, y = data(dtype)
    expected = ALL[name](z, y)
    laid_z, laid_y = LAYOUTS[layout](z), LAYOUTS[layout](y)
    before = np.array(laid_z), np.array(laid_y)
    got = ALL[name](laid_z, laid_y)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == dtype
    assert got.dtype.isnative
    np.testing.assert_array_equal(np.array(laid_z), before[0])
    np.testing.assert_array_equal(np.array(laid_y), before[1])


@dtypes
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_one_logit_alone_gives_what_it_gives_in_a_batch_of_several_chunks(name, dtype):
    size = 2 * _arrays.CHUNK + 13
    z, y = data(dtype, (size,))
    batch = ELEMENTWISE[name](z, y)
    for start in (0, 1, 7, 8, 15, _arrays.CHUNK - 1, _arrays.CHUNK, size - 14, size - 1):
        alone = ELEMENTWISE[name](z[start], y[start])
        np.testing.assert_array_equal(alone, batch[start])
        assert np.shape(alone) == ()
    np.testing.assert_array_equal(ELEMENTWISE[name](z[5:], y[5:]), batch[5:])


@dtypes
@pytest.mark.parametrize("classes", [1, 2, 3, 10, 1000])
@pytest.mark.parametrize("name", ROWS)
def test_one_row_alone_gives_what_it_gives_in_a_batch_of_several_chunks(name, dtype, classes):
    size = 2 * _arrays.CHUNK // classes + 3 if classes > 2 else 50
    z, y = data(dtype, (size, classes))
    batch = ROWS[name](z, y)
    for row in (0, 1, size // 2, size - 1):
        np.testing.assert_array_equal(ROWS[name](z[row], y[row]), batch[row])
    np.testing.assert_array_equal(ROWS[name](z[1:], y[1:]), batch[1:])


@every
@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int64, np.uint64])
def test_integers_and_booleans_become_float64(name, dtype):
    z = np.array([[0, 1, 1], [1, 0, 1]], dtype)
    y = np.full((2, 3), 0.25)
    got = ALL[name](z, y)
    assert got.dtype == np.float64
    np.testing.assert_array_equal(got, ALL[name](z.astype(float), y))


@dtypes
@pytest.mark.parametrize("target", [np.float16, np.float32, np.float64, bool, np.int64, np.uint8])
def test_logits_decide_the_type_of_the_result(dtype, target):
    z, y = np.zeros(2, dtype), np.array([0, 1], target)
    assert sigmoid_bce.grad(z, y).dtype == dtype
    if target is not bool:
        targets = y if y.dtype.kind in "iu" else np.eye(2, dtype=target)
        assert softmax_ce.grad(np.zeros((2, 2), dtype), targets).dtype == dtype


def test_targets_keep_their_own_precision():
    y = 0.1  # not a float32
    assert sigmoid_bce.grad(np.float32(0), y) == np.float32(0.5 - 0.1)
    assert sigmoid_bce.loss(np.zeros(1, np.float16), [y]).dtype == np.float16


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (2, 1, 3, 2)])
def test_loss_has_the_logits_shape_or_the_batch_s(shape):
    z = np.zeros((*shape, 4))
    assert sigmoid_bce.loss(z, 1).shape == z.shape
    for axis in range(-z.ndim, z.ndim):
        moved = np.moveaxis(z, -1, axis)
        y = np.zeros(shape, int)
        loss, grad = softmax_ce.loss_and_grad(moved, y, axis=axis)
        assert loss.shape == shape
        assert grad.shape == moved.shape
        assert lg.logsumexp(moved, axis=axis).shape == shape


def test_lists_are_taken_as_arrays():
    assert sigmoid_bce.grad([[0.0], [1]], [[0], [1]]).shape == (2, 1)
    assert softmax_ce.grad([[0, 1], [1, 0]], [0, 1]).dtype == np.float64
    assert softmax_ce.hvp([0, 1], [0.5, 0.5], [1, 2]).shape == (2,)


def test_a_single_number_gives_a_numpy_scalar():
    assert isinstance(lg.sigmoid(0.0), np.float64)
    assert isinstance(lg.sigmoid(np.float16(0)), np.float16)
    assert isinstance(softmax_ce.loss([0.0, 1.0], 0), np.float64)


def peak_memory(call):
    """The bytes that a call takes at most, once it has been run before."""
    call()
    tracemalloc.start()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


CHUNKS = 8 * _arrays.CHUNK  # bytes of one buffer


@dtypes
def test_bce_takes_no_more_memory_than_its_results_and_buffers_of_a_chunk(dtype):
    z = np.zeros(64 * _arrays.CHUNK, dtype)
    assert peak_memory(lambda: sigmoid_bce.loss_and_grad(z, z)) < 2 * z.nbytes + 24 * CHUNKS


@dtypes
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_ce_takes_no_more_memory_than_its_results_and_buffers_of_a_chunk_whatever_the_axis(dtype, axis):
    z = np.zeros((80, 80, 160), dtype)
    y = np.zeros(np.delete(z.shape, axis), np.intp)
    results = z.nbytes + z.nbytes // z.shape[axis]
    assert peak_memory(lambda: softmax_ce.loss_and_grad(z, y, axis=axis)) < results + 32 * CHUNKS


# How work is cut into chunks


def test_chunks_are_full_but_for_the_last_and_contiguous_native_float64():
    seen = []

    def kernel(s, z, y):
        seen.append(z.size)
        for a in (z, y):
            assert a.dtype == np.float64
            assert a.flags.aligned
            assert a.flags.c_contiguous
            assert a.dtype.isnative
        return z + y, z * y

    z = np.linspace(0, 1, 2 * _arrays.CHUNK + 5)
    for layout in ("strided", "big-endian", "unaligned", "contiguous"):
        laid = LAYOUTS[layout](z)
        total, product = _arrays.each(kernel, 2, laid, laid.astype("f4"))
        np.testing.assert_array_equal(total, z + z.astype("f4"))
        np.testing.assert_array_equal(product, z * z.astype("f4"))
    assert seen == 4 * [_arrays.CHUNK, _arrays.CHUNK, 5]


def test_a_chunk_that_needs_no_change_is_not_copied():
    z = np.linspace(0, 1, _arrays.CHUNK + 5)
    for start in (0, _arrays.CHUNK):
        chunk = _arrays.doubles(z, slice(start, start + _arrays.CHUNK), np.empty(0))
        assert np.shares_memory(chunk, z)


def test_a_single_number_is_a_chunk_of_one():
    chunk = _arrays.doubles(np.array(0.5, "f4"), slice(3, 8), np.empty(1))
    assert chunk.shape == (1,)
    assert chunk.dtype == np.float64
    assert chunk.tolist() == [0.5]


def test_a_few_numbers_take_a_buffer_of_their_size():
    sizes = {}

    def kernel(s, z, y):
        sizes.update({name: buffer.size for name, buffer in s._buffers.items()})
        return (z + y,)

    _arrays.each(kernel, 1, np.zeros(3, "f4"), np.array(1, "f4"))
    assert sizes == {"input 0": 3, "input 1": 1}
    _arrays.each(kernel, 1, np.zeros(_arrays.CHUNK + 1, "f4"), np.zeros(_arrays.CHUNK + 1, "f4"))
    assert sizes == {"input 0": _arrays.CHUNK, "input 1": _arrays.CHUNK}


@pytest.mark.parametrize("results", [0, 2])
def test_a_kernel_gives_as_many_results_as_are_asked_for(results):
    with pytest.raises(ValueError, match="zip"):
        _arrays.each(lambda s, z: results * (z,), 1, np.zeros(3))
    with pytest.raises(ValueError, match="zip"):
        _arrays.each_row(lambda s, z: results * (z,), ["class"], -1, np.zeros((3, 2)))


@pytest.mark.parametrize("classes", [1, 100, _arrays.CHUNK, _arrays.CHUNK + 1])
def test_blocks_have_the_classes_first_and_as_many_rows_as_fill_a_chunk(classes):
    seen, step = [], max(1, _arrays.CHUNK // classes)

    def kernel(s, z):
        seen.append(z.shape)
        assert s.wide
        return z, z[0]

    z = RNG.normal(size=(step + 1, classes))
    whole, first = _arrays.each_row(kernel, ["class", "row"], -1, z)
    np.testing.assert_array_equal(whole, z)
    np.testing.assert_array_equal(first, z[:, 0])
    assert seen == [(classes, step), (classes, 1)]


@pytest.mark.parametrize("shape", [(7,), (6, 7), (2, 3, 7)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_block_is_a_fresh_contiguous_float64_array(shape, layout):
    z = RNG.normal(size=shape)
    laid = LAYOUTS[layout](z) if len(shape) == 2 else z[..., ::-1][..., ::-1]
    rows = np.atleast_2d(laid)
    got = _arrays.block(rows, slice(0, rows[..., 0].size))
    np.testing.assert_array_equal(got, z.reshape(-1, 7).T)
    assert got.dtype == np.float64
    assert got.dtype.isnative
    assert got.flags.c_contiguous
    assert not np.shares_memory(got, laid)


def test_rows_of_three_axes_that_are_not_contiguous_are_taken_in_order():
    z = RNG.normal(size=(4, 5, 3)).transpose(1, 0, 2)
    got = _arrays.block(z, slice(3, 9))
    np.testing.assert_array_equal(got, z.reshape(-1, 3)[3:9].T)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, ">i4", np.uint64])
def test_class_indices_of_any_integer_type_become_index_numbers(dtype):
    got = _arrays.block(np.array([2, 0, 1], dtype), slice(1, 3))
    assert got.dtype == np.intp
    assert got.tolist() == [0, 1]


def test_nothing_escapes_from_a_kernel_whatever_the_caller_s_error_state():
    def kernel(s, z):
        return (np.log(z - 1) / (z - z) + np.exp(1000 + z) * np.exp(-1000 - z),)

    with np.errstate(all="raise"):
        assert np.isnan(_arrays.each(kernel, 1, np.zeros(3))[0]).all()
        assert np.isnan(_arrays.each_row(kernel, ["class"], -1, np.zeros((3, 2)))[0]).all()


@dtypes
def test_only_float64_results_are_computed_with_low_parts(dtype):
    seen = []

    def kernel(scratch, z):
        seen.append(scratch.wide)
        return (z,)

    _arrays.each(kernel, 1, np.zeros(3, dtype))
    _arrays.each_row(kernel, ["class"], -1, np.zeros((2, 3), dtype))
    assert seen == [dtype is np.float64] * 2
