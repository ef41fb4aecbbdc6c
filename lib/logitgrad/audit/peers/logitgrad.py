"""The library itself."""

from __future__ import annotations

from importlib import import_module

from ..exact import FORMS
from . import Function


def _function(name: str) -> Function:
    module, _, attribute = name.partition(".")
    function: Function = getattr(import_module(f"logitgrad.numeric.{module}"), attribute)
    return function


FUNCTIONS: dict[str, Function] = {name: _function(name) for name in FORMS if not name.startswith(("relu", "tanh"))}
