"""One thing, many names: what the libraries call the functions and losses of this book, and what they take.

The tests call each of them, where its library is installed, and compare it with ours.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FUNCTIONS", "LOSSES", "VERSIONS", "Call"]

#: The versions in which the names below are called by the tests.
VERSIONS = {
    "torch": "2.13.0",
    "jax": "0.10.2",
    "optax": "0.2.8",
    "tensorflow": "2.21.0",
    "keras": "3.15.1",
    "scipy": "1.17.1",
    "sklearn": "1.9.1",
}


class Call(NamedTuple):
    """A loss of a library: its name, what it takes for the prediction, and the argument that matters here.

    >>> LOSSES["binary cross-entropy"][0].takes
    'logits'
    """

    name: str
    takes: str
    argument: str = ""


#: Functions of logits, in the libraries that have them.
FUNCTIONS = {
    "sigmoid": ("torch.sigmoid", "jax.nn.sigmoid", "tensorflow.math.sigmoid", "scipy.special.expit"),
    "log_sigmoid": (
        "torch.nn.functional.logsigmoid",
        "jax.nn.log_sigmoid",
        "tensorflow.math.log_sigmoid",
        "scipy.special.log_expit",
    ),
    "softplus": (
        "torch.nn.functional.softplus",
        "jax.nn.softplus",
        "tensorflow.math.softplus",
        "scipy.special.softplus",
    ),
    "logsumexp": (
        "torch.logsumexp",
        "jax.nn.logsumexp",
        "tensorflow.math.reduce_logsumexp",
        "scipy.special.logsumexp",
    ),
    "softmax": ("torch.softmax", "jax.nn.softmax", "tensorflow.nn.softmax", "scipy.special.softmax"),
    "log_softmax": (
        "torch.log_softmax",
        "jax.nn.log_softmax",
        "tensorflow.nn.log_softmax",
        "scipy.special.log_softmax",
    ),
}

#: Losses, each under its name in this book.
LOSSES = {
    "binary cross-entropy": (
        Call("torch.nn.BCEWithLogitsLoss", "logits"),
        Call("torch.nn.BCELoss", "probabilities"),
        Call("optax.sigmoid_binary_cross_entropy", "logits"),
        Call("tensorflow.nn.sigmoid_cross_entropy_with_logits", "logits"),
        Call("keras.losses.BinaryCrossentropy", "probabilities"),
        Call("keras.losses.BinaryCrossentropy", "logits", "from_logits=True"),
        Call("sklearn._loss.HalfBinomialLoss", "logits"),
        Call("sklearn.metrics.log_loss", "probabilities"),
    ),
    "cross-entropy of a class index": (
        Call("torch.nn.CrossEntropyLoss", "logits"),
        Call("torch.nn.NLLLoss", "log-probabilities"),
        Call("optax.softmax_cross_entropy_with_integer_labels", "logits"),
        Call("tensorflow.nn.sparse_softmax_cross_entropy_with_logits", "logits"),
        Call("keras.losses.SparseCategoricalCrossentropy", "probabilities"),
        Call("keras.losses.SparseCategoricalCrossentropy", "logits", "from_logits=True"),
        Call("sklearn._loss.HalfMultinomialLoss", "logits"),
        Call("sklearn.metrics.log_loss", "probabilities"),
    ),
    "cross-entropy of soft targets": (
        Call("torch.nn.CrossEntropyLoss", "logits"),
        Call("optax.softmax_cross_entropy", "logits"),
        Call("tensorflow.nn.softmax_cross_entropy_with_logits", "logits"),
        Call("keras.losses.CategoricalCrossentropy", "probabilities"),
        Call("keras.losses.CategoricalCrossentropy", "logits", "from_logits=True"),
    ),
    "binary cross-entropy, weight 3 for positives": (
        Call("torch.nn.BCEWithLogitsLoss", "logits", "pos_weight=3"),
        Call("tensorflow.nn.weighted_cross_entropy_with_logits", "logits", "pos_weight=3"),
    ),
    "cross-entropy, labels smoothed by 0.1": (
        Call("torch.nn.CrossEntropyLoss", "logits", "label_smoothing=0.1"),
        Call("keras.losses.CategoricalCrossentropy", "probabilities", "label_smoothing=0.1"),
        Call("optax.smooth_labels", "one-hot targets", "alpha=0.1"),
    ),
    "focal loss": (
        Call("optax.losses.sigmoid_focal_loss", "logits", "gamma=2"),
        Call("keras.losses.BinaryFocalCrossentropy", "probabilities", "gamma=2"),
    ),
    "Kullback-Leibler divergence": (
        Call("torch.nn.KLDivLoss", "log-probabilities"),
        Call("optax.kl_divergence", "log-probabilities"),
        Call("keras.losses.KLDivergence", "probabilities"),
        Call("scipy.special.rel_entr", "probabilities"),
        Call("scipy.stats.entropy", "probabilities"),
    ),
    "Poisson loss": (
        Call("torch.nn.PoissonNLLLoss", "logits", "log_input=True"),
        Call("tensorflow.nn.log_poisson_loss", "logits"),
        Call("keras.losses.Poisson", "rates"),
        Call("sklearn._loss.HalfPoissonLoss", "logits"),
    ),
    "half the squared error": (
        Call("optax.l2_loss", "outputs"),
        Call("sklearn._loss.HalfSquaredError", "outputs"),
    ),
    "squared error": (
        Call("torch.nn.MSELoss", "outputs"),
        Call("optax.squared_error", "outputs"),
        Call("keras.losses.MeanSquaredError", "outputs"),
        Call("sklearn.metrics.mean_squared_error", "outputs"),
    ),
}
