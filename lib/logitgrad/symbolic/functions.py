"""Named functions with their definitions: sigma, softplus, relu, softmax.

Each knows two things. ``definition`` is what it is; a proof only ever uses that. ``fdiff`` is its
derivative in the form people write, so that cells stay readable; theorems hold it to the definition.
"""

from __future__ import annotations

import re
from typing import Any

from sympy import (
    Add,
    Basic,
    Dummy,
    Eq,
    Expr,
    Function,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Lambda,
    Max,
    Mul,
    Piecewise,
    Pow,
    S,
    Sum,
    SympifyError,
    exp,
    log,
    nan,
    oo,
    sympify,
)

from .symbols import K, k


class Defined(Function):
    """A function that stands for its ``definition``.

    Subclasses give ``define(*args)`` and, where the printed name is not the class's own, ``tex``.
    """

    tex: str = ""

    @classmethod
    def define(cls, *args: Any) -> Expr:
        raise NotImplementedError

    @property
    def definition(self) -> Expr:
        return self.define(*self.args)

    def _eval_rewrite_as_exp(self, *args: Any, **hints: Any) -> Expr:
        return unfold(self)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        name = self.tex or rf"\operatorname{{{type(self).__name__}}}"
        arguments = ", ".join(printer._print(argument) for argument in self.args)
        return rf"{name}{'^{' + exp + '}' if exp else ''}({arguments})"


class Unspecified(Function):
    """A function of which nothing is known but the derivative that it names.

    What is said of it is said of any function, so one is enough to refute it: ``example`` gives one.
    """

    @classmethod
    def example(cls, *args: Any) -> Expr:
        """The values of one such function."""
        raise NotImplementedError


def unfold(expr: Any) -> Any:
    """Replace every named function by its definition, to the ground.

    >>> from logitgrad.symbolic import sigma, unfold, z
    >>> unfold(sigma(z))
    1/(1 + exp(-z))
    """
    while isinstance(expr, Basic) and expr.has(Defined):
        expr = expr.replace(lambda e: isinstance(e, Defined), lambda e: e.definition)
    return expr


class sigma(Defined):
    """The logistic sigmoid, 1/(1 + e^-z), strictly between 0 and 1 for real z.

    >>> from logitgrad.symbolic import sigma, z
    >>> sigma(z).diff(z)
    (1 - sigma(z))*sigma(z)
    >>> sigma(0)
    1/2
    """

    tex = r"\sigma"
    nargs = 1

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        return {S.Zero: S.Half, oo: S.One, -oo: S.Zero}.get(z)

    @classmethod
    def define(cls, z: Expr) -> Expr:
        return 1 / (1 + exp(-z))

    def fdiff(self, argindex: int) -> Expr:
        return self * (1 - self)

    def _eval_is_positive(self) -> bool | None:
        return True if self.args[0].is_real else None


class softplus(Defined):
    """log(1 + e^z), the smooth maximum of 0 and z; its derivative is sigma(z).

    >>> from logitgrad.symbolic import softplus, z
    >>> softplus(z).diff(z)
    sigma(z)
    """

    nargs = 1

    @classmethod
    def define(cls, z: Expr) -> Expr:
        return log(1 + exp(z))

    def fdiff(self, argindex: int) -> Expr:
        return sigma(self.args[0])


class relu(Defined):
    """max(0, z). Its derivative is 1 above 0, 0 below, and does not exist at 0.

    >>> from logitgrad.symbolic import relu, z
    >>> relu(z).diff(z).subs(z, 0)
    nan
    """

    nargs = 1

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        if z.is_nonnegative:
            return z
        return S.Zero if z.is_nonpositive else None

    @classmethod
    def define(cls, z: Expr) -> Expr:
        return Max(0, z)

    def fdiff(self, argindex: int) -> Expr:
        z = self.args[0]
        return Piecewise((1, z > 0), (0, z < 0), (nan, True))


def at(vector: Basic, index: Expr) -> Expr:
    """Component ``index`` of a vector: an IndexedBase, or a Lambda of the index."""
    return vector[index] if isinstance(vector, IndexedBase) else vector(index)


def unused(*vectors: Basic) -> Expr:
    """An index that none of the vectors contains, so that a sum over it captures nothing of theirs."""
    taken = any(k in vector.free_symbols for vector in vectors)
    return Dummy("k", integer=True, positive=True) if taken else k


def is_component(variable: Expr, vector: Basic, classes: Expr) -> bool:
    """Whether the variable is one of the vector's components 1..classes. A symbol as index is one of 1..K."""
    if not isinstance(vector, IndexedBase) or getattr(variable, "base", None) != vector:
        return False
    (index,) = variable.indices
    if index.is_Symbol:
        return bool(classes == K)
    return bool(index.is_positive and (classes - index).is_nonnegative)


def vector_tex(vector: Basic, printer: Any) -> str:
    """A vector as it is written without its index: ``z + c`` for the Lambda k -> z_k + c."""
    if not isinstance(vector, Lambda):
        return str(printer._print(vector))
    index = re.escape(printer._print(vector.variables[0]))
    return re.sub(rf"\{{(\w+)\}}_\{{{index}\}}", r"\1", printer._print(vector.expr))


def components_tex(vector: Basic, classes: Expr, printer: Any) -> str:
    """The components of a short vector, one by one: ``z_1, z_2``."""
    return ", ".join(printer._print(at(vector, Integer(n))) for n in range(1, int(classes) + 1))


