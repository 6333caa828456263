"""Texts of forms with a sign that the database cannot store."""

from __future__ import annotations

import pytest

from crm.staff.models import Reveal, Role, Staff
from members.profiles.models import Complaint
from tests.crm.cast import browser_of, member, staff_of

pytestmark = pytest.mark.django_db


def test_nul_is_taken_out_of_what_a_form_sends(world):
    row = member()
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    address = f"/members/{row.id}/reveal/"
    assert client.post(address, {"field": "mobile\0", "reason": "call\0 back"}).status_code == 200
    assert Reveal.objects.get().reason == "call back"
    given = {"words": "太\0慢", "received_on": "2026-03-15", "key": "0" * 32}
    assert client.post(f"/members/{row.id}/complaints/new/", given).status_code == 302
    assert Complaint.objects.get().words == "太慢"


@pytest.mark.parametrize(
    ("role", "address", "form"),
    [
        (
            Role.ADMINISTRATOR,
            "/members/assign/",
            {"members": "1", "manager": "{staff}", "note": "a\0bcd", "step": "assign"},
        ),
        (Role.ANALYST, "/members/views/save/", {"name": "a\0b", "query": "stage=\0growth"}),
        (Role.RELATIONSHIP_MANAGER, "/account/sessions/", {"session": "\0"}),
        (Role.ADMINISTRATOR, "/staff/{staff}/change/", {"what": "deactivate", "reason": "gone\0 away"}),
        (Role.ADMINISTRATOR, "/policy/", {"what\0": "\0", "trial": "\0", "reason": "\0"}),
        (Role.OPERATIONS, "/imports/undo/?run=1", {"reason": "\0"}),
        (Role.COMPLIANCE, "/palette/", {"q": "\0"}),
        (Role.COMPLIANCE, "/members/search/", {"q": "\0", "purpose": "\0"}),
        (Role.ANALYST, "/sign-in/", {"username": "\0", "password": "\0"}),
    ],
)  # fmt: skip
def test_no_form_breaks_on_it(world, role, address, form):
    other = staff_of(Role.RELATIONSHIP_MANAGER)
    member(manager=other)
    client = browser_of(staff_of(role))
    filled = {name: text.replace("{staff}", str(other.pk)) for name, text in form.items()}
    assert client.post(address.replace("{staff}", str(other.pk)), filled).status_code < 500
    assert Staff.objects.filter(pk=other.pk).exists()
