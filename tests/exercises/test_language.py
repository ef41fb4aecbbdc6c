"""What is typed, and how it is read: groups of texts with one meaning, and texts that end at a place."""

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sympy import Abs, E, KroneckerDelta, Max, Rational, Sum, cosh, exp, expand, log, pi, sqrt, tanh

from logitgrad.exercises.language import NotUnderstood, Vocabulary, understand
from logitgrad.symbolic import K, i, j, k, logits, prove_equal, relu, sigma, softmax, softplus, targets, y, z
from logitgrad.symbolic.symbols import beta

from .inputs import ATOMS, NUMBERS, RIGHT, formula

p = sigma(z)
ONE = Vocabulary({"z": z, "y": y, "p": p, "beta": beta, "z_0": y})
MANY = Vocabulary({"z_j": logits[j], "y_j": targets[j], "p_j": softmax(logits, j)}, (i, j))
p_i, p_j, p_k = (softmax(logits, n) for n in (i, j, k))


def read(text, vocabulary=ONE):
    return understand(text, vocabulary).expression


@pytest.mark.parametrize(
    ("meaning", "texts"),
    [
        (
            p - y,
            [
                "sigma(z) - y",
                "σ(z)-y",
                "sigmoid(z)-y",
                r"\sigma(z) - y",
                r"\sigma\left(z\right)-y",
                "p - y",
                "p−y",
                "p – y",
                "$p - y$",
            ],
        ),
        (
            1 / (1 + exp(-z)) - y,
            [
                "1/(1+exp(-z)) - y",
                r"\frac{1}{1+e^{-z}} - y",
                "1/(1 + e^-z) - y",
                "(1+e⁻ᶻ)^-1 − y",
                r"\dfrac1{1+e^{-z}}-y".replace("1{", "{1}{"),
            ],
        ),
        (2 * z, ["2z", "2 z", "2*z", "2·z", r"2 \cdot z", r"2\,z", "2 × z", "z*2", "z+z", "２ｚ"]),
        (2 * (z + 1), ["2(z+1)", "2*(z+1)", "2[z+1]", "2{z+1}", r"2\left(z+1\right)", r"2\bigl(z+1\bigr)"]),
        (z * (1 - z), ["z(1-z)", "z (1 - z)", "(1-z)z", "z*(1-z)", "z[1-z]"]),
        (
            p * (1 - p),
            ["sigma(z)(1-sigma(z))", "p(1-p)", "p - p^2", "p-p**2", "p − p²", r"\sigma(z)(1-\sigma(z))"],
        ),
        (exp(z), ["e^z", "exp(z)", "e^{z}", "exp z", r"\exp(z)", "eᶻ", r"\mathrm{e}^z", "e**z"]),
        (Abs(z), ["|z|", "abs(z)", r"\left|z\right|", r"\lvert z \rvert", r"\vert z\vert"]),
        (2 * Abs(z) * Abs(y), ["2|z||y|", "|y||2z|", "2|z| |y|"]),
        (exp(-Abs(z)), ["e^-|z|", "e^{-|z|}", "exp(-|z|)"]),
        (z / 2, ["1/2z", "½z", "z/2", "0.5z", ".5 z", r"\frac12 z", r"\tfrac 1 2 z", "2^-1 z"]),
        (-(z**2), ["-z^2", "-z²", "-(z^2)", "0-z*z", "−z**2"]),
        (Rational(1, 8), ["2^-3", "2^{-3}", "2⁻³", "1/8", "0.125", "1/2/4"]),
        (512, ["2^3^2", "2^9"]),
        (log(p**2), ["log p^2", "log(p^2)", r"\log p^2", "ln p²", "ln(p*p)"]),
        (log(p) ** 2, ["log(p)^2", "log^2 p", r"\log^2(p)", r"\log^{2} p", "(log p)^2"]),
        (p**2, ["sigma(z)^2", "sigma^2(z)", r"\sigma^2(z)", "σ²(z)"]),
        (log(2 * z), ["log 2z", "log(2z)", r"\log{2z}"]),
        (log(p) * (1 - p), ["log p (1-p)", "log(p)(1-p)", "(1-p) log p"]),
        (
            y * log(p) + (1 - y) * log(1 - p),
            ["y log p + (1-y) log(1-p)", r"y\log p+(1-y)\log(1-p)", "ylog(p)+(1-y)log(1-p)"],
        ),
        (y * z, ["yz", "y z", "zy", "y*z"]),
        (Max(0, z) - y * z, ["max(0, z) - yz", "max(z,0)-z y", r"\max(0,z)-yz"]),
        (sqrt(z), ["sqrt(z)", r"\sqrt{z}", "√z", "z^(1/2)", "sqrt z", "z^½"]),
        (softplus(-z), ["softplus(-z)", r"\operatorname{softplus}(-z)", r"\mathrm{softplus}(-z)"]),
        (tanh(z) / cosh(z), ["tanh(z)/cosh(z)", "tanh(z) sech(z)", r"\frac{\tanh z}{\cosh z}"]),
        (relu(z), ["relu(z)", "ReLU(z)"]),
        (beta * z, ["beta z", "βz", r"\beta z", "z*beta"]),
        (y + 1, ["z_0 + 1", "z_{0}+1", "z₀+1"]),
        (-2 * z, ["-2z", "2*-z", "--(-2z)", "2(-z)"]),
        (log(p / (1 - p)), ["logit(p)"]),
        (E * pi, ["e pi", "πe", r"e\pi"]),
    ],
)
def test_texts_have_one_meaning(meaning, texts):
    for text in texts:
        assert expand(read(text) - meaning) == 0, text


