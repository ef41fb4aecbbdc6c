"""The claims of source C: saturated output units, squared error and cross-entropy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sympy import And, Derivative, Eq, Ge, Gt, Le, Limit, Lt, Rational, log, oo, tanh

from ..audit.exact import exact
from ..numeric import naive, sigmoid_mse
from ..results import latest
from ..symbolic import bce, ell, ell_slope, half, mse, p, sigma, squared_error, times, y, z
from .claim import Case, Evidence, Finding, against, claim, found, proved
from .division import RIGHT, WRONG, finite, right

Computed = Callable[..., Any]
QUARTER = Rational(1, 4)
UNIT = (Ge(p, 0), Le(p, 1))
INSIDE = (Gt(p, 0), Lt(p, 1))


@claim(
    "C1",
    "sigmoid_mse",
    "With squared error the error term vanishes where the unit saturates, right or wrong.",
)
def error_vanishes(loss: Any = mse) -> Iterator[Case]:
    for value, end in ((1, oo), (0, -oo)):
        yield Case(f"it saturates at {value}", proved(Eq(Limit(Derivative(loss(z, y), z), z, end), 0)))


@claim("C2", "sigmoid_mse", "The derivative of the squared error never exceeds 1.")
def slope_below_one(factor: int = 1, other: int = 2, low: int = 0, outside: int = -1) -> Iterator[Case]:
    def bounded(factor: int, low: int) -> Finding:
        slope = factor * (p - y)
        statement = And(Ge(slope, -1, evaluate=False), Le(slope, 1, evaluate=False))
        return proved(statement, (*UNIT, Ge(y, low), Le(y, 1)))

    yield Case("outputs and targets lie in [0, 1] and the square is halved", bounded(factor, low))
    yield Case("the square is not halved", bounded(other, low))
    yield Case("targets may be negative", bounded(factor, outside))


@claim(
    "C3",
    "sigmoid_mse",
    "For target 0 the loss's derivative rises with the output, the activation's rises and falls back to 0, and so "
    "does their product; for target 1 the curves are mirrored.",
)
def curves(loss: Any = squared_error) -> Iterator[Case]:
    slope, spread = loss(p, y).definition.diff(p), p * (1 - p)
    zero = slope.subs(y, 0)
    finding = proved(Gt(Derivative(zero, p), 0, evaluate=False), INSIDE)
    for curve, top in ((spread, half), (zero * spread, Rational(2, 3))):
        hump = Derivative(curve, p) * (top - p)  # it rises up to there, and falls after
        finding &= proved(Ge(hump, 0, evaluate=False), INSIDE, (hump.doit().factor(),))
        finding &= proved(Eq(Limit(curve, p, 1, "-"), 0))
    yield Case("the target is 0", finding)
    mirrored = Eq(slope.subs(y, 1) * spread, -(zero * spread).subs(p, 1 - p))
    yield Case("the target is 1", proved(mirrored, INSIDE))


@claim("C4", "sigmoid_bce", "With cross-entropy the error term is output minus target.")
def error_is_difference(loss: Any = bce) -> Iterator[Case]:
    yield Case("", proved(Eq(Derivative(loss(z, y), z), sigma(z) - y)))


@claim(
    "C5",
    "sigmoid_bce",
    "With cross-entropy the product tends to 1 in size where the unit is saturated and wrong.",
)
def product_tends_to_one(loss: Any = ell_slope, soft: Any = QUARTER) -> Iterator[Case]:
    def product(target: Any, end: Any, size: int) -> Finding:
        return proved(Eq(Limit(times(loss(sigma(z), target), Derivative(sigma(z), z)), z, end), size))

    yield Case("the target is 0 or 1", product(0, oo, 1) & product(1, -oo, -1))
    yield Case("the target lies between", product(soft, oo, 1))


@claim("C6", "sigmoid_mse", "Both losses grow as the output moves away from the target.")
def losses_grow(square: Any = squared_error, entropy: Any = ell) -> Iterator[Case]:
    for name, loss, shape in (
        ("the squared error", square, (p - y) ** 2),
        ("cross-entropy", entropy, (p - y) ** 2 / (p * (1 - p))),
    ):
        away = Ge((p - y) * Derivative(loss(p, y), p), 0, evaluate=False)
        yield Case(f"the loss is {name}", proved(away, INSIDE, (shape,)))


@claim(
    "C7",
    "tanh_ce",
    "Cross-entropy makes no sense with a tanh, since a negative number has no logarithm.",
)
def no_tanh(output: Any = tanh, moved: Any = lambda z: (1 + tanh(z)) / 2) -> Iterator[Case]:
    def undefined(inside: Any) -> Finding:
        return proved(Gt(inside, 0, evaluate=False)).denied()

    yield Case("the output is used as it is and the target is above 0", undefined(output(z)))
    yield Case("the output is used as it is and the target is 0", undefined(1 - output(z)))
    yield Case("the output is first moved into (0, 1)", undefined(moved(z) * (1 - moved(z))))


@claim("C8", "cross_entropy", "The formula is an if and an else between two logarithms.")
def two_branches(loss: Any = ell, soft: Any = y) -> Iterator[Case]:
    label = proved(Eq(loss(p, 1), -log(p)), INSIDE) & proved(Eq(loss(p, 0), -log(1 - p)), INSIDE)
    yield Case("the target is 0 or 1", label)
    between = (*INSIDE, Gt(y, 0), Lt(y, 1))
    yield Case("the target lies between", proved(Eq(loss(p, soft), -log(1 - p)), between))  # it is not 1: the else


def product_of_error(z: Any, y: Any) -> Any:
    """Return the squared error's gradient as its two factors, multiplied as numbers."""
    p = naive.sigmoid(z)
    return (p - y) * (p * (1 - p))


