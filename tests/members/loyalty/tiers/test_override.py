"""A tier given for a time: two people, a reason, an end, and back by itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from crm.runtime.clock import day_start
from crm.staff.four_eyes import requests
from crm.staff.models import Role
from members.loyalty.models import Tier, TierOverride, TierStanding
from members.loyalty.tiers.override import OverrideRefused, propose_override
from tests.crm.cast import staff_of
from tests.members.loyalty.tiers.worlds import changes, instant, kept, person, policy, programme

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)
TODAY = date(2026, 3, 10)


@pytest.fixture
def made():
    found = programme()
    policy(found, START)
    return found


def ask(who, made, rank=2, *, ends=date(2026, 4, 10), maker=None, reason="complaint settled"):
    tier = Tier.objects.get(programme=made, rank=rank)
    return propose_override(
        who.pk,
        tier,
        starts_on=TODAY,
        ends_on=ends,
        reason=reason,
        maker=maker or staff_of(Role.OPERATIONS),
        now=instant(TODAY),
    )


def approve(request, checker=None):
    return requests.approve(
        request_id=request.pk,
        checker=checker or staff_of(Role.COMPLIANCE),
        opinion="agreed",
        now=instant(TODAY),
    )


def test_it_begins_tomorrow_and_ends_by_itself_at_the_tier_of_the_rules(made):
    """A manual level is no floor for ever: when it ends the rules count again."""
    member = person(START, {START: 1500})
    kept(TODAY)
    approve(ask(member, made))
    kept(date(2026, 3, 11))
    kept(date(2026, 4, 10))
    assert changes(member) == [
        (START, None, 0, "entered"),
        (date(2026, 2, 1), 0, 1, "reached"),
        (date(2026, 3, 11), 1, 2, "override"),
        (date(2026, 4, 10), 2, 1, "returned"),
    ]
    assert TierStanding.objects.get().tier.rank == 1


def test_the_rules_go_on_beneath_it(made):
    """Somebody who earns more than the override gave has it when the override ends."""
    member = person(START, {START: 100, date(2026, 4, 1): 30000})
    kept(TODAY)
    approve(ask(member, made, rank=1, ends=date(2026, 5, 20)))
    kept(date(2026, 5, 20))
    assert changes(member)[-1] == (date(2026, 5, 20), 1, 3, "returned")


def test_its_end_is_announced(made):
    member = person(START, {START: 100})
    kept(TODAY)
    approve(ask(member, made))
    kept(date(2026, 3, 20))
    standing = TierStanding.objects.get()
    assert (standing.falls_on, standing.falls_to.rank) == (date(2026, 4, 10), 0)
    assert standing.due_on == date(2026, 4, 3)  # a week before


def test_a_day_is_needed_and_a_year_is_enough(made):
    member = person(START)
    for ends in (TODAY, date(2026, 3, 11), date(2027, 6, 1)):
        with pytest.raises(OverrideRefused):
            ask(member, made, ends=ends)
    with pytest.raises(ValueError):
        ask(member, made, reason=" ")


def test_somebody_else_decides_also_for_a_superuser(made):
    member = person(START)
    maker = staff_of(Role.ADMINISTRATOR)
    maker.is_superuser = True
    maker.save()
    request = ask(member, made, maker=maker)
    with pytest.raises(requests.CannotDecide):
        approve(request, checker=maker)
    assert not TierOverride.objects.exists()


def test_the_database_refuses_what_nobody_approved(made):
    """Neither direct SQL of the application's role nor of the owner brings or changes an override."""
    member, other = person(START), person(START)
    request = ask(member, made)
    row = {
        "programme_id": made.pk,
        "tier_id": request.proposal["tier"],
        "starts_on": date(2026, 3, 11),
        "ends_on": date(2026, 4, 10),
        "reason": "x",
        "request_id": request.pk,
        "made_at": day_start(TODAY),
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        TierOverride.objects.create(member=member, **row)  # still pending
    approve(request)
    for change in ({"member": other}, {"member": member, "ends_on": date(2027, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            TierOverride.objects.create(**(row | change))
    for statement in (
        "UPDATE loyalty_tieroverride SET ends_on = '2030-01-01'",
        "DELETE FROM loyalty_tieroverride",
        "TRUNCATE loyalty_tieroverride",
        "UPDATE loyalty_tierpolicy SET grace_days = 99",
        "TRUNCATE loyalty_tierpolicy",
        "TRUNCATE loyalty_tierchange",
    ):
        for role in ("", "SET LOCAL ROLE NONE; "):
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(role + statement)
    assert TierOverride.objects.get().ends_on == date(2026, 4, 10)
