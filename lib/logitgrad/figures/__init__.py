"""The figures of the course, one function each; every curve is evaluated from a SymPy expression.

>>> from logitgrad import figures
>>> figures.alt("softmax_simplex").startswith("The triangle")
True
"""

from .backprop import training_curves
from .canvas import alt, names, save, use_style
from .cross_entropy import entropy_and_kl
from .relu_ce import relu_ce_regions
from .sigmoid_bce import loss_and_gradient, losses_side_by_side, two_factors
from .sigmoid_bce_floats import bce_in_floats
from .sigmoid_mse import two_factors_mse
from .softmax import softmax_probabilities
from .softmax_ce import softmax_simplex

__all__ = [
    "alt",
    "bce_in_floats",
    "entropy_and_kl",
    "loss_and_gradient",
    "losses_side_by_side",
    "names",
    "relu_ce_regions",
    "save",
    "softmax_probabilities",
    "softmax_simplex",
    "training_curves",
    "two_factors",
    "two_factors_mse",
    "use_style",
]
