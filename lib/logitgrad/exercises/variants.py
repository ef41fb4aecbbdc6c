"""The exercises of the chapter on variants of cross-entropy."""

from __future__ import annotations

from sympy import And, Derivative, Eq, Expr, Gt, Symbol, log

from ..symbolic import K, beta, in_order, j, k, logits, over, sigma, softmax, softplus, times, total, z
from ..symbolic.softmax import heated
from ..symbolic.variants import focal
from .exercise import Misconception, topic

exercise = topic("variants")

# Smoothing by another name

mu = Symbol("mu", positive=True)


def gives_the_same(lam: Expr) -> Expr:
    """With this lambda the label, and each other class, has the target that mu gives it."""
    return And(Eq(1 - lam + lam / K, 1 - mu), Eq(lam / K, mu / (K - 1)))


exercise(
    "ex-variants-other-convention",
    r"Which $\lambda$ gives the same targets as $\mu$?",
    over(mu * K, in_order(K, -1)),
    {"mu": mu, "K": K},
    definition=gives_the_same,
    assumptions=(Gt(K, 1),),
    misconceptions=(
        Misconception(mu, "Each other class gets lambda/K in one convention and mu/(K - 1) in the other."),
        Misconception(mu * (K - 1) / K, "The two have changed places: this is mu for a given lambda."),
        Misconception(mu / (K - 1), "That is what another class receives; solve for lambda."),
    ),
)

# The slope by the temperature's inverse

p_j, p_k = softmax(heated, j), softmax(heated, k)
mean = total(p_k * logits[k])

exercise(
    "ex-variants-calibration",
    r"With $p_k \propto e^{\beta z_k}$ and label $j$, what is the derivative of $-\log p_j$ by $\beta$?",
    in_order(mean, -logits[j]),
    {"p_j": p_j, "z_j": logits[j], "beta": beta},
    definition=Derivative(-log(p_j), beta),
    indices=(j,),
    misconceptions=(
        Misconception(logits[j] - mean, "The sign is turned: the loss is minus the logarithm."),
        Misconception(-logits[j], "The normaliser, the logarithm of the sum, depends on beta, too."),
        Misconception(beta * (mean - logits[j]), "The derivative of beta times z_k by beta is z_k: beta is gone."),
        Misconception(total(logits[k]) - logits[j], "The logits in the sum are weighted by their probabilities."),
        Misconception(beta * (p_j - 1), "That is the derivative by the label's logit."),
    ),
)

# The focal loss with the exponent 1

p, cost = sigma(z), softplus(z)

exercise(
    "ex-variants-focal-one",
    r"For $\gamma = 1$ and target 0, what is the derivative of $p \log(1 + e^z)$ by $z$?",
    in_order(p**2, times(p, 1 - p, cost)),
    {"z": z, "p": p, "s": cost},
    definition=Derivative(focal(z, 0, 1), z),
    theorem="focal-gradient",
    misconceptions=(
        Misconception(p**2, "One factor was held still: the product rule has two terms."),
        Misconception(p * (1 - p) * cost, "One factor was held still: the logarithm moves with the logit, too."),
        Misconception(
            p * (1 - p) * p, "Both factors were differentiated at once; the product rule adds two terms."
        ),
        Misconception(p**2 + p * cost, "In the second term the sigmoid's slope has another factor."),
    ),
)
