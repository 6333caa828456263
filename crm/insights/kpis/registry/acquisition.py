"""KPIs of acquisition: what members cost, how many visitors and leads register, what channels bring."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.kpis.definition import OF_CHANNELS, Department, Group, Kpi, Unit

KPIS = (
    Kpi(
        code="registration_conversion",
        group=Group.ACQUISITION,
        name=_("Registration conversion"),
        definition=_(
            "Of the visitors whose first 30 days ended in the period, the share that registered within "
            "those 30 days. A visitor is anybody first seen: an anonymous visitor, a lead or a member, each "
            "counted once."
        ),
        numerator=_("Registered within 30 days of the first visit"),
        denominator=_("Visitors whose first 30 days ended"),
        department=Department.MARKETING,
        version=2,
        scopes=OF_CHANNELS,
    ),
    Kpi(
        code="lead_registration",
        group=Group.ACQUISITION,
        name=_("Lead-to-registration conversion"),
        definition=_(
            "Of the leads whose first 30 days ended in the period, the share that registered within "
            "those 30 days. Members first seen at registration are excluded."
        ),
        numerator=_("Registered within 30 days"),
        denominator=_("Leads whose first 30 days ended"),
        department=Department.MARKETING,
        scopes=OF_CHANNELS,
    ),
    Kpi(
        code="cost_per_registration",
        group=Group.ACQUISITION,
        name=_("Cost per registration"),
        definition=_(
            "Spend on acquisition channels in the period, divided by the members who registered in it."
        ),
        numerator=_("Total channel spend"),
        counts_spend=True,
        denominator=_("New registrations"),
        department=Department.MARKETING,
        unit=Unit.MONEY,
        higher_is_better=False,
        scopes=OF_CHANNELS,
    ),
    Kpi(
        code="cost_per_first_investment",
        group=Group.ACQUISITION,
        name=_("Channel quality: cost per first investment"),
        definition=_(
            "Spend on acquisition channels in the period, divided by the members who first invested in it."
        ),
        numerator=_("Total channel spend"),
        counts_spend=True,
        denominator=_("First-time investors"),
        department=Department.MARKETING,
        unit=Unit.MONEY,
        higher_is_better=False,
        scopes=OF_CHANNELS,
    ),
    Kpi(
        code="channel_money",
        group=Group.ACQUISITION,
        name=_("Channel quality: 90-day money per member"),
        definition=_(
            "Net money brought in within 90 days of registering (bought − redeemed and paid out), per member "
            "who registered through a channel and whose first 90 days ended in the period."
        ),
        numerator=_("Bought − redeemed and paid out within 90 days"),
        denominator=_("Registered through a channel, 90 days elapsed"),
        department=Department.MARKETING,
        unit=Unit.MONEY,
        scopes=OF_CHANNELS,
    ),
    Kpi(
        code="channel_retention",
        group=Group.ACQUISITION,
        name=_("Channel quality: 90-day retention"),
        definition=_(
            "Of the members who came through a channel and whose first 90 days as investors ended in the "
            "period, the share that still holds assets above the empty-account threshold at the end of them."
        ),
        numerator=_("Still holding assets after 90 days"),
        denominator=_("First invested, came through a channel, 90 days elapsed"),
        department=Department.MARKETING,
        scopes=OF_CHANNELS,
    ),
)
