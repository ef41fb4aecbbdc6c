"""How long Hypothesis looks: a hundred examples, always the same; `make test-examples` takes ten thousand."""

import re

from hypothesis import HealthCheck, settings

settings.register_profile("quick", deadline=None, derandomize=True, max_examples=100)
settings.register_profile(
    "slow", deadline=None, derandomize=True, max_examples=10_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quick")  # --hypothesis-profile comes later and wins


def pytest_make_parametrize_id(val):
    """Name a test after its argument, in letters by which it can be selected: ASCII without backslashes."""
    name = getattr(val, "name", val)
    return re.sub(r"[^ -\[\]-~]", "?", name) if isinstance(name, str) else None
