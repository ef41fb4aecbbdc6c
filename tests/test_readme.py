"""The README says what is true."""

import re
from pathlib import Path

import logitgrad as lg
from logitgrad.cli import main
from logitgrad.symbolic import prove_equal, sigma, theorems, z

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE, AUDIT = re.findall(r"```python\n(.*?)```", README, flags=re.S)
[PRINTED] = re.findall(r"```\n(<lambda>.*?)```", README, flags=re.S)
NUMBER = r"-?\d+(\.\d+)?(e[-+]\d+)?"


def test_its_example_runs_and_is_six_lines_long():
    exec(compile(EXAMPLE, "README.md", "exec"), {})
    assert len(EXAMPLE.strip().splitlines()) == 6


def test_its_comments_are_what_the_lines_give():
    gradient, proof, refutation = re.findall(r"# (.*)", EXAMPLE)
    assert gradient.startswith(f"{lg.sigmoid_bce.grad(40.0, 1)}, where p - y gives 0")
    assert lg.naive.bce_grad_fused(40.0, 1) == 0
    assert proof.startswith(repr(theorems["softmax-ce-gradient"].prove()))
    assert refutation == str(prove_equal(sigma(-z), -sigma(z)))


def test_the_audit_of_three_lines_prints_what_stands_below_it(capsys):
    """To the letter, but for the last digits: NumPy's exp differs between processors."""
    exec(compile(AUDIT, "README.md", "exec"), {})
    printed, shown = (" ".join(text.split()) for text in (capsys.readouterr().out, PRINTED))
    assert len(AUDIT.splitlines()) == 3
    assert re.sub(NUMBER, "#", printed) == re.sub(NUMBER, "#", shown)
    leading = [re.findall(r"y = 1 +(\S+ %).* (\d+)\.\d+ to (\d+)\.\d+ 0 < y", text) for text in (printed, shown)]
    assert leading[0] == leading[1] == [("100 %", "16", "103")]


def test_the_commands_that_audit_are_understood():
    for line in re.findall(r"^python -m logitgrad (.*)$", README, flags=re.M):
        command, *arguments = line.split()
        main.commands[command].make_context(command, arguments)


def test_its_first_lines_are_the_two_commands_and_make_knows_them():
    commands = re.findall(r"^make (\S+)", README, flags=re.M)
    assert commands == ["book", "test"]
    targets = set(re.findall(r"^([\w-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    assert set(re.findall(r"`make ([\w-]+)`", README)) | set(commands) <= targets | {"help"}


def test_every_file_that_it_names_is_there():
    for name in re.findall(r"\]\(([\w./]+)\)", README):
        assert (ROOT / name).is_file(), name
