"""Answers as nobody would give them: from the alphabet of the language, from right answers, and from anything."""

import json
from pathlib import Path

HOSTILE = json.loads((Path(__file__).parent / "hostile.json").read_text(encoding="utf-8"))

#: Right answers in forms of many kinds, by exercise.
RIGHT = {
    "ex-sigmoid-bce-label": ("-z", "log(1 - p) - log(p)", r"-\log\frac{p}{1-p}", "softplus(−z) − softplus(z)"),
    "ex-softmax-log-gradient": (
        "delta_ij - p_i",
        "[i=j] - e^{z_i}/sum_k e^{z_k}",
        r"\delta_{ij} - \frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}",
        "(1 - p_i)δ_ij - p_i sum_k p_k (1 - delta_ij)",
    ),
    "ex-relu-ce-softplus": (
        "(a - y)/(a(1 - a)) sigma(z)",
        r"\frac{a-y}{a(1-a)}\sigma(z)",
        "(-y/a + (1 - y)/(1 - a)) e^z/(1 + e^z)",
    ),
    "ex-tanh-ce-signed": ("a - t", "-2t σ(-2tz)", r"-\frac{2t}{1+e^{2tz}}", "2/(1+e⁻²ᶻ) - 1 - t"),
}

#: What the language is made of, and what is only like it.
PARTS = [
    *"zyptaKeijk0123456789+-*/^_()[]{}|,.=! ",
    *(
        f"{name}("
        for name in ("exp", "log", "sqrt", "sigma", "softplus", "relu", "tanh", "cosh", "max", "min", "abs")
    ),
    *("log ", "sum_k ", "sum(", r"\sum_{k=1}^{K} ", r"\frac{", "}{", r"\frac12", r"\left(", r"\right)", r"\cdot "),
    *(
        "p_j",
        "p_i",
        "p_k",
        "z_k",
        "z[j]",
        "delta_ij",
        "[i=j]",
        r"\delta_{ij}",
        "**",
        "e^",
        "^2",
        "^-1",
        "²",
        "⁻¹",
        "½",
    ),
    *("σ(", "−", "·", "⋅", "ⱼ", "δ", "∑", "√", "≠", "\\", "$", r"\,", "beta", "lambda", "pi", "1/", "9^9", "0"),
]


def hostile():
    """The corpus: every answer in it, with its kind."""
    for kind, answers in HOSTILE["answers"].items():
        yield from ((kind, answer) for answer in answers)
    for item in HOSTILE["repeated"]:
        yield "repeated", item["text"] * item["times"] + item["end"]


def made(random):
    """An exercise and an input for it, one of each kind in turn, for ever; the same for the same ``random``."""
    corpus = [answer for _, answer in hostile() if len(answer) < 2000]
    while True:
        name = random.choice(list(RIGHT))
        right, atoms = RIGHT[name], NUMBERS + ATOMS[name]
        # Most of what is put together blindly ends at its first characters, so there are formulas, and near ones.
        yield name, formula(random, random.randint(1, 5), atoms)
        yield name, mutated(random, formula(random, random.randint(1, 4), atoms), 1)
        yield name, mutated(random, random.choice(right), random.randint(1, 4))
        yield name, "".join(random.choices(PARTS, k=random.randint(1, 24)))
        yield name, mutated(random, random.choice(corpus), random.randint(1, 4)) + random.choice(["", *right])
        yield name, anything(random)


def anything(random):
    """Characters of any kind: of ASCII, of the first alphabets, of all there are."""
    ends = random.choices([0x80, 0x3000, 0x110000], k=random.randint(0, 30))
    return "".join(chr(random.randrange(end)) for end in ends)


NUMBERS = ["0", "1", "2", "3", "7", "10", "0.5", "½", "60", "999", "e", "pi"]
ATOMS = {
    "ex-sigmoid-bce-label": ["z", "y", "p"] * 5,
    "ex-softmax-log-gradient": ["p_i", "p_j", "z_i", "z_j", "delta_ij", "[i=j]", "K", "sum_k p_k", "sum_k z_k"]
    * 2,
    "ex-relu-ce-softplus": ["z", "y", "a"] * 5,
    "ex-tanh-ce-signed": ["z", "t", "a"] * 5,
}
FUNCTIONS = [
    "exp",
    "log",
    "sqrt",
    "sigma",
    "softplus",
    "relu",
    "tanh",
    "cosh",
    "sinh",
    "coth",
    "max",
    "abs",
    "sign",
    "logit",
    "artanh",
    "log1p",
    "sin",
]
JOINTS = [" + ", " - ", "*", "/", " ", "", r" \cdot ", "−", "**", "^", "^-"]


def formula(random, depth, atoms):
    """A formula as the grammar allows it, of any size of numbers, powers and towers."""
    if depth == 0 or random.random() < 0.1:
        return random.choice(atoms)
    one, other = (formula(random, depth - 1, atoms) for _ in range(2))
    return random.choice(
        [
            lambda: one + random.choice(JOINTS) + other,
            lambda: f"({one}){random.choice(JOINTS)}({other})",
            lambda: f"{random.choice(FUNCTIONS)}({one})",
            lambda: rf"\frac{{{one}}}{{{other}}}",
            lambda: rf"\sum_{{k=1}}^{{K}} p_k ({one})" if "K" in atoms else f"2{one}",
            lambda: f"e^({one})",
            lambda: f"({one})^{random.choice([2, 3, -1, 9, 30, 60, 61])}",
            lambda: f"|{one}|",
            lambda: f"-{one}",
        ]
    )()


def mutated(random, text, times):
    """The text with so many places changed: something left out, doubled, put in or turned round."""
    for _ in range(times):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.randint(0, 5))
        piece = random.choice(["", text[start:end] * 2, random.choice(PARTS), text[start:end][::-1]])
        text = text[:start] + piece + text[end:]
    return text
