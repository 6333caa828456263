"""The kept counts say what the rows say, whoever writes, in what order, and while they are compacted."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from members.lifecycle.counts import maintenance
from members.lifecycle.models import StageCount, Standing, Transition, TransitionCount
from members.lifecycle.recording.restage import restage
from tests.crm.cast import NOW, member, move
from tests.members.lifecycle import tables
from tests.members.lifecycle.crowd import NOW as CROWD_NOW
from tests.members.lifecycle.crowd import crowd


def stages() -> dict[tuple[str, str | None], int]:
    rows = StageCount.objects.values_list("stage", "sub_state").annotate(Sum("members")).order_by()
    return {(stage, sub): count for stage, sub, count in rows if count}


def transitions() -> dict[tuple[date, str | None, str | None], int]:
    rows = (
        TransitionCount.objects.values_list("day", "from_stage", "to_stage")
        .annotate(Sum("members"))
        .order_by()
    )
    return {(day, left, entered): count for day, left, entered, count in rows if count}


@pytest.mark.django_db
def test_a_change_of_stage_moves_one_from_count_to_count():
    row = member(stage="growth")
    member(stage="decline", sub_state="at_risk")
    assert stages() == {("growth", None): 1, ("decline", "at_risk"): 1}
    Standing.objects.filter(member=row).update(stage="decline", sub_state="at_risk")
    Standing.objects.filter(member=row).update(aum=5)
    assert stages() == {("decline", "at_risk"): 2}
    Standing.objects.filter(member=row).update(sub_state="dormant")
    assert stages() == {("decline", "at_risk"): 1, ("decline", "dormant"): 1}
    Standing.objects.filter(member=row).delete()
    assert stages() == {("decline", "at_risk"): 1}


@pytest.mark.django_db
def test_a_move_counts_on_its_platform_day_until_it_is_superseded():
    late = NOW.replace(hour=16, minute=30)  # half past midnight of the next day in Shanghai
    first = move(member(), None, "activation", late - timedelta(hours=1))
    move(member(), None, "activation", late)
    assert transitions() == {
        (date(2026, 3, 16), None, "activation"): 1,
        (date(2026, 3, 17), None, "activation"): 1,
    }
    Transition.objects.filter(member=first.member_id).update(superseded_at=NOW)
    assert transitions() == {(date(2026, 3, 17), None, "activation"): 1}


@pytest.mark.django_db
def test_compacting_changes_no_count_and_leaves_one_row_of_each():
    for _ in range(4):
        move(member(stage="growth"), "activation", "growth")
    before = stages(), transitions()
    assert StageCount.objects.count() == 4
    assert maintenance.compact(batch=3) == 8
    assert (stages(), transitions()) == before
    assert (StageCount.objects.count(), TransitionCount.objects.count()) == (1, 1)
    member(stage="growth")
    assert maintenance.compact() == 1
    assert stages() == {("growth", None): 5}
    assert maintenance.compact() == 0


@pytest.mark.django_db
def test_what_went_round_the_triggers_is_found_and_fixed():
    move(member(stage="growth"), None, "growth")
    maintenance.compact()
    StageCount.objects.update(members=7)
    TransitionCount.objects.all().delete()
    found = maintenance.find_miscounts()
    assert [(row.what, row.kept, row.counted) for row in found] == [("stage", 7, 1), ("transition", 0, 1)]
    maintenance.recount()
    assert maintenance.find_miscounts() == []
    assert stages() == {("growth", None): 1}


@pytest.mark.django_db
def test_days_follow_the_platform_zone_when_it_changes(settings):
    move(member(), None, "activation", NOW.replace(hour=16, minute=30))
    settings.BUSINESS_TIME_ZONE = "America/New_York"
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        maintenance.keep_platform_day()
        cursor.execute("SET ROLE perennial_app")
    assert transitions() == {(date(2026, 3, 16), None, "activation"): 1}
    assert maintenance.find_miscounts() == []


@pytest.mark.django_db(transaction=True)
def test_counts_are_right_when_histories_and_compactions_run_at_once():
    world = crowd(240)
    failures: list[BaseException] = []
    over = threading.Event()

    def work(job) -> None:
        try:
            job()
        except BaseException as failure:  # handed to the test's own thread
            failures.append(failure)
        finally:
            connections.close_all()

    def compact_all_along() -> None:
        while not over.wait(0.02):
            maintenance.compact(batch=50)

    with tables.platform(str(world.zone), world.policies):
        tables.put_world(world)
        restagers = [
            threading.Thread(target=work, args=(lambda: restage(now=CROWD_NOW, history=True, batch=40),))
            for _ in range(2)
        ]
        compactors = [threading.Thread(target=work, args=(compact_all_along,)) for _ in range(2)]
        for thread in [*restagers, *compactors]:
            thread.start()
        for thread in restagers:
            thread.join(timeout=60)
        over.set()
        for thread in compactors:
            thread.join(timeout=60)
        assert failures == []
        assert maintenance.find_miscounts() == []
        assert sum(stages().values()) == Standing.objects.filter(stage__isnull=False).count() > 200
        maintenance.compact()
        assert maintenance.find_miscounts() == []


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_never_counted():
    row = member(stage="growth")
    with pytest.raises(RuntimeError), transaction.atomic():
        move(row, "growth", "decline")
        Standing.objects.filter(member=row).update(stage="decline")
        raise RuntimeError
    assert stages() == {("growth", None): 1}
    assert transitions() == {}
