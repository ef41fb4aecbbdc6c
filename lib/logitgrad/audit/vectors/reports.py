"""Public bug reports as data: what was reported, in our words, and the inputs; results come from exact arithmetic.

Inputs are rounded to the type that they name. A case of finite ones has its result from the theorem. Where a logit
is infinite, the result is the edge table's, written here as a number of SymPy's; where a target is none, it is
`ERROR`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Rational, log, oo

from .edges import ERROR
from .inputs import Arguments

F16, F32, F64 = "float16", "float32", "float64"
inf = float("inf")
half = Rational(1, 2)


@dataclass(frozen=True)
class Case:
    """One input of a report: the ``arguments`` of a ``function`` in a ``dtype``.

    The ``result`` is None where the theorem gives it.
    """

    function: str
    dtype: str
    arguments: Arguments
    result: Any = None


@dataclass(frozen=True)
class Report:
    """A public report, found at ``https://github.com/<repository>/issues/<number>``.

    ``repository`` and ``number`` are those of its address, ``summary`` says in our words what was wrong, and
    ``cases`` are the inputs at which it was.
    """

    repository: str
    number: int
    summary: str
    cases: tuple[Case, ...]

    @property
    def id(self) -> str:
        """For instance ``pytorch#49844``; with the owner where the name alone says nothing."""
        name = self.repository if self.repository == "stan-dev/math" else self.repository.split("/")[1]
        return f"{name}#{self.number}"


def _report(repository: str, number: int, summary: str, *cases: tuple[Any, ...]) -> Report:
    return Report(repository, number, summary, tuple(Case(*case) for case in cases))


