from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from crm.imports.models import ImportRun, Reject
from crm.runtime import tasks
from crm.runtime.models import JobRun
from crm.runtime.queue.enqueue import enqueue
from crm.staff.models import Role
from crm.web.views import server_error
from tests.crm.cast import NOW, browser_of, member, staff_of

HTMX = {"HX-Request": "true"}
SEE_JOBS = {Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}
SEE_IMPORTS = {Role.OPERATIONS, Role.ADMINISTRATOR}


def import_run(**fields) -> ImportRun:
    fields = {"kind": "members", "filename": "members.csv", "outcome": "done", "finished_at": NOW} | fields
    return ImportRun.objects.create(**{"started_at": NOW} | fields)


def job(name="restage members", state="succeeded", **fields) -> JobRun:
    finished = None if state == "running" else NOW + timedelta(seconds=2.5)
    values = {"started_at": NOW, "heartbeat_at": NOW, "finished_at": finished, "worker": "w", "done": 1200}
    return JobRun.objects.create(name=name, state=state, **values | fields)


@pytest.mark.parametrize("role", Role)
def test_jobs_and_imports_open_for_those_who_run_them(world, role):
    client = browser_of(staff_of(role))
    assert client.get("/jobs/").status_code == (200 if role in SEE_JOBS else 403)
    assert client.get("/imports/").status_code == (200 if role in SEE_IMPORTS else 403)
    assert client.get("/imports/1/").status_code == (404 if role in SEE_IMPORTS else 403)


def test_jobs_say_how_they_went(world):
    job(detail={"transitions": 12})
    job("verify the stages", "failed", failure="Differs: 3 members")
    job("import_csv", "running", total=5000)
    page = browser_of(staff_of(Role.OPERATIONS)).get("/jobs/").content.decode()
    for words in (
        "Update stages",
        "1,200",
        "2.5",
        "transitions 12",
        "Differs: 3 members",
        'max="5000"',
    ):
        assert words in page


def test_the_jobs_page_costs_the_same_for_many_runs(world, django_assert_num_queries):
    client = browser_of(staff_of(Role.OPERATIONS))
    for runs in (3, 60):
        for number in range(runs):
            job(f"job {number % 10}")
        with django_assert_num_queries(7):  # session, staff, runs, timetable, liveness, two of queues
            client.get("/jobs/")
        with django_assert_num_queries(3):  # session, staff, runs
            client.get("/jobs/history/", {"job": "job 1"})


def test_a_fresh_installation_shows_what_is_planned_and_when(world):
    often, nightly = (CrontabSchedule.objects.create(**at) for at in ({}, {"minute": "10", "hour": "3"}))
    PeriodicTask.objects.create(name="verify the stages", task="a", crontab=nightly)
    PeriodicTask.objects.create(name="restage members", task="b", crontab=often)
    PeriodicTask.objects.create(name="process the queue", task="c", crontab=often, enabled=False)
    page = browser_of(staff_of(Role.OPERATIONS)).get("/jobs/")
    first, second, last = page.context_data["timetable"]
    now = datetime.now(UTC)
    assert first.label == "Update stages" and first.times == "Every minute"
    assert now < first.following <= now + timedelta(seconds=61)
    assert now < second.following <= now + timedelta(days=1) and second.following.minute == 10
    assert last.following is None and "disabled" in page.content.decode()


def test_a_trend_is_drawn_of_five_runs_only(world):
    client = browser_of(staff_of(Role.OPERATIONS))
    for runs, drawn in ((4, False), (1, True)):
        for _ in range(runs):
            job()
        for address in ("/jobs/", "/jobs/history/?job=restage+members"):
            assert ("sparkline" in client.get(address).content.decode()) == drawn


def test_a_silent_worker_is_told_in_a_sentence(world):
    client = browser_of(staff_of(Role.OPERATIONS))
    assert (
        "No worker heartbeat yet. The scheduler is not running either"
        in client.get("/jobs/").content.decode()
    )
    tasks.pulse()
    assert "Worker running" in client.get("/jobs/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE runtime_pulse SET at = clock_timestamp() - interval '7 minutes'")
    assert "No worker heartbeat for 7 minutes." in client.get("/jobs/").content.decode()
    with connection.cursor() as cursor:  # the clock was set back since
        cursor.execute("UPDATE runtime_pulse SET at = clock_timestamp() + interval '1 hour'")
    assert "No worker heartbeat yet." in client.get("/jobs/").content.decode()
    schedule = CrontabSchedule.objects.create()
    PeriodicTask.objects.create(name="x", task="x", crontab=schedule, last_run_at=datetime.now(UTC))
    assert "The scheduler is running. Start a worker" in client.get("/jobs/").content.decode()


def test_what_waits_and_the_verification_stand_first(world):
    client = browser_of(staff_of(Role.COMPLIANCE))
    assert "not been verified yet" in client.get("/jobs/").content.decode()
    job("verify the stages", detail={"members": 1200})
    member(due_at=NOW - timedelta(days=1))
    enqueue("import")
    page = client.get("/jobs/").content.decode()
    assert "the stages of all 1,200 members match a full recalculation" in page
    assert "members due 1" in page
    assert "imports 1" in page
    job("verify the stages", "failed", failure="3 differ", started_at=NOW + timedelta(hours=1))
    assert ": 3 differ" in client.get("/jobs/").content.decode()


def test_where_a_failure_came_from_is_for_administrators(world):
    job(
        "import members",
        "failed",
        failure="IntegrityError",
        detail={"trace": ["crm/imports/loading/load.py:7 take_in"]},
    )
    for role, seen in ((Role.ADMINISTRATOR, True), (Role.OPERATIONS, False)):
        client = browser_of(staff_of(role))
        for address in ("/jobs/", "/jobs/history/?job=import+members"):
            page = client.get(address).content.decode()
            assert "IntegrityError" in page
            assert "Import: Members" in page
            assert ("load.py:7" in page) == seen


