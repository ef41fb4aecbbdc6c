"""What is claimed of an implementation, as functions of it, so that a wrong one can be shown to fail.

An implementation has the modules of `logitgrad.numeric` as attributes. A claim raises AssertionError.
"""

import numpy as np

from . import grids, oracle
from .bounds import bound

HARD = (0.0, 1.0)
EPS = np.finfo(np.float64).eps
THIRD = 1 / (6 * np.sqrt(3))  # the largest |p (1 - p) (1 - 2p)|: third derivative of BCE, and of CE by one logit
FOURTH = 1 / 8  # the largest |p (1 - p) (1 - 6p + 6p^2)|


def function(implementation, name):
    module, attribute = name.split(".")
    return getattr(getattr(implementation, module), attribute)


def within(name, dtype, got, value, *, terms=0.0):
    """Assert the bound in ulp; where terms cancel, four float64 ulp of the larger one are allowed besides."""
    if value == 0:
        assert got == 0
    else:
        cancelled = 4 * float(np.spacing(np.float64(terms)) / oracle.spacing(value, dtype)) if terms else 0.0
        assert oracle.ulps(got, value, dtype) <= bound(name, dtype) + cancelled


def scalar_is_exact(implementation, name, dtype):
    """A function of one logit: every value within its bound of the theorem's."""
    z = np.concatenate([grids.scalars(dtype), np.array(grids.WORST[name]).astype(dtype)])
    for logit, got in zip(z, function(implementation, name)(z), strict=True):
        within(name, dtype, got, oracle.exact_or_vanishing(name, float(logit)))


def hard_labels_are_exact(implementation, name, dtype):
    """BCE for targets 0 and 1."""
    z = np.concatenate([grids.scalars(dtype), np.array(grids.WORST[name]).astype(dtype)])
    for y in HARD:
        for logit, got in zip(z, function(implementation, name)(z, y), strict=True):
            within(name, dtype, got, oracle.exact_or_vanishing(name, float(logit), y))


def soft_labels_are_exact(implementation, name, dtype):
    """BCE for targets between: the gradient up to its larger term."""
    for y in (0.3, 0.5, 0.9, 1e-3):
        y = float(dtype(y))
        for logit, got in zip(z := grids.scalars(dtype)[::2], function(implementation, name)(z, y), strict=True):
            value = oracle.exact_or_vanishing(name, float(logit), y)
            within(name, dtype, got, value, terms=max(1 - y, y) if name.endswith("grad") else 0.0)


def mse_is_exact(implementation, name, dtype, targets):
    """Squared error: up to the error's terms where the target is soft, and to the second derivative's own."""
    for y in map(float, map(dtype, targets)):
        z = np.concatenate([grids.scalars(dtype)[:: 1 if y in HARD else 2], np.array(grids.WORST[name], dtype)])
        for logit, got in zip(z, function(implementation, name)(z, y), strict=True):
            value = oracle.exact_or_vanishing(name, float(logit), y)
            within(name, dtype, got, value, terms=mse_terms(name, float(logit), y))


def mse_terms(name, z, y):
    """The size of what cancels, 0 where nothing does: in sigmoid(z) - y, and in p q - (p - y) (p - q)."""
    q, p = 1 / (1 + np.exp(min(abs(z), 700.0))), 1 / (1 + np.exp(-min(abs(z), 700.0)))
    p, q = (p, q) if z > 0 else (q, p)
    error = 0.0 if y in HARD else max((1 - y) * p, y * q)
    return {
        "sigmoid_mse.loss": (abs(p - y) + np.spacing(error)) * error,
        "sigmoid_mse.grad": p * q * error,
        "sigmoid_mse.hess": p * q * max(p * q, error),
    }[name]


def _point(row, *vectors):
    return (tuple(map(float, row)), *(tuple(map(float, v)) for v in vectors))


def rows_are_exact(implementation, name, dtype):
    """A function of a row, softmax or log-softmax: each entry."""
    for row in grids.rows(dtype):
        for index, got in enumerate(function(implementation, name)(row)):
            value = oracle.exact_or_vanishing(name, *_point(row), index=index)
            within(name, dtype, got, value)


def logsumexp_is_exact(implementation, dtype):
    """Up to its larger term: the maximum, or log of the number of classes."""
    name = "logexp.logsumexp"
    for row in grids.rows(dtype):
        value = oracle.exact_or_vanishing(name, *_point(row))
        terms = max(abs(float(row.max())), np.log(row.size))
        got = function(implementation, name)(row)
        within(name, dtype, got, value, terms=terms if abs(value) < terms else 0.0)


