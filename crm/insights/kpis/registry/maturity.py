"""KPIs of maturity: staying, holding much, referring others, holding everything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.kpis.definition import Department, Group, Kpi, Parameter, Unit

KPIS = (
    Kpi(
        code="aum_maturity",
        group=Group.MATURITY,
        name=_("AUM in Maturity"),
        definition=_("Assets at period end of the members who are in Maturity at that instant."),
        numerator=_("Assets of members in Maturity"),
        denominator=_("Members in Maturity"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        is_total=True,
        reads=("assets", "lives"),
        parameters=(Parameter("stage", _("Stage"), "maturity", Group.MATURITY.label),),
        sql_name="aum_in_stage",
    ),
    Kpi(
        code="retention",
        group=Group.MATURITY,
        name=_("Retention"),
        definition=_(
            "Of the members in Growth or Maturity at period start, the share still in one of the two at "
            "period end."
        ),
        numerator=_("Still in Growth or Maturity"),
        denominator=_("In Growth or Maturity at period start"),
        department=Department.WEALTH,
        reads=("lives",),
    ),
    Kpi(
        code="vip_share",
        group=Group.MATURITY,
        name=_("VIP share"),
        definition=_(
            "Share of clients whose assets reach the policy's Maturity threshold at period end. "
            "Membership tiers replace the threshold once they are set up."
        ),
        numerator=_("Clients at or above the threshold"),
        denominator=_("Clients at period end"),
        department=Department.WEALTH,
        reads=("assets",),
    ),
    Kpi(
        code="referral_rate",
        group=Group.MATURITY,
        name=_("Referral rate"),
        definition=_(
            "Share of clients who referred at least one member that registered within the 365 days to "
            "period end."
        ),
        numerator=_("Clients who referred a member"),
        denominator=_("Clients at period end"),
        department=Department.OPERATIONS,
        reads=("assets",),
    ),
    Kpi(
        code="all_category_holding_rate",
        group=Group.MATURITY,
        name=_("All-category holding rate"),
        definition=_(
            "Share of clients holding at least four product categories at period end. Held means bought "
            "for more than redeemed."
        ),
        numerator=_("Clients holding four or more categories"),
        denominator=_("Clients at period end"),
        department=Department.WEALTH,
        reads=("assets",),
    ),
)
