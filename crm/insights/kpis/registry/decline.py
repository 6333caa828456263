"""KPIs of decline: leaving, falling silent, and coming back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.kpis import approached
from crm.insights.kpis.definition import Department, Group, Kpi, Parameter, Unit
from crm.web.components import Text


def _silent(code: str, name: Text, definition: Text, numerator: Text, above: int, up_to: int | None) -> Kpi:
    """A share of the invested whose last login or trade lies more than `above` days back, up to `up_to`."""
    return Kpi(
        code=code,
        group=Group.DECLINE,
        name=name,
        definition=definition,
        numerator=numerator,
        denominator=_("Members who have invested"),
        department=Department.OPERATIONS,
        version=2,
        higher_is_better=False,
        parameters=(
            Parameter(
                "above_days", _("Silent for more than (days; at least the policy's)"), above, str(above)
            ),
            Parameter("up_to_days", _("Up to (days)"), up_to, str(up_to or "–")),
        ),
        sql_name="dormant_share",
    )


KPIS = (
    Kpi(
        code="aum_decline",
        group=Group.DECLINE,
        name=_("AUM in Decline"),
        definition=_("Assets at period end of the members who are in Decline at that instant."),
        numerator=_("Assets of members in Decline"),
        denominator=_("Members in Decline"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        higher_is_better=False,
        is_total=True,
        reads=("assets", "lives"),
        parameters=(Parameter("stage", _("Stage"), "decline", Group.DECLINE.label),),
        sql_name="aum_in_stage",
    ),
    Kpi(
        code="churn_rate",
        group=Group.DECLINE,
        name=_("Churn rate"),
        definition=_(
            "Of the members invested and not churned at period start, the share churned at period end: "
            "in decline with an empty account."
        ),
        numerator=_("Churned at period end"),
        denominator=_("Invested and not churned at period start"),
        department=Department.OPERATIONS,
        higher_is_better=False,
        reads=("lives",),
    ),
    _silent(
        "dormant_share",
        _("Dormant share"),
        _(
            "Of the members who have invested, the share without a login or trade for at least the "
            "policy's days to dormancy, at period end."
        ),
        _("Silent at period end"),
        0,
        None,
    ),
    _silent(
        "dormant_share_year",
        _("Dormant share, up to 365 days"),
        _("The portion of the dormant share that has been silent for up to 365 days."),
        _("Silent for up to 365 days"),
        0,
        365,
    ),
    _silent(
        "dormant_share_long",
        _("Dormant share, over 365 days"),
        _("The portion of the dormant share that has been silent for more than 365 days."),
        _("Silent for more than 365 days"),
        365,
        None,
    ),
    Kpi(
        code="return_rate",
        group=Group.DECLINE,
        name=_("Return rate"),
        definition=_(
            "Of the members in Decline at period start or entering it in the period, the share that "
            "returned to Growth or Maturity in the period because money or activity came back, "
            "regardless of the cause."
        ),
        numerator=_("Came back in the period"),
        denominator=_("In Decline at period start or entered in the period"),
        department=Department.SERVICE,
        reads=("lives",),
    ),
    Kpi(
        code="win_back_success_rate",
        group=Group.DECLINE,
        name=_("Win-back success rate"),
        definition=_(
            "Of the members approached while in Decline whose 90 days since ended in the period, the share "
            "won back within those 90 days."
        ),
        numerator=_("Won back within 90 days of the approach"),
        denominator=_("Approached while in Decline, 90 days elapsed"),
        department=Department.SERVICE,
        version=2,
        reads=(approached.RELATION,),
        waits_for=_("No outreach recorded yet."),
        is_ready=approached.has_sources,
    ),
)
