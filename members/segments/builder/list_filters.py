"""What filters the list of members besides its rule: the app that has it says how an address asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff

# The changes to an address (empty: left out) by which its rule asks what its other parameters do.
InRule = Callable[[Mapping[str, str], Staff], Mapping[str, str]]
_lists: Registry[InRule] = Registry("list that rules filter")


def register(name: str, in_rule: InRule) -> None:
    """Publish how a list's filters become part of its rule (from AppConfig.ready). Raises RegisteredTwice."""
    _lists.add(name, in_rule)


def in_rule(given: Mapping[str, str], staff: Staff) -> dict[str, str]:
    """The changes to an address by which its rule asks all that it asks; none where it does already."""
    return {name: value for changes in _lists.values() for name, value in changes(given, staff).items()}
