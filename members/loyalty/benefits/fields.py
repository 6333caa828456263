"""What can be asked of the benefits that members use."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members.loyalty.models import BenefitKind, BenefitVersion
from members.loyalty.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.fields import Field
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Choice, Type

_USE = CLASSES["BenefitUse"]
_LAST = (
    "(SELECT max(u.at) FROM loyalty_benefituse AS u"
    " WHERE u.member_id = m.id AND u.undone_at IS NULL AND u.at <= %(now)s)"
)
_NEXT = (
    "(SELECT min(u.at) FROM loyalty_benefituse AS u"
    " WHERE u.member_id = m.id AND u.undone_at IS NULL AND u.at > %(now)s)"
)
_THIS_YEAR = (
    "(SELECT count(*) FROM loyalty_benefituse AS u"
    " WHERE u.member_id = m.id AND u.undone_at IS NULL AND u.at <= %(now)s"
    " AND u.day >= date_trunc('year', %(today)s::timestamp)::date)"
)
_NEW_YEAR = day_start("(date_trunc('year', %(today)s::timestamp) + interval '1 year')::date")
_NEXT_OF_YEAR = f"least({_NEXT}, CASE WHEN {_LAST} IS NOT NULL THEN {_NEW_YEAR} END)"
_THROUGH_BENEFIT = (
    "a.benefit_id IN (SELECT b.id FROM loyalty_benefit AS b"
    " JOIN loyalty_programme AS p ON p.id = b.programme_id AND p.is_main WHERE {condition})"
)
_THROUGH_VERSION = "a.version_id IN (SELECT v.id FROM loyalty_benefitversion AS v WHERE {condition})"


def benefits() -> Sequence[Choice]:
    """The benefits of the main programme by code, each by its latest name."""
    versions = BenefitVersion.objects.filter(benefit__programme__is_main=True).select_related("benefit")
    latest = {version.benefit.code: version for version in versions.order_by("number")}
    return [
        Choice(code, version.local_name, (code, version.name, version.name_en))
        for code, version in sorted(latest.items())
    ]


def _kinds() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in BenefitKind.choices]


LAST_BENEFIT = Field(
    name="last_benefit_at",
    label=_("Last use of a benefit"),
    help=_("When the member last used a benefit. Missing where it never did."),
    type=Type.INSTANT,
    sql=_LAST,
    privacy=(_USE["at"],),
    tables=("loyalty_benefituse",),
    past=_LAST,
    past_next=_NEXT,
    next=_NEXT,
    group=groups.RELATIONSHIP,
    searched_by=("loyalty", "tier"),
)

BENEFITS_THIS_YEAR = Field(
    name="benefits_used_this_year",
    label=_("Benefits used this year"),
    help=_("How often the member has used a benefit since 1 January."),
    type=Type.NUMBER,
    sql=_THIS_YEAR,
    privacy=(_USE["at"],),
    tables=("loyalty_benefituse",),
    past=_THIS_YEAR,
    past_next=_NEXT_OF_YEAR,
    next=_NEXT_OF_YEAR,
    group=groups.RELATIONSHIP,
    searched_by=("loyalty", "tier"),
)

USED_BENEFIT = Activity(
    name="benefit_use",
    label=_("Use of a benefit"),
    did=_("used a benefit"),
    table="loyalty_benefituse",
    at="a.at",
    condition="a.undone_at IS NULL",
    privacy=(_USE["at"], _USE["benefit"]),
    properties=(
        Property(
            name="benefit",
            label=_("Benefit"),
            type=Type.CHOICE,
            sql="b.code",
            privacy=(_USE["benefit"],),
            choices=benefits,
            through=_THROUGH_BENEFIT,
            tables=("loyalty_benefit", "loyalty_programme"),
        ),
        Property(
            name="kind",
            label=_("Type"),
            type=Type.CHOICE,
            sql="v.kind",
            privacy=(_USE["benefit"],),
            choices=_kinds,
            through=_THROUGH_VERSION,
            tables=("loyalty_benefitversion",),
        ),
        Property(name="cost", label=_("Cost"), type=Type.MONEY, sql="a.cost", privacy=(_USE["cost"],)),
    ),
    searched_by=("loyalty", "perk"),
)
