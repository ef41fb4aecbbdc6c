"""The figures of the course, one function each; every curve is evaluated from a SymPy expression.

>>> from logitgrad import figures
>>> figures.alt("softmax_simplex").startswith("The triangle")
True
"""

from .audit import relative_errors
from .backprop import training_curves
from .canvas import alt, names, save, use_style
from .cross_entropy import entropy_and_kl
from .gradient_checks import difference_at_kink, error_by_step, mistakes_and_checks
from .relu_ce import relu_ce_regions
from .sigmoid_bce import loss_and_gradient, losses_side_by_side, two_factors
from .sigmoid_bce_floats import (
    digits_lost_by_subtraction,
    guarded_loss_and_gradient,
    remedies_measured,
    where_types_give_up,
)
from .sigmoid_mse import soft_targets, squared_error_and_cross_entropy, two_factors_mse
from .softmax import softmax_probabilities
from .softmax_ce import softmax_simplex
from .softmax_ce_floats import softmax_ce_by_lead, softmax_ce_limits, softmax_error_by_gap
from .tanh_ce import tanh_ce_regions, tanh_ce_repair

__all__ = [
    "alt",
    "difference_at_kink",
    "digits_lost_by_subtraction",
    "entropy_and_kl",
    "error_by_step",
    "guarded_loss_and_gradient",
    "loss_and_gradient",
    "losses_side_by_side",
    "mistakes_and_checks",
    "names",
    "relative_errors",
    "relu_ce_regions",
    "remedies_measured",
    "save",
    "soft_targets",
    "softmax_ce_by_lead",
    "softmax_ce_limits",
    "softmax_error_by_gap",
    "softmax_probabilities",
    "softmax_simplex",
    "squared_error_and_cross_entropy",
    "tanh_ce_regions",
    "tanh_ce_repair",
    "training_curves",
    "two_factors",
    "two_factors_mse",
    "use_style",
    "where_types_give_up",
]
