"""The page of the tier rules: one changes a threshold and sees who moves, a second one applies it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from crm.runtime.clock import day_of
from crm.runtime.models import QueueItem
from crm.staff.models import Request, Role
from members.loyalty.models import Tier, TierPolicy, TierStanding, TierTrial
from members.loyalty.tiers.preview import trial
from members.profiles.models import Book
from tests.crm.cast import NOW, browser_of, staff_of
from tests.members.loyalty.tiers.worlds import changes, kept, person, policy, programme

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)
ADDRESS = "/loyalty/tiers/rules/"


@pytest.fixture(autouse=True)
def world(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    cache.clear()
    made = programme()
    policy(made, START)
    return made


def filled(staff, **changed) -> dict[str, str]:
    form = browser_of(staff).get(ADDRESS).context_data["form"]
    return {field.html_name: "" if field.value() is None else str(field.value()) for field in form} | changed


def gold(made) -> str:
    return f"tier_{Tier.objects.get(programme=made, rank=2).pk}_average"


def previewed(staff, **changed):
    """The page once the preview of the changed form is done, and the form's fields."""
    client = browser_of(staff)
    sent = client.post(ADDRESS, filled(staff, **changed) | {"preview": "1"})
    assert sent.status_code == 303, sent.context_data["form"].errors
    page = client.get(sent["Location"].split("#")[0])
    number = str(TierTrial.objects.latest("pk").pk)
    fields = {f.html_name: "" if f.value() is None else str(f.value()) for f in page.context_data["form"]}
    return page, fields | {"trial": number}


def test_a_threshold_is_changed_seen_proposed_and_applied(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member = person(START, {START: 6000})
    Book.objects.create(member=member, staff=manager, started_at=NOW - timedelta(days=30))
    person(START, {START: 600})
    kept(day_of(NOW))
    maker, checker = staff_of(Role.ADMINISTRATOR), staff_of(Role.COMPLIANCE)
    page, fields = previewed(maker, **{gold(world): "7000"})
    impact = page.context_data["impact"]
    assert impact.preview.moves == {(0, 0): (1, Decimal()), (2, 1): (1, Decimal(0))}
    assert "1 of 2 members would change tier" in page.content.decode()
    assert not Request.objects.exists()
    sent = browser_of(maker).post(ADDRESS, fields | {"propose": "1", "reason": "fewer, better served"})
    assert sent.status_code == 302, sent.context_data["form"].errors
    request = Request.objects.get()
    decide = f"/requests/{request.pk}/decide/"
    assert browser_of(maker).post(decide, {"choice": "approve", "opinion": "mine"}).status_code != 200
    assert TierPolicy.objects.count() == 1
    browser_of(checker).post(decide, {"choice": "approve", "opinion": "agreed"})
    assert TierPolicy.objects.latest("version").thresholds[1]["average"] == "7000.00"
    tomorrow = day_of(NOW) + timedelta(days=1)
    kept(tomorrow)
    assert changes(member)[-1] == (tomorrow, 2, 1, "not_kept")
    assert TierStanding.objects.get(member=member).policy_version == 2


@pytest.mark.parametrize("role", Role)
def test_who_sees_and_who_proposes(role):
    client = browser_of(staff_of(role))
    page = client.get(ADDRESS)
    sees = role in {Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}
    changes_them = role in {Role.OPERATIONS, Role.ADMINISTRATOR}
    assert page.status_code == (200 if sees else 403)
    if sees:
        assert (page.context_data["form"] is not None) == changes_them
    posted = client.post(ADDRESS, {"preview": "1"})
    assert posted.status_code == (422 if changes_them else 403)


def test_nothing_is_proposed_that_nobody_has_seen(world):
    maker = staff_of(Role.OPERATIONS)
    sent = browser_of(maker).post(
        ADDRESS, filled(maker, **{gold(world): "7000"}) | {"propose": "1", "reason": "blind"}
    )
    assert sent.status_code == 422
    _page, fields = previewed(maker, **{gold(world): "7000"})
    other = fields | {gold(world): "8000", "propose": "1", "reason": "another one"}
    assert browser_of(maker).post(ADDRESS, other).status_code == 422
    assert not Request.objects.exists()


def test_progress_is_shown_while_nobody_works(world):
    maker = staff_of(Role.OPERATIONS)
    day = day_of(NOW) + timedelta(days=1)
    found = trial.request_trial(world.pk, {"grace_days": 9}, effective_from=day, staff=maker, now=NOW)
    page = browser_of(maker).get(f"{ADDRESS}?trial={found.pk}")
    assert page.context_data["impact"].progress is not None
    assert QueueItem.objects.filter(kind=trial.KIND).count() == 1


def test_the_page_asks_few_queries(world, django_assert_max_num_queries):
    maker = staff_of(Role.OPERATIONS)
    person(START, {START: 6000})
    kept(day_of(NOW))
    _page, fields = previewed(maker, **{gold(world): "7000"})
    client = browser_of(maker)
    client.get(ADDRESS)
    with django_assert_max_num_queries(10):
        client.get(f"{ADDRESS}?trial={fields['trial']}")


def test_an_override_is_asked_for_on_its_page(world):
    member = person(START, {START: 600})
    kept(day_of(NOW))
    client = browser_of(staff_of(Role.OPERATIONS))
    address = f"/loyalty/tiers/override/{member.pk}/"
    page = client.get(address)
    assert "To reach silver" in page.content.decode()
    black = str(Tier.objects.get(programme=world, rank=3).pk)
    given = {"tier": black, "starts_on": "2026-03-17", "ends_on": "2026-04-01", "reason": ""}
    assert client.post(address, given).status_code == 422
    assert client.post(address, given | {"reason": "family member of a client"}).status_code == 302
    assert Request.objects.get().proposal["member"] == member.pk
    stranger = browser_of(staff_of(Role.RELATIONSHIP_MANAGER))
    assert stranger.get(address).status_code == 404
