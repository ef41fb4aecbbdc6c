"""The figures to play with: their formulas are those of the theorems, and their captions say what comes out."""

from __future__ import annotations

import json
import re
import subprocess
from fractions import Fraction
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from offline import NODE
from play import PANELS, PLOTTER
from sympy import Derivative

from logitgrad.audit import exact
from logitgrad.figures.definitions import LOGITS, SOFTMAX
from logitgrad.figures.softmax_ce import descend, directions
from logitgrad.numeric import naive
from logitgrad.symbolic import enclose, eps, theorems, y, z
from logitgrad.symbolic.cross_entropy import cross_entropy, divergence
from logitgrad.symbolic.sigmoid_bce_floats import clip, guarded

from .chapters import BOOK, CHAPTERS

SCRIPTS = BOOK / "_static" / "play"
FORMS = SCRIPTS / "forms.js"
SEED = 20261121

# Numbers travel as text, so that NaN, the infinities and -0 arrive; `a.b.c` finds a function, also behind a call.
PROGRAM = """
const [source, prelude, calls] = JSON.parse(require("fs").readFileSync(0, "utf8"));
eval(prelude);
const module_ = { exports: {} };
new Function("module", source)(module_);
const reach = (name) => name.split(".").reduce((found, part) => found[part] ?? found(part), module_.exports);
const reached = {};
const find = (name) => (reached[name] ??= reach(name));
const read = (x) => (Array.isArray(x) ? x.map(read) : Number(x));
const write = (x) => (Array.isArray(x) ? x.map(write) : Object.is(x, -0) ? "-0" : String(x));
console.log(JSON.stringify(calls.map(([name, ...given]) => write(find(name)(...given.map(read))))));
"""


def sent(value):
    if isinstance(value, list | tuple | np.ndarray):
        return [sent(part) for part in value]
    return repr(float(value)).replace("inf", "Infinity").replace("nan", "NaN")


def received(value):
    if isinstance(value, list):
        return [received(part) for part in value]
    return float(value.replace("Infinity", "inf").replace("NaN", "nan"))


def call(calls, source=None, prelude=""):
    """What the file's functions return, all in one run of Node."""
    given = [[name, *map(sent, arguments)] for name, *arguments in calls]
    task = json.dumps([source or FORMS.read_text(encoding="utf-8"), prelude, given])
    done = subprocess.run([NODE, "-e", PROGRAM], input=task, capture_output=True, text=True, check=True)
    return received(json.loads(done.stdout))


def in_units(got, value, scale=0.0):
    """The error of a float64 in units in the last place, of the value or of a larger scale."""
    return abs(got - value) / float(np.spacing(max(abs(value), scale))) if np.isfinite(got) else np.inf


# One logit. The bound is how often the formula rounds, each time by at most a unit of the largest term: where the
# terms of a soft target cancel, the unit is theirs.

FUNCTIONS = {
    "sigmoid": ("logexp.sigmoid", 3),
    "softplus": ("logexp.softplus", 3),
    "bce.loss": ("sigmoid_bce.loss", 5),
    "bce.grad": ("sigmoid_bce.grad", 10),
    "mse.loss": ("sigmoid_mse.loss", 22),
    "mse.grad": ("sigmoid_mse.grad", 18),
}
RANDOM = np.random.default_rng(SEED)
ONE_LOGIT = [0.0, 1000.0, -1000.0, 37.0, -37.0, 710.0, -710.0, -745.0]
ONE_LOGIT += [*RANDOM.uniform(-8, 8, 16), *(RANDOM.choice([-1, 1], 12) * 10 ** RANDOM.uniform(-6, 2.9, 12))]
ONE_TARGET = [0.0, 1.0, 0.05, 0.3]


def one_logit(name):
    has_target = name not in ("sigmoid", "softplus")
    return [(logit, *rest) for logit in ONE_LOGIT for rest in (product(ONE_TARGET) if has_target else [()])]


def scale(name, logit, target=None):
    """The size of the terms that may cancel."""
    if target is None or name == "bce.loss":
        return 0.0
    p = float(exact("logexp.sigmoid", logit)), float(exact("logexp.sigmoid", -logit))
    terms = (1 - target) * p[0] + target * p[1]
    return {"bce.grad": terms, "mse.loss": terms**2 / 2, "mse.grad": terms * p[0] * p[1]}[name]


@pytest.fixture(scope="module")
def values():
    return {
        name: [(point, float(exact(form, *point)), scale(name, *point)) for point in one_logit(name)]
        for name, (form, _) in FUNCTIONS.items()
    }


