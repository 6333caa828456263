"""Change the questionnaire: draft a version, propose it, store it once a second person has approved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from crm.runtime import clock
from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.profiles.models import LONGEST_VALIDITY, RISK, Questionnaire
from members.profiles.questionnaires.versions.definition import Definition, Mistake, mistakes, read
from members.profiles.questionnaires.versions.stored import latest

KIND = "profiles.questionnaire"
FIELDS = ("name", "name_en", "questions", "bands", "validity_months")


class Refusal(StrEnum):
    """Why a version is refused; members.profiles.questionnaires.sentences words each."""

    NO_CHANGES = "questionnaire_no_changes"
    NAME_MISSING = "questionnaire_name_missing"
    TOO_EARLY = "questionnaire_too_early"  # in the past, or before the latest version
    VALIDITY = "questionnaire_validity"  # months: the most that are allowed
    BASE_CHANGED = "questionnaire_base_changed"  # another version has been approved since


class ChangeRefused(CodedError):
    """A proposal that cannot be made; `code` is a Refusal."""


class DefinitionRefused(ValueError):
    """A definition with mistakes."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        super().__init__(", ".join(f"{one.fault} {one.question}.{one.option}" for one in found))
        self.mistakes = tuple(found)


@dataclass(frozen=True)
class Draft:
    """A version that is not stored. `base` is the version that it follows, None for the first."""

    values: Mapping[str, Any]
    effective_from: date
    base: Questionnaire | None

    @property
    def definition(self) -> Definition:
        return read(self.values["questions"], self.values["bands"])

    def content(self) -> dict[str, Any]:
        """What the change comes to, as JSON."""
        return {
            "code": RISK,
            "effective_from": self.effective_from.isoformat(),
            "values": {name: self.values[name] for name in FIELDS},
        }


def draft(*, values: Mapping[str, Any], effective_from: date, now: datetime) -> Draft:
    """A version of these values (FIELDS), checked but not stored. Raises ChangeRefused, DefinitionRefused."""
    base = latest()
    if not (str(values["name"]).strip() and str(values["name_en"]).strip()):
        raise ChangeRefused(Refusal.NAME_MISSING)
    if not 1 <= values["validity_months"] <= LONGEST_VALIDITY:
        raise ChangeRefused(Refusal.VALIDITY, months=LONGEST_VALIDITY)
    if effective_from < max(clock.day_of(now), base.effective_from if base else date.min):
        raise ChangeRefused(Refusal.TOO_EARLY)
    if found := mistakes(values["questions"], values["bands"]):
        raise DefinitionRefused(found)
    return Draft(values, effective_from, base)


def changes(made: Draft) -> dict[str, list[Any]]:
    """{what: [before, after]} of what differs from the base: names, bands, each question by its key."""
    before = {name: getattr(made.base, name) for name in FIELDS} if made.base else {}
    pairs: dict[str, list[Any]] = {}
    for name in ("name", "name_en", "validity_months"):
        pairs[name] = [before.get(name), made.values[name]]
    for name, score in made.values["bands"].items():
        pairs[f"band {name}"] = [before.get("bands", {}).get(name), score]
    had = {one["key"]: one for one in before.get("questions", [])}
    has = {one["key"]: one for one in made.values["questions"]}
    for key in [*has, *(key for key in had if key not in has)]:
        pairs[f"question {key}"] = [had.get(key), has.get(key)]
    if made.base and list(had) != list(has) and set(had) == set(has):
        pairs["order"] = [list(had), list(has)]
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def propose(made: Draft, *, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for the version. Raises ChangeRefused, and what requests.propose raises."""
    diff = changes(made)
    if not diff:
        raise ChangeRefused(Refusal.NO_CHANGES)
    content = made.content()
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": made.base.number if made.base else 0},
        diff=diff,
        summary=f"Risk questionnaire: {len(diff)} changes",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; where its day has passed meanwhile it applies from the day of approval.

    Raises BasisChanged where another version has been approved since the request was made.
    """
    asked = request.proposal
    with connection.cursor() as cursor:  # as the trigger does
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('profiles questionnaire ' || %s, 0))",
            [asked["code"]],
        )
    base = latest()
    if (base.number if base else 0) != asked["base"]:
        raise requests.BasisChanged(Refusal.BASE_CHANGED)
    Questionnaire.objects.create(
        code=asked["code"],
        number=asked["base"] + 1,
        effective_from=max(date.fromisoformat(asked["effective_from"]), clock.day_of(now)),
        note=request.reason,
        request_id=request.pk,
        **asked["values"],
    )
