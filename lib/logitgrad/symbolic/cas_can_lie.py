"""SymPy's wrong or misleading answers, each as it is asked, with what holds instead and what stops it here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy
from sympy import Gt, I, Limit, Symbol, exp, log, pi

from .functions import equation, in_order, sigma, softplus
from .symbols import a, beta, c, z
from .theorem import topic

SYMPY = "1.14.0"  # every answer below was given by this version

lead = Symbol("d", positive=True)  # how far one logit is ahead of the other

theorem = topic("cas_can_lie")

theorem(
    "softplus-positive",
    Gt(softplus(z), 0),
    "Softplus is positive at every real logit, however far to the left.",
)
theorem(
    "logarithms-of-negatives",
    equation(in_order(log(a), log(c)), in_order(log(a * c), 2 * pi * I)),
    "The logarithms of two negative numbers add up to that of their product and one turn more.",
    assumptions=(a < 0, c < 0),
)
theorem(
    "reciprocal-limit-right",
    equation(Limit(sigma(1 / z), z, 0, "+"), 1),
    "From the right the sigmoid of 1/z tends to 1.",
    uses=("sigmoid-limit-right",),
)
theorem(
    "reciprocal-limit-left",
    equation(Limit(sigma(1 / z), z, 0, "-"), 0),
    "From the left the sigmoid of 1/z tends to 0.",
    uses=("sigmoid-limit-left",),
)
theorem(
    "larger-logit-wins",
    equation(Limit(sigma(beta * lead), beta, sympy.oo), 1),
    "As the temperature falls, all probability goes to the class that is ahead.",
    uses=("softmax-two-classes", "sigmoid-limit-right"),
)
theorem(
    "smaller-logit-loses",
    equation(Limit(sigma(-beta * lead), beta, sympy.oo), 0),
    "As the temperature falls, the class that is behind is left with nothing.",
    uses=("softmax-two-classes", "sigmoid-limit-left"),
)


@cache
def scope() -> dict[str, Any]:
    """The names that a question may use: SymPy's, this library's symbols and results, and a few symbols more."""
    import logitgrad.symbolic as ours

    from . import calculus, statement

    more: dict[str, Any] = {
        "w": Symbol("w"),  # any complex number
        "s": Symbol("s", positive=True),
        "alpha": Symbol("alpha", positive=True),
        "gamma": Symbol("gamma", positive=True),
        "stranger": Symbol("z"),  # has the name of our z and not its assumption
        "p_k": ours.softmax(ours.logits, ours.k),
        "LSE": log(ours.total(exp(ours.logits[ours.k]))),
        "prove": statement.prove,
        "fresh_indices": calculus.fresh_indices,
    }
    return {**vars(sympy), **{name: getattr(ours, name) for name in ours.__all__}, **more}


@dataclass(frozen=True)
class Lie:
    """One question to SymPy, the answer that it gives, what is true, and what stops the answer in this library.

    ``asked`` and ``check`` are lines of Python that use the names of ``scope``; ``check`` is true as long as the
    guard holds. ``issue`` is the number of SymPy's own report, where there is one.

    >>> lie = lies["captured-index"]
    >>> lie.answer()
    1
    >>> lie.stands(), lie.stopped()
    (True, True)
    """

    name: str
    asked: str
    said: str
    truth: str
    guard: str
    check: str
    issue: int | None = None

    def answer(self) -> Any:
        """What the installed SymPy says now."""
        return eval(self.asked, scope())

    def stands(self) -> bool:
        """Whether the installed SymPy still says what version 1.14.0 said."""
        return str(self.answer()) == self.said

    def stopped(self) -> bool:
        """Whether this library still does not follow it."""
        return bool(eval(self.check, scope()))


LIES = (
    Lie(
        "captured-index",
        "diff(LSE, logits[k])",
        "1",
        "$p_k$",
        "fresh indices",
        "prove_equal(Derivative(LSE, logits[k]), p_k).status == 'proved'",
        issue=21891,
    ),
    Lie(
        "renamed-index",
        "diff(LSE, logits[i]).subs(i, k)",
        "1",
        "$p_k$",
        "fresh indices",
        "prove_equal(fresh_indices(diff(LSE, logits[i])).subs(i, k), p_k).status == 'proved'",
    ),
    Lie(
        "leaked-index",
        "simplify(-total(Piecewise((KroneckerDelta(i, j, (1, K)), logits[i] > 0), (0, True)), i))",
        "Piecewise((-1, z[i] > 0), (0, True))",
        "the same with $z_j$: $i$ is bound",
        "no `simplify` on sums; counterexample",
        "prove_equal(total(Piecewise((KroneckerDelta(i, j), logits[i] > 0), (0, True)), i),"
        " Piecewise((1, logits[i] > 0), (0, True))).status == 'refuted'",
        issue=27359,
    ),
    Lie(
        "another-symbol",
        "diff(z**2, Symbol('z'))",
        "0",
        "$2z$, by the $z$ that is in it",
        "each symbol made once; text refused",
        "stranger != z and prove_equal(Derivative(z**2, z), 0).status == 'refuted'",
    ),
    Lie(
        "assumption-not-checked",
        "sqrt(s**2).subs(s, -3)",
        "-3",
        "3, or no answer: $s$ is positive",
        "points must satisfy the assumptions",
        "prove_equal(sqrt(s**2), -3, given=(Eq(s, -3),)).status == 'undecided'",
    ),
    Lie(
        "structure",
        "sigma(z).definition == exp(z) / (1 + exp(z))",
        "False",
        "equal for every $z$",
        "rewriting; `prove` refuses `==`",
        "prove_equal(sigma(z).definition, exp(z) / (1 + exp(z))).method == 'rewriting'",
    ),
    Lie(
        "not-simplified",
        "simplify(log(1 + exp(w)) - w - log(1 + exp(-w))) == 0",
        "False",
        "0 for real $w$, $-2\\pi i$ at $w = 4i$",
        "real symbols; rewriting",
        "prove_equal(log(1 + exp(z)) - z - log(1 + exp(-z)), 0).method == 'rewriting'",
    ),
    Lie(
        "forced-logarithm",
        "expand_log(log(a * c), force=True)",
        "log(a) + log(c)",
        "$2\\pi i$ less where both are negative",
        "only factors of known sign leave a logarithm; counterexample",
        "prove_equal(log(a * c), log(a) + log(c)).status == 'refuted'",
    ),
    Lie(
        "forced-root",
        "powdenest(sqrt(w**2), force=True)",
        "w",
        "$-w$ at $w = -1$",
        "counterexample",
        "prove_equal(sqrt(w**2), w).status == 'refuted'",
    ),
    Lie(
        "loss-not-real",
        "integrate(1 / (1 - a), a)",
        "-log(a - 1)",
        "not real for any $a < 1$; $-\\log(1 - a)$ is",
        "counterexample",
        "prove_equal(-log(a - 1), -log(1 - a), given=(a < 1,)).status == 'refuted'",
        issue=11017,
    ),
    Lie(
        "removed-pole",
        "cancel((z**2 - 1) / (z - 1)).subs(z, 1)",
        "2",
        "no value at $z = 1$",
        "none: equalities hold where both sides have a value",
        "prove_equal((z**2 - 1) / (z - 1), z + 1).status == 'proved'",
    ),
    Lie(
        "hidden-zero",
        "(sin(y)**2 + cos(y)**2 - 1) / (sin(y)**2 + cos(y)**2 - 1)",
        "1",
        "$0/0$ for every $y$",
        "none if it cancels while it is written; otherwise no point to speak of",
        "prove_equal((sin(y)**2 + cos(y)**2 - 1) / (1 - sin(y)**2 - cos(y)**2), -1).status == 'undecided'"
        " and prove_equal((sin(y)**2 + cos(y)**2 - 1) / (sin(y)**2 + cos(y)**2 - 1), 1).status == 'proved'",
    ),
    Lie(
        "order-of-substitution",
        "[(y * log(a)).subs(y, 0).subs(a, 0), (y * log(a)).subs(a, 0).subs(y, 0)]",
        "[0, nan]",
        "no value; the limit is 0",
        "all at once, and a side without a value is not equal to anything",
        "prove_equal(y * log(a), 0, given=(Eq(a, 0), Eq(y, 0))).status == 'undecided'",
    ),
    Lie(
        "slope-at-a-kink",
        "diff(Max(z, 0), z).subs(z, 0)",
        "1/2",
        "no derivative",
        "closed differentiation",
        "differentiate(Max(z, 0), z).subs(z, 0) is nan",
        issue=20881,
    ),
    Lie(
        "slope-of-a-branch",
        "diff(Piecewise((log(1 + z) / z, Ne(z, 0)), (1, True)), z).subs(z, 0)",
        "0",
        "$-\\tfrac12$",
        "closed differentiation says `nan`",
        "differentiate(Piecewise((log(1 + z) / z, Ne(z, 0)), (1, True)), z).subs(z, 0) is nan",
        issue=11402,
    ),
    Lie(
        "one-sided",
        "limit(sigma(1 / z), z, 0)",
        "1",
        "0 from the left",
        "the side is printed; a limit from both is taken twice",
        "prove(Eq(Limit(sigma(1 / z), z, 0, '+-'), 1)).status == 'undecided'",
    ),
    Lie(
        "limit-at-a-branch",
        "limit(Piecewise((0, z < 0), (1, True)), z, 0, '-')",
        "1",
        "0",
        "the branch on the limit's side is chosen first",
        "prove(Eq(Limit(Piecewise((0, z < 0), (1, True)), z, 0, '-'), 1)).status == 'refuted'",
        issue=23836,
    ),
    Lie(
        "limit-by-the-alphabet",
        "limit(exp(alpha*z) / (exp(alpha*z) + exp(gamma*z)), z, oo)",
        "0",
        "1 if $\\alpha > \\gamma$, $\\tfrac12$ if equal",
        "limit at chosen parameters",
        "prove(Eq(Limit(exp(alpha*z) / (exp(alpha*z) + exp(gamma*z)), z, oo), 0)).status == 'refuted'",
        issue=22893,
    ),
    Lie(
        "limit-of-a-root",
        "limit(z / Abs(sqrt(z**2 - 1)), z, 1, '-')",
        "-oo",
        "$\\infty$: all is positive there",
        "undecided: the branch is not found",
        "prove(Eq(Limit(z / Abs(sqrt(z**2 - 1)), z, 1, '-'), -oo)).status == 'undecided'",
        issue=25681,
    ),
    Lie(
        "tenths",
        "0.1*z + 0.2*z - 0.3*z",
        "5.55111512312578e-17*z",
        "0 for tenths, $z / 2^{54}$ for these floats",
        "a float is the binary fraction that it is",
        "prove_equal(0.1*z, z / 10).status == 'refuted'",
    ),
    Lie(
        "claimed-digits",
        "Float(0.1, 30)",
        "0.100000000000000005551115123126",
        "one tenth was meant",
        "a float is the binary fraction that it is",
        "prove_equal(Float(0.1, 30), Rational(1, 10)).status == 'refuted'",
    ),
    Lie(
        "cancellation",
        "log(1 + exp(-100)).evalf(strict=True)",
        "0",
        "$3.7 \\cdot 10^{-44}$",
        "enclosures",
        "0 < enclose(softplus(z), {z: -100}) < 1e-43",
    ),
    Lie(
        "comparison",
        "log(1 + exp(-30)) > 0",
        "False",
        "true, as for every logit",
        "an answer is no proof; unevaluated, enclosures",
        "prove(log(1 + exp(-30)) > 0).status == 'undecided'"
        " and prove(Gt(log(1 + exp(-30)), 0, evaluate=False)).status == 'proved'",
        issue=28280,
    ),
    Lie(
        "translation",
        "lambdify(z, sigma(z).definition - 1, 'math')(40)",
        "0.0",
        "$-4.2 \\cdot 10^{-18}$",
        "no numeric code is made from symbolic code",
        "enclose(sigma(z) - 1, {z: 40}) < 0",
    ),
)

lies: dict[str, Lie] = {lie.name: lie for lie in LIES}


class Table:
    """Lies as the page shows them: question, answer, truth, guard. Raises AssertionError if an answer is new."""

    def __init__(self, which: Iterable[Lie] = LIES) -> None:
        self.which = tuple(which)
        changed = [lie.name for lie in self.which if not lie.stands()]
        if changed:
            raise AssertionError(f"SymPy {sympy.__version__} answers otherwise: {', '.join(changed)}")

    def __repr__(self) -> str:
        return "\n".join(f"{lie.asked}\n  {lie.said}, not {lie.truth}; {lie.guard}" for lie in self.which)

    def _repr_markdown_(self) -> str:
        head = "| question, answer, and what is true | stopped by |\n|---|---|"
        return "\n".join([head, *map(self._row, self.which)])

    def _row(self, lie: Lie) -> str:
        report = f" (#{lie.issue})" if lie.issue else ""
        return f"| `{lie.asked}`{report}<br>→ `{lie.said}`<br>truth: {lie.truth} | {lie.guard} |"


__all__ = ["LIES", "SYMPY", "Lie", "Table", "lies"]
