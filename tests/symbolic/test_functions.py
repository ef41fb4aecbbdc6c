"""The named functions are held to their definitions."""

import pytest
import sympy as sp
from sympy import (
    Derivative,
    Dummy,
    Gt,
    IndexedBase,
    KroneckerDelta,
    Lambda,
    Max,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    latex,
    log,
    nan,
    oo,
)

from logitgrad.symbolic import (
    K,
    Theorem,
    a,
    bce,
    c,
    ell,
    equation,
    i,
    in_order,
    j,
    k,
    logits,
    logsumexp,
    mse,
    over,
    p,
    prove_equal,
    relu,
    s,
    sigma,
    softmax,
    softplus,
    targets,
    theorems,
    times,
    total,
    unfold,
    y,
    z,
)
from logitgrad.symbolic.cross_entropy import excess
from logitgrad.symbolic.functions import Defined, at, expression, is_component, unused

SCALAR = [sigma(z), softplus(z), relu(z), bce(z, y), mse(z, y), excess(Symbol("x", positive=True))]


@pytest.mark.parametrize("f", SCALAR, ids=str)
def test_derivative_of_a_named_function_is_that_of_its_definition(f):
    for variable in f.free_symbols:
        given = (Gt(z, 0),) if isinstance(f, relu) else ()
        written = f.diff(variable)
        assert prove_equal(written, Derivative(f.definition, variable), given).status == "proved"
    if isinstance(f, relu):
        assert prove_equal(f.diff(z), Derivative(f.definition, z), (z < 0,)).status == "proved"


@pytest.mark.parametrize("f", [softmax(logits, j), logsumexp(logits), softmax(logits, 1, 3)], ids=str)
@pytest.mark.parametrize("variable", [logits[i], logits[j], logits[1]], ids=str)
def test_derivative_of_a_function_of_a_vector_is_that_of_its_definition(f, variable):
    assert prove_equal(f.diff(variable), Derivative(f.definition, variable)).status == "proved"


def test_component_that_is_no_class_has_no_influence():
    assert prove_equal(softmax(logits, 1, 2).diff(logits[3]), 0).status == "proved"
    assert prove_equal(logsumexp(logits, 2).diff(logits[3]), 0).status == "proved"


def all_named():
    found, queue = [], [Defined]
    while queue:
        kinds = queue.pop().__subclasses__()
        found += kinds
        queue += kinds
    return [kind for kind in found if kind.__module__.startswith("logitgrad.")]


BACKED = {
    ("sigma", "_eval_is_positive"): "sigmoid-range",
    ("softmax", "_eval_is_positive"): "softmax-range",
    ("excess", "_eval_is_nonnegative"): "log-below-line",
}


def test_every_assumption_that_a_named_function_makes_is_a_theorem():
    claims = {(kind.__name__, name) for kind in all_named() for name in vars(kind) if name.startswith("_eval_is_")}
    assert claims == set(BACKED)
    for name in BACKED.values():
        # Proved on the definition: with the names unfolded the claim cannot prove itself.
        theorem = theorems[name]
        unfolded = theorem.statement.func(
            *(unfold(part) for part in theorem.statement.args),
            **({} if isinstance(theorem.statement, sp.And) else {"evaluate": False}),
        )
        assert not unfolded.has(Defined)
        result = Theorem("unfolded", unfolded, "c", "W.", theorem.assumptions, via=theorem.via).prove()
        assert result.status == "proved", result


def test_nothing_is_claimed_of_arguments_that_may_not_be_real():
    w, v = Symbol("w"), sp.IndexedBase("w")
    assert sigma(w).is_positive is None
    assert sigma(2 * sp.pi * sp.I).is_positive is None  # it is 1/2
    assert softmax(v, j).is_positive is None
    assert excess(z).is_nonnegative is None


# What they are, and where they settle by themselves

shifted = Lambda(k, logits[k] + c)
scaled = Lambda(k, c * logits[k])


