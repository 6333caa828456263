"""A trial of a policy as people see it: whoever asks, whoever decides, everybody else."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from crm.staff.models import Request, Role
from members.lifecycle.models import Policy, PolicyTrial
from members.lifecycle.policy import change as policy
from members.lifecycle.policy import trial
from members.profiles.models import Member
from tests.crm.cast import NOW as THEN
from tests.crm.cast import approved_policy, browser_of, member, staff_of
from tests.members.lifecycle.policy.trials import form, requested

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asker():
    return staff_of(Role.OPERATIONS)


def test_a_trial_that_is_not_there_is_a_404_in_words(town):
    client = browser_of(staff_of(Role.ANALYST))
    for asked_for in ("", "x", "0", "-1", "1.5", "²", "999999", "9" * 18, "9" * 40, "1\0"):
        page = client.get("/policy/", {"trial": asked_for})
        assert page.status_code == 404, asked_for
        assert "does not exist" in page.content.decode()


@pytest.fixture
def town(settings, db):
    """Two managers with a member each who would fade after 30 days."""
    settings.BUSINESS_NOW = THEN.isoformat()
    cache.clear()
    Policy.objects.get_or_create(version=1, defaults={"effective_from": THEN - timedelta(days=4000)})
    managers = [staff_of(Role.RELATIONSHIP_MANAGER) for _ in range(2)]
    for manager, name in zip(managers, ("王小明", "欧阳若溪"), strict=True):
        row = member(name, manager=manager, stage="growth", aum=Decimal(5000))
        row.transaction_set.create(id="t", at=THEN - timedelta(days=40), kind="buy", amount=5000)
    return managers


def proposed(asker, **changes):
    row = requested(asker, {"idle_days": 30}, THEN)
    assert trial.run_if_few_members(row, THEN)
    given = {"trial": row.pk, "effective_from": THEN + timedelta(days=2), "now": THEN} | changes
    return policy.propose({"idle_days": 30}, reason="seen earlier", maker=asker, **given)


def test_whoever_decides_sees_who_would_move(town, asker):
    request = proposed(asker)
    checker = browser_of(staff_of(Role.COMPLIANCE))
    row = PolicyTrial.objects.get()
    for path in ("/requests/", "/policy/"):
        text = checker.get(path).content.decode()
        assert re.search(r"<span>Affected members</span>\s*<ins>2 of 2</ins>", text)
        assert f'href="/policy/?trial={row.pk}#trial"' in text
    text = checker.get(f"/policy/?trial={row.pk}").content.decode()
    assert "2 of 2 members and leads would change" in text
    assert "王*" in text and "王小明" not in text
    own = browser_of(asker).get(f"/policy/?trial={row.pk}").content.decode()
    assert 'name="propose"' not in own
    assert "These values are pending approval." in own
    checker.post(f"/requests/{request.pk}/decide/", {"choice": "approve", "opinion": "agreed"})
    assert Policy.objects.get(version=2).idle_days == 30


def test_everybody_sees_the_table_and_of_the_examples_only_their_own_members(town, asker):
    proposed(asker)
    address = f"/policy/?trial={PolicyTrial.objects.get().pk}"
    ids = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    for manager, own, other in zip(town, ids, reversed(ids), strict=True):
        text = browser_of(manager).get(address).content.decode()
        assert "2 of 2 members and leads would change" in text
        assert f"/members/{own}/" in text and f"/members/{other}/" not in text
        assert "Examples include only members you have access to." in text
        assert "<form" not in text.split('id="trial"')[1].split("Versions")[0]
    analyst = browser_of(staff_of(Role.ANALYST)).get(address).content.decode()
    assert f"#{ids[0]}" in analyst and "王" not in analyst


def test_without_having_seen_who_would_move_nothing_is_proposed(town, asker):
    client = browser_of(asker)
    values = form(client, idle_days="30", warn_idle_days="20", reason="seen earlier", propose="1")
    refused = "Preview the impact of these exact values first."

    def says(**more) -> str:
        answer = client.post("/policy/", values | more)
        assert answer.status_code == 422
        return answer.content.decode()

    other = requested(asker, {"idle_days": 45}, THEN)
    trial.run_if_few_members(other, THEN)
    same = requested(asker, {"idle_days": 30, "warn_idle_days": 20}, THEN)
    for given in ({}, {"trial": ""}, {"trial": "x"}, {"trial": "9" * 30}, {"trial": str(other.pk)}):
        assert refused in says(**given)
    assert refused in says(trial=str(same.pk))  # is not worked out yet
    trial.run_if_few_members(same, THEN)
    PolicyTrial.objects.filter(pk=same.pk).update(finished_at=THEN - timedelta(hours=25))
    assert refused in says(trial=str(same.pk))
    PolicyTrial.objects.filter(pk=same.pk).update(finished_at=THEN)
    assert refused in says(trial=str(same.pk), idle_days="31")  # not what was tried
    text = says(trial=str(same.pk), reason="")
    assert "at least 4 characters" in text
    assert f'name="trial" value="{same.pk}"' in text  # and the table stays
    assert not Request.objects.filter(state="pending").exists()
    approved_policy(2, effective_from=THEN - timedelta(hours=1), stalled_days=9)
    assert refused in says(trial=str(same.pk), stalled_days="7")
    assert not Request.objects.filter(state="pending").exists()
    assert "under another policy" in client.get(f"/policy/?trial={same.pk}").content.decode()


def test_who_may_not_change_the_policy_cannot_ask(town):
    values = form(browser_of(staff_of(Role.OPERATIONS)), idle_days="30", preview="1")
    for role in set(Role) - {Role.OPERATIONS, Role.ADMINISTRATOR}:
        assert browser_of(staff_of(role)).post("/policy/", values).status_code == 403, role
    assert not PolicyTrial.objects.exists()
