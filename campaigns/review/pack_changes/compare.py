"""What other rules would newly flag or release: in the pack's own examples, in a text, in stored copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.review.copy.check import Found, find
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.models import CopyVersion, PackExample
from campaigns.review.wording.check import Finding, check
from campaigns.review.wording.documents import Copy
from campaigns.review.wording.packs import Pack

MOST_SHOWN = 100  # texts that a trial keeps with their spans


@dataclass(frozen=True)
class Failed:
    """An example that a pack does not answer as it must: what was expected and what was found."""

    text: str
    category: str  # empty: no finding
    severity: str
    found: tuple[tuple[str, str], ...]  # (rule, severity)


def failed_examples(examples: Iterable[PackExample], pack: Pack) -> list[Failed]:
    """The examples that a pack gets wrong: what breaks a rule must be found, nothing else."""
    failed = []
    for one in examples:
        found = check(Copy(one.text), pack)
        kinds = {(finding.rule.category, finding.severity.value) for finding in found}
        if (one.category, one.severity) not in kinds if one.category else found:
            told = tuple((finding.rule.id, finding.severity.value) for finding in found)
            failed.append(Failed(one.text, one.category, one.severity, told))
    return failed


def try_text(text: str, before: Pack, after: Pack) -> list[tuple[Finding, str]]:
    """The findings of a text by either pack, in its order, each with "kept", "added" or "released"."""
    had, has = ({_key(one): one for one in check(Copy(text), pack)} for pack in (before, after))
    told = [(one, "kept" if key in had else "added") for key, one in has.items()]
    told += [(one, "released") for key, one in had.items() if key not in has]
    return sorted(told, key=lambda pair: (pair[0].start, pair[0].end))


@dataclass(frozen=True)
class Difference:
    """What other rules change for a version of copy."""

    version: CopyVersion
    added: tuple[Found, ...]
    released: tuple[Found, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version.pk,
            "added": [_as_json(one) for one in self.added],
            "released": [_as_json(one) for one in self.released],
        }


def differences(
    versions: Iterable[CopyVersion], packs: Mapping[str, tuple[Pack, Pack]]
) -> Iterator[Difference]:
    """For each version, in order; `packs` by language: the pack in effect and the other one.

    A template that cannot be read has no differences: it has been refused before.
    """
    for version in versions:
        try:
            had, has = (_found(version, pack) for pack in packs[version.language])
        except CopyRefused:
            had, has = {}, {}
        yield Difference(
            version,
            tuple(one for key, one in has.items() if key not in had),
            tuple(one for key, one in had.items() if key not in has),
        )


def _found(version: CopyVersion, pack: Pack) -> dict[tuple[Any, ...], Found]:
    return {_place(one): one for one in find(version, version.copy, pack)}


def _key(one: Finding) -> tuple[str, str, int, int]:
    return one.rule.category, one.severity.value, one.start, one.end


def _place(one: Found) -> tuple[Any, ...]:
    return one.part, *_key(one.finding), one.start, one.end


def _as_json(one: Found) -> dict[str, Any]:
    return {
        "rule": one.finding.rule.id,
        "category": one.finding.rule.category,
        "severity": one.finding.severity.value,
        "part": one.part,
        "start": one.start,
        "end": one.end,
        "text": one.text,
    }
