"""How the pages of copy, of its review and of wording rules are opened."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.compliance import PACK
from benchmarks.examples.world import (
    ADMIN,
    ALL,
    COMPLIANCE,
    LEAD,
    MANY,
    OPERATIONS,
    Asked,
    Examples,
    World,
    at,
    plain,
)
from campaigns.review.models import EDITABLE, Copy, CopyState, CopyVersion, RulePack

WRITING = (LEAD, OPERATIONS, ADMIN)
READING = (LEAD, COMPLIANCE, OPERATIONS, ADMIN)  # of wording rules


def _copies(world: World) -> Iterator[Asked]:
    views = ("", "draft", "review", "approved", "lapsed", "declined")
    yield Asked("copy/", ALL, [at("copies", view=view) for view in views])


def _of_copies(name: str, *roles: str) -> Examples:
    def ask(world: World) -> Iterator[Asked]:
        codes = Copy.objects.order_by("code").values_list("code", flat=True)
        yield Asked(name, roles, [at(name, code) for code in codes])

    return ask


def _of_versions(name: str, *roles: str, states: tuple[str, ...] = tuple(CopyState.values)) -> Examples:
    def ask(world: World) -> Iterator[Asked]:
        found = CopyVersion.objects.filter(state__in=states).order_by("pk").values_list("pk", flat=True)
        yield Asked(name, roles, [at(name, pk) for pk in found])

    return ask


REVIEWED = (CopyState.SUBMITTED, CopyState.APPROVED, CopyState.RETURNED, CopyState.REJECTED)


def _rules(world: World) -> Iterator[Asked]:
    names = RulePack.objects.values_list("name", flat=True).distinct().order_by("name")
    yield Asked("copy/rules/", READING, [at("wording-rules", pack=name) for name in names])


def _rule(world: World) -> Iterator[Asked]:
    codes = RulePack.objects.filter(name=PACK).latest("pk").rules.values_list("code", flat=True)[:MANY]
    yield Asked("wording-rule", READING, [at("wording-rule", PACK, code) for code in codes])


def _bases(world: World) -> Iterator[Asked]:
    rules = RulePack.objects.filter(name=PACK).latest("pk").rules
    found = rules.values_list("category", flat=True).distinct().order_by("category")
    yield Asked("wording-basis", READING, [at("wording-basis", PACK, category) for category in found])


def _of_pack(name: str) -> Examples:
    return lambda world: iter([Asked(name, READING, [at(name, PACK)])])


COPY: dict[str, Examples] = {
    "copies": _copies,
    "copy-matrix": plain("copy-matrix"),
    "copy": _of_copies("copy", *ALL),
    "copy-version": _of_versions("copy-version", *ALL),
    "copy-new": plain("copy-new", *WRITING),
    "copy-change": _of_copies("copy-change", *WRITING),
    "copy-write": _of_copies("copy-write", *WRITING),
    "copy-edit": _of_versions("copy-edit", *WRITING, states=tuple(EDITABLE)),
    "review-queue": plain("review-queue", COMPLIANCE),
    "review-approved": plain("review-approved", COMPLIANCE),
    "review-ending": plain("review-ending", COMPLIANCE),
    "review-lapsed": plain("review-lapsed", COMPLIANCE),
    "review-exceptions": plain("review-exceptions", COMPLIANCE),
    "review-opinions": plain("review-opinions", COMPLIANCE),
    "review-version": _of_versions("review-version", COMPLIANCE, states=REVIEWED),
    "review-previews": _of_versions("review-previews", COMPLIANCE, states=REVIEWED),
    "wording-rules": _rules,
    "wording-rule-new": _of_pack("wording-rule-new"),
    "wording-rule": _rule,
    "wording-basis": _bases,
    "wording-draft": _of_pack("wording-draft"),
}
