"""The settings page: who opens it, what it lists, and how many queries it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.staff.models import Request, Role
from members.loyalty import configuration
from members.loyalty.overview.pages.settings import pending_by_kind
from tests.crm.cast import NOW, browser_of, staff_of

pytestmark = pytest.mark.django_db
ADDRESS = "/loyalty/settings/"
MAY = {Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.mark.parametrize("role", Role)
def test_it_opens_for_those_who_configure_or_review(role):
    client = browser_of(staff_of(role))
    assert client.get(ADDRESS).status_code == (200 if role in MAY else 403)
    assert (f'href="{ADDRESS}"' in client.get("/").content.decode()) == (role in MAY)


def test_it_lists_every_part_that_one_may_open(django_assert_max_num_queries):
    admin = staff_of(Role.ADMINISTRATOR)
    client = browser_of(admin)
    with django_assert_max_num_queries(10):
        page = client.get(ADDRESS).content.decode()
    for entry in configuration.entries_for(admin):
        assert str(entry.label) in page


def test_pending_changes_are_counted_by_kind_until_they_expire():
    for number, (kind, days) in enumerate((("one", 7), ("one", 7), ("other", 7), ("other", -1))):
        Request.objects.create(
            kind=kind,
            content_key=str(number),
            proposal={},
            maker=staff_of(Role.OPERATIONS),
            reason="as agreed",
            made_at=NOW - timedelta(days=2),
            expires_at=NOW + timedelta(days=days),
        )
    assert pending_by_kind(["one", "other", "third"], NOW) == {"one": 2, "other": 1}
