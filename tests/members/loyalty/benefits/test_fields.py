"""Benefits in rules and in the timeline of a member."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm.staff.models import Role
from members.loyalty.benefits.quota import use
from members.rules import ask
from members.rules.language.parse import parse
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.loyalty.benefits.town import benefit, used

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)  # in Shanghai


def matching(rule, now=NOW):
    return ask.ids(ask.everybody(parse(rule), now))


def test_who_used_a_benefit_or_has_not_is_asked_by_what_it_was():
    one, other = member("王一"), member("王二")
    used(one, benefit(), "one")
    benefit("clinic", kind="health")
    for where, found in (
        ([], [one.pk]),
        ([{"property": "benefit", "op": "=", "value": "lounge"}], [one.pk]),
        ([{"property": "kind", "op": "=", "value": "health"}], []),
        ([{"property": "cost", "op": ">=", "value": 100}], [one.pk]),
    ):
        assert matching({"did": "benefit_use", "where": where}) == found
    unused = {"did": "benefit_use", "times": {"op": "=", "value": 0}, "period": {"within_last": {"days": 30}}}
    assert matching(unused) == [other.pk]


def test_what_was_undone_was_not_used():
    one, staff = member(), staff_of(Role.CUSTOMER_SERVICE)
    made = used(one, benefit(), "one")
    rule = {"field": "benefits_used_this_year", "op": ">=", "value": 1}
    assert matching(rule) == [one.pk]
    use.undo(member_id=one.pk, use_id=made.id, staff=staff, now=NOW)
    assert matching(rule) == []
    assert matching({"field": "last_benefit_at", "op": "present"}) == []


def test_a_year_ends_with_the_platforms_year():
    one = member()
    used(one, benefit(), "one")
    rule = {"field": "benefits_used_this_year", "op": ">=", "value": 1}
    assert ask.changes_next(ask.everybody(parse(rule), NOW)) == NEW_YEAR
    assert matching(rule, NEW_YEAR - timedelta(seconds=1)) == [one.pk]
    assert matching(rule, NEW_YEAR) == []


def test_uses_stand_in_the_timeline(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    one = member()
    used(one, benefit(), "one")
    page = markup(
        browser_of(staff_of(Role.CUSTOMER_SERVICE)).get(f"/members/{one.pk}/?tab=timeline&kind=benefit")
    )
    assert "Benefit used" in page
    assert "Airport lounge" in page
