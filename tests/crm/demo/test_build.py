"""Building the demonstration: through the import, once, and never over anybody's data."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db.models import Count, F

from crm.demo.build import SOURCE, WorldDiffers, build
from crm.demo.models import DemoWorld
from crm.demo.owner import NotOurs, empty
from crm.demo.staff import CAST, PASSWORD
from crm.demo.world.rows import KINDS
from crm.demo.world.simulate import simulate
from crm.imports.loading.load import import_file
from crm.runtime.models import JobRun
from crm.staff.models import Role, Staff, Team
from members.lifecycle.models import Stage, Standing, SubState, Transition
from members.lifecycle.recording.restage import restage
from members.portfolio.models import Category, Transaction
from members.profiles.models import Book, Household, Member, Preference
from tests.crm.demo.worlds import TODAY, rows

NOW = datetime(2026, 3, 18, 12, tzinfo=timezone(timedelta(hours=8)))

# Stage: share of all members, in a hundred, between which the default policy finds it.
BANDS = {
    Stage.ACQUISITION: (12, 20),
    Stage.ACTIVATION: (10, 17),
    Stage.GROWTH: (36, 52),
    Stage.MATURITY: (5, 13),
    Stage.DECLINE: (14, 26),
}


def make(folder, **options):
    return build(folder, now=NOW, today=TODAY, say=lambda words: None, **options)


@pytest.mark.slow(4)
def test_a_build_after_an_interrupted_one_starts_clean_and_a_second_does_nothing(db, tmp_path):
    DemoWorld.objects.create(members=9, today=TODAY, seed="old", started_at=NOW)
    Team.objects.create(name="left behind")

    assert make(tmp_path, members=80) is True

    world = DemoWorld.objects.get()
    assert (world.members, world.today, world.finished_at) == (80, TODAY, NOW)
    assert not Team.objects.filter(name="left behind").exists()
    assert Member.objects.count() == 80
    assert Transaction.objects.count() == len(rows(tmp_path, "transactions"))
    assert Preference.objects.count() == len(rows(tmp_path, "preferences"))
    assert Member.objects.exclude(household=None).count() == len(rows(tmp_path, "households"))
    assert Household.objects.annotate(size=Count("member")).filter(size__lt=2).count() == 0
    assert Category.objects.get(code="cash").name == "现金管理"
    assert Standing.objects.exclude(stage=None).count() == 80
    assert Transition.objects.filter(
        to_stage=Stage.GROWTH, effective_at__lt=NOW - timedelta(days=300)
    ).exists()
    check_staff_and_books()
    noted = set(JobRun.objects.filter(state="succeeded").values_list("name", flat=True))
    assert noted == {"restage members", *(f"import {kind}" for kind in KINDS)}

    transitions = Transition.objects.count()
    assert make(tmp_path) is False
    assert make(tmp_path, members=80, wanted_today=TODAY) is False
    assert Transition.objects.count() == transitions
    for other in ({"members": 81}, {"wanted_today": date(2026, 3, 17)}):
        with pytest.raises(WorldDiffers, match="80 members as of 2026-03-18"):
            make(tmp_path, **other)


def check_staff_and_books():
    assert {staff.role for staff in Staff.objects.all()} == set(Role)
    assert Staff.objects.count() == len(CAST)
    assert Staff.objects.get(username="rm1").check_password(PASSWORD)
    books = Book.objects.filter(ended_at=None)
    assert books.exists() and not books.exclude(staff__role=Role.RELATIONSHIP_MANAGER).exists()
    assert not books.filter(started_at__gt=NOW).exists()
    for book in Book.objects.select_related("member"):
        assert book.member.registered_at is not None
        assert book.member.registered_at <= book.started_at
    lead = Staff.objects.get(username="lead1")
    mine = Member.objects.visible_to(lead)
    assert 0 < mine.count() < books.count()


def test_a_database_with_members_of_its_own_is_refused(db, tmp_path):
    Member.objects.create(name="Somebody", known_at=NOW, updated_at=NOW)
    for reset in (False, True):
        with pytest.raises(NotOurs, match="members of its own"):
            make(tmp_path, members=10, reset=reset)
    with pytest.raises(NotOurs):
        empty()
    assert Member.objects.count() == 1


@pytest.mark.slow(8)
def test_the_default_policy_finds_every_stage_in_its_band(db, tmp_path):
    simulate(tmp_path, members=1200, today=TODAY)
    for kind in KINDS:
        result = import_file(kind, tmp_path / f"{kind}.csv", source=SOURCE, now=NOW)
        assert result.rejected == 0, (kind, result.rejects[:3])
    restage(now=NOW)
    shares = {
        row["stage"]: row["members"] * 100 / 1200
        for row in Standing.objects.values("stage").annotate(members=Count("pk"))
    }
    for stage, (least, most) in BANDS.items():
        assert least <= shares[stage] <= most, shares
    found = set(Standing.objects.values_list("sub_state", flat=True))
    assert found == {None, *SubState.values}
    assert Standing.objects.exclude(warnings=0).exists()
    assert Standing.objects.filter(aum=Decimal(0), first_invested_at__isnull=False).exists()
    assert Member.objects.filter(known_at__lt=F("registered_at")).exists()