def class_indices_are_exact(implementation, name, dtype):
    """CE loss and gradient for each row and each true class."""
    for row in grids.rows(dtype):
        for label in {0, row.size - 1}:
            target = np.eye(row.size)[label]
            results = np.atleast_1d(function(implementation, name)(row, label))
            for index, got in enumerate(results):
                where = {} if name.endswith("loss") else {"index": index}
                value = oracle.exact_or_vanishing(name, *_point(row, target), **where)
                within(name, dtype, got, value)


def probabilities_are_exact(implementation, name, dtype):
    """CE for soft targets, whose rounded sum is not 1; the gradient up to its larger term."""
    rng = np.random.default_rng(grids.SEED)
    for row in grids.rows(dtype)[::3]:
        target = rng.dirichlet(np.ones(row.size)).astype(dtype)
        results = np.atleast_1d(function(implementation, name)(row, target, normalized=False))
        for index, got in enumerate(results):
            loss = name.endswith("loss")
            value = oracle.exact_or_vanishing(name, *_point(row, target), index=None if loss else index)
            within(name, dtype, got, value, terms=0.0 if loss else float(target[index]))


def hvp_is_exact(implementation, dtype):
    """The Hessian's product, up to the terms of v_i - sum p_j v_j."""
    name, rng = "softmax_ce.hvp", np.random.default_rng(grids.SEED)
    for row in grids.rows(dtype)[::3]:
        v = rng.normal(size=row.size).astype(dtype)
        p = np.float64(implementation.logexp.softmax(row))
        for index, got in enumerate(function(implementation, name)(row, 0, v)):
            value = oracle.exact_or_vanishing(name, *_point(row, np.eye(row.size)[0], v), index=index)
            terms = 2 * p[index] * np.abs(v - v[row.argmax()]).max()
            within(name, dtype, got, value, terms=terms)


def bce_gradient_is_the_loss_s_difference(implementation):
    """Central differences err by h^2/6 of the third derivative and by the loss's rounding over h."""
    h, z = 2.0**-17, np.linspace(-30, 30, 241)
    for y in (0.0, 0.3, 1.0):
        loss = implementation.sigmoid_bce.loss
        difference = (loss(z + h, y) - loss(z - h, y)) / (2 * h)
        allowed = h * h / 6 * THIRD + 4 * EPS * (np.abs(z) + 1) / (2 * h)
        assert (np.abs(difference - implementation.sigmoid_bce.grad(z, y)) <= allowed).all()


def bce_second_derivative_is_the_gradient_s_difference(implementation):
    """As for the loss, one derivative up."""
    h, z = 2.0**-17, np.linspace(-30, 30, 241)
    grad = implementation.sigmoid_bce.grad
    difference = (grad(z + h, 1) - grad(z - h, 1)) / (2 * h)
    allowed = h * h / 6 * FOURTH + 4 * EPS / (2 * h)
    assert (np.abs(difference - implementation.sigmoid_bce.hess(z, 1)) <= allowed).all()


def mse_gradient_is_the_loss_s_difference(implementation):
    """As for BCE; the third derivative of ``u^2/2`` is ``u u''' + 3 u' u''``, and |u| <= 1, u' <= 1/4."""
    h, z = 2.0**-17, np.linspace(-30, 30, 241)
    for y in (0.0, 0.3, 1.0):
        loss = implementation.sigmoid_mse.loss
        difference = (loss(z + h, y) - loss(z - h, y)) / (2 * h)
        allowed = h * h / 6 * (FOURTH + 3 / 4 * THIRD) + 4 * EPS / (2 * h)
        assert (np.abs(difference - implementation.sigmoid_mse.grad(z, y)) <= allowed).all()


def mse_second_derivative_is_the_gradient_s_difference(implementation):
    """One derivative up: ``u u'''' + 4 u' u''' + 3 u''^2``, where |u''''| is below 1/2."""
    h, z = 2.0**-17, np.linspace(-30, 30, 241)
    for y in (0.0, 0.3, 1.0):
        grad = implementation.sigmoid_mse.grad
        difference = (grad(z + h, y) - grad(z - h, y)) / (2 * h)
        allowed = h * h / 6 * (1 / 2 + FOURTH + 3 * THIRD**2) + 4 * EPS / (2 * h)
        assert (np.abs(difference - implementation.sigmoid_mse.hess(z, y)) <= allowed).all()


def _batch(classes=5, size=60, seed=grids.SEED):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(size, classes)) * 4
    return z, rng.integers(0, classes, size), rng.dirichlet(np.ones(classes), size), rng