class softmax(Defined):
    """p_j = e^(z_j) / sum over k of e^(z_k): ``softmax(logits, j)``, for K classes unless a number is given.

    The first argument is the vector of logits, an IndexedBase or a Lambda of the index.

    >>> from logitgrad.symbolic import logits, i, j, softmax
    >>> softmax(logits, j).diff(logits[i])
    (KroneckerDelta(i, j) - softmax(z, i, K))*softmax(z, j, K)
    """

    nargs = 3

    def __new__(cls, vector: Basic, index: Any, classes: Any = K, **options: Any) -> Any:
        return super().__new__(cls, vector, index, classes, **options)

    @classmethod
    def define(cls, vector: Basic, index: Expr, classes: Expr) -> Expr:
        n = unused(vector)
        return exp(at(vector, index)) / Sum(exp(at(vector, n)), (n, 1, classes))

    def _eval_derivative(self, variable: Expr) -> Expr:
        vector, index, classes = self.args
        if is_component(variable, vector, classes):
            other = variable.indices[0]
            return self * (KroneckerDelta(index, other) - softmax(vector, other, classes))
        from .calculus import differentiate

        return differentiate(self.definition, variable)

    def _eval_is_positive(self) -> bool | None:
        return True if at(self.args[0], k).is_real else None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        vector, index, classes = self.args
        power = f"^{{{exp}}}" if exp else ""
        if isinstance(vector, IndexedBase):
            if classes == K:
                return f"p_{{{printer._print(index)}}}{power}"
            components = components_tex(vector, classes, printer)
            return rf"\operatorname{{softmax}}({components})_{{{printer._print(index)}}}{power}"
        return rf"\operatorname{{softmax}}({vector_tex(vector, printer)})_{{{printer._print(index)}}}{power}"


class logsumexp(Defined):
    """log of the sum of e^(z_k) over the classes: ``logsumexp(logits)``.

    >>> from logitgrad.symbolic import logits, logsumexp, i
    >>> logsumexp(logits).diff(logits[i])
    softmax(z, i, K)
    """

    nargs = 2

    def __new__(cls, vector: Basic, classes: Any = K, **options: Any) -> Any:
        return super().__new__(cls, vector, classes, **options)

    @classmethod
    def define(cls, vector: Basic, classes: Expr) -> Expr:
        n = unused(vector)
        return log(Sum(exp(at(vector, n)), (n, 1, classes)))

    def _eval_derivative(self, variable: Expr) -> Expr:
        vector, classes = self.args
        if is_component(variable, vector, classes):
            return softmax(vector, variable.indices[0], classes)
        from .calculus import differentiate

        return differentiate(self.definition, variable)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{LSE}}{power}({vector_tex(self.args[0], printer)})"


def expression(thing: Any) -> Basic:
    """Anything that SymPy takes for an expression; text is not, since reading it would run it."""
    try:
        return sympify(thing, strict=True)
    except SympifyError:
        raise TypeError(f"expected an expression made with SymPy, got {type(thing).__name__} {thing!r}") from None


def equation(left: Any, right: Any) -> Eq:
    """An equation that nobody has tried to decide: SymPy's own would look for an answer each time it is written.

    >>> from sympy import Eq
    >>> from logitgrad.symbolic import equation, sigma, z
    >>> Eq(z - z, 0), equation(1 - sigma(z), sigma(-z)).func
    (True, <class 'sympy.core.relational.Equality'>)
    """
    return Eq(left, right, evaluate=False)


def in_order(*terms: Expr) -> Expr:
    r"""A sum that keeps the order in which it is written, so that sigma(z) - y is printed as that.

    >>> from logitgrad.symbolic import in_order, sigma, tex, y, z
    >>> print(tex(in_order(sigma(z), -y)))
    \sigma(z) - y
    """
    return Add(*terms, evaluate=False)


def times(*factors: Expr) -> Expr:
    r"""A product that keeps the order in which it is written, so that p (1 - p) is printed as that.

    >>> from logitgrad.symbolic import p, tex, times
    >>> print(tex(times(p, 1 - p)))
    p \left(1 - p\right)
    """
    return Mul(*factors, evaluate=False)


def over(numerator: Expr, denominator: Expr) -> Expr:
    r"""A fraction whose parts keep the order in which they are written.

    >>> from logitgrad.symbolic import in_order, over, tex, times, y, z
    >>> print(tex(over(in_order(z, -y), times(z, 1 - z))))
    \frac{z - y}{z \left(1 - z\right)}
    """
    return Mul(numerator, Pow(denominator, -1, evaluate=False), evaluate=False)


def total(body: Expr, index: Expr = k, classes: Any = K) -> Sum:
    """The sum of ``body`` over the classes, 1 to K unless a number is given.

    >>> from logitgrad.symbolic import k, logits, total
    >>> total(logits[k])
    Sum(z[k], (k, 1, K))
    """
    return Sum(body, (index, 1, classes))


__all__ = [
    "Defined",
    "Unspecified",
    "at",
    "components_tex",
    "expression",
    "in_order",
    "logsumexp",
    "over",
    "relu",
    "sigma",
    "softmax",
    "softplus",
    "times",
    "total",
    "unfold",
    "unused",
]
