"""Variants of cross-entropy: smoothed labels, class weights, temperature, focal loss."""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Expr,
    Gt,
    IndexedBase,
    KroneckerDelta,
    Lambda,
    Limit,
    Subs,
    Symbol,
    exp,
    log,
    oo,
)

from .functions import (
    Defined,
    components_tex,
    equation,
    in_order,
    over,
    sigma,
    softmax,
    softplus,
    times,
    total,
    unused,
    vector_tex,
)
from .sigmoid_bce import bce, hard
from .softmax import heated, p_j, p_k
from .softmax_ce import ce, normalized
from .symbols import K, beta, direction, i, j, k, logits, targets
from .symbols import y as target
from .symbols import z as logit
from .theorem import topic

z, y, v = logits, targets, direction
lam = Symbol("lambda", positive=True)  # how much mass smoothing takes from the label
w = Symbol("w", positive=True)  # the weight of a positive example
weights = IndexedBase("w", positive=True)  # the weights of the classes
T = Symbol("T", positive=True)  # temperature
gamma = Symbol("gamma", positive=True)  # the focusing exponent
q = Symbol("q", real=True)  # how often the label is 1
t = Symbol("t", real=True)  # a teacher's logit
teacher = IndexedBase("t", real=True)  # all of them


class Varied(Defined):
    """A loss of (z, y) with a parameter, which is printed as a subscript of its name."""

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        z, y, parameter = (vector_tex(argument, printer) for argument in self.args[:3])
        return rf"{self.tex}_{{{parameter}}}({z}, {y})"


class smoothed_ce(Varied):
    """Cross-entropy of logits under smoothed targets, (1 - lambda) y_k + lambda/K: ``smoothed_ce(z, y, lam)``."""

    tex = "L"
    nargs = 4

    def __new__(cls, z: Any, y: Any, amount: Any, classes: Any = K, **options: Any) -> Any:
        return super().__new__(cls, z, y, amount, classes, **options)

    @classmethod
    def define(cls, z: Any, y: Any, amount: Any, classes: Any) -> Expr:
        n = unused(z, y)
        return -total(((1 - amount) * y[n] + amount / classes) * log(softmax(z, n, classes)), n, classes)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        z, y, amount, classes = self.args
        if classes == K:
            return super()._latex(printer, exp)
        of_z, of_y = (components_tex(vector, classes, printer) for vector in (z, y))
        return rf"{self.tex}_{{{printer._print(amount)}}}({of_z};\, {of_y})"


class from_uniform(Defined):
    """The divergence of softmax from the uniform distribution: sum over k of (log(1/K) - log p_k)/K."""

    tex = r"\operatorname{KL}"
    nargs = 1

    @classmethod
    def define(cls, z: Any) -> Expr:
        n = unused(z)
        return total((-log(K) - log(softmax(z, n))) / K, n)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return rf"{self.tex}(u, p)"


class weighted_ce(Varied):
    """Cross-entropy of logits with a weight for each class: - sum over k of w_k y_k log p_k."""

    tex = "L"
    nargs = 3

    @classmethod
    def define(cls, z: Any, y: Any, weights: Any) -> Expr:
        n = unused(z, y, weights)
        return -total(weights[n] * y[n] * log(softmax(z, n)), n)


class weighted_bce(Varied):
    """Binary cross-entropy of a logit with a weight w for positives: -(w y log p + (1 - y) log(1 - p))."""

    tex = "L"
    nargs = 3

    @classmethod
    def define(cls, z: Expr, y: Expr, w: Expr) -> Expr:
        return -w * y * log(sigma(z)) - (1 - y) * log(1 - sigma(z))


class tempered_ce(Varied):
    """Cross-entropy of the logits z/T."""

    tex = "L"
    nargs = 3

    @classmethod
    def define(cls, z: Any, y: Any, T: Expr) -> Expr:
        n = unused(z, y)
        return -total(y[n] * log(cooled(z, n, T)), n)


class distillation(Varied):
    """Cross-entropy of the logits z/T under the targets softmax(t/T): a student z and its teacher t."""

    tex = "D"
    nargs = 3

    @classmethod
    def define(cls, z: Any, t: Any, T: Expr) -> Expr:
        n = unused(z, t)
        return -total(cooled(t, n, T) * log(cooled(z, n, T)), n)


