"""Whether anything is executed, opened or started meanwhile: what the interpreter itself reports of it.

Python tells an audit hook of every call that compiles, runs, imports, opens, connects or starts something. Such a
hook cannot be taken away again, so there is one, and it listens inside ``watched`` only.
"""

import re
import sys
from contextlib import contextmanager
from pathlib import Path

import sympy

FORBIDDEN = (
    "compile",
    "exec",
    "import",
    "open",
    "os.",
    "subprocess.",
    "socket.",
    "ctypes.",
    "shutil.",
    "pty.",
    "code.",
)

#: SymPy and mpmath import some of their own modules on first use, inside functions.
LAZY = ("sympy", "mpmath", "logitgrad")

#: Where SymPy compiles text of its own, by file and function: functions that multiply monomials, made of the
#: number of variables alone; and the name that mpmath finds for a number, such as log(60/59).
GENERATED = {("monomials.py", "_build"), ("simplify.py", "nsimplify_real")}
_NAMES = {"from", "sympy", "import", "Integer", "Float", "Rational", "log", "exp", "sqrt", "pi"}

SYMPY = Path(sympy.__file__).parent

_heard = None


def _hook(event, arguments):
    if _heard is not None and event.startswith(FORBIDDEN) and not _excepted(event, arguments):
        _heard.append((event, repr(arguments)[:200]))


def _excepted(event, arguments):
    """Whether it is a part of an import of SymPy's modules, or code that SymPy made of a number."""
    if event in ("compile", "exec") and _generated(sys._getframe(2), arguments):
        return True
    if event == "import":
        return arguments[0].partition(".")[0] in LAZY or _importing(sys._getframe(2))
    return _importing(sys._getframe(2))


def _generated(frame, arguments):
    """Whether SymPy made the text that is compiled; of a number's name, whether it is one."""
    while frame:
        path, function = Path(frame.f_code.co_filename), frame.f_code.co_name
        if (path.name, function) in GENERATED and path.is_relative_to(SYMPY):
            return function == "_build" or not isinstance(arguments[0], bytes) or _is_number(arguments[0].decode())
        frame = frame.f_back
    return False


def _is_number(text):
    return set(re.findall(r"[A-Za-z_]\w*", text)) <= _NAMES and not re.search(r"[^\w\s()+*/.'-]", text)


def _importing(frame):
    while frame:
        if (
            frame.f_code.co_name == "_find_and_load"
            and frame.f_code.co_filename == "<frozen importlib._bootstrap>"
        ):
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
