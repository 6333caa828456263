"""How many examples a law is tried on: `quick` by default and in CI, or `deep`, ten times as many."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

QUICK, DEEP = 100, 1_000  # where a test says nothing

# A busy machine is slow, not wrong: no example fails for its time.
settings.register_profile("quick", deadline=None, max_examples=QUICK)
settings.register_profile("deep", deadline=None, max_examples=DEEP, derandomize=False)
settings.load_profile("quick")  # --hypothesis-profile may load the other


def examples(quick: int, **more: Any) -> settings:
    """Decorates a law whose examples are dear: so many of them in the quick profile."""
    return settings(max_examples=quick * settings.default.max_examples // QUICK, **more)
