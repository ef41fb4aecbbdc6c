"""ReLU and cross-entropy: every way in which the pairing fails."""

from __future__ import annotations

from sympy import Derivative, Expr, Gt, Lambda, Limit, Lt, Ne, im, log, oo

from .cross_entropy import cross_entropy, ell, ell_slope
from .functions import Defined, equation, in_order, relu, times, total
from .symbols import a, k, outputs, s, targets, y, z
from .theorem import topic


class relu_ce(Defined):
    """Binary cross-entropy of a rectified output: ell(relu(z), y)."""

    tex = "L"
    nargs = 2

    @classmethod
    def define(cls, z: Expr, y: Expr) -> Expr:
        return ell(relu(z), y)


theorem = topic("relu_ce")
loss, certain = relu_ce(z, y), relu_ce(z, 1)
scaled = cross_entropy(targets, Lambda(k, s * outputs[k]))

theorem(
    "relu-derivative-right",
    equation(Derivative(relu(z), z), 1),
    "Above 0 the ReLU passes everything.",
    assumptions=(Gt(z, 0),),
)
theorem(
    "relu-derivative-left",
    equation(Derivative(relu(z), z), 0),
    "Below 0 it passes nothing.",
    assumptions=(Lt(z, 0),),
)
theorem(
    "relu-ce-gradient",
    equation(Derivative(loss, z), in_order(z, -y) / times(z, 1 - z)),
    "Above 0 the gradient is (z - y) / (z (1 - z)): the error divided, not the error.",
    assumptions=(Gt(z, 0),),
    uses=("cross-entropy-derivative", "relu-derivative-right"),
)
theorem(
    "relu-ce-loss-at-zero",
    equation(Limit(loss, z, 0, "+"), oo),
    "As the logit falls to 0, the loss of a positive target grows without bound.",
    assumptions=(Gt(y, 0),),
)
theorem(
    "relu-ce-loss-at-one",
    equation(Limit(loss, z, 1, "-"), oo),
    "As the logit rises to 1, the loss of a target below 1 grows without bound.",
    assumptions=(Lt(y, 1),),
)
theorem(
    "relu-ce-pole-at-one",
    equation(Limit(Derivative(loss, z), z, 1, "-"), oo),
    "The gradient has a pole at 1 for every target below 1.",
    assumptions=(Lt(y, 1),),
)
theorem(
    "relu-ce-pole-beyond-one",
    equation(Limit(Derivative(loss, z), z, 1, "+"), -oo),
    "From the other side the formula's pole points away from the strip.",
    assumptions=(Lt(y, 1),),
)
theorem(
    "relu-ce-removable-at-one",
    equation(Limit(Derivative(certain, z), z, 1, "+-"), -1),
    "For target 1 the point z = 1 is harmless: the gradient's limit there is -1, though 0/0 is computed.",
)
theorem(
    "relu-ce-certain-gradient",
    equation(Derivative(certain, z), -1 / z),
    "For target 1 the gradient is -1/z at every positive logit.",
    assumptions=(Gt(z, 0),),
)
theorem(
    "relu-ce-not-real",
    Ne(im(loss), 0),
    "Beyond 1 the loss of a target below 1 is not a real number.",
    assumptions=(Gt(z, 1), Lt(y, 1)),
)
theorem(
    "relu-ce-unbounded",
    equation(Limit(certain, z, oo), -oo),
    "For target 1 the loss falls without bound.",
)
theorem(
    "relu-ce-no-stationary-point",
    Lt(Derivative(certain, z), 0),
    "For target 1 the loss falls at every positive logit: there is no best one.",
    assumptions=(Gt(z, 0),),
)
theorem(
    "relu-ce-dead-factor",
    equation(Limit(ell_slope(a, y), a, 0, "+"), -oo),
    "At output 0 the loss's factor is infinite for a positive target; the ReLU's is 0.",
    assumptions=(Gt(y, 0),),
)
theorem(
    "relu-ce-dead-zero-target",
    equation(Limit(ell_slope(a, 0), a, 0, "+"), 1),
    "For target 0 the loss's factor at output 0 is 1, so the product with 0 is 0.",
)
theorem(
    "relu-ce-dead-zero-loss",
    equation(relu_ce(z, 0), 0),
    "For target 0 the dead side is right: its loss is 0.",
    assumptions=(Lt(z, 0),),
)
theorem(
    "relu-ce-multiclass-scale",
    equation(scaled, in_order(cross_entropy(targets, outputs), times(-1, log(s), total(targets[k])))),
    "Without normalisation, multiplying all outputs by s lowers the loss by log s for each unit of target.",
)
theorem(
    "relu-ce-multiclass-unbounded",
    equation(Limit(scaled, s, oo), -oo),
    "So the loss falls without bound, whatever the outputs were.",
    assumptions=(equation(total(targets[k]), 1),),
    uses=("relu-ce-multiclass-scale",),
)

__all__ = ["relu_ce"]