def test_values_at_the_ends_are_the_limits():
    assert [sigma(end) for end in (-oo, 0, oo)] == [0, Rational(1, 2), 1]
    assert sigma(1).func is sigma


def test_relu_settles_where_the_sign_is_known():
    assert [relu(e) for e in (s, -s, 0, 2, -2, z**2)] == [s, 0, 0, 2, 0, z**2]
    fresh = Dummy(real=True)  # SymPy remembers what it once said of z
    assert relu(fresh).func is relu
    assert relu(fresh).definition == Max(0, fresh)


def test_derivative_of_relu_is_that_of_its_side():
    fresh = Dummy(real=True)
    slope = relu(fresh).diff(fresh)
    assert [slope.subs(fresh, point) for point in (-2, Rational(-1, 3), Rational(1, 3), 2)] == [0, 0, 1, 1]
    assert slope.subs(fresh, 0) is nan
    assert slope.args[-1] == (nan, True)


def test_signs_are_known_for_real_arguments():
    fresh, vector = Dummy(real=True), IndexedBase("v", real=True)
    assert sigma(fresh).is_positive is True
    assert sigma(fresh).is_real is True
    assert softmax(vector, j).is_positive is True
    assert softmax(Lambda(k, vector[k] + fresh), j).is_positive is True
    assert sigma(Dummy()).is_real is None


def test_definitions_are_the_field_s():
    assert softplus(z).definition == log(1 + exp(z))
    assert sigma(z).definition == 1 / (1 + exp(-z))
    assert softmax(logits, j).definition == exp(logits[j]) / Sum(exp(logits[k]), (k, 1, K))
    assert logsumexp(logits, 3).definition == log(Sum(exp(logits[k]), (k, 1, 3)))
    with pytest.raises(NotImplementedError):
        Defined.define(z)


def test_unfolding_goes_to_the_ground_and_leaves_what_is_no_expression():
    nested = softplus(sigma(relu(z)))
    assert not unfold(nested).has(Defined)
    assert unfold(nested) == log(1 + exp(1 / (1 + exp(-Max(0, z)))))
    assert nested.rewrite(exp) == unfold(nested)
    assert unfold("text") == "text"


def test_numbers_of_arguments_are_fixed():
    for kind in (sigma, softplus, relu):
        with pytest.raises(TypeError):
            kind(z, y)
    assert softmax(logits, j) == softmax(logits, j, K)
    assert logsumexp(logits) == logsumexp(logits, K)


def test_derivative_by_a_component_is_written_as_people_write_it():
    p_i, p_j = softmax(logits, i), softmax(logits, j)
    assert p_j.diff(logits[i]) == p_j * (KroneckerDelta(i, j) - p_i)
    assert logsumexp(logits).diff(logits[i]) == p_i
    second = softmax(logits, 2, 3)
    assert softmax(logits, 1, 3).diff(logits[2]) == -softmax(logits, 1, 3) * second
    assert logsumexp(logits, 3).diff(logits[2]) == second


@pytest.mark.parametrize("f", [softmax(scaled, j), logsumexp(scaled), softmax(scaled, 1, 2)], ids=str)
@pytest.mark.parametrize("variable", [c, logits[i], logits[1]], ids=str)
def test_derivative_through_a_vector_of_expressions_is_that_of_the_definition(f, variable):
    assert prove_equal(f.diff(variable), Derivative(f.definition, variable)).status == "proved"


@pytest.mark.parametrize(
    ("variable", "vector", "classes", "truth"),
    [
        (logits[i], logits, K, True),
        (logits[1], logits, K, True),
        (logits[2], logits, K, False),  # there may be one class only
        (logits[2], logits, S(2), True),
        (logits[3], logits, S(2), False),
        (logits[0], logits, K, False),
        (logits[0], logits, S(2), False),
        (logits[i], logits, S(2), False),  # i may be 3
        (logits[i + 1], logits, K, False),
        (targets[1], logits, K, False),
        (z, logits, K, False),
        (logits[i], shifted, K, False),
    ],
    ids=str,
)
def test_component_is_one_of_the_classes(variable, vector, classes, truth):
    assert is_component(variable, vector, classes) is truth


