r"""What an answer says: text to mathematics, without ever evaluating text.

`answers.lark` is the grammar, `spelling` what comes before it, `bounds` what is asked before anything is built. The
words that may be used are those of the exercise and the functions named here; nothing else can be said. SymPy's own
readers are not used: the one of Python's syntax runs ``eval``, and the one of LaTeX evaluates while it reads, before
any bound could be looked at.

How what is ambiguous is read, and shown back:

- Division and multiplication go from left to right, so ``1/2z`` is half of z; ``1/(2z)`` needs its brackets.
- A sign comes after a power: ``-z^2`` is minus the square. ``2^3^2`` is 2 to the power 9.
- A function without brackets takes what stands side by side: ``log 2z``, ``log p^2`` is the logarithm of the square.
  With brackets it ends there: ``log(p)^2`` and ``\log^2 p`` are squares of the logarithm.
- A sum goes on to the next plus or minus: ``sum_k y_k z_k - y_j`` takes ``y_j`` away after summing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, reduce
from importlib.resources import files
from typing import Any, NamedTuple

import sympy
from lark import Lark, Token, Transformer, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.lexer import PatternRE
from lark.visitors import v_args
from sympy import (
    Abs,
    Dummy,
    E,
    Expr,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Rational,
    S,
    Sum,
    Symbol,
    oo,
    pi,
    sqrt,
    zoo,
)

from ..symbolic import K, relu, sigma, softplus
from ..symbolic.calculus import fresh_indices
from . import bounds
from .bounds import TooLarge
from .spelling import GREEK, NotUnderstood, Spelled, spell
from .written import LATEX, TEXT

TOKENS = 300
SUMS = 4

#: Functions that may be typed in every exercise, by their names.
FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "exp": bounds.exponential,
    "log": sympy.log,
    "ln": sympy.log,
    "log1p": lambda x: sympy.log(1 + x),
    "expm1": lambda x: bounds.exponential(x) - 1,
    "sqrt": lambda x: bounds.power(x, S.Half),
    "sigma": sigma,
    "sigmoid": sigma,
    "logit": lambda p: sympy.log(p / (1 - p)),
    "softplus": softplus,
    "relu": relu,
    "ReLU": relu,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "coth": sympy.coth,
    "sech": lambda x: 1 / sympy.cosh(x),
    "csch": lambda x: 1 / sympy.sinh(x),
    "artanh": lambda x: sympy.log((1 + x) / (1 - x)) / 2,
    "atanh": lambda x: sympy.log((1 + x) / (1 - x)) / 2,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "arctan": sympy.atan,
    "atan": sympy.atan,
    "abs": Abs,
    "sign": sympy.sign,
    "max": Max,
    "min": Min,
}
_SEVERAL = (Max, Min)  # functions of more than one argument
_CONSTANTS = {"e": E, "pi": pi}


@dataclass(frozen=True)
class Understood:
    """What a text was read as: the expression, how it is written, and the words that it uses.

    ``notes`` say how what might be read in two ways was read.
    """

    expression: Expr
    text: str
    latex: str

    names: frozenset[str]
    notes: tuple[str, ...] = ()


class Vocabulary:
    """What may be typed in an exercise, and what it means.

    ``symbols`` maps a name to its meaning. ``p_j`` with an expression in j stands for every index; ``a_1`` for itself.
    ``indices`` are the letters that may stand free in an answer, ``ranges`` the upper ends of those that do not run to K.
    """

    def __init__(
        self,
        symbols: Mapping[str, Any],
        indices: tuple[Any, ...] = (),
        functions: Mapping[str, Callable[..., Any]] | None = None,
        ranges: Mapping[str, Any] | None = None,
    ) -> None:
        self.symbols = {**_CONSTANTS, **symbols}
        self.indices = frozenset(indices)
        self.functions = {**FUNCTIONS, **(functions or {})}
        self.ranges = dict(ranges or {})
        self.patterns: dict[tuple[str, int], tuple[tuple[Symbol, ...], Expr]] = {}
        for name, meaning in symbols.items():
            base, _, letters = name.partition("_")
            if letters and letters.isalpha():
                self.patterns[base, len(letters)] = tuple(map(index, letters)), fresh_indices(meaning)

    @property
    def names(self) -> frozenset[str]:
        """The words of the vocabulary without their indices."""
        bases = {name.partition("_")[0] for name in self.symbols}
        if any(count for _, count in self.patterns) or self.indices:
            bases |= {"delta", "KroneckerDelta", *({"K"} - set(self.symbols))}
        return frozenset(bases)

    def upper(self, letter: str) -> Expr:
        """The last value of an index."""
        return self.ranges.get(letter, K)


def index(letter: str) -> Symbol:
    """The symbol of an index.

    >>> from logitgrad.symbolic import k
    >>> index("k") == k
    True
    """
    return Symbol(letter, integer=True, positive=True)


def understand(text: str, vocabulary: Vocabulary) -> Understood:
    """Read an answer.

    Raises NotUnderstood, with the place, for whatever is no formula in these words, and TypeError for what is no text.

    >>> from logitgrad.symbolic import y, z
    >>> understood = understand("1/(1+e^-z) - y", Vocabulary({"z": z, "y": y}))
    >>> understood.expression
    -y + 1/(1 + exp(-z))
    >>> print(understood.latex)
    \\frac{1}{1 + e^{-z}} - y
    """
    if not isinstance(text, str):
        raise TypeError(f"an answer is text, not {type(text).__name__}")
    spelled = spell(text)
    tree = _parsed(spelled, vocabulary)
    try:
        built = _Build(vocabulary, spelled).transform(tree)
    except VisitError as error:
        if isinstance(error.orig_exc, NotUnderstood):
            raise error.orig_exc from None
        raise
    return Understood(
        built,
        TEXT.transform(tree),
        LATEX.transform(tree),
        frozenset(_words(tree)),
        tuple(dict.fromkeys(_notes(tree, spelled.text))),
    )


# Reading


@lru_cache(maxsize=128)
def _parser(names: frozenset[str], functions: frozenset[str]) -> Lark:
    """The grammar with an exercise's words in it, the longest first."""
    words = {"NAME": names, "FUNCTION": functions}

    def fill(terminal: Any) -> None:
        if terminal.name in words:
            longest_first = sorted(words[terminal.name], key=lambda word: (-len(word), word))
            # Greek letters and functions have a backslash in LaTeX.
            terminal.pattern = PatternRE(
                "|".join(r"\\?" * (len(word) > 1) + re.escape(word) for word in longest_first)
            )

    return Lark(
        files(__package__).joinpath("answers.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        edit_terminals=fill,
    )


def _parsed(spelled: Spelled, vocabulary: Vocabulary) -> Tree[Token]:
    parser = _parser(vocabulary.names, frozenset(vocabulary.functions))
    try:
        tree = parser.parse(spelled.text)
    except UnexpectedInput as error:
        raise _explained(error, spelled, vocabulary) from None
    count = sum(1 for _ in tree.scan_values(lambda value: isinstance(value, Token)))
    if count > TOKENS:
        raise NotUnderstood(f"it has more than {TOKENS} parts", spelled.place(0, len(spelled.text)))
    return tree


def _explained(error: UnexpectedInput, spelled: Spelled, vocabulary: Vocabulary) -> NotUnderstood:
    """Why the reading ended where it did, in words for the one who typed."""
    text, start = spelled.text, error.pos_in_stream
    if start is None or start >= len(text.rstrip()) or getattr(error, "token", Token("", "")).type == "$END":
        missing = _unclosed(text)
        reason = f"the bracket {missing} is not closed" if missing else "something is still missing at the end"
        return NotUnderstood(
            reason if text.strip() else "there is nothing to read", spelled.place(len(text), len(text))
        )
    first, last = _run(text, start)
    word = text[first:last]
    known = {*vocabulary.names, *vocabulary.functions, "sum"}
    if len(word.lstrip("\\")) > 1 and word.lstrip("\\") not in known and word[-1].isalpha():
        near = get_close_matches(word.lstrip("\\"), sorted(known), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return NotUnderstood(f"{word} is not known here{hint}", spelled.place(first, last))
    if isinstance(error, UnexpectedCharacters):
        what = text[start]
        reason = (
            f"the letter {what} has no meaning here" if what.isalpha() else f"{what} is no part of a formula here"
        )
        return NotUnderstood(reason, spelled.place(start, start + 1))
    token = error.token if isinstance(error, UnexpectedToken) else Token("", word)
    if token.type == "NUMBER":
        reason = f"it is not clear how {token} belongs to what stands before it; write * between factors"
    elif token in (")", "]", "}"):
        reason = f"the bracket {token} was not opened, or nothing stands before it"
    elif token == ",":
        reason = "a comma separates nothing here; a decimal number has a point"
    else:
        reason = f"{str(token).strip()} cannot stand here"
    return NotUnderstood(reason, spelled.place(start, start + len(token)))


def _run(text: str, start: int) -> tuple[int, int]:
    """The word around a place."""
    for match in re.finditer(r"\\?[A-Za-z]+", text):
        if match.start() <= start < match.end():
            return match.span()
    return start, start + 1


def _unclosed(text: str) -> str:
    """The last bracket that is open at the end, if any."""
    pairs = {")": "(", "]": "[", "}": "{"}
    opened: list[str] = []
    for character in text:
        if character in "([{":
            opened.append(character)
        elif character in pairs and opened and opened[-1] == pairs[character]:
            opened.pop()
    return opened[-1] if opened else ""


# Building


def letters_of(subscript: str) -> str:
    """The letters or digits of an index, however it is written: ``_j``, ``_{i,j}``, ``[j]``."""
    return re.sub(r"[\s_{}\[\](),]|\\\\[,;:! ]", "", subscript)


@v_args(meta=True)
class _Build(Transformer[Token, Any]):
    """The tree as a SymPy expression, from the leaves up; each part is within its bounds before it is built."""

    def __init__(self, vocabulary: Vocabulary, spelled: Spelled) -> None:
        super().__init__()
        self.known = vocabulary
        self.spelled = spelled
        self.sums = 0
        self.free: list[tuple[str, Any]] = []  # the index letters so far that no sum binds, each with its place

    def _stop(self, meta: Any, reason: str) -> NotUnderstood:
        return NotUnderstood(reason, self.spelled.place(meta.start_pos, meta.end_pos))

    def _defined(self, meta: Any, made: Callable[..., Expr], *parts: Expr) -> Expr:
        """What is made of the parts, if it is within the bounds and has a value."""
        try:
            found = made(*parts)
        except TooLarge as error:
            raise self._stop(meta, str(error)) from None
        if found.has(S.NaN, zoo, oo, -oo):
            raise self._stop(meta, "this has no value: it divides by 0 or takes the logarithm of 0")
        return found

    def _index(self, meta: Any, letter: str) -> Symbol:
        self.free.append((letter, meta))
        return index(letter)

    def _inside(self, meta: Any) -> list[tuple[str, Any]]:
        return [(letter, at) for letter, at in self.free if meta.start_pos <= at.start_pos < meta.end_pos]

    def start(self, meta: Any, children: list[Expr]) -> Expr:
        own = sorted(symbol.name for symbol in self.known.indices)
        for letter, place in self.free:
            if letter not in own:
                reason = f"no sum runs over the index {letter}"
                raise self._stop(place, f"{reason}; the answer is for {' and '.join(own)}" if own else reason)
        return children[0]

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
        return self._defined(meta, bounds.total, *terms)

    def product(self, meta: Any, children: list[Any]) -> Expr:
        factors, divided = [], False
        for child in children:
            if isinstance(child, Token):
                divided = child.type == "OVER"
            else:
                factors.append(self._defined(meta, bounds.power, child, S.NegativeOne) if divided else child)
                divided = False
        return self._defined(meta, bounds.product, *factors)

    def signed(self, meta: Any, children: list[Any]) -> Expr:
        return -children[1] if children[0].type == "MINUS" else children[1]

    def power(self, meta: Any, children: list[Expr]) -> Expr:
        base, exponent = children
        return self._defined(meta, bounds.exponential if base == E else bounds.power, *children[base == E :])

    def group(self, meta: Any, children: list[Expr]) -> Expr:
        return children[0]

    def times_itself(self, meta: Any, children: list[Expr]) -> _Raised:
        return _Raised(children[0])

    def bars(self, meta: Any, children: list[Expr]) -> Expr:
        return Abs(children[0])

    def fraction(self, meta: Any, children: list[Any]) -> Expr:
        if len(children) == 1:
            children = [Integer(int(digit)) for digit in re.findall(r"\d", children[0])]
        top, bottom = children
        return self._defined(meta, bounds.product, top, self._defined(meta, bounds.power, bottom, S.NegativeOne))

    def call(self, meta: Any, children: list[Any]) -> Expr:
        name = children[0].lstrip("\\")
        times = [child.exponent for child in children if isinstance(child, _Raised)]
        arguments = [child for child in children[1:] if not isinstance(child, _Raised)]
        function = self.known.functions[name]
        if function in _SEVERAL:
            if not 2 <= len(arguments) <= 4:
                raise self._stop(meta, f"{name} takes two to four arguments")
        elif len(arguments) != 1:
            raise self._stop(meta, f"{name} takes one argument")
        if times and not (times[0].is_Integer and times[0].is_positive):
            raise self._stop(meta, f"this may be an inverse or a power of {name}; write one or the other out")
        if name not in ("exp", "expm1"):
            self._defined(meta, lambda: bounds.exponential(arguments[0]))
        value = self._defined(meta, function, *arguments)
        return self._defined(meta, bounds.power, value, *times) if times else value

    def name(self, meta: Any, children: list[Any]) -> Expr:
        name, letters = children[0].lstrip("\\"), letters_of(children[1] or "")
        symbols = self.known.symbols
        if not letters:
            if name == "K" and "K" not in symbols:
                return K
            if name in symbols:
                return symbols[name]
            raise self._stop(meta, f"{name} needs an index here, such as {self._with_index(name)}")
        if f"{name}_{letters}" in symbols and not letters.isalpha():
            return symbols[f"{name}_{letters}"]
        if name in ("delta", "KroneckerDelta") and len(letters) == 2 and letters.isalpha():
            return KroneckerDelta(*(self._index(meta, letter) for letter in letters))
        pattern = self.known.patterns.get((name, len(letters)))
        if pattern is None or not letters.isalpha():
            known = self._with_index(name)
            reason = f"{name} is written {known} here" if known else f"{name} has no index here"
            raise self._stop(meta, reason)
        own, meaning = pattern
        return meaning.xreplace(dict(zip(own, (self._index(meta, letter) for letter in letters), strict=True)))

    def _with_index(self, name: str) -> str:
        if name in ("delta", "KroneckerDelta"):
            return "delta_ij"
        return " or ".join(known for known in self.known.symbols if known.startswith(f"{name}_"))

    def iverson(self, meta: Any, children: list[Token]) -> Expr:
        return KroneckerDelta(*(self._index(meta, letter) for letter in re.findall(r"[A-Za-z]", children[0])))

    def upper(self, meta: Any, children: list[Token]) -> str:
        return str(children[0])

    def sum_over(self, meta: Any, children: list[Any]) -> Expr:
        _, subscript, *upper, body = children
        found = _RUNS.match(subscript)
        if not found:
            raise self._stop(meta, "a sum runs over an index: sum_k, or from k = 1 to K")
        letter, other = found["index"], found["other"]
        if other:
            body = self._defined(
                meta, bounds.product, body, 1 - KroneckerDelta(index(letter), self._index(meta, other))
            )
        return self._total(meta, letter, body, upper)

    def sum_call(self, meta: Any, children: list[Any]) -> Expr:
        _, body, letter, *ends = children
        if ends and ends[0] != "1":
            raise self._stop(meta, "sums begin at 1 here")
        return self._total(meta, str(letter), body, [str(end) for end in ends[1:]])

    def sum_of(self, meta: Any, children: list[Any]) -> Expr:
        own = {symbol.name for symbol in self.known.indices}
        letters = sorted({letter for letter, _ in self._inside(meta)} - own)
        if len(letters) != 1:
            raise self._stop(meta, "it is not said which index the sum runs over; write sum_k")
        return self._total(meta, letters[0], children[1], [])

    def _total(self, meta: Any, letter: str, body: Expr, upper: list[str]) -> Expr:
        self.sums += 1
        if self.sums > SUMS:
            raise self._stop(meta, f"there are more than {SUMS} sums")
        last = self.known.upper(letter)
        if upper and upper[0] != str(last):
            raise self._stop(meta, f"the index {letter} runs from 1 to {last} here")
        bound_here = [(letter, at) for found, at in self._inside(meta) if found == letter]
        self.free = [item for item in self.free if item not in bound_here]
        bound = Dummy(letter, integer=True, positive=True)
        return Sum(body.xreplace({index(letter): bound}), (bound, 1, last))


_RUNS = re.compile(
    r"_\s*\{?\s*(?P<index>[A-Za-z])\s*(?:=\s*1|(?:\\neq?(?![a-z])|!=)\s*(?P<other>[A-Za-z]))?\s*\}?\Z"
)


class _Raised(NamedTuple):
    """The exponent between a function's name and its argument."""

    exponent: Expr


# What the tree says besides


def _words(tree: Tree[Token]) -> Iterator[str]:
    """The names and functions that a text uses, without their indices."""
    for token in tree.scan_values(lambda value: isinstance(value, Token)):
        if token.type in ("NAME", "FUNCTION"):
            yield token.lstrip("\\")
        elif token.type in ("SUM", "IVERSON"):
            yield {"SUM": "sum", "IVERSON": "delta"}[token.type]


def _notes(tree: Tree[Token], text: str) -> Iterator[str]:
    """How what might be read in two ways was read."""
    for node in tree.iter_subtrees_topdown():
        if node.data == "product":
            for before, divisor, after in zip(node.children, node.children[1:], node.children[2:], strict=False):
                divides = isinstance(before, Token) and before.type == "OVER"
                if divides and isinstance(divisor, Tree) and isinstance(after, Tree):
                    yield "a quotient is read from left to right: 1/2z is half of z, and 1/(2z) needs its brackets"
    if re.search(r"\be\s*\^\s*[-+]?\d+\\?[A-Za-z(]", text):
        yield "an exponent ends with its number: e^2z is e^2 times z, and e^(2z) needs its brackets"
    if re.search(r"\d\s*e\s*[-+]\s*\d", text):
        yield "e is Euler's number: 1e-3 is e minus 3, and a thousandth is 0.001"
