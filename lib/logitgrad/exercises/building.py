"""A tree to a SymPy expression, from the leaves up; each part is within its bounds before it is built."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from lark import Token, Transformer, Tree
from lark.visitors import v_args
from sympy import Abs, Dummy, E, Expr, Integer, KroneckerDelta, Max, Min, Rational, S, Sum, oo, zoo

from . import bounds
from .bounds import TooLarge
from .spelling import NotUnderstood, Spelled
from .vocabulary import SLOW, Vocabulary, index
from .written import letters

SUMS = 4  # of an answer
_SEVERAL = {Max, Min}  # functions of more than one argument
_NOTHING = (S.NaN, zoo, oo, -oo)
_RUNS = re.compile(
    r"_\s*\{?\s*(?P<index>[A-Za-z])\s*(?:=\s*1|(?:\\neq?(?![a-z])|!=)\s*(?P<other>[A-Za-z]))?\s*\}?"
)


class Raised(NamedTuple):
    """The exponent between a function's name and its argument."""

    exponent: Expr


class Range(NamedTuple):
    """What a sum runs over: its index, up to the last value, without the other index if there is one."""

    letter: str
    last: Expr
    other: str | None = None


@v_args(meta=True)
class Build(Transformer[Token, Any]):
    """Builds the expression of a tree. Raises NotUnderstood, wrapped by lark in a VisitError.

    ``ranges`` holds what each sum was found to run over, by its place.
    """

    def __init__(self, vocabulary: Vocabulary, spelled: Spelled) -> None:
        super().__init__()
        self.known = vocabulary
        self.spelled = spelled
        self.free: list[tuple[str, Any]] = []  # index letters that no sum binds so far, each with its place
        self.ranges: dict[int, Range] = {}

    def start(self, meta: Any, children: list[Expr]) -> Expr:
        own = sorted(symbol.name for symbol in self.known.indices)
        for letter, place in self.free:
            if letter not in own:
                reason = f"no sum runs over the index {letter}"
                raise self._stop(place, f"{reason}; the answer is for {' and '.join(own)}" if own else reason)
        return children[0]

    def _stop(self, meta: Any, reason: str) -> NotUnderstood:
        return NotUnderstood(reason, self.spelled.place(meta.start_pos, meta.end_pos))

    def _made(self, meta: Any, make: Callable[..., Expr], *parts: Expr) -> Expr:
        """What is made of the parts, if it is within the bounds and has a value."""
        try:
            found = make(*parts)
        except TooLarge as error:
            raise self._stop(meta, str(error)) from None
        if found.has(*_NOTHING):
            raise self._stop(meta, "this has no value: 1/0, 0/0, 0^0 and log(0) have none")
        return found

    # Arithmetic

    def number(self, meta: Any, children: list[Token]) -> Expr:
        if len(children[0]) > bounds.DIGITS:
            raise self._stop(meta, f"a number has up to {bounds.DIGITS} digits here")
        return Rational(str(children[0]))

    def sum(self, meta: Any, children: list[Any]) -> Expr:
        terms, sign = [], 1
        for child in children:
            if isinstance(child, Token):
                sign = -1 if child.type == "MINUS" else 1
            else:
                terms.append(sign * child)
        return self._made(meta, bounds.total, *terms)

    def product(self, meta: Any, children: list[Any]) -> Expr:
        factors, divides = [], False
        for child in children:
            if not isinstance(child, Token):
                factors.append(self._made(meta, bounds.power, child, S.NegativeOne) if divides else child)
            divides = isinstance(child, Token) and child.type == "OVER"
        return self._made(meta, bounds.product, *factors)

    def signed(self, meta: Any, children: list[Any]) -> Expr:
        return -children[1] if children[0].type == "MINUS" else children[1]

    def power(self, meta: Any, children: list[Expr]) -> Expr:
        base, exponent = children
        if base == E:
            return self._made(meta, bounds.exponential, exponent)
        return self._made(meta, bounds.power, base, exponent)

    def group(self, meta: Any, children: list[Expr]) -> Expr:
        return children[0]

    def bars(self, meta: Any, children: list[Expr]) -> Expr:
        return Abs(children[0])

    def fraction(self, meta: Any, children: list[Any]) -> Expr:
        if len(children) == 1:
            children = [Integer(int(digit)) for digit in re.findall(r"\d", children[0])]
        top, bottom = children
        return self._made(meta, bounds.product, top, self._made(meta, bounds.power, bottom, S.NegativeOne))

    # Functions

    def times_itself(self, meta: Any, children: list[Expr]) -> Raised:
        return Raised(children[0])

    def call(self, meta: Any, children: list[Any]) -> Expr:
        name = children[0].lstrip("\\")
        function = self.known.functions[name]
        raised = [child.exponent for child in children if isinstance(child, Raised)]
        arguments = [child for child in children[1:] if not isinstance(child, Raised)]
        most = 4 if function in _SEVERAL else self.known.arity(name)
        if not (2 if function in _SEVERAL else most) <= len(arguments) <= most:
            number = {1: "one argument", 4: "two to four arguments"}.get(most, f"{most} arguments")
            raise self._stop(meta, f"{name} takes {number}")
        if raised and not (raised[0].is_Integer and raised[0].is_positive):
            raise self._stop(meta, f"this may be an inverse or a power of {name}; write one or the other out")
        if name not in SLOW:  # what they are made of is an exponential of the argument
            for argument in arguments:
                self._made(meta, bounds.exponential, argument)
        value = self._made(meta, function, *arguments)
        return self._made(meta, bounds.power, value, *raised) if raised else value

    # Names and their indices

    def name(self, meta: Any, children: list[Any]) -> Expr:
        name, indices = children[0].lstrip("\\"), letters(children[1])
        key = "_".join([name, "".join(indices)]) if children[1] else name
        named = all(letter.isalpha() for letter in indices)
        if key in self.known.symbols and not (indices and named):
            return self.known.symbols[key]
        if name in ("delta", "KroneckerDelta") and len(indices) == 2 and named:
            return self._delta(meta, indices)
        pattern = self.known.patterns.get((name, len(indices)))
        if pattern is None or not named:
            raise self._stop(meta, self._other_index(name))
        return pattern.at([self._index(meta, letter) for letter in indices])

    def _other_index(self, name: str) -> str:
        known = sorted(known for known in self.known.symbols if known.startswith(f"{name}_"))
        if name in ("delta", "KroneckerDelta"):
            known.append("delta_ij")
        return f"{name} is written {' or '.join(known)} here" if known else f"{name} has no index here"

    def _index(self, meta: Any, letter: str) -> Expr:
        self.free.append((letter, meta))
        return index(letter)

    def _delta(self, meta: Any, pair: list[str]) -> Expr:
        return KroneckerDelta(*(self._index(meta, letter) for letter in pair))

    def iverson(self, meta: Any, children: list[Token]) -> Expr:
        return self._delta(meta, letters(children[0].replace("=", " ")))

    # Sums

    def upper(self, meta: Any, children: list[Token]) -> str:
        return str(children[0])

    def sum_over(self, meta: Any, children: list[Any]) -> Expr:
        _, subscript, *upper, body = children
        runs = _RUNS.fullmatch(subscript)
        if not runs:
            raise self._stop(meta, "a sum runs over an index: sum_k, or from k = 1 to K")
        if runs["other"]:
            body = self._made(
                meta,
                bounds.product,
                body,
                1 - KroneckerDelta(index(runs["index"]), self._index(meta, runs["other"])),
            )
        return self._total(meta, runs["index"], body, upper, runs["other"])

    def sum_call(self, meta: Any, children: list[Any]) -> Expr:
        _, body, letter, *ends = children
        if ends and ends[0] != "1":
            raise self._stop(meta, "sums begin at 1 here")
        return self._total(meta, str(letter), body, [str(end) for end in ends[1:]])

    def sum_of(self, meta: Any, children: list[Any]) -> Expr:
        own = {symbol.name for symbol in self.known.indices}
        unbound = {letter for letter, place in self.free if _inside(place, meta)} - own
        if len(unbound) != 1:
            raise self._stop(meta, "it is not said which index the sum runs over; write sum_k")
        return self._total(meta, unbound.pop(), children[1], [])

    def _total(self, meta: Any, letter: str, body: Expr, upper: list[str], other: str | None = None) -> Expr:
        if not self.known.has_classes:
            raise self._stop(meta, "there is nothing here that a sum could run over")
        last = self.known.last(letter)
        if upper and upper[0] != str(last):
            raise self._stop(meta, f"the index {letter} runs from 1 to {last} here")
        self.ranges[meta.start_pos] = Range(letter, last, other)
        if len(self.ranges) > SUMS:
            raise self._stop(meta, f"there are more than {SUMS} sums")
        self.free = [(free, place) for free, place in self.free if free != letter or not _inside(place, meta)]
        bound = Dummy(letter, integer=True, positive=True)
        return Sum(body.xreplace({index(letter): bound}), (bound, 1, last))


def _inside(place: Any, whole: Any) -> bool:
    return bool(whole.start_pos <= place.start_pos < whole.end_pos)


def with_ranges(tree: Tree[Token], ranges: dict[int, Range]) -> Tree[Token]:
    """The tree with every sum written in one way, with what it runs over."""
    for node in tree.iter_subtrees():
        if str(node.data).startswith("sum_"):
            runs = ranges[node.meta.start_pos]
            body = node.children[1] if node.data == "sum_call" else node.children[-1]
            below = f"_{{{runs.letter} {runs.other or ''}}}"
            node.data, node.children = (
                "sum_over",
                [node.children[0], Token("SUBSCRIPT", below), Token("INDEX", str(runs.last)), body],
            )
    return tree


__all__ = ["SUMS", "Build", "Raised", "Range", "with_ranges"]