def test_index_of_a_sum_is_one_that_the_vectors_do_not_contain():
    assert unused(logits) == unused(shifted, logits) == k
    fresh = unused(logits, Lambda(i, logits[i] - logits[k]))
    assert fresh != k
    assert fresh.is_integer
    assert fresh.is_positive
    assert str(fresh) == "_k"


def test_component_of_a_vector_of_expressions_is_its_value_at_the_index():
    assert at(logits, j) == logits[j]
    assert at(shifted, j) == logits[j] + c


# How they are written


@pytest.mark.parametrize(
    ("e", "written"),
    [
        (sigma(z), r"\sigma(z)"),
        (sigma(z) ** 2, r"\sigma^{2}(z)"),
        (softplus(z) ** 3, r"\operatorname{softplus}^{3}(z)"),
        (excess(s), r"g(s)"),
        (ell(p, y), r"\ell(p, y)"),
        (softmax(logits, j), "p_{j}"),
        (softmax(logits, j) ** 2, "p_{j}^{2}"),
        (softmax(logits, 1, 3), r"\operatorname{softmax}({z}_{1}, {z}_{2}, {z}_{3})_{1}"),
        (softmax(logits, 1, 2) ** 2, r"\operatorname{softmax}({z}_{1}, {z}_{2})_{1}^{2}"),
        (softmax(shifted, j), r"\operatorname{softmax}(c + z)_{j}"),
        (softmax(shifted, j) ** 2, r"\operatorname{softmax}(c + z)_{j}^{2}"),
        (logsumexp(logits), r"\operatorname{LSE}(z)"),
        (logsumexp(logits) ** 2, r"\operatorname{LSE}^{2}(z)"),
        (logsumexp(scaled), r"\operatorname{LSE}(c z)"),
        (logsumexp(Lambda(k, logits[k] - logits[i])), r"\operatorname{LSE}(- {z}_{i} + z)"),
    ],
    ids=lambda value: str(value).replace("\\", ""),  # pytest escapes a backslash anew whenever it collects
)
def test_latex_is_the_field_s(e, written):
    assert latex(e) == written


def test_sums_and_products_keep_the_order_in_which_they_are_written():
    assert latex(in_order(z, -a), order="none") == "z - a"
    assert latex(in_order(-a, z), order="none") == "- a + z"
    assert times(1 - z, z).args == (1 - z, z)
    assert times(z, 1 - z).args == (z, 1 - z)
    assert times(2, 3).args == (2, 3)
    assert over(in_order(z, a), 2 * y).args == (in_order(z, a), Pow(2 * y, -1, evaluate=False))
    assert over(S(2), S(4)).args == (2, Pow(4, -1, evaluate=False))


def test_total_is_over_the_classes():
    assert total(logits[k]) == Sum(logits[k], (k, 1, K))
    assert total(logits[j], j, 3) == Sum(logits[j], (j, 1, 3))


def test_only_expressions_are_taken():
    assert expression(2) == 2
    assert expression(z) is z
    with pytest.raises(TypeError, match=r"^expected an expression made with SymPy, got str 'z'$") as error:
        expression("z")
    assert error.value.__suppress_context__
    with pytest.raises(TypeError, match="got list"):
        expression([object()])


@pytest.mark.parametrize(("left", "right"), [(z, z), (z, z + 1), (1, 2), (sigma(-z), 1 - sigma(z))])
def test_an_equation_is_what_was_written_and_nobody_has_decided_it(left, right):
    stated = equation(left, right)
    assert isinstance(stated, sp.Equality)
    assert stated.args == (sp.sympify(left), sp.sympify(right))
