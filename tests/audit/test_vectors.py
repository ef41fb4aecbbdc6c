"""The shipped vectors are what the theorems give, and the library passes them."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from copy import deepcopy
from fractions import Fraction
from pathlib import Path

import jsonschema
import mpmath
import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder

import logitgrad as lg
from logitgrad.audit import exact, vectors
from logitgrad.audit.vectors import grid, near_ties
from logitgrad.audit.vectors.files import unit
from logitgrad.numeric import logexp

from ..numeric import claims, oracle

ROOT = Path(__file__).parents[2]
FILES = ("vectors.json", "vectors.tsv", "schema.json")
DOCUMENT = vectors.load()
SCHEMA = jsonschema.Draft202012Validator(json.loads(vectors.shipped("schema.json")))
ALL = list(vectors.cases(DOCUMENT))
EXACT = [case for case in ALL if "exact" in case and "Contract" not in case["flags"]]

each_function = pytest.mark.parametrize("function", vectors.FUNCTIONS)
each_dtype = pytest.mark.parametrize("dtype", vectors.DTYPES)


def listed(value):
    return value if isinstance(value, list) else [value]


def number(text):
    return float.fromhex(text)


def sample(function, dtype, n, seed=20261121):
    chosen = [case for case in EXACT if (case["function"], case["dtype"]) == (function, dtype)]
    picks = np.random.default_rng(seed).choice(len(chosen), min(n, len(chosen)), replace=False)
    return [chosen[k] for k in picks]


# The files


@pytest.mark.slow
def test_shipped_files_are_computed_anew_byte_for_byte():
    document = vectors.generate()
    assert vectors.as_json(document) == vectors.shipped("vectors.json")
    assert vectors.as_tsv(document) == vectors.shipped("vectors.tsv")


def test_a_part_is_the_same_part_of_the_whole():
    part = vectors.generate(["softmax"], ["float32"])
    whole = list(vectors.cases(DOCUMENT, ["softmax"], ["float32"]))
    assert list(vectors.cases(part)) == whole and len(whole) > 40


def test_document_is_valid_against_its_schema():
    SCHEMA.check_schema(SCHEMA.schema)
    SCHEMA.validate(DOCUMENT)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda case: case.update(z="1.5"),
        lambda case: case.update(result="0x1.80p+1"),
        lambda case: case.update(result="Infinity"),
        lambda case: case.update(exact="0.5"),
        lambda case: case.pop("exact"),
        lambda case: case.pop("id"),
        lambda case: case.update(note="more"),
    ],
)
def test_a_document_that_breaks_the_format_is_not_valid(break_it):
    broken = deepcopy(vectors.generate(["sigmoid"], ["float16"]))
    assert SCHEMA.is_valid(broken)
    break_it(broken["functions"][0]["groups"][0]["cases"][0])
    assert not SCHEMA.is_valid(broken)


def test_json_is_read_back_and_has_a_line_for_each_case():
    text = vectors.as_json(DOCUMENT)
    assert json.loads(text) == DOCUMENT
    assert sum(line.lstrip().startswith('{"id"') for line in text.splitlines()) == len(ALL)


def test_tab_separated_lines_say_what_the_document_says():
    head, *lines = (line.split("\t") for line in vectors.shipped("vectors.tsv").splitlines())
    assert len(lines) == len(ALL)
    for case, line in zip(ALL, lines, strict=True):
        row = dict(zip(head, line, strict=True))
        for key in ("id", "function", "dtype", "group"):
            assert row[key] == case[key]
        for key in ("z", "y", "v", "result", "scale", "flags"):
            assert row[key] == (" ".join(map(str, listed(case.get(key, [])))) or "-")


def test_every_case_has_an_id_of_its_own_and_it_is_not_its_place():
    assert len({case["id"] for case in ALL}) == len(ALL)
    [function] = vectors.generate(["sigmoid"], ["float16"])["functions"]
    ids = [case["id"] for group in function["groups"] for case in group["cases"]]
    assert ids == [case["id"] for case in vectors.cases(DOCUMENT, ["sigmoid"], ["float16"])]


def test_every_flag_is_explained_and_every_explained_flag_is_used():
    assert {flag for case in ALL for flag in case["flags"]} == set(DOCUMENT["flags"])


def test_size_of_the_files_is_kept_down():
    assert sum(len(vectors.shipped(name)) for name in FILES) < 1_500_000


def test_files_are_part_of_the_package_that_is_built():
    built = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert {f"logitgrad/audit/vectors/{name}" for name in FILES} <= built


def test_every_function_has_vectors_but_the_pair_that_returns_two_others():
    names = set(logexp.__all__)
    for module in (lg.sigmoid_bce, lg.sigmoid_mse, lg.relu_ce, lg.tanh_ce, lg.softmax_ce):
        short = module.__name__.rpartition(".")[2]
        names |= {f"{short}.{name}" for name in module.__all__ if name != "loss_and_grad"}
    assert set(vectors.FUNCTIONS) == names


# The numbers


def test_every_number_is_one_of_its_type():
    for case in ALL:
        kind = np.dtype(case["dtype"]).type
        texts = [t for key in ("z", "y", "v", "result") for t in listed(case.get(key, [])) if isinstance(t, str)]
        for value in (number(text) for text in texts if text != "error"):
            assert math.isnan(value) or float(kind(value)) == value


def test_every_result_is_the_float_nearest_to_its_digits():
    for case in EXACT:
        for text, digits in zip(listed(case["result"]), listed(case["exact"]), strict=True):
            value, got = Fraction(digits or "0"), np.dtype(case["dtype"]).type(number(text))
            if np.isinf(got):
                top = float(np.finfo(got.dtype).max)
                assert abs(value) >= Fraction(top) + unit(top.hex(), case["dtype"]) / 2
                continue
            with np.errstate(over="ignore"):
                others = [float(np.nextafter(got, got.dtype.type(side))) for side in (-np.inf, np.inf)]
            error = abs(value - Fraction(float(got)))
            # The digits are rounded too: they alone do not settle a tie such as that of sigmoid(2^-52).
            slack = abs(value) / 10**39
            assert all(error <= abs(value - Fraction(other)) + slack for other in others if math.isfinite(other))


@each_dtype
@each_function
def test_results_are_those_of_exact(function, dtype):
    for case in sample(function, dtype, 8):
        if None in listed(case["exact"]) or (function.startswith("tanh_ce") and not 1e-9 < size(case) < 40):
            continue  # `exact` starts with 128 bits, too few there to tell tanh(z) from 0 or from 1
        arguments = arguments_of(case)
        rows = vectors.FUNCTIONS[function].row
        for index, text in enumerate(listed(case["result"])):
            name = vectors.FUNCTIONS[function].form
            assert float(exact(name, *arguments, index=index if rows else None, dtype=dtype)) == number(text)


def arguments_of(case):
    """Numbers, or tuples of them; a class index as the targets that it stands for."""
    read = [case[key] for key in ("z", "y", "v") if key in case]
    read = [tuple(map(number, part)) if isinstance(part, list) else part for part in read]
    read = [number(part) if isinstance(part, str) else part for part in read]
    return [tuple(np.eye(len(read[0]))[part]) if isinstance(part, int) else part for part in read]


# The textbook, in mpmath's plain arithmetic: nothing of the library. Derivatives are differences of the losses.


def sigma(z):
    return 1 / (1 + mpmath.exp(-z))


def softmax(z):
    total = mpmath.fsum(map(mpmath.exp, z))
    return [mpmath.exp(logit) / total for logit in z]


def entropy(p, y):
    return -(y * mpmath.log(p) + (1 - y) * mpmath.log(1 - p))


def softmax_entropy(z, y):
    return -mpmath.fsum(target * mpmath.log(p) for p, target in zip(softmax(z), y, strict=True))


TEXTBOOK = {
    "sigmoid": sigma,
    "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
    "log_sigmoid": lambda z: mpmath.log(sigma(z)),
    "logsumexp": lambda z: mpmath.log(mpmath.fsum(map(mpmath.exp, z))),
    "softmax": softmax,
    "log_softmax": lambda z: list(map(mpmath.log, softmax(z))),
    "sigmoid_bce.loss": lambda z, y: entropy(sigma(z), y),
    "sigmoid_mse.loss": lambda z, y: (sigma(z) - y) ** 2 / 2,
    "relu_ce.loss": lambda z, y: entropy(max(z, 0), y),
    "tanh_ce.loss": lambda z, y: entropy(mpmath.tanh(z), y),
    "softmax_ce.loss": softmax_entropy,
}


def along(z, t, v):
    return [logit + t * step for logit, step in zip(z, v, strict=True)]


def textbook(function, z, y=None, v=None):
    """The values of a function, by its definition."""
    if function in TEXTBOOK:
        return listed(TEXTBOOK[function](z) if y is None else TEXTBOOK[function](z, y))
    module, _, kind = function.rpartition(".")
    loss = TEXTBOOK[f"{module}.loss"]
    if module != "softmax_ce":
        return [mpmath.diff(lambda x: loss(x, y), z, {"grad": 1, "hess": 2}[kind])]
    if kind == "grad":
        return [mpmath.diff(lambda x, i=i: loss([*z[:i], x, *z[i + 1 :]], y), z[i]) for i in range(len(z))]
    # The gradient, softmax(z) - y, along v: y drops out.
    return [mpmath.diff(lambda t, i=i: softmax(along(z, t, v))[i], 0) for i in range(len(z))]


def lifted(part):
    return [mpmath.mpf(entry) for entry in part] if isinstance(part, tuple) else mpmath.mpf(part)


def assert_digits(case, values):
    """The 40 digits are those of the values; or both are 0 to half of the precision at work."""
    nothing = mpmath.mpf(2) ** (-mpmath.mp.prec // 2)
    for digits, value in zip(listed(case["exact"]), values, strict=True):
        wanted = mpmath.mpf(digits or 0)
        error = abs(value - wanted)
        assert error <= abs(wanted) / mpmath.mpf(10) ** 39 if abs(wanted) > nothing else error < nothing


def size(case):
    return np.max(np.abs(arguments_of(case)[0]))


def bits(case):
    """Enough for what cancels at large logits, as exp(-2z) does beside 1, and at small ones."""
    logits = np.abs(np.ravel(arguments_of(case)[0]))
    return int(300 + 6 * logits.max() - 2 * np.log2(logits, where=logits > 0, out=np.zeros(logits.size)).min())


@pytest.mark.slow
@each_function
def test_fifty_values_are_those_of_the_textbook(function):
    """At logits below 800: beyond, differences of the losses take too many bits to be quick."""
    near = [case for case in EXACT if case["function"] == function and size(case) < 800]
    picks = np.random.default_rng(20261121).choice(len(near), 50, replace=False)
    for case in (near[k] for k in picks):
        with mpmath.workprec(bits(case)):
            assert_digits(case, textbook(function, *map(lifted, arguments_of(case))))


@each_dtype
@each_function
def test_formula_in_the_file_gives_the_digits(function, dtype):
    formula = next(entry["formula"] for entry in DOCUMENT["functions"] if entry["name"] == function)
    for case in sample(function, dtype, 4):
        if size(case) > 2500 and None in listed(case["exact"]):
            continue  # what is that small cancels beyond any precision
        z, *rest = arguments_of(case)
        with mpmath.workprec(4400):
            names = dict(zip("zyv", map(lifted, (z, *rest)), strict=False))
            names |= {"exp": mpmath.exp, "log": mpmath.log, "tanh": mpmath.tanh, "K": range(np.size(z))}
            assert_digits(case, [eval(formula, names | {"i": i}) for i in range(len(listed(case["exact"])))])


def test_values_are_made_without_the_functions_under_test_and_without_numpy_s(monkeypatch):
    whole = {name: list(vectors.cases(DOCUMENT, [name], ["float16"])) for name in ("softplus", "softmax_ce.grad")}
    for module in (lg.sigmoid_bce, lg.softmax_ce, logexp):
        for name in module.__all__:
            monkeypatch.setattr(module, name, None)
    for name in ("exp", "log", "log1p", "expm1", "tanh"):
        monkeypatch.setattr(np, name, None)
    for name, cases in whole.items():
        assert list(vectors.cases(vectors.generate([name], ["float16"]))) == cases


def test_zero_that_a_negative_value_rounds_to_is_negative():
    pairs = [pair for case in EXACT for pair in zip(listed(case["result"]), listed(case["exact"]), strict=True)]
    zeros = [(text, digits) for text, digits in pairs if number(text) == 0 and digits is not None]
    assert {text for text, _ in zeros} == {"0x0p+0", "-0x0p+0"}
    assert all(text.startswith("-") == digits.startswith("-") for text, digits in zeros)


def test_a_number_is_written_in_one_way():
    texts = [t for case in ALL for key in ("z", "y", "v", "result") for t in listed(case.get(key, []))]
    for spelled in {t for t in texts if isinstance(t, str)} - {"error"}:
        assert vectors.values.text(number(spelled)) == spelled


def off_the_middle(case):
    """How far from the middle between two floats the nearest of the exact values is, in units."""
    values = [Fraction(digits) for digits in listed(case["exact"])]
    units = [value / unit(float(value).hex(), case["dtype"]) for value in values]
    return min(abs(abs(value - round(value)) - Fraction(1, 2)) for value in units)


@each_dtype
@pytest.mark.parametrize("function", [*near_ties.NEAR_TIES, *near_ties.HEIRS])
def test_near_ties_lie_as_near_to_the_middle_as_is_said(function, dtype):
    ties = [case for case in vectors.cases(DOCUMENT, [function], [dtype]) if "NearTie" in case["flags"]]
    said = {"float16": -12, "float32": -20, "float64": -19}[dtype]
    assert len(ties) >= 6
    assert all(off_the_middle(case) < Fraction(2) ** said for case in ties)


def test_near_ties_of_float16_are_found_again_by_looking_at_all():
    z = np.arange(2**16, dtype=np.uint16).view(np.float16)
    z = z[np.isfinite(z) & (np.abs(z) < 17) & (np.abs(z) > 2**-8)].astype(np.float64)
    places = np.ldexp(1 / (1 + np.exp(-z)), -np.maximum(np.frexp(1 / (1 + np.exp(-z)))[1] - 11, -24))
    nearest = z[np.argsort(np.abs(places - np.floor(places) - 0.5))[:6]]
    assert set(nearest) == set(near_ties.NEAR_TIES["sigmoid"]["float16"])


def test_logarithms_that_the_inputs_are_made_of_are_logarithms():
    assert (math.log(2), math.log(3)) == (grid.LN2, grid.LN3)


# The library

#: The groups in which a formula that is meant to fail, evaluated as it is written, loses digits.
FAILING = {
    "relu_ce.loss": {"near-0"},
    "relu_ce.grad": set(),
    "tanh_ce.loss": {"inside", "near-0", "saturated"},
    "tanh_ce.grad": {"inside", "saturated"},
}


def implementation(function):
    module, _, name = function.rpartition(".")
    return getattr(getattr(lg, module) if module else lg, name)


def result(function, case):
    """What a function returns for a case: a scalar for a scalar, a row for a row."""
    kind = np.dtype(case["dtype"]).type
    parts = [case[key] for key in ("z", "y", "v") if key in case]
    parts = [np.array(list(map(number, part)), kind) if isinstance(part, list) else part for part in parts]
    parts = [kind(number(part)) if isinstance(part, str) else part for part in parts]
    return np.atleast_1d(function(*parts, **({"normalized": False} if "Weights" in case["flags"] else {})))


def judge(case, got):
    """Hold a result to the project's bounds; where terms cancel, to those of the terms."""
    name, kind = vectors.FUNCTIONS[case["function"]].form, np.dtype(case["dtype"]).type
    scales = listed(case.get("scale", ["0x0p+0"] * len(got)))
    for entry, digits, scale in zip(got, listed(case["exact"]), scales, strict=True):
        if digits in ("inf", "-inf", "nan"):
            np.testing.assert_array_equal(entry, number(digits))
            continue
        with mpmath.workprec(oracle.BITS):
            value = mpmath.mpf(digits or 0)
        claims.within(name, kind, entry, value, terms=number(scale))


