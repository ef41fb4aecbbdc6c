"""The inputs of the vectors, in groups: one function for each shape of input.

The same on every machine: Python's own generator, whose ``random()`` is fixed, and nothing after it but the four
basic operations and powers of two, which IEEE 754 fixes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .grid import LN2, LN3, Grid, both
from .values import value_of

Arguments = tuple[Any, ...]  # (z,), (z, y), (row,), (row, label or targets), (row, label or targets, v)


@dataclass(frozen=True)
class Group:
    """Points of one kind; the flags are explained in the file."""

    name: str
    comment: str
    points: Sequence[Arguments]
    flags: tuple[str, ...] = ()


TIES = "The exact result lies almost halfway between two floats: a wrong rounding shows."


def logits(grid: Grid, function: str) -> Iterator[Group]:
    """Groups for a function of one logit."""
    sign = -1 if function == "log_sigmoid" else 1
    numbers = {
        "zero": ("Zeros, subnormal numbers, and what a sum with 1 barely feels.", both([0.0, *grid.tiny])),
        "linear": ("Evenly spread logits.", grid.spread(-20, 20, 18)),
        "logarithmic": ("All magnitudes.", both(grid.magnitudes)),
        "binades": (
            "Where exp(-|z|) crosses a power of two.",
            both(grid.rounded(LN2 * k * (1 - 2**-13) for k in (1, 2, 3, 5, 8))),
        ),
        "tails": ("From where 1 + exp(-|z|) rounds to 1 to where exp(-|z|) vanishes.", both(grid.margins)),
        "largest": ("The largest numbers.", both([grid.top, grid.top / 2])),
        "near-ties": (TIES, [sign * number for number in grid.near_ties(function)]),
    }
    for name, (comment, values) in numbers.items():
        yield Group(name, comment, [(value,) for value in values], ("NearTie",) if name == "near-ties" else ())


def binary(grid: Grid, function: str) -> Iterator[Group]:
    """Groups for a function of a logit and a target."""
    labels = (0.0, 1.0)
    small = both(grid.tiny[::2])
    zero = [(x, y) for x in (0.0, -0.0) for y in (*labels, 0.5)] + [(x, y) for x in small for y in labels]
    yield Group("zero", "Logits near 0.", zero)
    linear = grid.spread(-20, 20, 18)
    yield Group("linear", "Hard labels, evenly spread.", [(x, labels[n % 2]) for n, x in enumerate(linear)])
    sizes = both(grid.magnitudes)
    yield Group(
        "logarithmic", "Hard labels, all magnitudes.", [(x, labels[n // 2 % 2]) for n, x in enumerate(sizes)]
    )
    right = [point for x in grid.margins for point in ((x, 1.0), (-x, 0.0))]
    yield Group(
        "confident-right", "Sure of the right label: 1 - p rounds to 0, and p - y has no digit left.", right
    )
    wrong = [point for x in (*grid.margins, grid.top) for point in ((x, 0.0), (-x, 1.0))]
    yield Group("confident-wrong", "Sure of the wrong label.", wrong)
    soft = grid.rounded([0.1, 0.3, 0.75, 1e-3, 1 - 2.0**-grid.digits])
    at = [*grid.spread(-8, 8, 2), *both(grid.spread(8, grid.vanishing, 1))]
    yield Group("soft-labels", "Targets between 0 and 1.", [(x, y) for y in soft for x in at])
    near = [
        (x, float.fromhex(value_of("logexp.sigmoid", (x,), None, grid.dtype).rounded)) for x in (-3.0, -1.0, 0.5)
    ]
    yield Group("balanced", "The target is the prediction, rounded: p - y is what rounding left.", near)
    ties = [point for x in grid.near_ties(function) for point in ((x, 0.0), (-x, 1.0))]
    yield Group("near-ties", TIES, ties, ("NearTie",))


def unit_interval(grid: Grid, function: str) -> Iterator[Group]:
    """Groups for a loss that is a real number between 0 and 1 only."""
    close = [1 - 2.0**-n for n in (grid.digits, grid.digits - 1, grid.digits // 2)]
    yield from _right_of_0(grid.spread(0, 1, 8), grid.tiny)
    yield Group("near-1", "Logits just below 1.", [(x, y) for x in close for y in (0.0, 1.0)])


def positive(grid: Grid, function: str) -> Iterator[Group]:
    """Groups for a loss that is a real number right of 0 only."""
    tails = grid.spread(grid.saturated / 2, grid.vanishing / 2, 4)
    yield from _right_of_0(grid.spread(0, 4, 8), grid.tiny)
    comment = "From where tanh(z) rounds to 1 to where 1 - tanh(z) vanishes."
    yield Group("saturated", comment, [(x, y) for x in tails for y in (0.0, 1.0)])


def _right_of_0(inside: Sequence[float], small: Sequence[float]) -> Iterator[Group]:
    yield Group("inside", "Hard and soft labels.", [(x, y) for x in inside for y in (0.0, 1.0, 0.25)])
    yield Group("near-0", "Small logits.", [(x, y) for x in small for y in (0.0, 1.0)])


def rows(grid: Grid, function: str) -> Iterator[Group]:
    """Groups for a function of a row of logits."""
    for name, comment, made in _rows(grid):
        yield Group(name, comment, [(row,) for row in made])
    yield Group("near-ties", TIES, [((x, 0.0),) for x in grid.near_ties(function)], ("NearTie",))


def classes(grid: Grid, function: str) -> Iterator[Group]:
    """Groups for a function of a row and a target."""
    for name, comment, made in _rows(grid):
        yield Group(name, comment, [(row, label) for row in made for label in sorted({0, _peak(row)})])
    some = [row for name, _, made in _rows(grid) if name in ("mild", "dominated", "equal") for row in made]
    yield Group("soft-labels", "Probabilities 1/2, 1/4 and so on.", [(row, _shares(len(row))) for row in some])
    weights = [(row, tuple(3 * share for share in _shares(len(row)))) for row in some[:5]]
    yield Group("weights", "Weights whose sum is 3.", weights, ("Weights",))
    ignored = [(row, (0.0,) * len(row)) for row in some[:3]]
    yield Group("no-weight", "Weights that are all 0: nothing is lost.", ignored, ("Weights",))
    yield Group("near-ties", TIES, [((x, 0.0), 1) for x in grid.near_ties(function)], ("NearTie",))


def directions(grid: Grid, function: str) -> Iterator[Group]:
    """Groups for a function of a row, a target and a vector."""
    for name, comment, made in _rows(grid):
        yield Group(name, comment, [(row, 0, tuple(grid.spread(-3, 2, len(row)))) for row in made[:3]])
    mild = [row for name, _, made in _rows(grid) if name == "mild" for row in made]
    yield Group("constant", "Each row of the Hessian sums to 0.", [(row, 0, (1.0,) * len(row)) for row in mild])
    ties = [((x, 0.0), 0, (1.0, 0.0)) for x in grid.near_ties(function)]
    yield Group("near-ties", TIES, ties, ("NearTie",))


def _rows(grid: Grid) -> Iterator[tuple[str, str, list[tuple[float, ...]]]]:
    reach, top, small = grid.vanishing, grid.top, grid.rounded([-LN2, -LN3])
    yield "single", "One class.", [(2.5,), (-top,)]
    mild = [_mixed(grid.spread(-2, 2, n)) for n in (2, 3, 6)]
    yield "mild", "A few classes, all of some weight.", mild
    shifted = [tuple(grid.rounded(x + by for x in row)) for row, by in zip(mild, (50, -50, 500), strict=True)]
    yield "shifted", "A common shift, which changes only the log-sum-exp.", shifted
    wide = [(*grid.spread(-reach, -reach / 4, n), *grid.spread(-3, 3, 1), -1.5) for n in (1, 3)]
    yield "wide", "A wide range: the rounding of the shift matters.", wide
    leads = grid.spread(grid.saturated / 2, reach, 4)
    yield "dominated", "One class dominates.", [(mild[1][0], lead, mild[1][1]) for lead in leads]
    yield "vanishing", "Probabilities at the end of the subnormal numbers.", [(0.0, -m) for m in grid.margins[-4:]]
    size = 2.0 ** min(grid.most - 6, 60)
    yield "equal", "Equal logits, of any size.", [(0.0, 0.0), (-3.5,) * 3, (size,) * 2, (-size,) * 5]
    yield "tied", "Two classes share the first place.", [(1.0, 1.0, -3.0), (4.0, -20.0, 4.0)]
    yield "unit-sums", "The exponentials sum to almost 1.", [(small[0],) * 2, (small[1],) * 3, (-8.0, 0.0)]
    yield "overflowing", "A shift that overflows.", [(top, -top), (-top, top, 0.0), (top, top)]


def _mixed(numbers: Sequence[float]) -> tuple[float, ...]:
    """Out of order, the largest neither first nor always last."""
    return (*numbers[1::2], *numbers[::2])


def _peak(row: Sequence[float]) -> int:
    return max(range(len(row)), key=row.__getitem__)


def _shares(classes: int) -> tuple[float, ...]:
    """1/2, 1/4, ... with the last one twice: exact in every type, and so is their sum."""
    return (*(2.0**-n for n in range(1, classes)), 2.0 ** (1 - classes))
