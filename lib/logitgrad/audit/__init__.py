"""Joins the two sides: what a function should return, to the last digit, and how far one is from it.

The package is also a function, so that ``lg.audit(function, against=...)`` and ``from logitgrad.audit import
exact`` both work: see `audit`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .exact import FORMS, exact
from .measure import audit
from .measured import Measured, Worst
from .report import Report

__all__ = ["FORMS", "Measured", "Report", "Worst", "audit", "exact"]


class _CallableModule(ModuleType):
    """A module that passes calls on.

    The import of any of its submodules binds the name `logitgrad.audit` to the module, whatever was there before;
    so it is the module that has to be callable.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Report:
        return audit(*args, **kwargs)


sys.modules[__name__].__class__ = _CallableModule
