"""An app that an installation adds shows up everywhere, and no file of the product knows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import _translations
import pytest
from django.conf import settings

from crm.staff.models import Role
from tests.crm.cast import NOW
from tests.harness.databases import copied, database_url, in_use, migrated, name_of

pytestmark = [pytest.mark.xdist_group("greetings"), pytest.mark.slow(15)]
ROOT = Path(settings.BASE_DIR)
PRODUCT = ("crm", "members", "campaigns", "templates", "static", "locale")
GREETERS = {Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD}
Tour = dict[str, Any]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, with the settings that add the app."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.extension.settings",
            "DATABASE_URL": database_url(),
            "BUSINESS_NOW": NOW.isoformat(),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def tour(django_db_blocker) -> Tour:
    """The app is installed as an operator would (compile, migrate), then the product's role goes through."""
    _translations.compile_all(Path(__file__).parent / "greetings")
    with django_db_blocker.unblock(), copied(name_of("greetings"), migrated()) as name, in_use(name):
        for command in (("manage.py", "migrate", "--verbosity=0"), ("-m", "tests.extension.tour")):
            done = run(*command)
            assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_in_the_product_names_the_app():
    files = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.*")]
    texts = [path for path in files if path.suffix in {".py", ".sql", ".html", ".css", ".js", ".po"}]
    assert [path for path in texts if "greetings" in path.read_text(encoding="utf-8").lower()] == []


def test_all_of_it_fits(tour):
    assert tour["problems"] == []


def test_its_page_opens_for_those_whom_its_action_names(tour):
    assert tour["statuses"] == {role: 200 if role in GREETERS else 403 for role in Role}
    assert tour["stranger"] == "/sign-in/?next=/greetings/"
    assert f'<a href="{tour["member"]}">王小明</a> Birthday' in tour["page"]
    assert "greetings.css" in tour["page"]


@pytest.mark.parametrize("role", Role)
def test_its_place_is_in_the_rail_of_those_who_may_go_there(tour, role):
    assert ('<a href="/greetings/" data-go="1"' in tour["rails"][role]) == (role in GREETERS)


@pytest.mark.parametrize("role", Role)
def test_page_and_command_are_in_the_palette_of_those_who_may(tour, role):
    expected = [["Greetings", "/greetings/"], ["Send a greeting", "/greetings/#send"]]
    found = [hit for hit in tour["palette"][role] if hit[1] != "/members/search/"]
    assert found == (expected if role in GREETERS else [])


def test_its_source_is_searched_and_its_words_are_found_in_chinese(tour):
    assert tour["occasions"] == [["Birthday", "/greetings/"]]
    assert tour["in_chinese"] == [["发送问候", "/greetings/#send"]]


def test_the_right_is_told_on_ones_own_account(tour):
    assert "Greet members" in tour["rights"]


def test_the_member_page_tells_greetings_and_narrows_to_them(tour):
    for page in ("timeline", "narrowed"):
        assert "Greeting sent" in tour[page]
        assert "Birthday" in tour[page]
        assert "source=greeting" in tour[page]
    assert tour["timeline"].count('data-source="greeting"') == 1  # the one to come is not told
    assert 'data-source="record"' not in tour["narrowed"]
    assert 'data-source="greeting"' not in tour["others"]


def test_its_tab_is_on_the_member_page_of_those_who_may_open_it(tour):
    manager, everybody = Role.RELATIONSHIP_MANAGER, set(Role) - GREETERS
    assert {role for role in (manager, *everybody) if tour["tabs"][role]} == {manager}
    panel = tour["tab"].split('id="panel"')[1]
    assert 'id="tab-greetings"' in panel and 'aria-current="page"> Greetings' in panel
    assert panel.count("Birthday") == 1  # the one to come is not told
    assert tour["tab_refused"] == 400


def test_one_field_is_a_filter_a_column_and_a_cell_of_files(tour):
    assert "Last greeting" in tour["list"]
    assert tour["list"].count("15 Mar 2026") == 1
    heading, row, *rest = tour["file"].splitlines()
    assert heading.endswith("Last greeting") and row.endswith("2026-03-15") and not rest


def test_the_jobs_page_tells_the_job_its_times_and_what_waits(tour):
    assert "greetings 2" in tour["jobs"]  # the fact that the run noted
    assert tour["jobs"].count("Count greetings") >= 2  # the job, and its line of the schedule
    assert "Daily at 05:00" in tour["jobs"]
    assert "greetings to send 1" in tour["jobs"]
    assert tour["beat"] == "tests.extension.greetings.tasks.count_greetings"


def test_its_reference_data_are_in_the_administration(tour):
    assert "/admin/greetings/occasion/" in tour["administration"]
    assert "Occasions" in tour["administration"]
    assert "Birthday" in tour["occasions_kept"]
    assert tour["kept_from"] in {302, 403}


COMMAND, WEB = ("manage.py", "check"), ("-c", "import crm.wsgi")


@pytest.mark.parametrize(
    ("misfit", "start", "words"),
    [
        (
            "TakenKey",
            COMMAND,
            "key after g 'm' is registered twice: account (My account) and members (Members)",
        ),
        ("UnknownAction", WEB, "command 'account': action 'fly' is not registered"),
        ("Untranslated", COMMAND, "job 'shear sheep': 'Shear all sheep' has no translation in zh-hans"),
        ("NoSuchPage", WEB, "place 'sheep': no page has the address name 'sheep'"),
    ],
)
def test_an_app_that_does_not_fit_keeps_the_product_from_starting(misfit, start, words):
    done = run(*start, MISFIT=misfit, DATABASE_URL="postgresql://localhost/unused")
    assert done.returncode != 0
    assert words in done.stderr
