"""Whether anything is executed, opened or started meanwhile: what the interpreter itself reports of it.

Python tells an audit hook of every call that compiles, runs, imports, opens, connects or starts something. Such a hook
cannot be taken away again, so there is one, and it listens inside ``watched`` only.
"""

import sys
from contextlib import contextmanager
from pathlib import Path

import sympy

FORBIDDEN = ("compile", "exec", "import", "open", "os.", "subprocess.", "socket.", "ctypes.", "shutil.", "pty.", "code.")

#: SymPy and mpmath import some of their own modules on first use, inside functions.
LAZY = ("sympy", "mpmath", "logitgrad")

#: SymPy writes, compiles and runs small functions that multiply monomials, of the number of their variables alone.
GENERATED = ("monomials.py", "_build")

SYMPY = Path(sympy.__file__).parent

_heard = None


def _hook(event, arguments):
    if _heard is not None and event.startswith(FORBIDDEN) and not _excepted(event, arguments):
        _heard.append((event, repr(arguments)[:200]))


def _excepted(event, arguments):
    """Whether it is a part of an import of SymPy's modules, or code that SymPy made of a number."""
    if event in ("compile", "exec") and _in_sympy_s_own(sys._getframe(2)):
        return True
    if event == "import":
        return arguments[0].partition(".")[0] in LAZY or _importing(sys._getframe(2))
    return _importing(sys._getframe(2))


def _in_sympy_s_own(frame):
    path = Path(frame.f_code.co_filename)
    return (path.name, frame.f_code.co_name) == GENERATED and path.is_relative_to(SYMPY)


def _importing(frame):
    while frame:
        if frame.f_code.co_name == "_find_and_load" and frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return frame.f_locals["name"].partition(".")[0] in LAZY
        frame = frame.f_back
    return False


sys.addaudithook(_hook)


@contextmanager
def watched():
    """A list that fills with what is executed, opened or started inside the block."""
    global _heard
    _heard = []
    try:
        yield _heard
    finally:
        _heard = None