@each_dtype
@pytest.mark.parametrize("function", [name for name in vectors.FUNCTIONS if name not in FAILING])
def test_library_passes(function, dtype):
    for case in vectors.cases(DOCUMENT, [function], [dtype]):
        if "Invalid" in case["flags"]:
            with pytest.raises(ValueError, match=r"must|class"):
                result(implementation(function), case)
        else:
            judge(case, result(implementation(function), case))


@pytest.mark.parametrize("function", FAILING)
def test_a_pairing_that_fails_does_so_in_its_groups_only(function):
    worst = {}
    for case in vectors.cases(DOCUMENT, [function], ["float64"]):
        [got] = result(implementation(function), case)
        if "Contract" in case["flags"]:
            np.testing.assert_array_equal(got, number(case["result"]))
        else:
            with mpmath.workprec(oracle.BITS):
                error = oracle.ulps(got, mpmath.mpf(case["exact"]), np.float64)
            worst[case["group"]] = max(error, worst.get(case["group"], 0))
    assert {group for group, error in worst.items() if error > 2} == FAILING[function]


def failures(function, wrong, dtype="float64"):
    """The groups in which an implementation fails."""
    failed = set()
    for case in vectors.cases(DOCUMENT, [function], [dtype]):
        if not {"Invalid", "Contract"} & set(case["flags"]):
            with np.errstate(all="ignore"):
                got = result(wrong, case)
            try:
                judge(case, got)
            except AssertionError:
                failed.add(case["group"])
    return failed


