"""Loss and gradient: this library beside others, one thread, all in one run.

    make bench-speed

Every round calls each implementation once (small inputs: often enough to take a millisecond), one after the
other, so that a disturbance of the machine meets them alike. A ratio is their time over ours, the median over the
rounds: above 1, ours is faster. Cross-entropy is timed on a million logits whatever K. Nothing is averaged over
the batch; the inputs are arrays that each library takes without a copy, and the results have the input's type.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import click
import jax
import numpy as np
import optax
import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy import special
from sklearn._loss import HalfBinomialLoss, HalfMultinomialLoss

from logitgrad import sigmoid_bce, softmax_ce
from logitgrad.results import save

RESULTS = Path(__file__).parents[1] / "lib" / "logitgrad" / "results"
PEERS = ("torch", "jax", "optax", "scikit-learn", "scipy")
ELEMENTS = 1_000_000
BCE_SIZES = (1_000, 1_000_000, 10_000_000)
CE_CLASSES = (10, 1_000, 50_000)
Call = Callable[[], Any]


def one_thread() -> None:
    """Hold every library to one core, before any has started its threads."""
    torch.set_num_threads(1)
    jax.config.update("jax_enable_x64", True)
    if hasattr(os, "sched_setaffinity"):  # Linux; elsewhere jax keeps its threads
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def bce(size: int, dtype: type) -> dict[str, Call]:
    """Binary cross-entropy with hard labels: calls that return the loss and the gradient of every element."""
    rng = np.random.default_rng(0)
    z, y = (5 * rng.normal(size=size)).astype(dtype), rng.integers(0, 2, size).astype(dtype)
    leaf, target = torch.tensor(z, requires_grad=True), torch.tensor(y)
    bce_with_logits = torch.nn.functional.binary_cross_entropy_with_logits
    halved = HalfBinomialLoss()  # of the loss that is not halved, in spite of its name

    def torch_autograd() -> Any:
        loss = bce_with_logits(leaf, target, reduction="none")
        return loss, torch.autograd.grad(loss, leaf, torch.ones_like(loss))

    @torch.no_grad()
    def torch_by_hand() -> Any:
        return bce_with_logits(leaf, target, reduction="none"), torch.sigmoid(leaf) - target

    @jax.jit
    def jitted(z: Any, y: Any) -> Any:
        loss, pull = jax.vjp(lambda z: optax.sigmoid_binary_cross_entropy(z, y), z)
        return loss, pull(jax.numpy.ones_like(loss))

    on_device = jax.device_put((z, y))
    return {
        "logitgrad": lambda: sigmoid_bce.loss_and_grad(z, y),
        "torch autograd": torch_autograd,
        "torch by hand": torch_by_hand,
        "optax jit": lambda: jax.block_until_ready(jitted(*on_device)),
        "scikit-learn": lambda: halved.loss_gradient(y, z),
        "SciPy": lambda: (-y * special.log_expit(z) - (1 - y) * special.log_expit(-z), special.expit(z) - y),
    }


def ce(classes: int, dtype: type) -> dict[str, Call]:
    """Cross-entropy of class indices: calls that return the loss of every row and the gradient."""
    rng, rows = np.random.default_rng(0), ELEMENTS // classes
    z, y = (5 * rng.normal(size=(rows, classes))).astype(dtype), rng.integers(0, classes, rows)
    leaf, target, every = torch.tensor(z, requires_grad=True), torch.tensor(y), np.arange(rows)
    multinomial, labels = HalfMultinomialLoss(n_classes=classes), y.astype(dtype)

    def torch_autograd() -> Any:
        loss = torch.nn.functional.cross_entropy(leaf, target, reduction="none")
        return loss, torch.autograd.grad(loss, leaf, torch.ones_like(loss))

    @torch.no_grad()
    def torch_by_hand() -> Any:
        log_p = torch.log_softmax(leaf, dim=1)
        grad = log_p.exp()
        grad[every, target] -= 1
        return -log_p[every, target], grad

    @jax.jit
    def jitted(z: Any, y: Any) -> Any:
        loss, pull = jax.vjp(lambda z: optax.softmax_cross_entropy_with_integer_labels(z, y), z)
        return loss, pull(jax.numpy.ones_like(loss))

    def scipy() -> Any:
        log_p = special.log_softmax(z, axis=1)
        grad = np.exp(log_p)
        grad[every, y] -= 1
        return -log_p[every, y], grad

    on_device = jax.device_put((z, y))
    return {
        "logitgrad": lambda: softmax_ce.loss_and_grad(z, y),
        "torch autograd": torch_autograd,
        "torch by hand": torch_by_hand,
        "optax jit": lambda: jax.block_until_ready(jitted(*on_device)),
        "scikit-learn": lambda: multinomial.loss_gradient(labels, z),
        "SciPy": scipy,
    }


def interleaved(calls: dict[str, Call], seconds: float) -> dict[str, list[float]]:
    """Time the calls in turn, for about so many seconds: the seconds of one call, for every round."""
    repeats = {name: max(1, round(1e-3 / once(call))) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times["logitgrad"]) < 5:
        for name, call in calls.items():
            times[name].append(once(call, repeats[name]))
    return times


def once(call: Call, repeats: int = 1) -> float:
    """The seconds of one call, the mean over the repeats."""
    if repeats == 1:
        call()  # compiled and warm
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def row(case: str, dtype: type, elements: int, times: dict[str, list[float]]) -> dict[str, Any]:
    """What is kept of one case."""
    ours = times["logitgrad"]
    return {
        "case": case,
        "dtype": np.dtype(dtype).name,
        "rounds": len(ours),
        "nanoseconds": {name: round(median(t) / elements * 1e9, 2) for name, t in times.items()},
        "ratio": {
            name: round(median(their / our for their, our in zip(t, ours, strict=True)), 2)
            for name, t in times.items()
            if name != "logitgrad"
        },
    }


def table(rows: list[dict[str, Any]]) -> Table:
    """The ratios, their time over ours."""
    peers = list(rows[0]["ratio"])
    result = Table("loss and gradient", "dtype", "ns an element", *peers, title="their time / ours")
    for r in rows:
        cells = (f"{r['ratio'][peer]:.2f}" for peer in peers)
        result.add_row(r["case"], r["dtype"], f"{r['nanoseconds']['logitgrad']:.1f}", *cells)
    return result


@click.command()
@click.option("--seconds", default=4.0, show_default=True, help="Measure each case for about so long.")
@click.option("--save/--no-save", "keep", default=False, help="Keep the result, dated, as data for the book.")
def main(seconds: float, keep: bool) -> None:
    """Time loss and gradient beside other libraries and print the ratios."""
    one_thread()
    cases = [(f"BCE, N = {n:,}", n, bce, n) for n in BCE_SIZES]
    cases += [(f"CE, K = {k:,}", ELEMENTS, ce, k) for k in CE_CLASSES]
    every = [(*case, dtype) for case in cases for dtype in (np.float64, np.float32)]
    rows = [
        row(name, dtype, elements, interleaved(make(size, dtype), seconds))
        for name, elements, make, size, dtype in track(every, "Timing", console=Console(stderr=True))
    ]
    Console(width=120).print(table(rows))
    if keep:
        click.echo(f"kept in {save('speed', {'rows': rows}, RESULTS, PEERS)}")


if __name__ == "__main__":
    main()
