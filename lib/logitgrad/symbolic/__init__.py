"""What is true: definitions, derivations and proofs. Imports SymPy and mpmath, never NumPy."""

# The topics come first, in the book's order: the function softmax then takes the name of its topic's module.
from . import cross_entropy, sigmoid_mse, sigmoid_bce, sigmoid_bce_floats  # isort: skip
from . import softmax_ce, softmax_ce_floats, relu_ce, tanh_ce, gradient_checks  # isort: skip
from . import pairings, matching_loss, backprop, variants, frameworks, cas_can_lie  # isort: skip
from .calculus import differentiate, ground
from .cross_entropy import ell, ell_slope
from .derivation import Derivation, StepError
from .functions import equation, in_order, logsumexp, over, relu, sigma, softmax, softplus, times, total, unfold
from .intervals import Undefined, enclose
from .prove import Proved, Refuted, Undecided, prove_equal
from .render import show, tex
from .sigmoid_bce import bce
from .sigmoid_mse import mse, squared_error
from .softmax_ce import ce
from .statement import LowestAt, prove
from .symbols import (
    K,
    a,
    beta,
    c,
    direction,
    eps,
    gaps,
    half,
    i,
    j,
    k,
    logits,
    m,
    outputs,
    p,
    probabilities,
    s,
    targets,
    y,
    z,
)
from .theorem import Theorem, theorems

__all__ = [
    "Derivation",
    "K",
    "LowestAt",
    "Proved",
    "Refuted",
    "StepError",
    "Theorem",
    "Undecided",
    "Undefined",
    "a",
    "backprop",
    "bce",
    "beta",
    "c",
    "cas_can_lie",
    "ce",
    "cross_entropy",
    "differentiate",
    "direction",
    "ell",
    "ell_slope",
    "enclose",
    "eps",
    "equation",
    "frameworks",
    "gaps",
    "gradient_checks",
    "ground",
    "half",
    "i",
    "in_order",
    "j",
    "k",
    "logits",
    "logsumexp",
    "m",
    "matching_loss",
    "mse",
    "outputs",
    "over",
    "p",
    "pairings",
    "probabilities",
    "prove",
    "prove_equal",
    "relu",
    "relu_ce",
    "s",
    "show",
    "sigma",
    "sigmoid_bce",
    "sigmoid_bce_floats",
    "sigmoid_mse",
    "softmax",
    "softmax_ce",
    "softmax_ce_floats",
    "softplus",
    "squared_error",
    "tanh_ce",
    "targets",
    "tex",
    "theorems",
    "times",
    "total",
    "unfold",
    "variants",
    "y",
    "z",
]
