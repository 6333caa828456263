"""A member that cannot be evaluated is named, with the reason, where people look."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from crm.staff.models import Role
from members.lifecycle.models import EvaluationFailure
from members.lifecycle.recording.restage import has_pending, restage
from members.portfolio.models import Transaction
from tests.crm.cast import NOW, browser_of, member, staff_of
from tests.members.lifecycle.evaluation.impossible import too_much


@pytest.fixture
def failed(db, settings):
    """The id of a member whose buys are too much together."""
    settings.BUSINESS_NOW = NOW.isoformat()
    cache.clear()
    row = member("王小明", stage="growth", aum=Decimal(5000), registered_at=NOW - timedelta(days=100))
    too_much(row.id, NOW - timedelta(days=3))
    restage(now=NOW)
    return row.id


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR])
def test_the_jobs_page_names_who_failed_and_why_and_tries_again(failed, role):
    client = browser_of(staff_of(role))
    page = client.get("/jobs/").content.decode()
    assert f"/members/{failed}/" in page
    assert "The sum of the amounts is too large (SQLSTATE 22003)" in page
    assert "王小明" not in page
    assert not has_pending(now=NOW)
    assert client.post("/jobs/failed-members/retry/").status_code == 302
    assert has_pending(now=NOW)
    restage(now=NOW)
    assert EvaluationFailure.objects.get().attempts == 2


def test_the_jobs_page_says_nothing_where_nobody_failed(failed):
    Transaction.objects.all().delete()
    restage(now=NOW)
    assert "failed-members" not in browser_of(staff_of(Role.OPERATIONS)).get("/jobs/").content.decode()


def test_who_may_not_see_jobs_may_not_retry(failed):
    assert browser_of(staff_of(Role.CUSTOMER_SERVICE)).post("/jobs/failed-members/retry/").status_code == 403


def test_the_member_page_and_preview_say_that_the_stage_is_old_and_why(failed):
    client = browser_of(staff_of(Role.COMPLIANCE))
    for address in (f"/members/{failed}/", f"/members/{failed}/peek/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "Stage not updated since" in page.content.decode()
        assert "SQLSTATE 22003" in page.content.decode()