def test_the_history_of_a_job_is_paged(world):
    client = browser_of(staff_of(Role.OPERATIONS))
    for hours in range(55):
        job(started_at=NOW - timedelta(hours=hours), done=1000 + hours)
    page = client.get("/jobs/history/", {"job": "restage members"})
    assert "1,000" in page.content.decode()
    assert "1,054" not in page.content.decode()
    after = page.context_data["page"].next
    rest = client.get("/jobs/history/", {"job": "restage members", "after": after}, headers=HTMX)
    assert "1,054" in rest.content.decode()
    assert "<html" not in rest.content.decode()
    assert client.get("/jobs/history/", {"job": "never"}).status_code == 404


def test_imports_are_paged_and_their_rejects_shown_as_kept(world):
    client = browser_of(staff_of(Role.OPERATIONS))
    runs = [
        import_run(filename=f"file-{n}.csv", started_at=NOW - timedelta(hours=n), rejected=1)
        for n in range(55)
    ]
    page = client.get("/imports/")
    assert b"file-0.csv" in page.content
    assert b"file-54.csv" not in page.content
    following = page.context_data["page"].next
    rest = client.get("/imports/", {"after": following}, headers=HTMX)
    assert b"file-54.csv" in rest.content
    assert b"<html" not in rest.content
    Reject.objects.create(
        run=runs[0], line=7, field="mobile", value="138****1234", code="not_mobile", row=b"\x01"
    )
    one = client.get(f"/imports/{runs[0].id}/").content.decode()
    assert "138****1234" in one
    assert "not a valid mobile" in one


def test_a_run_page_costs_the_same_for_many_rejects(world, django_assert_num_queries):
    client, run = browser_of(staff_of(Role.OPERATIONS)), import_run()
    for lines in (range(3), range(3, 60)):
        Reject.objects.bulk_create(Reject(run=run, line=line, code="required", row=b"\x01") for line in lines)
        with django_assert_num_queries(4):  # session, staff, run, rejects: none were counted
            client.get(f"/imports/{run.id}/")


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(world, client):
    assert client.get("/jobs/").headers["Location"] == "/sign-in/?next=/jobs/"
    moved = client.get("/members/", headers={**HTMX, "HX-Current-URL": "http://testserver/members/?q=a"})
    assert moved.headers["HX-Redirect"] == "/sign-in/?next=/members/%3Fq%3Da"


@pytest.mark.parametrize(("language", "words"), [("en", "Not found"), ("zh-hans", "未找到")])
def test_errors_are_told_in_the_readers_language(world, language, words):
    client = browser_of(staff_of(Role.OPERATIONS, language=language))
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_fault_of_ours_is_a_page_too(world, rf):
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert (
        "Try again" in answer.content.decode()
        or "重试" in answer.content.decode()
        or "再试" in answer.content.decode()
    )


def test_language_is_kept_with_the_account(world):
    staff = staff_of(Role.ANALYST, language="zh-hans")
    client = browser_of(staff)
    assert "今天" in client.get("/").content.decode()
    answer = client.post("/preferences/language/", {"language": "en", "next": "/members/"})
    assert answer.headers["Location"] == "/members/"
    staff.refresh_from_db()
    assert staff.language == "en"
    assert "Today" in client.get("/").content.decode()
    client.post("/preferences/language/", {"language": "tlh"})
    staff.refresh_from_db()
    assert staff.language == "en"


def test_the_colour_of_what_rises_is_kept_with_the_account(world):
    staff = staff_of(Role.ANALYST, language="zh-hans")
    client = browser_of(staff)
    assert "data-rising" not in client.get("/").content.decode()
    client.post("/preferences/rising/", {"rising": "green"})
    client.post("/preferences/rising/", {"rising": "blue"})
    assert 'data-rising="green"' in browser_of(staff).get("/").content.decode()
    assert 'aria-pressed="true">' in client.get("/account/").content.decode()
    client.post("/preferences/rising/", {"rising": ""})
    assert "data-rising" not in client.get("/").content.decode()


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_choice_leads_back_to_pages_of_ours_only(world, client, next_page):
    assert client.post("/preferences/theme/", {"theme": "dark", "next": next_page}).headers["Location"] == "/"


def test_the_theme_follows_the_choice(world):
    client = browser_of(staff_of(Role.ANALYST))
    assert "data-theme" not in client.get("/").content.decode()
    client.post("/preferences/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/preferences/theme/", {"theme": "purple"})
    assert "data-theme" not in client.get("/").content.decode()


def test_nothing_personal_stays_in_a_cache(world):
    answer = browser_of(staff_of(Role.ANALYST)).get("/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_pages_hold_no_inline_script_or_style(world):
    client = browser_of(staff_of(Role.ADMINISTRATOR))
    for path in ("/", "/members/", "/lifecycle/", "/policy/", "/jobs/", "/imports/"):
        page = client.get(path)
        text = page.content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
        assert "onclick" not in text
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/no-such-page/", "/static/css/base.css"])
def test_every_answer_refuses_devices_and_other_sites(world, path):
    answer = browser_of(staff_of(Role.ADMINISTRATOR)).get(path)
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_rail_shows_only_what_one_may_open(world):
    assert 'href="/jobs/"' not in browser_of(staff_of(Role.RELATIONSHIP_MANAGER)).get("/").content.decode()
    assert 'href="/jobs/"' in browser_of(staff_of(Role.ADMINISTRATOR)).get("/").content.decode()
