"""The versions of a segment, each with what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from members.rules.sentences import Line, parts
from members.segments.models import Segment, Version

SHOWN = 12


@dataclass(frozen=True)
class ShownVersion:
    """A version and its changes against the one before: lines of the rule in words."""

    version: Version
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed_from: str = ""
    is_other_purpose: bool = False


def shown_versions(segment: Segment) -> list[ShownVersion]:
    """The latest versions, newest first. One query."""
    versions = list(segment.versions.select_related("made_by").order_by("-number")[: SHOWN + 1])
    pairs = list(zip_longest(versions, versions[1:]))
    return [_compare(version, before) for version, before in pairs[:SHOWN]]


def _compare(version: Version, before: Version | None) -> ShownVersion:
    if before is None:
        return ShownVersion(version)
    added, removed = rule_changes(before.rule, version.rule)
    renamed = before.name if before.name != version.name else ""
    return ShownVersion(version, added, removed, renamed, before.why != version.why)


def rule_changes(before: object, after: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lines added, lines removed) between two stored rules, in the active language."""
    if before == after:
        return (), ()
    old, new = _lines(before), _lines(after)
    added: list[str] = []
    removed: list[str] = []
    for _what, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if _what != "equal":
            removed += old[start:end]
            added += new[begin:stop]
    return tuple(added), tuple(removed)


def _lines(rule: object) -> list[str]:
    """Conditions and groups in words, in order; nothing for what can no longer be read."""
    try:
        return list(_flat(parts(parse(rule)))) if rule else []
    except BadRules:
        return []


def _flat(line: Line) -> Iterator[str]:
    yield line.text
    for inner in line.lines:
        yield from _flat(inner)
