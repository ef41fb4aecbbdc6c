"""The same for atheris, which looks for inputs that lead to new places in the code, without end.

python -m tests.exercises.fuzz_atheris [options of its own]
"""

import sys

from .inputs import RIGHT

try:
    import atheris
except ImportError:
    atheris = None


def one_input(data):
    """Bytes as an answer to one of the exercises: reading it must say what it is or where it ends."""
    from logitgrad.exercises import exercises

    from .fuzz import READING, answered

    name = sorted(RIGHT)[data[0] % len(RIGHT)] if data else min(RIGHT)
    text = data[1:].decode("utf-8", "surrogateescape")
    kind, seconds, events = answered(exercises[name], text, None)
    if events or kind.startswith("raised") or seconds > READING:
        raise AssertionError(f"{name} {text!r}: {kind} after {seconds:.1f} s, {events}")


def main():
    if atheris is None:
        sys.exit("atheris is not installed: pip install atheris, where there is a wheel of it for this Python")
    with atheris.instrument_imports(include=["logitgrad.exercises", "lark"]):
        from .fuzz import load
    load()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
