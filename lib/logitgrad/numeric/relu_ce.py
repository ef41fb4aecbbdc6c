"""Cross-entropy on a ReLU, ``L = -(y log a + (1 - y) log(1 - a))``, ``a = max(0, z)``. It is meant to fail.

The formula is evaluated as it is written, one operation after the other, with the chain rule's two factors
multiplied as numbers and relu'(0) = 0. Nothing is repaired, and no warning is issued: the NaN and the
infinity are the message, and they are the same whatever NumPy's error state is.

=============  ===========================  ==========================
z              loss                         gradient
=============  ===========================  ==========================
z <= 0, y > 0  inf                          NaN: infinity times 0
z <= 0, y = 0  NaN: 0 log 0 (exactly 0)     NaN: 0/0 (exactly 0)
0 < z < 1      a number                     (z - y) / (z (1 - z))
z = 1, y < 1   inf                          inf
z = 1, y = 1   NaN: 0 log 0 (limit 0)       NaN: 0/0 (limit -1)
z > 1, y < 1   NaN: not a real number       (z - y) / (z (1 - z))
z > 1, y = 1   NaN: 0 log(1 - z) (-log z)   -1/z, downhill for ever
=============  ===========================  ==========================

Shapes, types and errors: as `sigmoid_bce`. Source: the question "Cross entropy with ReLU" on Stack Exchange
that the chapter cites, with the sign of its gradient put right.
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

    Theorems: ``relu-ce-not-real``, ``relu-ce-unbounded``, ``relu-ce-loss-at-zero``. Source: as the module.

    >>> float(loss(-1.0, 1))
    inf
    """
    return each(_loss, 1, *with_targets(z, y))[0]


def grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``dL/da relu'(z)`` for each logit, the two factors multiplied as numbers.

    On (0, 1) this is ``(z - y) / (z (1 - z))``. Shape: that of ``z``. Limits and failures: the module's
    table. Errors: as `loss`.

    Theorems: ``relu-ce-gradient``, ``relu-ce-dead-factor``. Source: as the module.

    >>> float(grad(0.5, 1)), float(grad(-1.0, 1))
    (-2.0, nan)
    """
    return each(_grad, 1, *with_targets(z, y))[0]


def loss_and_grad(z: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return `loss` and `grad`.

    Shapes, limits and errors: theirs.

    Theorem: ``relu-ce-gradient``. Source: as the module.

    >>> [float(v) for v in loss_and_grad(1.0, 0)]
    [inf, inf]
    """
    loss, grad = each(lambda s, z, y: _loss(s, z, y) + _grad(s, z, y), 2, *with_targets(z, y))
    return loss, grad


def _loss(_: Scratch, z: Array, y: Array) -> tuple[Array]:
    unit_targets(y)
    a = np.maximum(0, z)
    return (-(y * np.log(a) + (1 - y) * np.log(1 - a)),)


def _grad(_: Scratch, z: Array, y: Array) -> tuple[Array]:
    unit_targets(y)
    a = np.maximum(0, z)
    outer = -(y / a - (1 - y) / (1 - a))  # dL/da
    inner = np.where(z > 0, 1.0, 0.0)  # da/dz, put to 0 at 0
    return (outer * inner,)