def worst(values, source=None):
    """Each function's largest error over its bound."""
    found = {}
    for name, rows in values.items():
        got = call([(name, *point) for point, _, _ in rows], source)
        errors = [in_units(one, value, size) for one, (_, value, size) in zip(got, rows, strict=True)]
        found[name] = max(errors) / FUNCTIONS[name][1]
    return found


def test_functions_of_one_logit_are_the_theorems(values):
    assert max(worst(values).values()) <= 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("log1p(exp(-abs(z)))", "log(1 + exp(-abs(z)))"),
        ("(z > 0 ? 1 - y : y)", "(z > 0 ? y : 1 - y)"),
        ("(1 - y) * sigmoid(z) - y * sigmoid(-z)", "sigmoid(z) - y"),
        ("bce.grad(z, y) * sigmoid(z) * sigmoid(-z)", "bce.grad(z, y) * sigmoid(z) * (1 - sigmoid(z))"),
        ("bce.grad(z, y) ** 2 / 2", "bce.grad(z, y) ** 2"),
        ("z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z))", "exp(z) / (1 + exp(z))"),
    ],
)
def test_a_wrong_formula_is_noticed(values, right, wrong):
    source = FORMS.read_text(encoding="utf-8")
    assert right in source
    assert not max(worst(values, source.replace(right, wrong)).values()) <= 1


def test_nan_goes_through():
    assert np.isnan(call([(name, np.nan) for name in ("sigmoid", "softplus", "f16")])).all()
    assert np.isnan(call([(name, np.nan, 1.0) for name in FUNCTIONS if "." in name])).all()
    assert np.isnan(call([("softmax", [np.nan, 0, 0]), ("ce.grad", [0, np.nan, 0], [1, 0, 0])])).all()


# Rows of three logits

ROWS = [[0.0, 0.0, 0.0], [40.0, 0.0, -1.0], [1000.0, 0.0, -1000.0], [-800.0, -800.0, 3.0]]
ROWS += [list(row) for size in (1, 5, 100) for row in RANDOM.normal(size=(3, 3)) * size]
TARGETS = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.75, 0.125, 0.125], [0.25, 0.5, 0.25]]


def units(row, roundings):
    """The exponential makes of a gap's rounding a relative error that is as many times as large as the gap."""
    return roundings + max(row) - min(row)


def test_softmax_and_its_logarithm_are_the_theorems():
    found = zip(call([("softmax", row) for row in ROWS]), call([("logSoftmax", row) for row in ROWS]), strict=True)
    for row, (p, logs) in zip(ROWS, found, strict=True):
        for k in range(3):
            value = float(exact("logexp.softmax", row, index=k))
            assert in_units(p[k], value) <= units(row, 8)
            value = float(exact("logexp.log_softmax", row, index=k))
            assert in_units(logs[k], value, scale=max(row) - row[k]) <= units(row, 6)


@pytest.mark.parametrize("target", TARGETS)
def test_loss_and_gradient_of_a_row_are_the_theorems(target):
    losses, gradients = (call([(f"ce.{part}", row, target) for row in ROWS]) for part in ("loss", "grad"))
    for row, loss, gradient in zip(ROWS, losses, gradients, strict=True):
        assert in_units(loss, float(exact("softmax_ce.loss", row, target))) <= units(row, 12)
        for k in range(3):
            p = float(exact("logexp.softmax", row, index=k))
            terms = (1 - target[k]) * p + target[k] * (1 - p)
            assert in_units(gradient[k], float(exact("softmax_ce.grad", row, target, index=k)), terms) <= units(
                row, 12
            )


def test_loss_is_the_least_loss_and_the_divergence():
    y, p_ = theorems["cross-entropy-decomposition"].statement.lhs.args
    for row, target in product(ROWS[4:10:2], TARGETS[2:]):
        p = call([("softmax", row)])[0]
        least, above = call([("entropy", target), ("divergence", target, p)])
        size = sum(abs(t * np.log(t / s)) for t, s in zip(target, p, strict=True))
        assert in_units(least, float(enclose(cross_entropy(y, y), {y: target}))) <= 6
        at = {y: target, p_: p}
        assert in_units(above, float(enclose(divergence(y, p_), at)), size) <= 12


def test_hard_targets_have_no_least_loss():
    assert call([("entropy", [0, 1, 0]), ("divergence", [0, 1, 0], [0.25, 0.5, 0.25])]) == [0, np.log(2)]


def test_smoothing_is_that_of_the_theorem():
    optimum = call([("smoothed", 1, part, 3) for part in (0, 0.3, 1)])
    for part, row in zip((0, 0.3, 1), optimum, strict=True):
        wanted = [(1 - Fraction(part)) * (k == 1) + Fraction(part) / 3 for k in range(3)]
        assert np.allclose(row, [float(share) for share in wanted], rtol=3e-16, atol=0)


