"""What each letter and each named function of the theorems stands for: the whole book's, then each chapter's."""

from __future__ import annotations

from sympy import KroneckerDelta, tanh

from . import backprop as bp
from . import gradient_checks as gc
from . import matching_loss as ml
from . import variants as va
from .cas_can_lie import lead
from .cross_entropy import cross_entropy, divergence, ell, ell_slope, r, x
from .functions import logsumexp, relu, sigma, softmax, softplus
from .pairings import poisson
from .relu_ce import relu_ce
from .sigmoid_bce import bce
from .sigmoid_bce_floats import clip, guarded
from .sigmoid_mse import mse, squared_error
from .softmax_ce import ce
from .softmax_ce_floats import others
from .symbols import NOTATION, Meaning, a, direction, eps, i, j, k, logits, p, probabilities, targets, y, z
from .tanh_ce import tanh_ce

#: Named functions that any chapter may use; the letters that any chapter may use are ``NOTATION``.
FUNCTIONS = (
    Meaning(sigma(z), "sigma(z)", "number", "the logistic sigmoid"),
    Meaning(softmax(logits, j), "softmax(logits, j)", "one of K", "probability that softmax gives to class j"),
    Meaning(logsumexp(logits), "logsumexp(logits)", "number", "log-sum-exp, a smooth maximum of the logits"),
    Meaning(softplus(z), "softplus(z)", "number", "a smooth maximum of 0 and z"),
    Meaning(relu(z), "relu(z)", "number", "the larger of 0 and z"),
    Meaning(tanh(z), "tanh(z)", "number", "the hyperbolic tangent"),
    Meaning(squared_error(p, y), "squared_error(p, y)", "number", "half the squared error of an output"),
    Meaning(ell(p, y), "ell(p, y)", "number", "cross-entropy of an output"),
    Meaning(ell_slope(p, y), "ell_slope(p, y)", "number", "its derivative by the output"),
    Meaning(poisson(a, y), "poisson(a, y)", "number", "Poisson's loss of a rate under a count"),
    Meaning(mse(z, y), "mse(z, y)", "number", "half the squared error behind a sigmoid"),
    Meaning(bce(z, y), "bce(z, y)", "number", "binary cross-entropy behind a sigmoid"),
    Meaning(ce(logits, targets), "ce(logits, targets)", "number", "cross-entropy behind a softmax"),
    Meaning(
        cross_entropy(targets, probabilities),
        "cross_entropy(targets, probabilities)",
        "number",
        "cross-entropy of probabilities, however they came about",
    ),
    Meaning(
        divergence(targets, probabilities),
        "divergence(targets, probabilities)",
        "number",
        "by how much it exceeds the entropy of the targets",
    ),
    Meaning(others(logits, j), "others(logits, j)", "one of K", "what the other classes weigh, class j being 1"),
    Meaning(KroneckerDelta(i, j), "KroneckerDelta(i, j)", "number", "1 if i = j, else 0"),
)

_positive_target = Meaning(r[k], "r[k]", "one of K", "target of class k where each class has some")