BINARY = (
    _report(
        "pytorch/pytorch",
        49844,
        "The loss on logits was NaN for a logit of -inf and target 0, where nothing is lost.",
        ("sigmoid_bce.loss", F32, (-inf, 0.0), 0),
        ("sigmoid_bce.grad", F32, (-inf, 0.0), 0),
        ("sigmoid_bce.loss", F32, (-inf, 1.0), oo),
        ("sigmoid_bce.loss", F32, (inf, 1.0), 0),
        *(("sigmoid_bce.loss", F32, (logit, 1.0)) for logit in (-1e9, -1e3, -10.0, 10.0, 1e3, 1e9)),
    ),
    _report(
        "pytorch/pytorch",
        102894,
        "The loss was NaN for a logit of +inf, where the sigmoid is 1 and the loss is plain.",
        ("sigmoid_bce.loss", F32, (inf, 1.0), 0),
        ("sigmoid_bce.grad", F32, (inf, 1.0), 0),
        ("sigmoid_bce.loss", F32, (inf, 0.0), oo),
        ("sigmoid_bce.grad", F32, (inf, 0.0), 1),
        ("sigmoid_bce.loss", F32, (1.0, 0.0)),
    ),
    _report(
        "pytorch/pytorch",
        135359,
        "A soft target and a logit of -inf gave NaN; the formula's limit is +inf.",
        ("sigmoid_bce.loss", F64, (-inf, 0.9), oo),
        ("sigmoid_bce.grad", F64, (-inf, 0.9), -Rational(0.9)),
    ),
    _report(
        "tensorflow/tensorflow",
        75256,
        "A soft target and a logit of +inf gave NaN; the formula's limit is +inf.",
        ("sigmoid_bce.loss", F64, (inf, 0.9), oo),
        ("sigmoid_bce.grad", F64, (inf, 0.9), 1 - Rational(0.9)),
    ),
    _report(
        "pytorch/pytorch",
        51906,
        "The loss was NaN for logits of 1e307, infinite in single precision; in double, they are large numbers.",
        ("sigmoid_bce.loss", F32, (-inf, 1.0), oo),
        ("sigmoid_bce.loss", F32, (inf, 1.0), 0),
        ("sigmoid_bce.loss", F64, (-2.3135e307, 1.0)),
        ("sigmoid_bce.loss", F64, (6.6756e307, 1.0)),
    ),
    _report(
        "pytorch/pytorch",
        13773,
        "A weight of 1 for the positive class, which changes nothing, made the loss NaN.",
        ("sigmoid_bce.loss", F32, (-120.0, 1.0)),
        ("sigmoid_bce.grad", F32, (-120.0, 1.0)),
        ("sigmoid_bce.loss", F32, (0.0, 0.0)),
    ),
    _report(
        "pytorch/pytorch",
        1792,
        "The first stable form had a gradient of 0 at logit 0, and its repair overflowed at -100.",
        ("sigmoid_bce.grad", F64, (0.0, 0.0)),
        ("sigmoid_bce.loss", F32, (-100.0, 0.0)),
    ),
    _report(
        "pytorch/pytorch",
        103316,
        "Behind a sigmoid, a clamped logarithm gave a confident, wrong prediction almost no gradient.",
        ("sigmoid_bce.grad", F32, (-50.0, 1.0)),
    ),
    _report(
        "pytorch/pytorch",
        195677,
        "The gradient of a confident, right prediction was 0 for target 1, and right for the mirrored case.",
        ("sigmoid_bce.grad", F64, (37.42994775023705, 1.0)),
        ("sigmoid_bce.grad", F64, (-37.42994775023705, 0.0)),
    ),
    _report(
        "stan-dev/math",
        3370,
        "Beyond a margin of 20 the gradient for outcome 1 had the wrong sign: a factor was left out.",
        ("sigmoid_bce.grad", F64, (25.0, 1.0)),
        ("sigmoid_bce.grad", F64, (-25.0, 0.0)),
    ),
    _report(
        "keras-team/keras",
        15249,
        "A constant was added inside the logarithm of an output already clipped: the loss was too small, or 0.",
        *(("sigmoid_bce.loss", F32, (16.118095 * s, y)) for s, y in ((1, 0.0), (1, 1.0), (-1, 0.0))),
    ),
    _report(
        "keras-team/keras",
        9664,
        "The loss's gradient by the output of a saturated sigmoid was 0, where by hand it is -1.",
        ("sigmoid_bce.grad", F32, (100.0, 1.0)),
        ("sigmoid_bce.loss", F32, (100.0, 1.0)),
    ),
    _report(
        "keras-team/keras-core",
        196,
        "Given logits, the loss took the sigmoid and then its logarithm, which half precision does not survive.",
        *(("sigmoid_bce.loss", F16, point) for point in ((12.0, 0.0), (-12.0, 1.0), (12.0, 1.0), (-20.0, 0.0))),
    ),
    _report(
        "scikit-learn/scikit-learn",
        28046,
        "Gradient and second derivative were NaN at a raw prediction of -1000.",
        ("sigmoid_bce.grad", F64, (-1000.0, 1.0)),
        ("sigmoid_bce.hess", F64, (-1000.0, 1.0)),
    ),
    _report(
        "scikit-learn/scikit-learn",
        28453,
        "The repaired second derivative expanded p (1 - p) without a factor 2.",
        ("sigmoid_bce.hess", F64, (-37.0, 0.0)),
        ("sigmoid_bce.hess", F64, (-5.0, 0.0)),
    ),
    _report(
        "dmlc/xgboost",
        2955,
        "Gradient and second derivative of the logistic objective are taken from a rounded probability.",
        ("sigmoid_bce.grad", F32, (40.0, 1.0)),
        ("sigmoid_bce.hess", F32, (40.0, 1.0)),
    ),
    _report(
        "jax-ml/jax",
        777,
        "The derivative of a plainly written sigmoid was NaN for large negative logits.",
        *(("sigmoid_bce.hess", F32, (logit, 0.0)) for logit in (-200.0, -133.33333, -66.66667, 0.0)),
    ),
    _report(
        "jax-ml/jax",
        2107,
        "The derivative of softplus at 0 was 0; it is 1/2.",
        ("sigmoid_bce.grad", F64, (0.0, 0.0)),
    ),
)

