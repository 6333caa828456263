"""KPIs of the review of copy: how long it takes, what comes back, what was excepted, what lapsed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from campaigns.review.permissions import REVIEW_COPY
from crm.insights.kpis.definition import COMPANY, Department, Group, Kpi, Opened, Unit
from crm.web.components import Text

SINCE = date(2026, 11, 29)
_OPINIONS = Opened("review-opinions", REVIEW_COPY)


def _kpi(
    code: str,
    name: Text,
    definition: Text,
    numerator: Text,
    denominator: Text,
    unit: Unit,
    opens: Opened = _OPINIONS,
) -> Kpi:
    """One of review: the company's, the less the better; `opens` is the list behind its numerator."""
    return Kpi(
        code=code,
        group=Group.REVIEW,
        name=name,
        definition=definition,
        numerator=numerator,
        denominator=denominator,
        department=Department.COMPLIANCE,
        since=SINCE,
        unit=unit,
        higher_is_better=False,
        is_total=unit == Unit.NUMBER and code != "review_findings",
        scopes=COMPANY,
        opened={"numerator": opens, "denominator": _OPINIONS},
    )


KPIS = (
    _kpi(
        "review_time",
        _("Time to decision"),
        _("Days from submission to the decision, on average over the versions decided on in the period."),
        _("Days until decision"),
        _("Versions decided on"),
        Unit.DAYS,
    ),
    _kpi(
        "review_returned",
        _("Returned share"),
        _("Of the versions decided on in the period, the share returned to the maker."),
        _("Versions returned"),
        _("Versions decided on"),
        Unit.SHARE,
        Opened("review-opinions", REVIEW_COPY, "&decision=returned"),
    ),
    _kpi(
        "review_findings",
        _("Findings per version"),
        _("Findings of the rule packs in the versions decided on in the period, per version."),
        _("Findings"),
        _("Versions decided on"),
        Unit.NUMBER,
    ),
    _kpi(
        "review_exceptions",
        _("Exceptions granted"),
        _("Findings that two officers agreed are none, for one span of one version each."),
        _("Exceptions granted"),
        _("Exceptions granted"),
        Unit.NUMBER,
        Opened("review-exceptions", REVIEW_COPY),
    ),
    _kpi(
        "review_lapsed",
        _("Lapsed approvals"),
        _("Approvals that ended by themselves: by time, a new rule pack, product rating or version."),
        _("Approvals lapsed"),
        _("Approvals lapsed"),
        Unit.NUMBER,
        Opened("review-lapsed", REVIEW_COPY),
    ),
)
