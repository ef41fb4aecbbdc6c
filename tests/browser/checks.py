"""What several tests ask."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

CHAPTER = "book/sigmoid_bce.html"  # has all that a chapter can have


def assert_nothing(found: Iterable[str]) -> None:
    """Fail with each line of what was found, once."""
    if lines := list(dict.fromkeys(found)):
        pytest.fail("\n".join(lines), pytrace=False)
