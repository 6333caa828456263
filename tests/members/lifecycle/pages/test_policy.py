"""The policy's page: values for all, a preview and a proposal for some, a decision for somebody else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from crm.staff.models import Request, Role
from members.lifecycle.models import Policy, Standing
from members.portfolio.models import Transaction
from members.profiles.models import Event
from tests.crm.cast import NOW, browser_of, member, staff_of

CHANGES = {Role.OPERATIONS, Role.ADMINISTRATOR}
SEES_REQUESTS = CHANGES | {Role.COMPLIANCE, Role.TEAM_LEAD}


@pytest.fixture(autouse=True)
def world(db, settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    cache.clear()
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


def filled(**changes) -> dict[str, str]:
    """The form as it stands, with some fields changed."""
    client = browser_of(staff_of(Role.OPERATIONS))
    form = client.get("/policy/").context_data["form"]
    return {field.html_name: str(field.value() or "") for field in form} | changes


def tried(staff, **changes) -> dict[str, str]:
    """The form as the page gives it back once it has shown who would move."""
    client = browser_of(staff)
    sent = client.post("/policy/", filled(preview="1") | changes)
    assert sent.status_code == 303
    page = client.get(sent["Location"])
    fields = {field.html_name: str(field.value() or "") for field in page.context_data["form"]}
    return fields | {"trial": str(page.context_data["shown_trial"].trial.pk)}


def fading() -> int:
    """Somebody who invested, and did nothing for 40 days."""
    row = member("王小明", stage="growth", aum=Decimal(5000), registered_at=NOW - timedelta(days=100))
    Transaction.objects.create(member=row, id="t", at=NOW - timedelta(days=90), kind="buy", amount=5000)
    Event.objects.create(member=row, id="e", at=NOW - timedelta(days=40), name="login")
    Standing.objects.filter(member=row).update(aum=5000)
    return row.id


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_the_policy_and_some_may_change_it(role):
    client = browser_of(staff_of(role))
    page = client.get("/policy/")
    assert "60 days" in page.content.decode()
    assert (page.context_data["form"] is not None) == (role in CHANGES)
    assert (page.context_data["requests"] is not None) == (role in SEES_REQUESTS)
    posted = client.post("/policy/", filled(idle_days="30", preview="1"))
    assert posted.status_code == (303 if role in CHANGES else 403)
    assert client.post("/requests/1/decide/", {"choice": "approve", "opinion": "agreed"}).status_code == (
        404 if role in SEES_REQUESTS else 403
    )


def test_a_preview_shows_who_would_move_and_changes_nothing():
    member_id = fading()
    client = browser_of(staff_of(Role.OPERATIONS))
    sent = client.post("/policy/", filled(idle_days="30", warn_idle_days="20", preview="1"))
    text = client.get(sent["Location"]).content.decode()
    assert "1 of 1 members and leads would change" in text
    assert f'href="/members/{member_id}/"' in text
    assert "王*" in text
    assert "王小明" not in text
    assert not Request.objects.exists()
    assert Policy.objects.count() == 1


def test_a_proposal_waits_for_somebody_else():
    maker, checker = staff_of(Role.OPERATIONS), staff_of(Role.COMPLIANCE)
    answer = browser_of(maker).post(
        "/policy/", tried(maker, fall_share="35", reason="下跌更早发现") | {"propose": "1"}
    )
    assert answer.status_code == 302
    row = Request.objects.get()
    assert row.diff == {"fall_share": ["0.4000", "0.35"]}
    own = browser_of(maker).get("/policy/").content.decode()
    assert "<del>40%</del>" in own
    assert "<ins>35%</ins>" in own
    assert 'value="approve"' not in own
    browser_of(maker).post(f"/requests/{row.pk}/decide/", {"choice": "approve", "opinion": "agreed"})
    assert Policy.objects.count() == 1
    browser_of(checker).post(f"/requests/{row.pk}/decide/", {"choice": "approve", "opinion": "agreed"})
    assert Policy.objects.get(version=2).fall_share == Decimal("0.35")
    assert "upcoming" in browser_of(checker).get("/policy/").content.decode()


def test_a_rejection_needs_an_opinion_and_the_maker_may_withdraw():
    maker, checker = staff_of(Role.OPERATIONS), staff_of(Role.ADMINISTRATOR)
    for share in ("35", "36"):
        values = tried(maker, fall_share=share, reason="下跌更早发现")
        browser_of(maker).post("/policy/", values | {"propose": "1"})
    first, second = Request.objects.order_by("pk")
    client = browser_of(checker)
    client.post(f"/requests/{first.pk}/decide/", {"choice": "reject", "opinion": ""})
    first.refresh_from_db()
    assert first.state == "pending"
    client.post(f"/requests/{first.pk}/decide/", {"choice": "reject", "opinion": "太激进了"})
    first.refresh_from_db()
    assert first.state == "rejected"
    client.post(f"/requests/{second.pk}/decide/", {"choice": "withdraw"})
    second.refresh_from_db()
    assert second.state == "pending"
    browser_of(maker).post(f"/requests/{second.pk}/decide/", {"choice": "withdraw"})
    second.refresh_from_db()
    assert second.state == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"idle_days": "0"}, "greater than or equal to 1"),
        ({"idle_days": "x"}, "whole number"),
        ({"idle_days": "99999999999"}, "less than or equal to"),
        ({"fall_share": "140"}, "less than or equal to 100"),
        ({"mature_aum": "NaN"}, "Enter a number"),
        ({"effective_on": "2020-01-01"}, "cannot be in the past"),
        ({"effective_on": "soon"}, "valid date"),
        ({"warn_idle_days": "90"}, "Must not be less than “Warning: no login or trade for”."),
        ({"reason": "没有看过会影响谁", "propose": "1"}, "Preview the impact"),
        ({"reason": "同样的值", "propose": "1"}, "values are already in effect"),
    ],
)
def test_a_wrong_value_is_named_and_the_rest_is_kept(changes, words):
    page = browser_of(staff_of(Role.OPERATIONS)).post(
        "/policy/",
        filled(preview="1", stalled_days="9") | changes if "values" not in words else filled(**changes),
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert words in text
    if "values" not in words:
        assert 'value="9"' in text
    assert not Request.objects.exists()
