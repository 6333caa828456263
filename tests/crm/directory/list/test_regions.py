"""The region of the list is found as it is stored, in the other script, or by initials."""

from __future__ import annotations

import pytest

from crm.staff.models import Role
from members.profiles.models import Member
from tests.crm.cast import browser_of, markup, member, staff_of


@pytest.mark.parametrize("stored", ["上海", "上海 Shanghai", "Shanghai"])
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("上海", True),
        ("Shanghai", True),
        ("shang hai", True),
        ("上海市", True),
        ("hai", False),
        ("北京", False),
    ],
)
def test_a_region_is_found_in_either_script(world, stored, typed, found):
    Member.objects.filter(pk=member().pk).update(region=stored)
    page = browser_of(staff_of(Role.OPERATIONS)).get("/members/", {"region": typed}).context_data["page"]
    assert len(page.rows) == found


@pytest.mark.parametrize(("language", "label"), [("en", "Chongqing"), ("zh-hans", "重庆")])
def test_regions_are_suggested_in_the_script_of_the_reader(world, language, label):
    Member.objects.filter(pk=member().pk).update(region="重庆")
    shown = markup(browser_of(staff_of(Role.OPERATIONS, language=language)).get("/members/"))
    assert f'<option value="重庆">{label}</option>' in shown
