"""What beat wakes: every entry names a task that exists, once, at platform time."""

from __future__ import annotations

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import crontab
from django.conf import settings
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from crm.celery import app
from crm.runtime import tasks
from crm.runtime.background.schedule import Scheduled, beat_schedule, label, register
from crm.runtime.extension.labels import Verbatim
from crm.runtime.extension.registry import RegisteredTwice

SCHEDULE = beat_schedule()


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_scheduled_task_exists(name):
    app.loader.import_default_modules()
    assert SCHEDULE[name]["task"] in app.tasks


@pytest.mark.django_db(transaction=True)
def test_beat_writes_the_schedule_once_however_often_it_starts():
    for _ in range(2):
        scheduler = DatabaseScheduler(app=app)
        assert isinstance(scheduler.schedule["sweep lost runs"], ScheduleEntry)
    tasks = PeriodicTask.objects.filter(name__in=SCHEDULE)
    assert tasks.count() == len(SCHEDULE)
    nightly = tasks.get(name="verify the stages").crontab
    assert (nightly.hour, nightly.minute, str(nightly.timezone)) == ("3", "10", settings.BUSINESS_TIME_ZONE)


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_staff_switched_off_stays_off():
    DatabaseScheduler(app=app)
    PeriodicTask.objects.filter(name="sweep lost runs").update(enabled=False)
    DatabaseScheduler(app=app)
    assert not PeriodicTask.objects.get(name="sweep lost runs").enabled


@pytest.fixture
def here():
    """Tasks run where they are sent."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.mark.django_db(transaction=True)
def test_each_wake_up_is_written_at_once(here):
    scheduler = DatabaseScheduler(app=app)
    for name in ("sweep lost runs", "show a sign of life"):
        scheduler.apply_async(scheduler.schedule[name], advance=True)
        assert PeriodicTask.objects.get(name=name).total_run_count == 1


def test_of_two_entries_with_one_name_both_are_named():
    twice = Scheduled("sweep lost runs", tasks.pulse, crontab(), 55, Verbatim("Sweep again"))
    with pytest.raises(RegisteredTwice, match=r"tasks.sweep \(Close.*tasks.pulse \(Sweep again\)"):
        register(twice)


def test_an_entry_that_no_app_registered_has_no_words():
    assert str(label("sweep lost runs")) == "Close interrupted runs"
    assert label("somebody's own") is None
