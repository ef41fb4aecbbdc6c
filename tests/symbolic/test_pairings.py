"""The verdicts against numbers that share nothing with the proofs: hand-written formulas in long arithmetic."""

from functools import cache

import mpmath as mp
import pytest
from sympy import Abs, Heaviside, Max, Rational, cosh, exp, log, sin, sqrt, tan

from logitgrad.symbolic import StepError, half, sigma, theorems
from logitgrad.symbolic.pairings import ACTIVATIONS, LOSSES, PAIRINGS, QUESTIONS, Activation, Loss, Pairing
from logitgrad.symbolic.places import Factors
from logitgrad.symbolic.stretches import stretches
from logitgrad.symbolic.symbols import a, y, z
from logitgrad.symbolic.tidy import put, tidy

ALL = [*PAIRINGS.values()]
TARGETS = (0, 1, half)
each = pytest.mark.parametrize("pairing", ALL, ids=str)
each_target = pytest.mark.parametrize("target", TARGETS, ids=str)

mp.mp.dps = 120


def logistic(x):
    return 1 / (1 + mp.exp(-x))


OUTPUT = {
    "identity": (lambda x: x, lambda x: mp.mpf(1)),
    "sigmoid": (logistic, lambda x: logistic(x) * logistic(-x)),
    "tanh": (mp.tanh, lambda x: mp.sech(x) ** 2),
    "hard sigmoid": (lambda x: min(1, max(0, x / 6 + 0.5)), lambda x: mp.mpf(abs(x) < 3) / 6),
    "ReLU": (lambda x: max(0, x), lambda x: mp.mpf(x > 0)),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), logistic),
    "exp": (mp.exp, mp.exp),
}
VALUE = {
    "squared error": lambda p, t: (p - t) ** 2 / 2,
    "absolute error": lambda p, t: abs(p - t),
    "cross-entropy": lambda p, t: -sum(w * mp.log(q) for w, q in ((t, p), (1 - t, 1 - p)) if w),
    "Poisson": lambda p, t: p - (t * mp.log(p) if t else 0),
}
SLOPE = {
    "squared error": lambda p, t: p - t,
    "absolute error": lambda p, t: mp.sign(p - t),
    "cross-entropy": lambda p, t: (1 - t) / (1 - p) - (t / p if t else 0) if t != 1 else -1 / p,
    "Poisson": lambda p, t: 1 - (t / p if t else 0),
}
# No kink, pole or target is hit; the ends are far out, and each border is approached from both sides.
LOGITS = [mp.mpf(n) / 7 + mp.mpf("0.01234") for n in range(-70, 71)] + [-100, -60, 60, 100]
LOGITS += [border + side * mp.mpf(10) ** -9 for border in (0, 1, -3, 3, mp.log(mp.e - 1)) for side in (-1, 1)]


@cache
def sampled(pairing, target):
    """Logit, error, gradient and loss at each point; None where there is none."""
    output, slope = OUTPUT[pairing.activation.name]
    target = mp.mpf(int(target * 2)) / 2
    return [(x, output(x) - target, *at(pairing.loss.name, output(x), slope(x), target)) for x in LOGITS]


def at(loss, output, slope, target):
    try:
        value = mp.mpmathify(VALUE[loss](output, target))
        return SLOPE[loss](output, target) * slope, value if mp.im(value) == 0 and mp.isfinite(value) else None
    except (ZeroDivisionError, ValueError):
        return None, None


def far(points):
    return [point for point in points if abs(point[0]) == 100]


SMALL, LARGE, WRONG = mp.mpf(10) ** -1, 50, mp.mpf(1) / 4
EVIDENCE = {  # what the numbers show against a "yes"
    "real": lambda points: any(value is None for *_, value in points),
    "bounded": lambda points: any(g is not None and abs(g) > LARGE for _, _, g, _ in points),
    "ends": lambda points: any(g is not None and abs(g) > LARGE for _, _, g, _ in far(points)),
    "direction": lambda points: any(g is not None and e * g < 0 for _, e, g, _ in points),
    "alive": lambda points: any((g is None or abs(g) < SMALL) and abs(e) > WRONG for _, e, g, _ in far(points)),
    "target": lambda points: any(g == 0 and abs(e) > WRONG for _, e, g, _ in points),
}


