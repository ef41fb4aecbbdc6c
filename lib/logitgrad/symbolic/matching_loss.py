"""Matching losses: ask for dL/dz = a - y and solve for the loss; what all such losses have in common."""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import (
    Derivative,
    Expr,
    Ge,
    Gt,
    IndexedBase,
    Integer,
    Lambda,
    Limit,
    Lt,
    Symbol,
    atan,
    cosh,
    cot,
    erf,
    exp,
    log,
    pi,
    sin,
    sqrt,
    tanh,
)

from .cross_entropy import cross_entropy, divergence, ell, q, r
from .functions import (
    Defined,
    equation,
    in_order,
    logsumexp,
    over,
    relu,
    sigma,
    softmax,
    softplus,
    times,
    total,
    unfold,
    unused,
)
from .pairings import poisson
from .prove import Result, prove_equal
from .sigmoid_mse import squared_error
from .softmax import heated, p_i, p_j
from .statement import LowestAt
from .symbols import a, beta, half, i, j, k, logits, p, targets, y, z
from .theorem import topic

h = Symbol("h", real=True)  # a step from the kink
u = Symbol("u", real=True)  # the logit of the target
x = Symbol("x", real=True)  # the variable of a potential
outcomes = IndexedBase("t", real=True)
weights = IndexedBase("h", positive=True)


class Phi(Defined):
    """The normal distribution function, the area under ``phi`` up to z; as an activation it is called probit.

    >>> Phi(z).diff(z)
    phi(z)
    """

    tex = r"\Phi"
    nargs = 1

    @classmethod
    def define(cls, z: Expr) -> Expr:
        return (1 + erf(z / sqrt(2))) / 2

    def fdiff(self, argindex: int) -> Expr:
        return phi(self.args[0])


class phi(Defined):
    """The normal density, e^(-z^2/2) over the root of 2 pi."""

    tex = r"\varphi"
    nargs = 1

    @classmethod
    def define(cls, z: Expr) -> Expr:
        return exp(-(z**2) / 2) / sqrt(2 * pi)


# The matched pairs, each row in the form people write; what a row claims is proved by ``checks``


class Matching(NamedTuple):
    """An activation g with a potential G, G' = g, and the loss that makes the gradient by the logit the error.

    ``spread`` is the activation's slope as a function of its output, and ``loss`` a function of output and target;
    both are None where no formula in elementary functions exists.

    >>> row = MATCHINGS["exp"]
    >>> row.of_logit
    -y*z + exp(z)
    >>> {name: str(result) for name, result in row.checks().items()}["gradient"]
    'proved by rewriting'
    """

    name: str
    output: Expr
    potential: Expr
    spread: Expr | None
    loss: Expr | None

    @property
    def of_logit(self) -> Expr:
        """The loss as a function of the logit, G(z) - y z, up to a term that depends on y alone."""
        terms = self.potential.args if self.potential.is_Add else (self.potential,)
        return in_order(*terms, -y * z)

    def checks(self) -> dict[str, Result]:
        """What makes the row a matched pair: each equation with the result of its proof."""
        found = {"gradient": prove_equal(Derivative(self.of_logit, z), in_order(self.output, -y))}
        if self.spread is not None and self.loss is not None:
            found["spread"] = prove_equal(Derivative(self.output, z), self.spread.subs(a, self.output))
            found["slope"] = prove_equal(Derivative(self.loss, a), (a - y) / self.spread)
        return found


arctan = atan(z) / pi + half
arctan_potential = in_order(z * arctan, -log(1 + z**2) / (2 * pi))
arctan_loss = in_order(times(in_order(y, -a), cot(pi * a)), log(sin(pi * a)) / pi)
signed = ell(over(in_order(1, a), 2), over(in_order(1, y), 2))

_ROWS = (
    Matching("identity", z, z**2 / 2, Integer(1), squared_error(a, y)),
    Matching("sigmoid", sigma(z), softplus(z), times(a, 1 - a), ell(a, y)),
    Matching("tanh", tanh(z), log(cosh(z)), times(1 - a, 1 + a), signed),
    Matching("exp", exp(z), exp(z), a, poisson(a, y)),
    Matching("arctan", arctan, arctan_potential, sin(pi * a) ** 2 / pi, arctan_loss),
    Matching("probit", Phi(z), in_order(z * Phi(z), phi(z)), None, None),
)
MATCHINGS = {row.name: row for row in _ROWS}


# Convex potentials of the output, and the gap between one and its tangent


class Potential(Defined):
    """A convex function of the output whose slope is the logit: F'(a) = z. ``mark`` names its activation."""

    nargs = 1
    mark: str = ""

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"F_{{{self.mark}}}{power}({printer._print(self.args[0])})"


