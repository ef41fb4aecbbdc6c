"""The README says what is true."""

import re
from pathlib import Path

import logitgrad as lg
from logitgrad.symbolic import prove_equal, sigma, theorems, z

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
[EXAMPLE] = re.findall(r"```python\n(.*?)```", README, flags=re.S)


def test_its_example_runs_and_is_six_lines_long():
    exec(compile(EXAMPLE, "README.md", "exec"), {})
    assert len(EXAMPLE.strip().splitlines()) == 6


def test_its_comments_are_what_the_lines_give():
    gradient, proof, refutation = re.findall(r"# (.*)", EXAMPLE)
    assert gradient.startswith(f"{lg.sigmoid_bce.grad(40.0, 1)}, where p - y gives 0")
    assert lg.naive.bce_grad_fused(40.0, 1) == 0
    assert proof.startswith(repr(theorems["softmax-ce-gradient"].prove()))
    assert refutation == str(prove_equal(sigma(-z), -sigma(z)))


def test_its_first_lines_are_the_two_commands_and_make_knows_them():
    commands = re.findall(r"^make (\S+)", README, flags=re.M)
    assert commands == ["book", "test"]
    targets = set(re.findall(r"^([\w-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    assert set(re.findall(r"`make (\w+)`", README)) | set(commands) <= targets | {"help"}


def test_every_file_that_it_names_is_there():
    for name in re.findall(r"\]\(([\w./]+)\)", README):
        assert (ROOT / name).is_file(), name
