"""What the office's pages list can be written, and once only."""

import pytest

from benchmarks import crowd, office
from crm.staff.models import Request, Role
from members.profiles.models import Member
from tests.crm.cast import staff_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_of_the_office_are_written_once(settings, monkeypatch):
    settings.BUSINESS_NOW = crowd.NOW.isoformat()
    monkeypatch.setattr(office, "ROWS", 220)
    staff = {role: staff_of(role) for role in Role.values}
    Member.objects.bulk_create(
        Member(id=1 + number, known_at=crowd.NOW, updated_at=crowd.NOW) for number in range(221)
    )
    for _again in range(2):
        office.fill(staff)
    assert Request.objects.count() == 200
    assert office.tried(staff[Role.OPERATIONS]) == office.tried(staff[Role.OPERATIONS])
