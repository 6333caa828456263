"""KPIs of the review of copy: they count versions, and their parts open the lists of the desk."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.review.copy.decide import return_to_maker
from crm.insights.kpis.compute import compute
from crm.insights.kpis.registry import BY_CODE
from crm.insights.models import KpiValue
from crm.runtime.clock import day_of
from crm.staff.models import Role
from tests.campaigns.review.copy.town import approved, copy_of, maker, officer
from tests.campaigns.review.desk.town import in_review
from tests.crm.cast import NOW, browser_of, staff_of

pytestmark = pytest.mark.django_db
CODES = ("review_time", "review_returned", "review_findings", "review_exceptions", "review_lapsed")


def test_they_count_decisions_and_open_them(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    by, checker = maker(), officer()
    copy = copy_of(by, "twice")
    approved(by, checker, copy=copy)
    approved(by, checker, copy=copy)  # takes the place of the one before
    version = in_review(by, now=NOW - timedelta(days=3))
    return_to_maker(
        version.pk, template_hash=version.template_hash, officer=checker, reason="写明来源", now=NOW
    )
    compute(last_day=day_of(NOW), now=NOW, kpis=[BY_CODE[code] for code in CODES])
    stored = {row.kpi: (row.numerator, row.denominator) for row in KpiValue.objects.filter(scope="all")}
    assert stored == {
        "review_time": (Decimal(3), Decimal(3)),
        "review_returned": (Decimal(1), Decimal(3)),
        "review_findings": (Decimal(2), Decimal(3)),
        "review_exceptions": (Decimal(0), Decimal(1)),
        "review_lapsed": (Decimal(1), Decimal(1)),
    }
    lists = f"/admin/review/opinions/?month={NOW:%Y-%m}&amp;decision=returned"
    assert lists in browser_of(checker).get("/kpis/review_returned/").content.decode()
    other = browser_of(staff_of(Role.OPERATIONS)).get("/kpis/review_returned/").content.decode()
    assert "/admin/review/" not in other