class focal(Varied):
    """Focal loss of a logit, as it is published: -(1 - p_t)^gamma log p_t, p_t the probability of the label.

    >>> from sympy import Derivative
    >>> from logitgrad.symbolic import prove_equal, sigma, softplus, z
    >>> from logitgrad.symbolic.variants import focal
    >>> p, s = sigma(z), softplus(z)
    >>> print(prove_equal(Derivative(focal(z, 0, 2), z), p**2 * (p + 2 * (1 - p) * s)))
    proved by rewriting
    """

    tex = "F"
    nargs = 3

    @classmethod
    def define(cls, z: Expr, y: Expr, gamma: Expr) -> Expr:
        p_t = y * sigma(z) + (1 - y) * (1 - sigma(z))
        return -((1 - p_t) ** gamma) * log(p_t)


class bend(Defined):
    """The factor of the focal loss's second derivative that decides its sign, for target 0."""

    nargs = 2

    @classmethod
    def define(cls, z: Expr, gamma: Expr) -> Expr:
        cost = times(gamma, softplus(z), in_order(gamma, times(-1, in_order(gamma, 1), sigma(z))))
        return in_order(times(in_order(1, 2 * gamma), sigma(z)), cost)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        z, gamma = (printer._print(argument) for argument in self.args)
        return rf"B_{{{gamma}}}({z})"


class mean_move(Defined):
    """The mean under softmax(z) of e^(v_k) - 1, for logits that move by v_k."""

    nargs = 2

    @classmethod
    def define(cls, z: Any, v: Any) -> Expr:
        n = unused(z, v)
        return total(times(softmax(z, n), in_order(exp(v[n]), -1)), n)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return "M"


def cooled(vector: Any, index: Any, T: Any = T) -> Expr:
    """Softmax of a vector of logits over T."""
    return softmax(Lambda(k, vector[k] / T), index)


theorem = topic("variants")
delta = KroneckerDelta(i, j)

# Smoothed labels

theorem(
    "smoothing-gradient",
    equation(Derivative(smoothed_ce(z, y, lam), z[j]), in_order(p_j, -times(1 - lam, y[j]), -lam / K)),
    "Prediction minus target again; the target is a mixture of the label and the uniform distribution.",
    assumptions=normalized,
)
theorem(
    "smoothing-as-penalty",
    equation(
        smoothed_ce(z, y, lam),
        in_order(times(1 - lam, ce(z, y)), times(lam, from_uniform(z)), times(lam, log(K))),
    ),
    "Smoothing is a penalty on the divergence from the uniform distribution, beside a constant.",
)
theorem(
    "smoothing-optimum",
    equation(
        softmax(Lambda(k, log(in_order(times(1 - lam, KroneckerDelta(j, k)), lam / K))), i),
        in_order(times(1 - lam, delta), lam / K),
    ),
    "The logarithms of the smoothed target are logits at which it is met: the optimum is finite.",
)
theorem(
    "smoothing-odds",
    equation(over(in_order(1, -lam, lam / K), lam / K), in_order(1, over(times(K, 1 - lam), lam))),
    "At the optimum these are the label's odds against any other class; their logarithm is the lead of its logit.",
)
theorem(
    "smoothing-two-classes",
    equation(smoothed_ce(z, y, lam, 2), bce(in_order(z[1], -z[2]), in_order(times(1 - lam, y[1]), lam / 2))),
    "With two classes the label moves towards one half.",
    assumptions=(equation(y[1] + y[2], 1),),
)

# Weights

theorem(
    "class-weights-gradient",
    equation(
        Derivative(weighted_ce(z, y, weights), z[j]),
        in_order(times(total(times(weights[k], y[k])), p_j), -times(weights[j], y[j])),
    ),
    "Weights of the classes are targets that do not sum to one.",
)
theorem(
    "class-weights-optimum",
    equation(
        softmax(Lambda(k, in_order(z[k], log(weights[k]))), j),
        over(times(weights[j], p_j), total(times(weights[k], p_k))),
    ),
    "To add log w_k to each logit is to reweight the probabilities, and to subtract it undoes that.",
)
theorem(
    "pos-weight-gradient",
    equation(
        Derivative(weighted_bce(logit, target, w), logit),
        in_order(times(1 - target, sigma(logit)), -times(w, target, sigma(-logit))),
    ),
    "The positive term's share of the gradient is multiplied by w.",
)
scale = in_order(1, -target, times(w, target))
theorem(
    "pos-weight-as-target",
    equation(weighted_bce(logit, target, w), times(scale, bce(logit, over(times(w, target), scale)))),
    "A weight on the positive term is a factor and another target.",
)
theorem(
    "pos-weight-optimum",
    equation(
        sigma(in_order(log(q / (1 - q)), log(w))),
        over(times(w, q), in_order(1, -q, times(w, q))),
    ),
    "The best logit is the logarithm of the odds plus log w, so the output is not how often the label is 1.",
)