@pytest.mark.slow
@each_target
@each
def test_numbers_do_not_contradict_a_verdict(pairing, target):
    points = sampled(pairing, target)
    for name, verdict in pairing.verdicts(target).items():
        assert EVIDENCE[name](points) == (verdict.answer is False), (name, str(verdict))


def test_every_activation_meets_every_loss():
    assert len(ALL) == len(ACTIVATIONS) * len(LOSSES)


@each
def test_nothing_in_the_table_is_undecided(pairing):
    answers = [verdict.answer for target in (0, 1) for verdict in pairing.verdicts(target).values()]
    assert None not in answers
    assert len(answers) == 2 * len(QUESTIONS)


@pytest.mark.slow
@each
@pytest.mark.parametrize("above", [True, False])
def test_the_gradient_is_derived_by_proved_steps(pairing, above):
    work = pairing.derivation(above)
    assert [step.because for step in work.steps] == ["chain rule", "both factors written out"]
    assert {step.result.status for step in work.steps} == {"proved"}


def fails(pairing, *targets):
    return set(pairing.fails(*targets))


def test_three_pairings_pass_and_two_only_grow():
    assert {str(p) for p in ALL if not fails(p)} == {
        "identity with absolute error",
        "sigmoid with cross-entropy",
        "softplus with Poisson",
    }
    assert {str(p) for p in ALL if fails(p) == {"bounded", "ends"}} == {
        "identity with squared error",
        "exp with Poisson",
    }


@pytest.mark.slow
@each
def test_a_soft_target_fails_in_what_a_hard_one_fails_in(pairing):
    assert fails(pairing, half) == fails(pairing)


@pytest.mark.parametrize(
    ("theorem", "pairing", "target", "question"),
    [
        ("relu-ce-not-real", "ReLU with cross-entropy", 0, "real"),
        ("relu-ce-pole-at-one", "ReLU with cross-entropy", 0, "bounded"),
        ("tanh-ce-away", "tanh with cross-entropy", 1, "direction"),
        ("tanh-ce-gradient-left", "tanh with cross-entropy", 1, "alive"),
        ("sigmoid-mse-gradient-right", "sigmoid with squared error", 0, "alive"),
    ],
)
def test_a_failure_that_has_a_theorem_of_its_own_is_found(theorem, pairing, target, question):
    assert theorem in theorems
    assert PAIRINGS[pairing].verdicts(target)[question].answer is False


SQUARED, ABSOLUTE, ENTROPY, COUNT = LOSSES
SIGMOID = ACTIVATIONS[1]


def test_the_other_sign_of_a_loss_points_the_wrong_way_everywhere():
    climbing = Pairing(SIGMOID, Loss("climbing", -ENTROPY.value))
    assert fails(climbing) == {"direction"}
    assert fails(Pairing(Activation("falling", sigma(-z)), ENTROPY)) == {"direction"}


def test_a_constant_added_to_a_loss_changes_nothing():
    moved = Loss("moved", COUNT.value + log(7))
    assert all(fails(Pairing(f, moved)) == fails(Pairing(f, COUNT)) for f in (SIGMOID, ACTIVATIONS[5]))


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
def test_softmax_with_two_classes_has_the_sigmoids_row(loss):
    softmax = Pairing(Activation("softmax", exp(z) / (exp(z) + 1)), loss)
    assert [softmax.verdicts(t) for t in (0, 1)] == [Pairing(SIGMOID, loss).verdicts(t) for t in (0, 1)]


