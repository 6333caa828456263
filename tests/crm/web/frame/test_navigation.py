"""The rail leads where one may go, in order; a place and its key are one app's."""

from dataclasses import replace

import pytest

from crm.runtime.extension.labels import Verbatim
from crm.runtime.extension.registry import RegisteredTwice, Registry
from crm.staff.models import Role, Staff
from crm.staff.permissions import EVERYBODY, MANAGE_STAFF, Action
from crm.web.frame import navigation
from crm.web.frame.navigation import INSIGHTS, WORK, Place, rail, register
from crm.web.permissions import USE_PALETTE

ANALYST = Staff(username="a", role=Role.ANALYST)
HOME = Place("home", Verbatim("Home"), "h", USE_PALETTE, WORK, 20)


@pytest.fixture(autouse=True)
def _nobody_has_registered(monkeypatch):
    monkeypatch.setattr(navigation, "_places", Registry("place"))
    monkeypatch.setattr(navigation, "_keys", Registry("key after g"))


def test_places_stand_in_their_group_by_order_and_only_for_whom_they_are():
    register(
        replace(HOME, url="policy", key="p", group=INSIGHTS, order=1, label=Verbatim("Policy")),
        HOME,
        replace(HOME, url="members", key="m", order=10, label=Verbatim("Members"), within=("member",)),
        replace(HOME, url="staff", key="s", action=MANAGE_STAFF),
    )
    (work, links), (business, _) = rail(ANALYST, "member")
    assert (str(work), str(business)) == ("Work", "Insights")
    assert [(link["address"], link["key"], link["current"]) for link in links] == [
        ("/members/", "m", True),
        ("/", "h", False),
    ]


def test_of_two_places_with_one_key_both_are_named():
    register(HOME)
    with pytest.raises(RegisteredTwice, match=r"key after g 'h'.*home \(Home\) and members \(Members\)"):
        register(replace(HOME, url="members", label=Verbatim("Members")))
    with pytest.raises(RegisteredTwice, match=r"place 'home'.*home \(Home\) and home \(House\)"):
        register(replace(HOME, key="x", label=Verbatim("House")))


def test_what_is_wrong_with_a_place_is_told():
    wrong = replace(HOME, action=Action("fly", Verbatim("Fly"), EVERYBODY), within=("nowhere",))
    assert list(navigation._judge(wrong)) == [
        "action 'fly' is not registered",
        "no page has the address name 'nowhere'",
    ]
