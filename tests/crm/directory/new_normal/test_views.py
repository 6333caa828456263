"""A new normal is recorded on the member page, told in the timeline, and seen by the team lead."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.staff.models import Role, Team
from members.lifecycle.models import NewNormal, Policy
from tests.crm.cast import NOW, browser_of, member, staff_of


@pytest.fixture
def team(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})
    return Team.objects.create(name="East")


@pytest.fixture
def manager(team):
    return staff_of(Role.RELATIONSHIP_MANAGER, team)


@pytest.fixture
def fallen(manager):
    return member(manager=manager, stage="decline", rules=2, warnings=2, aum=40_000, peak_aum=100_000)


def record(client, row, **given):
    return client.post(f"/members/{row.pk}/new-normal/", {"preset": "home", "words": "", **given})


def test_a_preset_reason_with_details_is_recorded_and_told(manager, fallen):
    client = browser_of(manager)
    page = client.get(f"/members/{fallen.pk}/").content.decode()
    assert "Record new normal…" in page
    dialog = client.get(f"/members/{fallen.pk}/new-normal/").content.decode()
    assert "40,000" in dialog
    assert "100,000" in dialog
    assert record(client, fallen, words="浦东").status_code == 302
    stored = NewNormal.objects.get()
    assert (stored.reason, stored.aum, stored.peak_aum) == (
        "Bought a home · 浦东",
        Decimal(40_000),
        Decimal(100_000),
    )
    timeline = client.get(f"/members/{fallen.pk}/", {"tab": "timeline", "source": "stage"}).content.decode()
    assert "New normal recorded" in timeline
    assert stored.reason in timeline


def test_another_reason_needs_words_and_a_fall(manager, fallen):
    client = browser_of(manager)
    refused = record(client, fallen, preset="other", words=" ")
    assert refused.status_code == 422
    assert "Say what the reason is." in refused.content.decode()
    assert record(client, fallen, preset="other", words="moves abroad").status_code == 302
    assert NewNormal.objects.get().reason == "moves abroad"
    steady = member(manager=manager)
    assert "Record new normal" not in client.get(f"/members/{steady.pk}/").content.decode()
    assert record(client, steady).status_code == 422


def test_the_team_lead_is_told_until_they_have_seen_it(manager, fallen, team):
    lead = staff_of(Role.TEAM_LEAD, team)
    assert record(browser_of(manager), fallen, words="浦东").status_code == 302
    client = browser_of(lead)
    assert "New normals to review" in client.get("/").content.decode()
    page = client.get("/new-normals/").content.decode()
    assert "Bought a home · 浦东" in page
    assert "Mark all as seen" in page
    number = NewNormal.objects.get().pk[1]
    one = {"member": fallen.pk, "number": number}
    assert client.post("/new-normals/seen/", one).status_code == 302
    assert "New normals to review" not in client.get("/").content.decode()
    page = client.get("/new-normals/").content.decode()
    assert "Mark as seen" not in page
    assert client.post("/new-normals/seen/", {"member": "x", "number": "1"}).status_code == 404


def test_leads_of_other_teams_and_the_author_see_nothing(manager, fallen, team):
    lead = staff_of(Role.TEAM_LEAD, team)
    assert record(browser_of(lead), fallen).status_code == 302
    for someone in (lead, staff_of(Role.TEAM_LEAD, Team.objects.create(name="West"))):
        assert "No new normals" in browser_of(someone).get("/new-normals/").content.decode()


def test_the_page_takes_few_queries(manager, fallen, team, django_assert_max_num_queries):
    lead = browser_of(staff_of(Role.TEAM_LEAD, team))
    record(browser_of(manager), fallen)
    for address in ("/", "/new-normals/"):
        with django_assert_max_num_queries(10):
            lead.get(address)