def test_the_rate_at_which_an_activation_flattens_decides():
    slow = Activation("softsign", half + z / (1 + Abs(z)) / 2)  # into (0, 1)
    assert fails(Pairing(slow, ENTROPY)) == {"alive"}


def test_a_guard_inside_the_logarithm_silences_the_gradient_and_moves_the_optimum():
    guarded = Loss("guarded", a - y * log(a + Rational(1, 10**8)))
    assert fails(Pairing(ACTIVATIONS[5], guarded)) == {
        "alive",
        "direction",
        "target",
    }  # its best output is 1 - eps
    assert str(Pairing(ACTIVATIONS[5], guarded).verdicts(1)["alive"]) == "no: z → -∞"


def test_a_leak_mends_the_relu():
    leaky = Activation("leaky ReLU", Max(z, z / 10))
    assert fails(Pairing(leaky, SQUARED)) == {"bounded", "ends"}
    assert fails(Pairing(leaky, ABSOLUTE)) == set()


def test_a_step_has_no_gradient_to_speak_of():
    step = Pairing(Activation("step", Heaviside(z)), SQUARED)
    assert fails(step) == {"alive", "target"}
    with pytest.raises(StepError):
        step.derivation()


@pytest.mark.parametrize("output", [z * sigma(z), sin(z), z**2 * exp(z) * sin(z)], ids=str)
def test_what_is_not_proved_stays_undecided_and_is_refuted_where_a_point_can(output):
    verdicts = Pairing(Activation("wave", output), SQUARED).verdicts(1)
    assert verdicts["direction"].answer is False
    assert verdicts["direction"].where.startswith("z = ")
    assert verdicts["bounded"].answer is None
    assert verdicts["target"].answer is None
    assert verdicts["real"].answer is True
    assert str(verdicts["target"]) == "undecided"


@pytest.mark.parametrize("output", [log(z), sqrt(z), tan(z)], ids=str)
def test_an_activation_that_is_not_real_everywhere_is_never_said_to_be_fine(output):
    verdicts = Pairing(Activation("partial", output), SQUARED).verdicts(0)
    assert not any(verdicts[name].answer for name in ("real", "bounded"))


def test_a_zero_of_the_activations_slope_is_a_place_to_get_stuck():
    cube = Pairing(Activation("cube", z**3), SQUARED)
    assert str(cube.verdicts(1)["target"]) == "no: z = 0"
    assert cube.verdicts(0)["target"].answer is True


def test_a_smooth_loss_of_another_kind_is_taken_as_it_is():
    assert fails(Pairing(ACTIVATIONS[0], Loss("log cosh", log(cosh(a - y))))) == set()


def test_stretches_are_cut_where_the_formula_or_a_sign_changes():
    found = stretches(ENTROPY.value.subs(y, half), a, half)
    assert [(part.low, part.turn, part.real) for part in found[1:]] == [
        (0, -1, True),
        (half, 1, True),
        (1, -1, False),
    ]
    assert found[0].real is False


def test_a_place_where_a_factor_vanishes_and_the_other_grows_is_settled_by_the_product():
    ends = [p for p in Factors(sigma(z), ENTROPY.value, half).places() if p.kind == "end"]
    assert [end.gradient for end in ends] == [-half, half]


def test_formulas_are_written_as_people_write_them():
    assert str(tidy((a - y) * (a + 1) / a - 0 * a)) in ("(a + 1)*(a - y)/a", "((a + 1)*(a - y))/a")
    assert put(1 - a, sigma(z)).args == (1, -sigma(z))
    assert str(tidy(a - y)) == "a - y"
    assert tidy(Rational(1, 6)) == Rational(1, 6)


@each
def test_tidying_changes_no_value(pairing):
    point = {a: Rational(3, 7), y: Rational(1, 5), z: Rational(2, 3)}
    raw = pairing.loss.value.doit()
    raw = getattr(raw, "definition", raw).diff(a)
    assert abs((tidy(raw).xreplace(point) - raw.xreplace(point)).evalf()) < 1e-12
