"""The figures of the course, one function each; every curve is evaluated from a SymPy expression.

>>> from logitgrad import figures
>>> figures.alt("softmax_simplex").startswith("The triangle")
True
"""

from .audit import relative_errors
from .backprop import decision_regions, loss_and_gradient_norm, training_curves
from .canvas import alt, names, save, use_style
from .cas_can_lie import evalf_loses_all_digits, slopes_at_a_kink
from .cross_entropy import entropy_and_kl, gaps_and_divergence
from .frameworks import frameworks_bce, frameworks_ce
from .gradient_checks import difference_at_kink, error_by_step, mistakes_and_checks
from .matching_loss import matched_and_mismatched, matching_areas, tangent_gaps
from .pairings import pairings_against_output, pairings_map
from .relu_ce import relu_ce_regions, relu_ce_steps
from .sigmoid_bce import loss_and_gradient, losses_side_by_side, two_factors
from .sigmoid_bce_floats import (
    digits_lost_by_subtraction,
    guarded_loss_and_gradient,
    remedies_measured,
    where_types_give_up,
)
from .sigmoid_mse import soft_targets, squared_error_and_cross_entropy, two_factors_mse
from .softmax import softmax_by_temperature, softmax_probabilities
from .softmax_ce import feedback_by_class, softmax_simplex
from .softmax_ce_floats import softmax_ce_by_lead, softmax_ce_limits, softmax_error_by_gap
from .tanh_ce import tanh_ce_regions, tanh_ce_repair
from .variants import best_outputs, focal_loss_and_gradient, smoothed_loss

__all__ = [
    "alt",
    "best_outputs",
    "decision_regions",
    "difference_at_kink",
    "digits_lost_by_subtraction",
    "entropy_and_kl",
    "error_by_step",
    "evalf_loses_all_digits",
    "feedback_by_class",
    "focal_loss_and_gradient",
    "frameworks_bce",
    "frameworks_ce",
    "gaps_and_divergence",
    "guarded_loss_and_gradient",
    "loss_and_gradient",
    "loss_and_gradient_norm",
    "losses_side_by_side",
    "matched_and_mismatched",
    "matching_areas",
    "mistakes_and_checks",
    "names",
    "pairings_against_output",
    "pairings_map",
    "relative_errors",
    "relu_ce_regions",
    "relu_ce_steps",
    "remedies_measured",
    "save",
    "slopes_at_a_kink",
    "smoothed_loss",
    "soft_targets",
    "softmax_by_temperature",
    "softmax_ce_by_lead",
    "softmax_ce_limits",
    "softmax_error_by_gap",
    "softmax_probabilities",
    "softmax_simplex",
    "squared_error_and_cross_entropy",
    "tangent_gaps",
    "tanh_ce_regions",
    "tanh_ce_repair",
    "training_curves",
    "two_factors",
    "two_factors_mse",
    "use_style",
    "where_types_give_up",
]
