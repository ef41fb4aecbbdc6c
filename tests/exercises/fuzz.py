"""A hundred thousand answers read and checked: none executed, none over its limits, every one answered.

    python -m tests.exercises.fuzz --inputs 100000 --seed 1

Each input is read, which may take a second of the processor. Every fourth of those understood is checked, which
may take as long as a check may and a second more. Exits with 1 where anything was executed, took too long, or
raised an exception.
"""

import argparse
import json
import sys
from collections import Counter
from itertools import islice
from random import Random
from time import perf_counter, process_time

from logitgrad.exercises import KINDS, check, exercises
from logitgrad.exercises.language import NotUnderstood, understand

from .inputs import RIGHT, made
from .watched import watched

READING = 1.0  # seconds for reading one input


def main(arguments=None):
    options = _options(arguments)
    random = Random(options.seed)
    load()
    counts, slowest, faults = Counter(), {"read": (0.0, ""), "checked": (0.0, "")}, []
    started = perf_counter()

    def answer(what, limit, exercise, text, seconds):
        kind, time, events = answered(exercise, text, seconds)
        counts[what, kind] += 1
        slowest[what] = max(slowest[what], (time, text))
        if events or time > limit or kind.startswith("raised"):
            faults.append((exercise.id, text, kind, round(time, 2), events))
        return kind

    for n, (name, text) in enumerate(islice(made(random), options.inputs), start=1):
        exercise = exercises[name]
        kind = answer("read", READING, exercise, text, None)
        if kind == "understood" and counts["read", kind] % options.every == 0:
            answer("checked", options.seconds + 1, exercise, text, options.seconds)
        if n % 5000 == 0:
            print(
                f"{n} of {options.inputs}, {perf_counter() - started:.0f} s, {len(faults)} faults", file=sys.stderr
            )
    report(counts, slowest, faults, perf_counter() - started)
    return 1 if faults else 0


def load():
    """Let the grammars be read, and some of SymPy's lazy parts be imported, before anything is watched."""
    for name, answers in RIGHT.items():
        assert check(name, answers[0]).kind == "right"


def _options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=4, help="check every so manyth of those understood")
    parser.add_argument("--seconds", type=float, default=5.0, help="what a check may take")
    return parser.parse_args(arguments)


def answered(exercise, text, seconds):
    """What comes of an input: its kind, the time it took, and what was executed meanwhile."""
    started = process_time()
    with watched() as events:
        try:
            if seconds is None:
                understand(text, exercise.vocabulary)
                kind = "understood"
            else:
                kind = check(exercise, text, seconds).kind
                assert kind in KINDS
        except NotUnderstood as error:
            inside = 0 <= error.place[0] <= error.place[1] <= len(text)
            kind = "not understood" if inside else "raised a place outside of the text"
        except Exception as error:
            kind = f"raised {type(error).__name__}: {error}"
    return kind, process_time() - started, list(events)


def report(counts, slowest, faults, seconds):
    """Print the figures, and each fault with its input."""
    read = sum(count for (what, _), count in counts.items() if what == "read")
    print(f"{read} inputs in {seconds:.0f} s")
    for (what, kind), count in sorted(counts.items(), key=lambda item: (item[0][0] != "read", -item[1])):
        print(f"  {what}, {kind}: {count}")
    for what, (time, text) in slowest.items():
        print(f"  slowest of those {what}: {time:.3f} s, {json.dumps(text)}")
    print(f"{len(faults)} faults")
    for fault in faults[:20]:
        print(f"  {json.dumps(fault)}")


if __name__ == "__main__":
    sys.exit(main())
