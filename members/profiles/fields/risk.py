"""What a member may take on: risk class, assessment, type of investor."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Verbatim
from members.profiles.models import InvestorType, RiskClass
from members.profiles.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Field
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Choice, Type

_OF_MEMBER = CLASSES["Member"]
ASSESSED_THEN = (
    "(SELECT {} FROM profiles_riskassessment AS a WHERE a.member_id = m.id AND a.assessed_on <= %(today)s"
    " ORDER BY a.assessed_on DESC LIMIT 1)"
)
NEXT_ASSESSMENT = day_start(
    "(SELECT min(a.assessed_on) FROM profiles_riskassessment AS a"
    " WHERE a.member_id = m.id AND a.assessed_on > %(today)s)"
)
ASSESSMENT_TABLES = ("profiles_member", "profiles_riskassessment")


def risk_classes() -> Sequence[Choice]:
    return [Choice(value, Verbatim(value)) for value in RiskClass.values]


def _investor_types() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in InvestorType.choices]


FIELDS = (
    Field(
        name="risk_class",
        label=_("Risk class"),
        help=_("The risk tolerance of the latest assessment, C0 to C5. Missing where there is none."),
        type=Type.CHOICE,
        sql="m.risk_class",
        privacy=(_OF_MEMBER["risk_class"],),
        tables=ASSESSMENT_TABLES,
        past=ASSESSED_THEN.format("a.risk_class"),
        past_next=NEXT_ASSESSMENT,
        choices=risk_classes,
        group=groups.RISK,
        searched_by=("suitability",),
    ),
    Field(
        name="risk_assessed_on",
        label=_("Risk assessment date"),
        help=_("The day of the latest risk assessment."),
        type=Type.DAY,
        sql="m.risk_assessed_on",
        privacy=(_OF_MEMBER["risk_assessed_on"],),
        tables=ASSESSMENT_TABLES,
        past=ASSESSED_THEN.format("a.assessed_on"),
        past_next=NEXT_ASSESSMENT,
        group=groups.RISK,
        searched_by=("questionnaire",),
    ),
    Field(
        name="investor_type",
        label=_("Investor type"),
        help=_("Retail, professional or qualified investor."),
        type=Type.CHOICE,
        sql="m.investor_type",
        privacy=(_OF_MEMBER["investor_type"],),
        tables=("profiles_member",),
        choices=_investor_types,
        group=groups.RISK,
    ),
)
