"""Exact test vectors: inputs and results, to the last bit, for implementations in any language.

`load` returns the shipped document and `cases` iterates over it; `generate` computes it anew from the theorems,
and `as_json` and `as_tsv` write it. The book's page on test vectors documents the format.
"""

from .document import DTYPES, FLAGS, FORMAT, VERSION, generate
from .files import as_json, as_tsv, cases, load, shipped
from .functions import FUNCTIONS, Function
from .reports import REPORTS, Case, Report

__all__ = [
    "DTYPES",
    "FLAGS",
    "FORMAT",
    "FUNCTIONS",
    "REPORTS",
    "VERSION",
    "Case",
    "Function",
    "Report",
    "as_json",
    "as_tsv",
    "cases",
    "generate",
    "load",
    "shipped",
]
