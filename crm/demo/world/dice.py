"""Chance that repeats itself: each part of the world draws from a generator of its own."""

from __future__ import annotations

from random import Random


def dice(seed: str, part: str) -> Random:
    """The generator of one part of the world, the same for the same seed."""
    return Random(f"{seed}/{part}")  # noqa: S311 - chance for a story; nothing is kept secret by it