#: What one chapter adds, or uses in a meaning of its own.
CHAPTERS = {
    "cross_entropy": (
        Meaning(x, "x", "number", "any number above 0"),
        _positive_target,
    ),
    "sigmoid_bce_floats": (
        Meaning(guarded(z, y, eps), "guarded(z, y, eps)", "number", "the loss with a constant in both logarithms"),
        Meaning(clip(p), "clip(p)", "number", "an output held away from 0 and 1"),
    ),
    "relu_ce": (Meaning(relu_ce(z, y), "relu_ce(z, y)", "number", "cross-entropy behind a ReLU"),),
    "tanh_ce": (Meaning(tanh_ce(z, y), "tanh_ce(z, y)", "number", "cross-entropy behind a tanh"),),
    "matching_loss": (
        Meaning(ml.u, "u", "number", "the logit at which the target would be met"),
        Meaning(ml.Phi(z), "Phi(z)", "number", "the normal distribution function, as an activation the probit"),
        Meaning(ml.phi(z), "phi(z)", "number", "the normal density"),
        Meaning(ml.f_identity(a), "f_identity(a)", "number", "potential of an output behind no activation"),
        Meaning(ml.f_sigma(p), "f_sigma(p)", "number", "potential of a sigmoid's output: minus its entropy"),
        Meaning(ml.f_exp(a), "f_exp(a)", "number", "potential of an exponential's output"),
        Meaning(
            ml.bregman(ml.f_sigma, y, p),
            "bregman(f_sigma, y, p)",
            "number",
            "how far a potential lies above its tangent at p, seen at y",
        ),
        Meaning(ml.outcomes[k], "outcomes[k]", "one of K", "value of outcome k"),
        Meaning(ml.weights[k], "weights[k]", "one of K", "weight of outcome k at the logit 0, above 0"),
        Meaning(ml.cumulant(z), "cumulant(z)", "number", "cumulant function: its slope is the mean outcome"),
        Meaning(ml.chance(j, z), "chance(j, z)", "one of K", "probability of outcome j"),
        _positive_target,
    ),
    "backprop": (
        Meaning(bp.w[j], "w[j]", "one of K", "weight of input j"),
        Meaning(bp.x[j], "x[j]", "one of K", "input j"),
        Meaning(bp.b, "b", "number", "bias"),
        Meaning(bp.n, "n", "example", "an example of the batch, from 1 to N"),
        Meaning(bp.N, "N", "integer", "number of examples in the batch"),
        Meaning(bp.x[bp.n, j], "x[n, j]", "N by K", "input j of example n"),
        Meaning(bp.d, "d", "input", "an input of a layer, from 1 to D"),
        Meaning(bp.D, "D", "integer", "number of inputs of a layer"),
        Meaning(bp.W[k, j], "W[k, j]", "K by D", "weight that leads from unit j to class k"),
        Meaning(bp.E[k, bp.d], "E[k, d]", "K by D", "direction in which the weights of a layer move"),
        Meaning(bp.t, "t", "number", "how far they have moved"),
        Meaning(bp.a_j, "a_j", "number", "output of hidden unit j"),
        Meaning(bp.r[k], "r[k]", "one of K", "part of logit k that does not depend on that unit"),
        Meaning(bp.any_loss(z, y), "any_loss(z, y)", "number", "any loss that has a derivative by its logit"),
        Meaning(bp.loss_slope(z, y), "loss_slope(z, y)", "number", "that derivative"),
        Meaning(bp.logit(bp.w, bp.x, bp.b), "logit(w, x, b)", "number", "the logit of a unit"),
        Meaning(bp.logit_of(bp.w, bp.x, bp.b, bp.n), "logit_of(w, x, b, n)", "one of N", "the logit of example n"),
        Meaning(
            bp.loss_along(logits, bp.E, bp.x, targets, bp.t, bp.D),
            "loss_along(logits, E, x, targets, t, D)",
            "number",
            "the loss after the weights have moved",
        ),
        Meaning(
            bp.loss_by_unit(bp.W, bp.a_j, bp.r, targets),
            "loss_by_unit(W, a_j, r, targets)",
            "number",
            "the loss by the output of hidden unit j",
        ),
        Meaning(bp.share(bp.W, bp.a_j, bp.r, k), "share(W, a_j, r, k)", "one of K", "softmax of those logits"),
    ),
    "gradient_checks": (
        Meaning(gc.h, "h", "number", "step of a difference"),
        Meaning(gc.size, "size", "number", "its size, above 0"),
        Meaning(gc.rounding, "rounding", "number", "relative error of a computed loss, above 0"),
        Meaning(gc.bend, "bend", "number", "size of the third derivative, above 0"),
        Meaning(gc.rise(p, gc.h), "rise(p, h)", "number", "what the loss of target 0 gains over a step"),
        Meaning(gc.angle(p, gc.h), "angle(p, h)", "number", "imaginary part of that gain over an imaginary step"),
        Meaning(gc.turning(p, gc.h), "turning(p, h)", "number", "how fast the angle grows"),
    ),
    "variants": (
        Meaning(va.lam, "lam", "number", "share of a target that smoothing spreads over all classes"),
        Meaning(va.w, "w", "number", "weight of the positive label, above 0"),
        Meaning(va.weights[k], "weights[k]", "one of K", "weight of class k, above 0"),
        Meaning(va.q, "q", "number", "how often the label is 1"),
        Meaning(va.T, "T", "number", "temperature: what all logits are divided by"),
        Meaning(va.t, "t", "number", "a teacher's logit"),
        Meaning(va.teacher[k], "teacher[k]", "one of K", "a teacher's logit of class k"),
        Meaning(va.gamma, "gamma", "number", "focusing exponent, above 0"),
        Meaning(
            va.smoothed_ce(logits, targets, va.lam),
            "smoothed_ce(logits, targets, lam)",
            "number",
            "cross-entropy under smoothed targets",
        ),
        Meaning(
            va.from_uniform(logits), "from_uniform(logits)", "number", "divergence of the uniform distribution"
        ),
        Meaning(
            va.weighted_ce(logits, targets, va.weights),
            "weighted_ce(logits, targets, weights)",
            "number",
            "cross-entropy with a weight for each class",
        ),
        Meaning(
            va.weighted_bce(z, y, va.w),
            "weighted_bce(z, y, w)",
            "number",
            "binary cross-entropy with a weight for label 1",
        ),
        Meaning(
            va.tempered_ce(logits, targets, va.T),
            "tempered_ce(logits, targets, T)",
            "number",
            "cross-entropy at a temperature",
        ),
        Meaning(
            va.distillation(logits, va.teacher, va.T),
            "distillation(logits, teacher, T)",
            "number",
            "the same under a teacher's tempered outputs",
        ),
        Meaning(va.focal(z, y, va.gamma), "focal(z, y, gamma)", "number", "focal loss"),
        Meaning(
            va.bend(z, va.gamma), "bend(z, gamma)", "number", "what decides the sign of its second derivative"
        ),
        Meaning(
            va.mean_move(logits, direction),
            "mean_move(logits, direction)",
            "number",
            "mean under softmax of the factors less 1 when logits move",
        ),
    ),
    "cas_can_lie": (Meaning(lead, "lead", "number", "by how much one logit leads another, above 0"),),
}

__all__ = ["CHAPTERS", "FUNCTIONS", "NOTATION", "Meaning"]