def test_prediction_minus_target_fails_where_it_loses_its_digits():
    assert {"confident-right", "pytorch#195677"} <= failures("sigmoid_bce.grad", lambda z, y: lg.sigmoid(z) - y)


def test_a_sigmoid_whose_exponential_overflows_fails_at_its_tail_only():
    failed = failures("sigmoid", lambda z: 1 / (1 + np.exp(-z)))
    assert {"tails", "stan-dev/math#874"} <= failed and not {"zero", "linear", "largest"} & failed


def test_softmax_without_the_correction_of_its_shift_fails_on_a_wide_range():
    assert "wide" in failures("softmax", lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum())


def test_one_unit_is_not_forgiven():
    for step in (-np.inf, np.inf):
        failed = failures("softplus", lambda z, to=step: np.nextafter(lg.softplus(z), np.float32(to)), "float32")
        assert {"linear", "logarithmic", "binades", "tails", "near-ties"} <= failed


def prediction_minus_target(z, y, normalized=True):
    return lg.softmax(z) - (np.eye(len(z))[y] if isinstance(y, int) else y)


def test_prediction_minus_target_fails_for_weights_and_where_one_class_dominates():
    failed = failures("softmax_ce.grad", prediction_minus_target)
    assert {"weights", "no-weight", "gam#453", "dominated"} <= failed