def test_centred_logits_have_the_probabilities_and_no_sum():
    shares = [[0.002, 0.5, 0.498], [1 / 3, 1 / 3, 1 / 3], [0.996, 0.002, 0.002]]
    for p in shares:
        logits = call([("centred", p)])[0]
        assert abs(sum(logits)) < 1e-15
        assert np.allclose(call([("softmax", logits)])[0], p, rtol=1e-14, atol=0)


def test_the_path_is_that_of_the_static_figure():
    softmax, push = directions(SOFTMAX, LOGITS)
    logits = [-1.7, 1.5, 0.2]
    ours = call([("descend", logits, [1, 0, 0], 0.01, 2999)])[0]
    assert np.allclose(ours, descend(softmax, push, np.exp(logits)), rtol=1e-11, atol=0)


# Floating-point types

WITHOUT = "delete Math.f16round;"


@pytest.mark.parametrize("prelude", ["", WITHOUT], ids=["the language's", "our own"])
def test_rounding_to_float16_is_that_of_numpy(prelude):
    every = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(np.float64)
    middles = ((every[1:] + every[:-1]) / 2)[::5]
    beside = [np.nextafter(middles, end) for end in (0, np.inf)]
    random = RANDOM.normal(size=2000) * 2.0 ** RANDOM.integers(-30, 18, 2000)
    points = np.concatenate([every[::7], middles, *beside, random, [65519.9, 65520.0, 1e300, np.inf]])
    points = np.concatenate([points, -points])
    with np.errstate(over="ignore"):
        wanted = points.astype(np.float16).astype(np.float64)
    for name in ("typed.float16.round", "f16"):
        got = np.array(call([(name, x) for x in points], prelude=prelude))
        assert np.array_equal(got, wanted) and np.array_equal(np.signbit(got), np.signbit(wanted))


def rounded_once(function):
    return lambda x: function(x.astype(np.float64)).astype(x.dtype)


@pytest.fixture
def exact_elementary(monkeypatch):
    """NumPy, but each exp and log of a small type is computed in float64 and rounded once, as in the browser."""
    own = {"exp": rounded_once(np.exp), "log": rounded_once(np.log)}
    kept = {name: getattr(np, name) for name in ("asarray", "clip", "where", "float64")}
    monkeypatch.setattr(naive, "np", SimpleNamespace(**kept, **own))


GUARDS = {
    "written": (lambda z, y, _: naive.bce(naive.sigmoid(z), y), lambda z, y, _: naive.bce_grad(z, y)),
    "inside": (naive.bce_eps, naive.bce_eps_grad),
    "clipped": (naive.bce_clip, naive.bce_clip_grad),
}
QUARTERS = np.arange(-160, 161) / 4  # every logit of the figure
SIZES = [float(f"1e-{n}") for n in range(1, 17)]  # every constant


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.usefixtures("exact_elementary")
def test_what_is_written_is_the_librarys_naive_side_bit_for_bit(dtype, guard):
    sizes = SIZES if guard != "written" else [0.0]
    for part, function in zip(("loss", "grad"), GUARDS[guard], strict=True):
        points = [(size, target, QUARTERS) for size in sizes for target in (0.0, 1.0)]
        wanted = [function(logits.astype(dtype), target, size) for size, target, logits in points]
        got = call(
            (f"typed.{dtype}.{guard}.{part}", logit, target, size)
            for size, target, logits in points
            for logit in logits
        )
        wanted, got = np.concatenate(wanted), np.array(got)
        if dtype == "float64":  # two libraries' exp and log differ in the last place
            finite = np.isfinite(wanted)
            assert np.array_equal(got[~finite], wanted[~finite], equal_nan=True)
            assert np.isfinite(got[finite]).all()
            assert (abs(got[finite] - wanted[finite]) <= 8 * np.spacing(abs(wanted[finite]))).all()
        else:
            assert np.array_equal(got, wanted.astype(np.float64), equal_nan=True)


def test_the_written_forms_are_the_theorems_where_no_digit_is_lost():
    loss, slope = guarded(z, y, eps), theorems["guarded-gradient"].statement.rhs
    assert theorems["guarded-gradient"].statement.lhs == Derivative(loss, z)
    for logit, target, size in product((-3.0, 0.5, 4.0), (0.0, 1.0), (1e-8, 1e-2)):
        at = {z: logit, y: target, eps: size}
        got = call([(f"typed.float64.inside.{part}", logit, target, size) for part in ("loss", "grad")])
        assert np.allclose(got, [float(enclose(form, at)) for form in (loss, slope)], rtol=1e-13, atol=0)


