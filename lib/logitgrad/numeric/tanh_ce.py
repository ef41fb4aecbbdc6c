"""Cross-entropy on a tanh, ``L = -(y log a + (1 - y) log(1 - a))``, ``a = tanh(z)``. It is meant to fail.

The formula is evaluated as it is written, one operation after the other, with the chain rule's two factors
multiplied as numbers. Nothing is repaired, and no warning is issued: the NaN and the infinity are the
message, and they are the same whatever NumPy's error state is. "Saturated" is where a float64 tanh is 1 or -1,
beyond about 19 on either side.

=====================  ================================  ===========================================
z                      loss                              gradient
=====================  ================================  ===========================================
z < 0, y > 0           NaN: not a real number            (a - y) (1 + a) / a: a push to the left
z < 0, y = 0           NaN: 0 log a (log(1/(1 - a)))     1 + a: a push to the left
saturated at -1        as for z < 0                      0
z = 0, y > 0           inf                               -inf
z = 0, y = 0           NaN: 0 log 0 (exactly 0)          NaN: 0/0 (limit 1)
z > 0                  a number                          (a - y) (1 + a) / a
saturated at 1, y < 1  inf (limit inf)                   NaN: infinity times 0 (limit 2 (1 - y))
saturated at 1, y = 1  NaN: 0 log 0 (limit 0)            NaN: 0/0 (limit 0)
=====================  ================================  ===========================================

The repair is `sigmoid_bce`: moved into (0, 1), ``(1 + a) / 2 = sigmoid(2 z)``. Shapes, types and errors: as
there. Source: Ekman, *Learning Deep Learning* (2021), ch. 5, which names the pairing and advises against it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._arrays import each, unit_targets, with_targets
from ._doubled import Array
from ._scratch import Scratch

__all__ = ["grad", "loss", "loss_and_grad"]


def loss(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``-(y log a + (1 - y) log(1 - a))``, in nats, for each logit, as written.

    Shape: that of ``z``. Limits and failures: the module's table. Errors: a target outside [0, 1] or another
    shape is a ValueError, a type that is not real a TypeError.

    Theorems: ``tanh-ce-not-real``, ``tanh-ce-loss-at-zero``, ``tanh-ce-loss-right``. Source: as the module.

    >>> float(loss(-1.0, 1)), float(loss(0.0, 1))
    (nan, inf)
    """
    return each(_loss, 1, *with_targets(z, y))[0]


def grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``dL/da (1 - a^2)`` for each logit, the two factors multiplied as numbers.

    Where both are finite this is ``(a - y) (1 + a) / a``. Shape: that of ``z``. Limits and failures: the
    module's table. Errors: as `loss`.

    Theorems: ``tanh-ce-gradient``, ``tanh-derivative``. Source: as the module.

    >>> float(grad(20.0, 0)), float(grad(-20.0, 1))
    (nan, 0.0)
    """
    return each(_grad, 1, *with_targets(z, y))[0]


def loss_and_grad(z: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return `loss` and `grad`.

    Shapes, limits and errors: theirs.

    Theorem: ``tanh-ce-gradient``. Source: as the module.

    >>> [float(v) for v in loss_and_grad(0.0, 1)]
    [inf, -inf]
    """
    loss, grad = each(lambda s, z, y: _loss(s, z, y) + _grad(s, z, y), 2, *with_targets(z, y))
    return loss, grad


def _loss(_: Scratch, z: Array, y: Array) -> tuple[Array]:
    unit_targets(y)
    a = np.tanh(z)
    return (-(y * np.log(a) + (1 - y) * np.log(1 - a)),)


def _grad(_: Scratch, z: Array, y: Array) -> tuple[Array]:
    unit_targets(y)
    a = np.tanh(z)
    outer = -(y / a - (1 - y) / (1 - a))  # dL/da
    inner = 1 - a * a  # da/dz
    return (outer * inner,)