@pytest.mark.parametrize(
    ("meaning", "texts"),
    [
        (p_j - targets[j], ["p_j - y_j", "p[j]-y[j]", "p_{j} - y_{j}", "pⱼ − yⱼ", "p_j-y_j"]),
        (p_j * targets[j], ["p_j y_j", "p_jy_j", "p_j*y_j", "y[j]p[j]"]),
        (
            KroneckerDelta(i, j) - p_i,
            [
                "delta_ij - p_i",
                r"\delta_{ij}-p_i",
                "δ_ij-p_i",
                "[i=j]-p_i",
                "[i == j] - p_i",
                "1[i=j]-p_i",
                "delta(i,j)-p_i",
                "delta_{i,j}-p_i",
                "δᵢⱼ-pᵢ",
                "delta[i, j]-p_i",
            ],
        ),
        (
            p_j * (KroneckerDelta(i, j) - p_i),
            ["p_j(delta_ij - p_i)", r"p_j(\delta_{ij} - p_i)", "p_j*([i=j]-p_i)"],
        ),
        (
            Sum(targets[k] * p_k, (k, 1, K)),
            [
                "sum_k y_k p_k",
                r"\sum_k y_k p_k",
                r"\sum_{k=1}^{K} y_k p_k",
                r"\sum_{k=1}^K y_k p_k",
                "sum(y_k p_k, k)",
                "sum(y_k p_k, k, 1, K)",
                "sum y_k p_k",
                "∑_k y_k p_k",
                "Σ_{k} p_k y_k",
                "sum_k (y_k p_k)",
                "sum_m y_m p_m",
                "sum_k^K y_k p_k",
                r"\sum\limits_{k=1}^{K} y_k p_k",
                "sum_{l=1}^K y_l p_l",
            ],
        ),
        (
            p_j * Sum(targets[k], (k, 1, K)) - targets[j],
            ["p_j sum_k y_k - y_j", "(sum_k y_k) p_j - y_j", "-y_j + p_j*sum(y_k,k)"],
        ),
        (1 - p_j, ["sum_{k != j} p_k", r"\sum_{k \neq j} p_k", r"\sum_{k\ne j} p_k", "sum_{k≠j} p_k"]),
        (Sum(targets[k], (k, 1, K)) ** 2, ["sum_k y_k sum_l y_l", "(sum_k y_k)^2", "sum_k y_k sum_k y_k"]),
        (
            p_j,
            [
                "e^{z_j}/sum_k e^{z_k}",
                r"\frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}}",
                "1/sum_k e^(z_k - z_j)",
                "exp(z_j)/sum_i exp(z_i)",
            ],
        ),
    ],
)
def test_texts_with_an_index_have_one_meaning(meaning, texts):
    for text in texts:
        assert prove_equal(read(text, MANY), meaning), text


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("z + (", (5, 5), "bracket ( is not closed"),
        ("", (0, 0), "nothing to read"),
        ("z +", (3, 3), "missing at the end"),
        ("z - q", (4, 5), "q has no meaning here"),
        ("z + foo(z)", (4, 7), "foo is not known here"),
        ("sigmod(z)", (0, 6), "did you mean sigmoid?"),
        (r"1 + \def\x", (4, 8), r"\def is not known"),
        ("z)", (1, 2), "was not opened"),
        ("2 3", (2, 3), "write * between"),
        ("0,5", (1, 2), "has a point"),
        ("z + 1/(y - y)", (4, 13), "no value"),
        ("1 + log(0)", (4, 10), "no value"),
        ("0^0", (0, 3), "no value"),
        ("z - \u0440", (4, 5), "only looks like p"),
        ("z\u200b", (1, 2), "U+200B"),
        ("z\x00y", (1, 2), "U+0000"),
        ("z + σ^-1(z)", (6, 7), "cannot stand"),
        (r"z + \sigma^{-1}(z)", (4, 18), "inverse"),
        ("9**9**9", (0, 7), "too large"),
        ("y + (z+1)^1000000", (4, 17), "go up to"),
        ("e^e^e^z", (0, 7), "stacked too high"),
        ("1 + z[i]", (4, 8), "z is written z_0 here"),
        ("max(z)", (0, 6), "two to four"),
        ("sigma(z, y)", (0, 11), "one argument"),
        ("sum_k z", (0, 7), "nothing here that a sum"),
    ],
)  # fmt: skip
def test_place_and_reason_of_what_is_not_understood(text, place, reason):
    with pytest.raises(NotUnderstood) as caught:
        read(text)
    assert caught.value.place == place
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("1 - p_k", (4, 7), "no sum runs over the index k; the answer is for i and j"),
        ("1 - p", (4, 5), "p is written p_j here"),
        ("p_1", (0, 3), "written p_j"),
        ("p_{j+1}", (0, 7), "written p_j"),
        ("sum_{k=0}^K y_k", (0, 15), "runs over an index"),
        ("sum_{k=1}^N y_k", (0, 15), "from 1 to K"),
        ("sum(y_k, k, 2, K)", (0, 17), "begin at 1"),
        ("sum y_j", (0, 7), "write sum_k"),
        ("delta_i", (0, 7), "delta_ij"),
        ("sum_k p_k sum_l p_l sum_m p_m sum_n p_n sum_a p_a", (0, 49), "more than 4 sums"),
        ("sum_k (p_k) - y_k", (14, 17), "no sum runs over the index k"),
    ],
)  # fmt: skip
def test_place_and_reason_with_an_index(text, place, reason):
    with pytest.raises(NotUnderstood) as caught:
        read(text, MANY)
    assert caught.value.place == place
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("text", "latex", "plain"),
    [
        ("sigma(z)-y", r"\sigma(z) - y", "sigma(z) - y"),
        ("1/2z", r"\frac{1}{2} z", "1/2 z"),
        ("-y/(1-p)", r"-\frac{y}{1 - p}", "-y/(1 - p)"),
        ("2½", r"2 \cdot \frac{1}{2}", "2 * 1/2"),
        ("(p)/(1-p)^2", r"\frac{p}{(1 - p)^{2}}", "p/((1 - p)^2)"),
        (r"\frac{1}{2}^2", r"\left(\frac{1}{2}\right)^{2}", "(1/2)^2"),
        ("log p^2", r"\log(p^{2})", "log(p^2)"),
        ("e^-z", "e^{-z}", "e^(-z)"),
        ("βz|y|", r"\beta z \left|y\right|", "beta z |y|"),
        ("sqrt(z+1)", r"\sqrt{z + 1}", "sqrt(z + 1)"),
    ],
)
def test_answer_is_written_back_as_it_was_typed(text, latex, plain):
    understood = understand(text, ONE)
    assert (understood.latex, understood.text) == (latex, plain)