SCALAR = (
    _report(
        "scipy/scipy",
        3387,
        "The logistic function of a large number was NaN.",
        *(("sigmoid", F64, (logit,)) for logit in (709.0, 710.0, 1000.0, 1e308)),
    ),
    _report(
        "stan-dev/math",
        874,
        "The inverse logit of a large negative number underflowed too early, and a second form lost a bit near 1.",
        *(("sigmoid", F64, (logit,)) for logit in (-740.0, -710.0, 36.68, 36.72)),
    ),
    _report(
        "pytorch/pytorch",
        31110,
        "Softplus jumps where it turns into its argument: the threshold is compared with the scaled argument.",
        *(("softplus", F32, (logit,)) for logit in (0.4, 3.9, 4.0, 20.0)),
        *(("softplus", F64, (logit,)) for logit in (4.0, 20.0, 20.000000000000004, 25.0)),
    ),
    _report(
        "pytorch/pytorch",
        171249,
        "Softplus was infinite for a large scale, where it is its argument.",
        *(("softplus", F32, (logit * 1e30,)) for logit in (0.5, -1.0, 2.0)),
    ),
    _report(
        "JuliaStats/LogExpFunctions.jl",
        37,
        "Softplus and the logistic function switch between forms at thresholds, which must depend on the type.",
        *(("softplus", F64, (logit,)) for logit in (-37.0, -36.7, 18.0, 18.000000000000004, 33.3, 33.4)),
        *(("softplus", F32, (logit,)) for logit in (9.0, 9.000001, 16.0, 16.000002)),
        *(("sigmoid", F64, (logit,)) for logit in (-744.4400719213812, -745.2, 36.7368005696771)),
        *(("sigmoid", F32, (logit,)) for logit in (-103.27893, -103.97, 16.635532)),
        *(("sigmoid", F16, (logit,)) for logit in (-16.64, -17.34, 7.625)),
    ),
)

