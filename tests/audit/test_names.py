"""Each name that the glossary gives for a function or a loss is called, where its library is installed."""

from __future__ import annotations

import os
from importlib import import_module

import numpy as np
import pytest

import logitgrad as lg
from logitgrad.audit.names import FUNCTIONS, LOSSES, VERSIONS

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
pytestmark = pytest.mark.filterwarnings("default")  # other libraries warn about each other
Z = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
SOFT = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
HOT = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
ONE_Z, ONE_Y, COUNTS = Z[:, :1], np.array([[0.0], [1.0]]), np.array([[2.0], [5.0]])


def found(name):
    """The function or class of a name; skips where the library is not installed."""
    module = name
    pytest.importorskip(name.split(".")[0], exc_type=ImportError)
    while True:
        module = module.rpartition(".")[0]
        try:
            thing = import_module(module)
        except ModuleNotFoundError:
            continue
        for part in name[len(module) + 1 :].split("."):
            thing = getattr(thing, part)
        return thing


def native(name, array):
    if name.startswith("torch."):
        return import_module("torch").from_numpy(np.array(array))
    return array


@pytest.mark.parametrize(("ours", "name"), [(ours, name) for ours in FUNCTIONS for name in FUNCTIONS[ours]])
def test_function_is_ours(ours, name):
    rowwise = ours in ("logsumexp", "softmax", "log_softmax")
    axis = {"torch": {"dim": -1}}.get(name.split(".")[0], {"axis": -1}) if rowwise else {}
    value = np.asarray(found(name)(native(name, Z), **axis))
    assert np.allclose(value, getattr(lg, ours)(Z), rtol=1e-6, atol=0)


#: For each loss: logits, targets, and what our library makes of them.
CASES = {
    "binary cross-entropy": (ONE_Z, ONE_Y, lg.sigmoid_bce.loss(ONE_Z, ONE_Y)),
    "cross-entropy of a class index": (Z, np.array([2, 1]), lg.softmax_ce.loss(Z, HOT)),
    "cross-entropy of soft targets": (Z, SOFT, lg.softmax_ce.loss(Z, SOFT)),
    "binary cross-entropy, weight 3 for positives": (
        ONE_Z,
        ONE_Y,
        lg.variants.weighted_bce(ONE_Z, ONE_Y, pos_weight=3)[0],
    ),
    "cross-entropy, labels smoothed by 0.1": (Z, HOT, lg.softmax_ce.loss(Z, 0.9 * HOT + 0.1 / 3)),
    "focal loss": (ONE_Z, ONE_Y, lg.variants.focal(ONE_Z, ONE_Y, gamma=2)[0]),
    "Kullback-Leibler divergence": (Z, SOFT, (SOFT * (np.log(SOFT) - lg.log_softmax(Z))).sum(axis=-1)),
    "Poisson loss": (ONE_Z, COUNTS, np.exp(ONE_Z) - COUNTS * ONE_Z),
    "half the squared error": (ONE_Z, ONE_Y, (ONE_Z - ONE_Y) ** 2 / 2),
    "squared error": (ONE_Z, ONE_Y, (ONE_Z - ONE_Y) ** 2),
}


def prediction(takes, z):
    """What a loss takes, made from logits."""
    many = z.shape[-1] > 1
    return {
        "logits": lambda: z,
        "outputs": lambda: z,
        "rates": lambda: np.exp(z),
        "probabilities": lambda: lg.softmax(z) if many else lg.sigmoid(z),
        "log-probabilities": lambda: lg.log_softmax(z) if many else lg.log_sigmoid(z),
        "one-hot targets": lambda: z,
    }[takes]()


def mean_loss(call, z, y):
    """The mean over the batch of a library's loss."""
    thing, library = found(call.name), call.name.split(".")[0]
    options = dict(part.split("=") for part in [call.argument] if part)
    options = {name: {"True": True}.get(value) or float(value) for name, value in options.items()}
    predicted = prediction(call.takes, z)
    if library == "torch":
        torch = import_module("torch")
        if "pos_weight" in options:
            options["pos_weight"] = torch.tensor(options["pos_weight"])
        if call.name.endswith("KLDivLoss"):
            options["reduction"] = "batchmean"
        return thing(**options)(torch.tensor(predicted), torch.tensor(y))
    if library == "keras":
        return thing(**options)(y, predicted)
    if library == "tensorflow":
        takes_log = "log_input" if "poisson" in call.name else "logits"
        named = {"targets" if "poisson" in call.name else "labels": y, takes_log: predicted, **options}
        return np.mean(thing(**named))
    if call.name.endswith("smooth_labels"):
        return lg.softmax_ce.loss(z, np.asarray(thing(y, **options), dtype=float), normalized=False).mean()
    if library == "optax":
        return np.mean(thing(predicted, y, **options))
    if call.name == "sklearn.metrics.log_loss":
        return thing(
            y.ravel(), predicted if z.shape[-1] > 1 else predicted.ravel(), labels=range(max(z.shape[-1], 2))
        )
    if call.name.startswith("sklearn.metrics"):
        return thing(y, predicted)
    if library == "sklearn":
        loss = thing(n_classes=z.shape[-1]) if "Multinomial" in call.name else thing()
        raw = np.ascontiguousarray(predicted if z.shape[-1] > 1 else predicted.ravel())
        return loss.loss(y_true=y.ravel().astype(float), raw_prediction=raw).mean()
    if call.name == "scipy.stats.entropy":
        return thing(y, predicted, axis=-1).mean()
    return thing(y, predicted).sum(axis=-1).mean()


@pytest.mark.parametrize(
    ("loss", "call"),
    [(loss, call) for loss in LOSSES for call in LOSSES[loss]],
    ids=lambda part: part if isinstance(part, str) else "-".join(filter(None, part)),
)
def test_loss_is_ours_on_what_it_is_said_to_take(loss, call):
    z, y, ours = CASES[loss]
    assert float(mean_loss(call, z, y)) == pytest.approx(float(np.mean(ours)), rel=1e-5)


def test_every_loss_has_a_case():
    assert CASES.keys() == LOSSES.keys()


@pytest.mark.parametrize("library", VERSIONS)
def test_version_is_the_one_that_is_called(library):
    installed = pytest.importorskip(library, exc_type=ImportError).__version__
    assert installed.partition("+")[0] == VERSIONS[library]
