"""How far a result may be from the exact value, in units in the last place of the result.

float16 and float32 are computed in float64 and rounded once: 1/2, and what float64's own few units can add.
The float64 bounds lie just above the worst that a search found: over 20 million points for each scalar function
(0.90 for the sigmoid, 1.11 for softplus, 1.15 for the gradient, 1.24 for the loss with soft labels; 1.00 for the
squared error's loss, 0.96 for its gradient, 0.85 for its second derivative in units of its terms), 2 million
rows for the softmax family (1.00 for softmax, 1.40 for log-softmax and the loss, 1.50 for `logsumexp`, 1.94 for
the gradient). One half is the last rounding; the others are those of log1p, of a product or of a quotient.
"""

import numpy as np

ROUNDED_ONCE = 0.501

BOUNDS = {
    "logexp.sigmoid": 1.1,
    "logexp.softplus": 1.2,
    "logexp.log_sigmoid": 1.2,
    "sigmoid_bce.loss": 1.3,
    "sigmoid_bce.grad": 1.2,
    "sigmoid_bce.hess": 1.3,
    "sigmoid_mse.loss": 1.1,
    "sigmoid_mse.grad": 1.1,
    "sigmoid_mse.hess": 1.1,
    "logexp.logsumexp": 1.6,
    "logexp.softmax": 1.2,
    "logexp.log_softmax": 1.5,
    "softmax_ce.loss": 1.5,
    "softmax_ce.grad": 2.0,
    "softmax_ce.hvp": 3.0,
}


def bound(name, dtype):
    """The largest error that is accepted, in units in the last place."""
    return BOUNDS[name] if dtype is np.float64 else ROUNDED_ONCE