ROWS = (
    _report(
        "pytorch/pytorch",
        113708,
        "Log-softmax of the leading class was 0 from a lead of 17 in single precision, of 37 in double.",
        # 1 - log(eps), 1 - log(smallest normal)
        ("log_softmax", F32, ((16.942385, 0.0),)),
        ("log_softmax", F32, ((88.33655, 0.0),)),
    ),
    _report(
        "scipy/scipy",
        19521,
        "Log-softmax of the leading class was 0, though almost all numbers near 0 are still there to be used.",
        ("log_softmax", F32, ((18.0, 0.0),)),
        ("log_softmax", F64, ((38.0, 0.0),)),
    ),
    _report(
        "scipy/scipy",
        18295,
        "Log-sum-exp lost all digits where the largest element is 0 and the others are far below.",
        ("logsumexp", F64, ((0.0, -40.0),)),
        ("logsumexp", F64, ((*[-600.0] * 7, 0.0),)),
    ),
    _report(
        "scipy/scipy",
        23225,
        "Softmax was NaN with one infinite element, which takes all.",
        ("softmax", F64, ((1.0, 1.0, inf),), [0, 0, 1]),
        ("softmax", F64, ((1.0, 1.0, 1e100),)),
    ),
    _report(
        "FluxML/NNlib.jl",
        68,
        "Softmax, and the gradient of cross-entropy on logits, overflowed for logits some hundreds apart.",
        ("softmax_ce.loss", F32, ((-431.0, 279.0, 427.0), 0)),
        ("softmax_ce.grad", F32, ((-431.0, 279.0, 427.0), 0)),
        ("softmax", F32, ((-1047.0, -981.0, 1891.0),)),
    ),
    _report(
        "Theano/Theano",
        3162,
        "The gradient of cross-entropy behind softmax was NaN for logits in the thousands.",
        *(("softmax_ce.grad", F32, ((22026.0, 1.5, 8103.0), label)) for label in (0, 1)),
        *(("softmax_ce.loss", F32, ((22026.0, 1.5, 8103.0), label)) for label in (0, 1)),
    ),
    _report(
        "pytorch/pytorch",
        11752,
        "The loss of two equal logits was 0 instead of log 2 where the logits are large.",
        ("softmax_ce.loss", F32, ((1.0, 1.0), 1)),
        ("softmax_ce.loss", F32, ((1e8, 1e8), 1)),
    ),
    _report(
        "ml-explore/mlx",
        4188,
        "The loss changed with a common shift of the logits, down to 0: the normaliser met a large number.",
        *(("softmax_ce.loss", F32, ((by + 2.0, by - 1.0), 0)) for by in (0.0, 1e4, 1e6, 1e8)),
        *(("softmax_ce.loss", F32, ((size, size), 0)) for size in (1.0, 1e4, 1e6, 1e8)),
    ),
    _report(
        "linkedin/Liger-Kernel",
        1329,
        "The true class's gradient p - 1 came from a p rounded to half precision: no digit left at p = 0.999.",
        *(("softmax_ce.grad", F16, ((lead, 0.0), 0)) for lead in (2.197, 4.595, 6.907)),
    ),
    _report(
        "keras-team/keras",
        17634,
        "From probabilities the loss was cut off at the clipped logarithm; from logits it was right.",
        ("softmax_ce.loss", F64, ((14.4, 10.1, 3.5), 0)),
        ("softmax_ce.loss", F64, ((14.4, 50.1, 3.5), 0)),
    ),
    _report(
        "google-deepmind/optax",
        896,
        "A masked class without target mass made the loss NaN.",
        ("softmax_ce.loss", F32, ((-inf, 0.0), (0.0, 1.0)), 0),
        ("softmax_ce.loss", F32, ((-inf, 0.0, 0.0), 1), log(2)),
    ),
    _report(
        "google-deepmind/optax",
        1762,
        "A masked class without target mass made the derivative NaN.",
        ("softmax_ce.grad", F32, ((-inf, 0.0, 0.0), (0.0, 1.0, 0.0)), [0, -half, half]),
        ("softmax_ce.hvp", F32, ((-inf, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.0)), [0, 0, 0]),
    ),
    _report(
        "pytorch/pytorch",
        73205,
        "With smoothed labels a row to be ignored was counted. Its weights are 0, and so are loss and gradient.",
        ("softmax_ce.loss", F32, ((0.5, -1.0, 2.0, 0.25), (0.0, 0.0, 0.0, 0.0))),
        ("softmax_ce.grad", F32, ((0.5, -1.0, 2.0, 0.25), (0.0, 0.0, 0.0, 0.0))),
        ("softmax_ce.loss", F32, ((0.5, -1.0, 2.0, 0.25), (0.0625, 0.0625, 0.8125, 0.0625))),
    ),
    _report(
        "pytorch/pytorch",
        152437,
        "Negative target probabilities were accepted.",
        ("softmax_ce.loss", F32, ((0.5, -1.0, 2.0, 0.25, 1.0), (-2.0,) * 5), ERROR),
    ),
    _report(
        "pytorch/pytorch",
        72056,
        "A class index of -1, which was to be ignored, was used as an index.",
        ("softmax_ce.loss", F32, ((-0.1377, 0.3467), -1), ERROR),
    ),
    _report(
        "SauersML/gam",
        453,
        "Targets that do not sum to 1 were accepted, with the gradient p - y of those that do.",
        ("softmax_ce.grad", F64, ((0.5, -1.0, 2.0), (0.5, 0.25, 0.75)), ERROR),
        ("softmax_ce.grad", F64, ((0.5, -1.0, 2.0), (0.5, 0.25, 0.75))),
    ),
)

#: Every report.
REPORTS = (*BINARY, *SCALAR, *ROWS)
