"""How far a result may be from the exact value, in units in the last place of the result.

float16 and float32 are computed in float64 and rounded once: 1/2, and what float64's own few units can add.
The float64 bounds lie just above the worst that a search found: 32 million points for each scalar function,
fewer rows for the softmax family. What limits softplus and the losses is the exponential: NumPy's vectorised
exp (AVX-512) errs by up to 0.71 units, which log1p keeps, and which count double where a power of two lies
between exp and log1p(exp). Found: 1.73 for softplus and the loss with hard labels, 2.03 with soft ones.
"""

import numpy as np

ROUNDED_ONCE = 0.501

BOUNDS = {
    "logexp.sigmoid": 1.7,
    "logexp.softplus": 1.8,
    "logexp.log_sigmoid": 1.8,
    "sigmoid_bce.loss": 2.1,
    "sigmoid_bce.grad": 1.7,
    "sigmoid_bce.hess": 1.7,
    "logexp.logsumexp": 2.4,
    "logexp.softmax": 2.2,
    "logexp.log_softmax": 2.1,
    "softmax_ce.loss": 2.1,
    "softmax_ce.grad": 2.2,
    "softmax_ce.hvp": 3.0,
}


def bound(name, dtype):
    """The largest error that is accepted, in units in the last place."""
    return BOUNDS[name] if dtype is np.float64 else ROUNDED_ONCE