def test_a_sum_is_written_back_with_its_range():
    understood = understand("p_j sum y_k - sum_{l != j} p_l", MANY)
    assert understood.latex == r"p_{j} \sum_{k=1}^{K} y_{k} - \sum_{l \ne j} p_{l}"
    assert understood.text == "p_j sum_k y_k - sum_{l != j} p_l"


@pytest.mark.parametrize("text", ["1/2z", "e^2z", "1e-3"])
def test_what_might_be_read_in_two_ways_has_a_note(text):
    assert understand(text, ONE).notes


@pytest.mark.parametrize("text", ["2z/3", "e^2", "z^2(1-z)", "(1/2)(z)", "1/(2z)"])
def test_what_is_read_in_one_way_has_none(text):
    assert understand(text, ONE).notes == ()


def test_words_are_those_of_the_exercise():
    assert read("lz", Vocabulary({"l": y, "z": z})) == y * z
    with pytest.raises(NotUnderstood):
        read("lz")
    assert read("Phi(z)", Vocabulary({"z": z}, functions={"Phi": lambda x: tanh(x)})) == tanh(z)


def test_a_sum_runs_to_the_range_of_its_letter():
    N, n = K * 2, Vocabulary({"x_n": targets[k].subs(k, i).subs(i, k)}, ()).last("n")
    assert n == K
    vocabulary = Vocabulary({"x_n": targets[j]}, ranges={"n": N})
    assert vocabulary.last("n") == N


def test_an_index_is_replaced_in_the_meaning_not_captured_by_its_sums():
    mean = Sum(logits[k] * KroneckerDelta(k, j), (k, 1, K))
    assert prove_equal(read("s_k", Vocabulary({"s_j": mean}, (k,))), logits[k])


def test_text_alone_is_read():
    for thing in (None, 1, b"z", z, ["z"]):
        with pytest.raises(TypeError):
            understand(thing, ONE)


@given(st.integers(0, 2**32), st.sampled_from(sorted(RIGHT)))
def test_what_is_written_back_means_the_same(seed, name):
    from logitgrad.exercises import exercises

    random = Random(seed)
    vocabulary = exercises[name].vocabulary
    try:
        understood = understand(formula(random, random.randint(1, 4), NUMBERS + ATOMS[name]), vocabulary)
    except NotUnderstood:
        assume(False)
    for text in (understood.text, understood.latex):
        again = understand(text, vocabulary)
        assert renamed(again.expression) == renamed(understood.expression)


def renamed(e):
    """The expression with its bound indices named by their order."""
    from sympy import Dummy, Symbol

    dummies = sorted(e.atoms(Dummy), key=lambda dummy: dummy.dummy_index)
    return str(e.xreplace({dummy: Symbol(f"k{n}") for n, dummy in enumerate(dummies)}))
