"""What the jobs page says first: sentences that apps make of the latest runs of their jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crm.runtime.extension.registry import Registry
from crm.web.jobs.runs import ShownJob

Statement = tuple[str, str]  # how it stands (good, bad or empty), in a sentence of the reader's language
Make = Callable[[Sequence[ShownJob]], Statement]

_statements: Registry[Make] = Registry("statement about jobs")


def register(name: str, make: Make) -> None:
    """Publish a sentence (from AppConfig.ready); `make` reads no database. Raises RegisteredTwice."""
    _statements.add(name, make)


def statements(jobs: Sequence[ShownJob]) -> list[Statement]:
    """Every app's sentence about these jobs."""
    return [make(jobs) for make in _statements.values()]