def ce_gradient_is_the_loss_s_difference(implementation):
    """One logit at a time, for class indices, probabilities and weights."""
    h, (z, label, probability, _) = 2.0**-17, _batch()
    for y, options, scale in (
        (label, {}, 1),
        (probability, {}, 1),
        (3 * probability, {"normalized": False}, 3),
    ):
        grad = implementation.softmax_ce.grad(z, y, **options)
        for k, step in enumerate(h * np.eye(z.shape[1])):
            up, down = (implementation.softmax_ce.loss(z + s, y, **options) for s in (step, -step))
            allowed = scale * (h * h / 6 * THIRD + 8 * EPS * (np.abs(z).max() * 2 + 2) / (2 * h))
            assert (np.abs((up - down) / (2 * h) - grad[:, k]) <= allowed).all()


def hvp_is_the_gradient_s_difference(implementation):
    """Along a direction v: the remainder has the fourth cumulant of v under p, at most (max v - min v)^4."""
    h, (z, label, probability, rng) = 2.0**-17, _batch()
    v = rng.normal(size=z.shape)
    reach = np.ptp(v, axis=1).max() ** 4
    for y, options, scale in ((label, {}, 1), (3 * probability, {"normalized": False}, 3)):
        up, down = (implementation.softmax_ce.grad(z + s * v, y, **options) for s in (h, -h))
        allowed = scale * (h * h / 6 * reach + 8 * EPS * np.abs(z).max() / (2 * h))
        hvp = implementation.softmax_ce.hvp(z, y, v, **options)
        assert (np.abs((up - down) / (2 * h) - hvp) <= allowed).all()


def gradient_rows_sum_to_zero(implementation):
    """To rounding: each entry errs by its own few units."""
    z, label, probability, _ = _batch()
    for y, options in ((label, {}), (probability, {}), (3 * probability, {"normalized": False})):
        grad = implementation.softmax_ce.grad(z, y, **options)
        assert (np.abs(grad.sum(axis=1)) <= 4 * EPS * np.abs(grad).sum(axis=1) + 4 * EPS).all()


def probabilities_sum_to_one(implementation):
    z, *_ = _batch()
    assert (np.abs(implementation.logexp.softmax(z).sum(axis=1) - 1) <= 4 * EPS).all()


def one_hot_is_the_class_index(implementation):
    """Bit for bit, also where one class dominates."""
    z, label, *_ = _batch()
    z[::3, 0] += 60
    one_hot = np.eye(z.shape[1])[label]
    for name in ("loss", "grad"):
        call = getattr(implementation.softmax_ce, name)
        assert np.array_equal(call(z, label), call(z, one_hot))


def true_class_keeps_its_digits(implementation):
    """At a gap of 40 the true class's gradient is -e^-40, not 0."""
    got = implementation.softmax_ce.grad(np.array([40.0, 0.0]), 0)
    value = oracle.exact("softmax_ce.grad", (40.0, 0.0), (1.0, 0.0), index=0)
    within("softmax_ce.grad", np.float64, got[0], value)
    within("sigmoid_bce.grad", np.float64, implementation.sigmoid_bce.grad(40.0, 1), value)


def shift_changes_nothing(implementation):
    """Exactly, where the shifted logits are floats."""
    z = np.round(_batch()[0] * 64) / 64
    for name in ("softmax", "log_softmax"):
        call = getattr(implementation.logexp, name)
        assert np.array_equal(call(z + 1000), call(z))


def every_axis_agrees(implementation):
    """Bit for bit, whichever axis holds the classes."""
    z, label, probability, _ = _batch(size=6)
    z, label, probability = (a.reshape(2, 3, *a.shape[1:]) for a in (z, label, probability))
    for axis in (0, 1, -1):
        moved, weights = np.moveaxis(z, -1, axis), np.moveaxis(probability, -1, axis)
        for name in ("softmax", "log_softmax"):
            call = getattr(implementation.logexp, name)
            assert np.array_equal(np.moveaxis(call(moved, axis=axis), axis, -1), call(z))
        ce = implementation.softmax_ce
        assert np.array_equal(
            implementation.logexp.logsumexp(moved, axis=axis), implementation.logexp.logsumexp(z)
        )
        for y, moved_y in ((label, label), (probability, weights)):
            assert np.array_equal(ce.loss(moved, moved_y, axis=axis), ce.loss(z, y))
            assert np.array_equal(np.moveaxis(ce.grad(moved, moved_y, axis=axis), axis, -1), ce.grad(z, y))
            hvp = ce.hvp(moved, moved_y, moved, axis=axis)
            assert np.array_equal(np.moveaxis(hvp, axis, -1), ce.hvp(z, y, z))


