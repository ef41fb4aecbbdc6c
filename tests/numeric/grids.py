"""Where the library is measured: half of the points linear near 0, half logarithmic to the limits."""

import numpy as np

DTYPES = (np.float16, np.float32, np.float64)
SEED = 20240607


def limit(dtype):
    """Beyond this, exp(-z) is less than half the smallest subnormal."""
    return -np.log(np.float64(np.finfo(dtype).smallest_subnormal)) + 1


def scalars(dtype, n=48):
    """Logits of both signs; points where exp crosses a power of two; 0 and +-5000."""
    near = np.linspace(-20, 20, n) + np.random.default_rng(SEED).uniform(-0.4, 0.4, n)
    smallest = np.log10(np.float64(np.finfo(dtype).smallest_subnormal))
    far = np.concatenate([np.logspace(smallest / 2, 0, n // 8), np.linspace(1, limit(dtype), 3 * n // 8)])
    binades = np.log(2) * np.arange(1, 9) * (1 - 1e-4)
    points = np.concatenate([near, far, -far, binades, -binades, [0.0]])
    return np.unique(np.append(points, [-5000, 5000]).astype(dtype))


def rows(dtype, n=5):
    """Rows of logits: mild, wide, shifted, dominated, tied; two to seven classes."""
    rng = np.random.default_rng(SEED)
    reach = limit(dtype)
    made = []
    for classes in (2, 3, 7):
        for _ in range(n):
            made.append(rng.normal(size=classes))
            made.append(rng.uniform(-reach, 0, classes))
            made.append(rng.normal(size=classes) + rng.choice([-1, 1]) * 50)
            made.append(np.append(rng.normal(size=classes - 1), rng.uniform(5, reach)))
    made += [np.zeros(3), np.array([1.0, 1.0, -3.0]), np.array([0.0, -reach, -reach]), np.array([2.5])]
    return [row.astype(dtype) for row in made]


#: float64 points that a search of millions for each scalar function found to be the worst, and one (-4.157969...)
#: that is the worst for softplus without the exponential's low part.
WORST = {
    "logexp.sigmoid": [0.4261000811073421],
    "logexp.softplus": [-4.158872675599467, -4.157969166025168],
    "logexp.log_sigmoid": [4.158872675599467],
    "sigmoid_bce.grad": [0.4201741515832669],
    "sigmoid_bce.hess": [-0.8203156376572078],
    "sigmoid_mse.loss": [-7.223317841043938e-08, 3.000561118215883e-06],
    "sigmoid_mse.grad": [-0.8567097158176891, 0.8615779703304618],
    "sigmoid_mse.hess": [-0.861622006294203, 0.6931462014704817],
    "sigmoid_bce.loss": [-4.158872675599467, -0.8693070181412426],
}