class f_identity(Potential):
    """a^2 / 2, of the identity."""

    mark = r"\mathrm{id}"

    @classmethod
    def define(cls, a: Expr) -> Expr:
        return a**2 / 2


class f_sigma(Potential):
    """p log p + (1 - p) log(1 - p), of the sigmoid: minus the entropy of a coin."""

    mark = r"\sigma"

    @classmethod
    def define(cls, p: Expr) -> Expr:
        return p * log(p) + (1 - p) * log(1 - p)


class f_exp(Potential):
    """a log a - a, of the exponential."""

    mark = r"\exp"

    @classmethod
    def define(cls, a: Expr) -> Expr:
        return a * log(a) - a


class bregman(Defined):
    """F(y) - F(a) - F'(a) (y - a): how far F lies above its tangent at a, seen at y.

    >>> unfold(bregman(f_identity, y, a)).expand()
    a**2/2 - a*y + y**2/2
    """

    nargs = 3

    def __new__(cls, potential: Any, y: Any, a: Any, **options: Any) -> Any:
        curve = Lambda(x, potential(x)) if isinstance(potential, type) else potential
        return super().__new__(cls, curve, y, a, **options)

    @classmethod
    def define(cls, potential: Lambda, y: Expr, a: Expr) -> Expr:
        slope = unfold(potential.expr).diff(potential.variables[0])
        return potential(y) - potential(a) - slope.xreplace({potential.variables[0]: a}) * (y - a)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        potential, at, touching = self.args
        mark = getattr(potential.expr, "mark", "") or r"\operatorname{softplus}"
        power = f"^{{{exp}}}" if exp else ""
        return rf"D_{{{mark}}}{power}({printer._print(at)}, {printer._print(touching)})"


# A family of distributions over K outcomes t_k with weights h_k


class cumulant(Defined):
    """A(z) = log of the sum over k of h_k e^(t_k z), which makes the chances sum to one."""

    tex = "A"
    nargs = 1

    @classmethod
    def define(cls, z: Expr) -> Expr:
        n = unused(z)
        return log(total(weights[n] * exp(outcomes[n] * z), n))


class chance(Defined):
    """The probability of outcome k at the logit z: h_k e^(t_k z - A(z))."""

    nargs = 2

    @classmethod
    def define(cls, k: Expr, z: Expr) -> Expr:
        n = unused(k, z)
        return weights[k] * exp(outcomes[k] * z) / total(weights[n] * exp(outcomes[n] * z), n)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        k, z = (printer._print(part) for part in self.args)
        return rf"q_{{{k}}}{'^{' + exp + '}' if exp else ''}({z})"


theorem = topic("matching_loss")
mean = total(times(outcomes[k], chance(k, z)))
spread = total(times(chance(k, z), in_order(outcomes[k], -total(times(outcomes[i], chance(i, z)), i)) ** 2))

# One output

theorem(
    "poisson-slope",
    equation(Derivative(poisson(a, y), a), over(in_order(a, -y), a)),
    "Poisson's loss solves the equation for the exponential, whose spread is the output itself.",
)
theorem(
    "arctan-matched-slope",
    equation(Derivative(arctan_loss, a), over(times(pi, in_order(a, -y)), sin(pi * a) ** 2)),
    "The loss that matches the arctan activation, as a function of its output.",
)
theorem(
    "arctan-matched-gradient",
    equation(Derivative(MATCHINGS["arctan"].of_logit, z), in_order(half, atan(z) / pi, -y)),
    "The same loss as a function of the logit: its gradient is the error.",
)
theorem("probit-slope", equation(Derivative(Phi(z), z), phi(z)), "The normal density is the probit's slope.")
theorem(
    "probit-matched-gradient",
    equation(Derivative(in_order(z * Phi(z), phi(z), -y * z), z), in_order(Phi(z), -y)),
    "The probit's matching loss has a formula in the logit.",
    uses=("probit-slope",),
)
theorem(
    "probit-likelihood-gradient",
    equation(
        Derivative(ell(Phi(z), y), z),
        times(in_order(Phi(z), -y), over(phi(z), times(Phi(z), 1 - Phi(z)))),
    ),
    "The probit's likelihood is another loss: a factor stays in its gradient.",
    uses=("probit-slope", "cross-entropy-derivative"),
)

# A flat activation

rectified = in_order(relu(z) ** 2 / 2, -y * z)
theorem(
    "relu-matched-left",
    equation(Derivative(rectified, z), -y),
    "Where the ReLU is flat its matching loss is not: a positive target still pulls.",
    assumptions=(Lt(z, 0),),
)
theorem(
    "relu-matched-right",
    equation(Derivative(rectified, z), in_order(z, -y)),
    "Where the ReLU rises, the gradient is the error.",
    assumptions=(Gt(z, 0),),
)
theorem(
    "relu-matched-kink",
    equation(Limit(in_order(relu(h) ** 2 / (2 * h), -y), h, 0, "+-"), -y),
    "At the kink the loss has a derivative, from both sides the same.",
)

