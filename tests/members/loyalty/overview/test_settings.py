"""The settings page: who opens it, what it lists, and how many queries it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.staff.models import Request, Role
from members.loyalty import configuration
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


def test_it_lists_every_part_that_one_may_open_with_its_pending_changes(django_assert_max_num_queries):
    admin, maker = staff_of(Role.ADMINISTRATOR), staff_of(Role.OPERATIONS)
    entries = configuration.entries_for(admin)
    for entry in entries:
        for kind in entry.kinds:
            Request.objects.create(
                kind=kind,
                content_key=kind,
                proposal={},
                maker=maker,
                reason="as agreed",
                made_at=NOW - timedelta(days=1),
                expires_at=NOW + timedelta(days=7),
            )
    client = browser_of(admin)
    with django_assert_max_num_queries(10):
        page = client.get(ADDRESS).content.decode()
    for entry in entries:
        assert str(entry.label) in page
    assert page.count('<span class="tag warn">') >= sum(bool(entry.kinds) for entry in entries)