def pairs_agree(implementation):
    """loss_and_grad is loss and grad, bit for bit."""
    z, label, probability, _ = _batch()
    for module, logits, targets in (
        (implementation.softmax_ce, z, label),
        (implementation.softmax_ce, z, probability),
        (implementation.sigmoid_bce, z, probability),
        (implementation.sigmoid_mse, z, probability),
        (implementation.relu_ce, z, probability),
        (implementation.tanh_ce, z, probability),
    ):
        pair = module.loss_and_grad(logits, targets)
        for got, name in zip(pair, ("loss", "grad"), strict=True):
            assert np.array_equal(got, getattr(module, name)(logits, targets), equal_nan=True)


def relu_gradient_is_the_loss_s_difference(implementation):
    """On (0, 1); the third derivative is 2y/z^3 + 2(1 - y)/(1 - z)^3 in size."""
    h, z = 2.0**-17, np.linspace(0.05, 0.95, 91)
    for y in (0.0, 0.25, 1.0):
        loss = implementation.relu_ce.loss
        difference = (loss(z + h, y) - loss(z - h, y)) / (2 * h)
        third = 2 * y / z**3 + 2 * (1 - y) / (1 - z) ** 3
        allowed = h * h / 3 * third + 16 * EPS / (2 * h)
        assert (np.abs(difference - implementation.relu_ce.grad(z, y)) <= allowed).all()


def tanh_gradient_is_the_loss_s_difference(implementation):
    """Right of 0; the gradient is 1 - y + a - y/a, its second derivative at most 2 (1 + y / z^3)."""
    h, z = 2.0**-17, np.linspace(0.1, 4, 79)
    for y in (0.0, 0.25, 1.0):
        loss = implementation.tanh_ce.loss
        difference = (loss(z + h, y) - loss(z - h, y)) / (2 * h)
        # 1 - tanh(z), as written, has lost the digits that its logarithm then lacks
        lost = EPS / (1 - np.tanh(z + h))
        allowed = h * h / 3 * (1 + y / z**3) + (16 * EPS + 4 * lost) / (2 * h)
        assert (np.abs(difference - implementation.tanh_ce.grad(z, y)) <= allowed).all()


def saturated_mse_has_no_gradient(implementation):
    """At infinite logits the loss is on its plateau, right or wrong."""
    z = np.array([np.inf, -np.inf])
    loss, grad = implementation.sigmoid_mse.loss_and_grad(z, 0.25)
    assert np.array_equal(loss, [0.28125, 0.03125])
    assert np.array_equal(grad, [0, 0])


def masked_classes_count_for_nothing(implementation):
    """A logit -inf without target mass: the other classes are as without it."""
    z, label, probability, _ = _batch()
    masked = np.append(z, np.full((len(z), 1), -np.inf), axis=1)
    for y, padded in ((label, label), (probability, np.append(probability, np.zeros((len(z), 1)), axis=1))):
        ce = implementation.softmax_ce
        assert np.array_equal(ce.loss(masked, padded), ce.loss(z, y))
        grad = ce.grad(masked, padded)
        assert np.array_equal(grad[:, :-1], ce.grad(z, y))
        assert (grad[:, -1] == 0).all()


def infinite_logits_are_limits(implementation):
    """BCE: nothing on the right side, the whole on the wrong one; softmax: a point mass."""
    z = np.array([np.inf, -np.inf])
    loss, grad = implementation.sigmoid_bce.loss_and_grad(z, np.array([1.0, 1.0]))
    assert np.array_equal(loss, [0, np.inf])
    assert np.array_equal(grad, [0, -1])
    assert np.array_equal(implementation.logexp.softmax(z), [1, 0])
    assert implementation.softmax_ce.loss(z, 0) == 0


def nothing_escapes(implementation):
    """No floating-point event reaches a caller who asked NumPy to raise."""
    z = np.array([[np.inf, 1e308, -np.inf], [-745.0, 745.0, 0.0]])
    with np.errstate(all="raise"):
        try:
            implementation.sigmoid_bce.loss_and_grad(z, 0.5)
            implementation.sigmoid_mse.loss_and_grad(z, 0.5)
            implementation.sigmoid_mse.hess(z, 0.5)
            implementation.relu_ce.loss_and_grad(z, 0.5)
            implementation.tanh_ce.loss_and_grad(z, 0.5)
            implementation.softmax_ce.loss_and_grad(z, np.array([0, 1]))
        except FloatingPointError as escaped:
            raise AssertionError("an event escaped") from escaped