# Convex potentials

theorem(
    "bregman-squared-error",
    equation(bregman(f_identity, y, a), squared_error(a, y)),
    "Squared error is the gap under a parabola.",
)
theorem(
    "bregman-cross-entropy",
    equation(bregman(f_sigma, y, p), in_order(ell(p, y), -ell(y, y))),
    "Cross-entropy beyond the target's own is the gap under the negative entropy.",
)
theorem(
    "bregman-poisson",
    equation(bregman(f_exp, y, a), in_order(poisson(a, y), -poisson(y, y))),
    "Poisson's loss beyond its smallest value is the gap under a log a - a.",
)
theorem(
    "poisson-minimiser",
    Ge(poisson(a, y), poisson(y, y)),
    "No rate does better than the count itself.",
    assumptions=(Gt(a, 0), Gt(y, 0)),
    via=(LowestAt(a, y),),
)
theorem(
    "bregman-divergence",
    equation(
        in_order(cross_entropy(q, q), -cross_entropy(r, r), -total(times(1 + log(q[k]), in_order(r[k], -q[k])))),
        divergence(r, q),
    ),
    "For probabilities of K classes the gap under the negative entropy is the divergence.",
    assumptions=(equation(total(r[k]), 1), equation(total(q[k]), 1)),
)
theorem(
    "fenchel-young-sigmoid",
    equation(in_order(softplus(z), f_sigma(y), -y * z), bregman(f_sigma, y, sigma(z))),
    "Potential of the logit plus potential of the target minus their product: the gap, without the activation.",
    uses=("log-sigmoid",),
)
theorem(
    "bregman-dual",
    equation(bregman(softplus, z, u), bregman(f_sigma, sigma(u), sigma(z))),
    "The gap under the potential of the output is the gap under that of the logit, the two points exchanged.",
    uses=("fenchel-young-sigmoid",),
)

# Families of distributions

theorem(
    "family-likelihood",
    equation(-log(chance(j, z)), in_order(cumulant(z), -outcomes[j] * z, -log(weights[j]))),
    "The negative log-likelihood of an outcome is a matching loss, with the cumulant function as potential.",
)
theorem(
    "family-mean",
    equation(Derivative(cumulant(z), z), mean),
    "The slope of the cumulant function is the mean of the outcomes.",
)
theorem(
    "family-variance",
    equation(Derivative(cumulant(z), (z, 2)), spread),
    "Its second derivative is their variance.",
    uses=("family-mean",),
)
theorem(
    "family-convex",
    Ge(Derivative(cumulant(z), (z, 2)), 0),
    "A variance is not negative, so the loss of every such family is convex in the logit.",
    uses=("family-variance",),
    via=(spread,),
)
theorem(
    "family-gradient",
    equation(Derivative(-log(chance(j, z)), z), in_order(mean, -outcomes[j])),
    "The gradient of the negative log-likelihood is the mean minus the outcome.",
    uses=("family-likelihood", "family-mean"),
)

# Many outputs

theorem(
    "softmax-jacobian-symmetric",
    equation(Derivative(p_j, logits[i]), Derivative(p_i, logits[j])),
    "Each logit moves the other's output as that one's logit moves its own: the condition for a potential.",
    uses=("softmax-jacobian",),
)
theorem(
    "softmax-along-a-ray",
    equation(Derivative(logsumexp(heated), beta), total(times(softmax(heated, k), logits[k]))),
    "Along the ray from 0 to z, log-sum-exp gains what the outputs do, summed with the logits.",
    uses=("logsumexp-gradient",),
)
theorem(
    "softmax-matched-gradient",
    equation(
        Derivative(in_order(logsumexp(logits), -total(times(targets[k], logits[k]))), logits[j]),
        in_order(p_j, -targets[j]),
    ),
    "The matching loss of softmax has the gradient prediction minus target, whatever the targets sum to.",
    uses=("logsumexp-gradient",),
)

first, second = sigma(logits[1]), sigma(logits[2])
share = in_order(first, second)
theorem(
    "normalised-sigmoids-turn",
    equation(
        in_order(Derivative(over(first, share), logits[2]), -Derivative(over(second, share), logits[1])),
        over(times(first, second, in_order(second, -first)), share**2),
    ),
    "Sigmoids divided by their sum have no symmetric Jacobian, so no loss has their error as its gradient.",
    uses=("sigmoid-derivative",),
)

__all__ = [
    "MATCHINGS",
    "Matching",
    "Phi",
    "bregman",
    "chance",
    "cumulant",
    "f_exp",
    "f_identity",
    "f_sigma",
    "outcomes",
    "phi",
    "weights",
]