# Temperature

theorem(
    "temperature-gradient",
    equation(Derivative(tempered_ce(z, y, T), z[j]), times(1 / T, in_order(cooled(z, j), -y[j]))),
    "A temperature divides the logits, and the gradient once more.",
    assumptions=normalized,
)
theorem(
    "distillation-gradient",
    equation(
        Derivative(distillation(z, teacher, T), z[j]), times(1 / T, in_order(cooled(z, j), -cooled(teacher, j)))
    ),
    "A student's gradient is the difference of two tempered outputs.",
)
theorem(
    "temperature-limit",
    equation(
        Subs(Derivative(softmax(heated, j), beta), beta, 0),
        times(1 / K, in_order(z[j], -total(z[k]) / K)),
    ),
    "At a high temperature softmax is linear: each logit, less their mean.",
    uses=("softmax-temperature",),
)
theorem(
    "distillation-limit-two-classes",
    equation(Limit(times(T, in_order(sigma(logit / T), -sigma(t / T))), T, oo), over(in_order(logit, -t), 4)),
    "For two classes, T^2 times the gradient tends to a multiple of the difference of the logits.",
)
M = mean_move(z, v)
theorem(
    "softmax-difference",
    equation(
        in_order(softmax(Lambda(k, in_order(z[k], v[k])), j), -p_j),
        over(times(p_j, in_order(exp(v[j]), -1, -M)), in_order(1, M)),
    ),
    "The difference of two outputs of softmax from the difference of their logits.",
)

# Focal loss, for target 0; the other target is its mirror image

F, share, cost = focal(logit, 0, gamma), sigma(logit), softplus(logit)
factor = in_order(share, times(gamma, sigma(-logit), cost))
product = times(sigma(-logit), cost)
margin = times(1 - 2 * target, logit)

theorem(
    "focal-margin",
    equation(focal(logit, target, gamma), times(sigma(margin) ** gamma, softplus(margin))),
    "For a label the loss is cross-entropy times a power of the probability of the other side.",
    assumptions=hard,
)
theorem(
    "focal-without-focus",
    equation(Limit(F, gamma, 0, "+"), bce(logit, 0)),
    "Without focusing it is binary cross-entropy.",
)
theorem(
    "focal-gradient",
    equation(Derivative(F, logit), times(share**gamma, factor)),
    "The gradient has a second term, from the factor; both have the sign of the error.",
)
theorem(
    "focal-direction",
    Gt(Derivative(F, logit), 0),
    "The gradient never has the wrong sign.",
    uses=("focal-gradient",),
    via=(times(share**gamma, factor),),
)
theorem(
    "focal-wrong",
    equation(Limit(product, logit, oo), 0),
    "Where the unit is certain and wrong the second term vanishes, and the gradient is cross-entropy's.",
)
theorem(
    "focal-easy",
    equation(Limit(over(product, share), logit, -oo), 1),
    "Where the unit is right the second term is gamma times the first.",
)
theorem(
    "focal-second-derivative",
    equation(Derivative(F, (logit, 2)), times(share**gamma, sigma(-logit), bend(logit, gamma))),
    "The second derivative has the sign of the last factor.",
)
theorem(
    "focal-not-convex",
    equation(Limit(bend(logit, gamma), logit, oo), -oo),
    "That factor is negative for large logits, whatever the exponent: the loss is not convex.",
)

__all__ = [
    "F",
    "T",
    "bend",
    "cooled",
    "distillation",
    "focal",
    "from_uniform",
    "gamma",
    "lam",
    "mean_move",
    "q",
    "smoothed_ce",
    "t",
    "teacher",
    "tempered_ce",
    "w",
    "weighted_bce",
    "weighted_ce",
    "weights",
]