@claim(
    "C9",
    "sigmoid_mse",
    "Multiplying the two derivatives as numbers can go wrong; the product that was simplified first does not.",
)
def product_goes_wrong(
    entropy: Computed = naive.bce_grad, square: Computed = product_of_error, fused: Computed = naive.bce_grad_fused
) -> Iterator[Case]:
    merged = finite(fused) & right(fused, "grad", *WRONG)
    yield Case("the loss is cross-entropy, and wrong means nan", finite(entropy).denied() & merged)
    yield Case("the loss is the squared error, and wrong means nan", finite(square).denied())
    z, y = RIGHT
    value, true = float(fused(z, y)), float(exact("sigmoid_bce.grad", z, y))
    shown = f"{against(value, true)} at z = {z:g}, y = {y:g}"
    yield Case("losing all digits is wrong too", found(value != 0, shown))


def arrives(start: float, target: float, steps: int = 2500) -> Finding:
    """Whether descent on the squared error brings the output to its target, and leaves it there."""
    z = start
    for _ in range(steps):
        z -= float(sigmoid_mse.grad(z, target))
    shown = f"from {start:g}, {steps:,} steps lead to the logit {z:.3f} for target {target:g}"
    return found(abs(float(naive.sigmoid(z)) - target) < 1e-6, shown)


@claim("C10", "sigmoid_mse", "Targets 0.1 and 0.9 keep the unit from saturating.")
def softer_targets(target: float = 0.9, fresh: float = 0.0, stuck: float = -40.0) -> Iterator[Case]:
    yield Case("it is not saturated to begin with", arrives(fresh, target))
    yield Case("it is saturated and wrong to begin with", arrives(stuck, target))


LIBRARIES = ("torch", "optax", "tensorflow", "scipy", "sklearn")
BINARY = ("sigmoid_bce.loss", "sigmoid_bce.grad")


def measured(
    peers: Mapping[str, Any], names: tuple[str, ...], fault: Callable[[Any, Any], bool], what: str
) -> Finding:
    """Whether a fault is in none of the parts that were measured of some libraries."""
    parts = [
        (report["name"], part)
        for report in peers["reports"]
        if report["name"] in names and report["against"] in BINARY and report["dtype"] == "float32"
        for part in report["parts"]
    ]
    bad = dict.fromkeys(name for name, part in parts if fault(name, part))
    if {name for name, _ in parts} != set(names):
        return Finding(None, (Evidence(f"{', '.join(names)}: not measured"),))
    return found(
        not bad, f"{what} in {', '.join(bad) or 'none'} of {', '.join(names)}, measured on {peers['date']}"
    )


def _no_number(name: str, part: Any) -> bool:
    return bool(part["nan_mismatches"] + part["infinity_mismatches"])


def _lost(name: str, part: Any) -> bool:
    return bool(part["kind"] == "lost")


def _stuck(name: str, part: Any) -> bool:
    """Whether the gradient of a wrong answer, whose exact value is near 1, has lost all digits."""
    wrong = {"y = 0": 1, "y = 1": -1}.get(part["label"], 0)
    return any(wrong * end > 0 for low, high in part["lost_ranges"] for end in (low, high))


@claim("C11", "frameworks", "With a framework one need not think about these details.")
def frameworks_take_care(
    peers: Mapping[str, Any] | None = None, libraries: tuple[str, ...] = LIBRARIES, step_by_step: str = "keras"
) -> Iterator[Case]:
    peers = latest("peers") if peers is None else peers
    yield Case("one passes logits, and only nan counts", measured(peers, libraries, _no_number, "nan or infinity"))
    yield Case("digits count as well", measured(peers, libraries, _lost, "all digits lost"))
    stuck = measured(peers, (step_by_step,), _stuck, "no gradient for a wrong answer")
    yield Case("Keras is passed outputs, and not compiled", stuck)


@claim("C12", "sigmoid_mse", "The remedy is a loss whose derivative takes much higher values than 1.")
def larger_slope(entropy: Any = ell_slope, factor: int = 10) -> Iterator[Case]:
    def vanishes(slope: Any) -> Finding:
        return proved(Eq(Limit(slope * Derivative(sigma(z), z), z, oo), 0))

    yield Case("it grows as fast as the activation's slope vanishes", vanishes(entropy(sigma(z), 0)).denied())
    yield Case(f"it is {factor} times the squared error's", vanishes(factor * sigma(z)).denied())