def test_clipping_is_flat_outside_and_the_loss_inside():
    low, high = (float(clip(side).definition) for side in (0, 1))
    assert (low, high) == (1e-3, 1 - 1e-3)
    loss, grad = (f"typed.float64.clipped.{part}" for part in ("loss", "grad"))
    outside = call([(grad, logit, target, low) for logit in (-7.0, 7.0) for target in (0.0, 1.0)])
    assert outside == [0.0] * 4
    assert np.isclose(call([(loss, 7.0, 0.0, low)])[0], -np.log(low), rtol=1e-13)
    inside = call([(grad, 3.0, 0.0, low), (loss, 3.0, 0.0, low)])
    wanted = [float(exact(f"sigmoid_bce.{part}", 3.0, 0.0)) for part in ("grad", "loss")]
    assert np.allclose(inside, wanted, rtol=1e-14)


# The pages

PLAYED = [(chapter, *found) for chapter in CHAPTERS for found in chapter.played]
SAID = {name: words for _, name, _, words in PLAYED}


def test_each_panel_is_played_once_on_a_figure_of_its_chapter():
    assert sorted(name for _, name, _, _ in PLAYED) == sorted(path.stem for path in PANELS.iterdir())
    for chapter, _, figure, _ in PLAYED:
        assert f"    name: {figure}\n" in chapter.text


def test_each_panel_loads_files_that_are_there():
    plotter = {f"uplot/{part.rpartition('/')[2]}" for part in PLOTTER}
    for panel in PANELS.iterdir():
        files = re.findall(r'data-load="([^"]+)"', panel.read_text(encoding="utf-8"))[0].split()
        assert f"{panel.stem}.js" in files
        assert all(file in plotter or (SCRIPTS / file).is_file() for file in files)


def test_what_a_script_writes_has_a_place_in_its_panel():
    for panel in PANELS.iterdir():
        text = panel.read_text(encoding="utf-8")
        for name in re.findall(r'<input type="range" name="(\w+)"', text):
            assert f'data-show="{name}"' in text
        assert 'role="status" data-show="say"' in text and 'type="reset"' in text


def test_the_caption_of_logit_and_target_is_right():
    highest, at, far = (
        float(found)
        for found in re.findall(r"of (0\.\d+) at \$z = ([\d.]+)\$.*?only (0\.\d+)", SAID["logit-and-target"])[0]
    )
    slopes = call([("mse.grad", logit, 0.0) for logit in np.arange(-80, 81) / 10])
    assert round(max(slopes), 3) == highest and round((np.argmax(slopes) - 80) / 10, 1) == at
    assert round(slopes[-1], 4) == far
    assert call([("bce.grad", 8.0, 0.0)])[0] > 0.999
    soft = float(np.log(0.25 / 0.75))
    errors, losses = call([("bce.grad", soft, 0.25), ("mse.grad", soft, 0.25)]), call([("bce.loss", soft, 0.25)])
    assert np.allclose(errors, 0, atol=1e-16) and losses[0] > 0.5


def test_the_caption_of_the_simplex_is_right():
    target = [0.8, 0.1, 0.1]
    logits = call([("centred", target)])[0]
    assert np.allclose(call([("ce.grad", logits, target)])[0], 0, atol=1e-15)
    assert call([("ce.loss", logits, target)])[0] > 0.5
    path = np.array(call([("descend", [-1.7, 1.5, 0.2], [1, 0, 0], 0.01, 3000)])[0])
    straight = path[0] + (path[-1] - path[0]) * ((path[:, :1] - path[0, 0]) / (path[-1, 0] - path[0, 0]))
    assert abs(path - straight).max() > 0.05


def test_the_caption_of_epsilon_is_right():
    wrong = [(logit, 0.0, 1e-8) for logit in QUARTERS[QUARTERS >= 17]]
    assert call([("typed.float32.clipped.loss", *point) for point in wrong]) == [np.inf] * len(wrong)
    assert 1 - np.float32(1e-8) == 1 and np.float16(1e-8) == 0
    every = [(logit, target, 1e-8) for logit in QUARTERS for target in (0.0, 1.0)]
    losses = [call([(f"typed.float16.{form}.loss", *point) for point in every]) for form in ("written", "inside")]
    assert np.array_equal(*losses, equal_nan=True)
    for guard in ("inside", "clipped"):
        ceiling, slope = call([(f"typed.float64.{guard}.{part}", 30.0, 0.0, 1e-3) for part in ("loss", "grad")])
        assert np.isclose(ceiling, -np.log(1e-3)) and abs(slope) < 1e-9
