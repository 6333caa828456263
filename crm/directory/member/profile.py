"""The profile of a member: personal values, stage, record and where each fact comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.directory.complaints.read import OpenComplaint, shown_to
from crm.directory.member.record import read_record
from crm.directory.provenance import Origins
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from crm.web import formats
from crm.web.components import Fact, Text
from members.lifecycle.forecast.rhythm import Silence, unusual_silence
from members.lifecycle.models import Standing, Warning
from members.portfolio.models import InvestorStatus
from members.profiles.member_view import MemberView, member_view
from members.profiles.models import InvestorType, Member, Sex
from members.profiles.personal.field_labels import FIELD_LABELS, REVEAL_REASONS

ASKED_OF_CALLERS = ("name", "mobile", "id_number", "birth_date")
IDENTITY_LABELS: dict[str, str | Promise] = {
    "member": gettext_lazy("Member number"),
    "visitor": gettext_lazy("Visitor ID"),
    "wecom": gettext_lazy("WeCom ID"),
}
LIQUIDITY_LABELS: dict[str, str | Promise] = {
    "high": gettext_lazy("high"),
    "medium": gettext_lazy("medium"),
    "low": gettext_lazy("low"),
}


@dataclass(frozen=True)
class PersonalValue:
    """One personal value as the reader sees it; `may_reveal`: the reader may reveal it for a reason."""

    field: str
    label: str | Promise
    text: str
    masked: bool
    may_reveal: bool
    reasons = REVEAL_REASONS  # that are offered


@dataclass(frozen=True)
class MemberProfile:
    """A member as the reader sees them: `record` without names and encrypted values; `view` shows those.

    `names` are the identities in other systems, (kind, source, value), for readers who may see them.
    """

    view: MemberView
    record: Member
    standing: Standing | None
    manager: str
    names: list[tuple[str, str, str]]
    assessed_by: int | None  # the import that wrote the current risk assessment
    brought_by: Mapping[str, int | None]  # the imports of the facts at these instants of the standing
    complaints: list[OpenComplaint]
    silence: Silence | None  # where it is unusual for this member
    warnings: Sequence[Warning]  # the open ones
    statuses: Sequence[InvestorStatus]  # all that were verified, the newest first
    highest_risk: int  # of products that are offered to the class; 0 without a class

    @property
    def outside_ids(self) -> list[str]:
        """The member numbers on the platform."""
        return [value for kind, _source, value in self.names if kind == "member"]

    @property
    def values(self) -> list[PersonalValue]:
        """The personal values on record that the reader sees anything of."""
        found = (personal_value(self.view, field) for field in FIELD_LABELS)
        return [
            value
            for value in found
            if value.text and not (value.field == "name" and value.text == self.view.number)
        ]

    @property
    def identity(self) -> list[PersonalValue]:
        """The values that a caller is asked for and that are on record."""
        found = {value.field: value for value in self.values}
        return [found[field] for field in ASKED_OF_CALLERS if field in found]


def personal_value(view: MemberView, field: str) -> PersonalValue:
    """One value as its reader sees it; its text is empty where there is none."""
    text = getattr(view, field)
    shown = _display(field, text) if text else ""
    return PersonalValue(field, FIELD_LABELS[field], shown, field in view.masked, field in view.revealable)


def _display(field: str, text: str) -> str:
    """The label of a value that is stored as a code; else the value."""
    if field == "sex":
        return str(Sex(text).label)
    if field == "language":
        return str(dict(settings.LANGUAGES).get(text.lower(), text))
    return text


def read_profile(member_id: int, staff: Staff, now: datetime) -> MemberProfile:
    """The profile of a member. One query. Raises Http404 where there is none that the reader may see."""
    found = read_record(member_id, staff, now)
    if found is None:
        raise Http404
    seen = mask_level("outside_id", staff) is MaskLevel.PLAIN
    return MemberProfile(
        member_view(member_id, found.stored, staff, own=found.manager_id == staff.pk),
        found.member,
        getattr(found.member, "standing", None),
        found.manager,
        list(found.identities) if seen else [],
        found.assessed_by,
        found.brought_by,
        shown_to(found.complaints, staff, now),
        unusual_silence(found.rhythm, now),
        found.warnings,
        found.statuses,
        found.highest_risk,
    )


def origin_of_record(profile: MemberProfile, origins: Origins) -> Text:
    """Where the record came from; empty where that is not known."""
    record = profile.record
    source = record.source or next((source for _kind, source, _value in profile.names if source), "")
    return origins.of(record.import_id, source=source, at=record.imported_at)


def record_facts(profile: MemberProfile, origin: Text) -> list[Fact]:
    """The facts on record besides the personal values; `origin` is of the record."""
    record = profile.record
    investor = InvestorType(record.investor_type).label if record.investor_type else ""
    rows: list[tuple[Text, Text, Text]] = [
        (gettext_lazy("Investor type"), investor, ""),
        (gettext_lazy("Acquisition channel"), str(record.channel or ""), record.campaign),
    ]
    facts = [Fact(label, value, origin, more=more) for label, value, more in rows if value]
    facts += [
        Fact(
            IDENTITY_LABELS.get(kind, kind),
            value,
            origin if (kind, source) == ("member", record.source) else source,
            copied=True,
        )
        for kind, source, value in profile.names
    ]
    return facts


def _horizon(days: int) -> str:
    """Whole years in years, all else in days."""
    years, rest = divmod(days, 365)
    if not years or rest:
        return formats.days(days)
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": formats.number(years)}


def preference_facts(profile: MemberProfile, categories: Mapping[str, str]) -> list[Fact]:
    """The investment preferences of the member, with their source and date.

    `categories` are the names of product categories by code.
    """
    preference = getattr(profile.record, "preference", None)
    if preference is None:
        return []
    kinds = " · ".join(categories.get(code, code) for code in preference.categories)
    rows: list[tuple[Text, Text]] = [
        (gettext_lazy("Investment goal"), preference.goal),
        (
            gettext_lazy("Investment horizon"),
            _horizon(preference.horizon_days) if preference.horizon_days else "",
        ),
        (gettext_lazy("Liquidity needs"), LIQUIDITY_LABELS.get(preference.liquidity, preference.liquidity)),
        (gettext_lazy("Preferred product types"), kinds),
    ]
    stated = (
        _("provided on %(day)s") % {"day": formats.day(preference.stated_on)} if preference.stated_on else ""
    )
    origin = " · ".join(part for part in (preference.source, stated) if part)
    return [Fact(label, value, origin) for label, value in rows if value]
