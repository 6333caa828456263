"""Change a benefit: draft a version, propose it on the basis of a preview, store it once it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from crm.runtime import clock
from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.loyalty.benefits.settings.inducement import Finding, finding_of
from members.loyalty.models import (
    Benefit,
    BenefitQuota,
    BenefitVersion,
    Programme,
    Tier,
)

KIND = "loyalty.benefit"
QUOTA = "quota "  # begins the name of a tier's quota in a diff
FIELDS = (
    "name", "name_en", "kind", "period", "cost", "supplier", "is_shared", "manager_hours", "approval_above",
    "valid_from", "valid_until",
)  # fmt: skip
_MODEL_FIELDS = {field.name: field for field in BenefitVersion._meta.fields}


class Refusal(StrEnum):
    """Why a version is refused: members.loyalty.benefits.sentences words each code."""

    NO_CHANGES = "benefit_no_changes"
    NO_QUOTA = "benefit_no_quota"  # no tier would have it
    TOO_EARLY = "benefit_too_early"  # in the past, or before the latest version
    CODE_TAKEN = "benefit_code_taken"
    BASE_CHANGED = "benefit_base_changed"  # another version has been approved since
    PREVIEW_REQUIRED = "benefit_preview_required"  # nobody has seen yet what it costs


class BenefitRefused(CodedError):
    """A proposal that cannot be made; `code` is a Refusal."""


@dataclass(frozen=True)
class Draft:
    """A version that is not stored, with the quota of each tier that has it, by the tier's code.

    `base` is the version it follows, None for a new benefit.
    """

    programme: Programme
    code: str
    base: BenefitVersion | None
    version: BenefitVersion
    quotas: Mapping[str, int]

    def content(self) -> dict[str, Any]:
        """What the change comes to, as JSON."""
        return {
            "programme": self.programme.pk,
            "code": self.code,
            "effective_from": self.version.effective_from.isoformat(),
            "values": values_as_json(self.version),
            "quotas": dict(sorted(self.quotas.items())),
        }

    @property
    def finding(self) -> Finding | None:
        return finding_of(self.version)


def latest_version(benefit: Benefit) -> BenefitVersion | None:
    """What a new version follows: the one that starts last."""
    return benefit.versions.order_by("-number").first()


def draft(
    *,
    programme: Programme,
    code: str,
    values: Mapping[str, Any],
    quotas: Mapping[str, int],
    effective_from: date,
    now: datetime,
    is_new: bool,
) -> Draft:
    """A version, checked but not stored; `quotas` by the code of the tier.

    Raises ValidationError by field: a value out of range, a code of Refusal or of inducement.Finding.
    """
    benefit = Benefit.objects.filter(programme=programme, code=code).first()
    if is_new and benefit is not None:
        raise ValidationError({"code": _invalid(Refusal.CODE_TAKEN)})
    base = latest_version(benefit) if benefit else None
    given = {name: values.get(name) for name in FIELDS}
    version = BenefitVersion(number=1 + (base.number if base else 0), effective_from=effective_from, **given)
    version.clean_fields(exclude=["benefit", "note", "request_id", "created_at"])
    version.validate_constraints(exclude={"benefit", "request_id"})
    if effective_from < max(clock.day_of(now), base.effective_from if base else date.min):
        raise ValidationError({"effective_from": _invalid(Refusal.TOO_EARLY)})
    known = set(Tier.objects.filter(programme=programme).values_list("code", flat=True))
    if not quotas or set(quotas) - known:
        raise ValidationError({"quotas": _invalid(Refusal.NO_QUOTA)})
    made = Draft(programme, code, base, version, quotas)
    if made.finding is Finding.GIFT_FOR_BUYING:
        raise ValidationError({"name": _invalid(Finding.GIFT_FOR_BUYING)})
    return made


def values_as_json(version: BenefitVersion) -> dict[str, Any]:
    """The values of a version as the database compares them with those that it stores."""
    return {name: _as_json(name, getattr(version, name)) for name in FIELDS}


def quotas_of(version: BenefitVersion) -> dict[str, int]:
    """{code of the tier: quota} of a stored version."""
    return dict(version.quotas.order_by("tier__rank").values_list("tier__code", "quota"))


def changes(made: Draft) -> dict[str, list[Any]]:
    """{field, or "quota <tier's code>": [before, after]} of what differs from the base."""
    before = values_as_json(made.base) if made.base else dict.fromkeys(FIELDS)
    had = quotas_of(made.base) if made.base else {}
    found = {name: [before[name], value] for name, value in values_as_json(made.version).items()}
    for code in sorted({*had, *made.quotas}):
        found[f"{QUOTA}{code}"] = [had.get(code), made.quotas.get(code)]
    return {name: pair for name, pair in found.items() if pair[0] != pair[1] and pair != [None, ""]}


def propose(made: Draft, *, reason: str, maker: Staff, preview: Mapping[str, Any], now: datetime) -> Request:
    """Ask for the version, with the `preview` that its approver is shown too.

    Raises BenefitRefused, and what requests.propose raises.
    """
    diff = changes(made)
    if not diff:
        raise BenefitRefused(Refusal.NO_CHANGES)
    content = made.content()
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": made.base.number if made.base else 0, "preview": dict(preview)},
        diff=diff,
        summary=f"Benefit {made.code}: {len(diff)} values",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; where its day has passed meanwhile it applies from the day of approval.

    Raises BasisChanged where another version of the benefit has been approved since the request was made.
    """
    asked = request.proposal
    benefit, _made = Benefit.objects.get_or_create(programme_id=asked["programme"], code=asked["code"])
    _one_at_a_time(benefit)
    base = latest_version(benefit)
    if (base.number if base else 0) != asked["base"]:
        raise requests.BasisChanged(Refusal.BASE_CHANGED)
    effective_from = max(date.fromisoformat(asked["effective_from"]), clock.day_of(now))
    with transaction.atomic():
        version = BenefitVersion.objects.create(
            benefit=benefit,
            number=asked["base"] + 1,
            effective_from=effective_from,
            note=request.reason,
            request_id=request.pk,
            **version_values(asked["values"]),
        )
        tiers = Tier.objects.filter(programme=benefit.programme_id, code__in=asked["quotas"])
        BenefitQuota.objects.bulk_create(
            BenefitQuota(version=version, tier=tier, quota=asked["quotas"][tier.code]) for tier in tiers
        )


def _one_at_a_time(benefit: Benefit) -> None:
    """Lock the versions of a benefit until the transaction ends, as their trigger does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('loyalty benefit ' || %s, 0))", [benefit.pk]
        )


def version_values(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Back from values_as_json()."""
    return {name: _MODEL_FIELDS[name].to_python(stored[name]) for name in FIELDS}


def _as_json(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    return value.isoformat() if isinstance(value, date) else value


def _invalid(code: StrEnum) -> ValidationError:
    return ValidationError(code.value, code=code.value)
