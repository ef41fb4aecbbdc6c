"""What a cell prints is one text, however its kernel sends it."""

from __future__ import annotations

import execution
import nbformat

PRINTS = """\
import sys

print("one ", end="", flush=True)
print("line")
print("another", file=sys.stderr, flush=True)
print("and a third")
display("a value")
print("after it")
"""


def test_what_is_printed_in_parts_is_joined_as_it_was_printed():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PRINTS)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    (cell,) = execution.run(notebook, timeout=60).nb.cells
    printed = [(one.get("name"), one.get("text")) for one in cell.outputs]
    assert printed == [
        ("stdout", "one line\nand a third\n"),
        ("stderr", "another\n"),
        (None, None),
        ("stdout", "after it\n"),
    ]