# The program on the page


PAGE = ROOT / "book" / "vectors.md"
COMPILER = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
[PROGRAM] = re.findall(r"^```c\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)


def compiled_and_run(program, directory):
    (directory / "check.c").write_text(program, encoding="utf-8")
    command = [COMPILER, "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "check.c", "-o", "check", "-lm"]
    subprocess.run(command, cwd=directory, check=True)
    done = subprocess.run(
        [directory / "check"], input=vectors.shipped("vectors.tsv"), capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip().splitlines()


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_program_of_the_page_reads_all_its_cases_and_finds_none_wrong(tmp_path):
    tested = [c for c in vectors.cases(DOCUMENT, ["softmax"], ["float32"]) if "Contract" not in c["flags"]]
    status, lines = compiled_and_run(PROGRAM, tmp_path)
    assert (status, lines) == (0, [f"0 of {len(tested)} cases wrong"])


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param("(exp(z[k] - top) / sum)", "exp(z[k] - top) / (float)sum", id="rounded-twice"),
        pytest.param("z[k] - top", "z[k]", id="not-a-number"),
    ],
)
def test_program_of_the_page_finds_what_is_wrong(tmp_path, right, wrong):
    worse = PROGRAM.replace(right, wrong)
    assert worse != PROGRAM
    status, lines = compiled_and_run(worse, tmp_path)
    assert status == 1 and len(lines) > 5
