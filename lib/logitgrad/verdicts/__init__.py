"""Every claim of the pages that the course starts from, decided by code.

>>> from logitgrad.verdicts import CLAIMS
>>> print(CLAIMS["A2"].decide())
holds if numbers are real; fails if numbers are floats
"""

# The modules enter their claims when they are imported, in the sources' order.
from . import division, log_loss, saturation, rectifier, zero_targets  # noqa: F401  # isort: skip
from .claim import CLAIMS, SOURCES, Case, Claim, Evidence, Finding, Verdict

__all__ = ["CLAIMS", "SOURCES", "Case", "Claim", "Evidence", "Finding", "Verdict"]
