"""KPIs of activation: from registration to the first investment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.kpis.definition import EVERY_SCOPE, Department, Group, Kpi, Parameter, Unit
from crm.insights.models import Scope

KPIS = (
    Kpi(
        code="first_investment_conversion",
        group=Group.ACTIVATION,
        name=_("First-investment conversion"),
        definition=_(
            "Of the members whose first 30 days after registration ended in the period, the share that "
            "made a first investment within those 30 days."
        ),
        numerator=_("First investment within 30 days"),
        denominator=_("Registered, 30 days elapsed"),
        department=Department.PRODUCT,
        scopes=(*EVERY_SCOPE, Scope.CHANNEL),
    ),
    Kpi(
        code="time_to_activate",
        group=Group.ACTIVATION,
        name=_("Time to activate"),
        definition=_(
            "Average number of days from registration to first investment, for members who first "
            "invested in the period and within a year of registering."
        ),
        numerator=_("Total days from registration to first investment"),
        denominator=_("First-time investors"),
        department=Department.PRODUCT,
        unit=Unit.DAYS,
        higher_is_better=False,
        scopes=(*EVERY_SCOPE, Scope.CHANNEL),
    ),
    Kpi(
        code="newcomer_quest_completion",
        group=Group.ACTIVATION,
        name=_("Newcomer quest completion"),
        definition=_(
            "Of the members whose time for the newcomer quest ended in the period, the share that completed "
            "it in time."
        ),
        numerator=_("Completed the newcomer quest"),
        denominator=_("Members whose time for the newcomer quest ended"),
        department=Department.OPERATIONS,
        version=2,
        parameters=(Parameter("quest", _("Code of the newcomer quest"), "newcomer", "newcomer"),),
    ),
)
