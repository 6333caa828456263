from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.staff.models import Role
from members.lifecycle.models import Warning
from tests.crm.cast import NOW, browser_of, member, move, staff_of


def warn(row, kind: str = "idle", days: int = 1, **fields) -> None:
    evidence = (
        {"idle_days": 31, "active_on": "2026-02-13"} if kind == "idle" else {"complaint_at": NOW.isoformat()}
    )
    values = {
        "raised_at": NOW - timedelta(days=days),
        "recorded_at": NOW,
        "policy_version": 1,
        "evidence": evidence,
    }
    Warning.objects.create(member=row, kind=kind, **values | fields)


@pytest.mark.parametrize("role", Role)
def test_home_opens_for_every_role(world, role):
    staff = staff_of(role)
    keeps_book = role in {Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD}
    row = member("王小明", manager=staff if keeps_book else None)
    warn(row)
    move(row, "growth", "decline")
    page = browser_of(staff).get("/")
    assert page.status_code == 200
    assert ("王小明" in page.content.decode()) == keeps_book


def test_home_tells_open_warnings_of_the_own_book_newest_first(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine, other = member("王小明", manager=manager), member("李雷")
    warn(mine, "idle", days=5), warn(mine, "signal", days=2), warn(other)
    warn(mine, "idle", days=90, ended_at=NOW - timedelta(days=80))
    warn(mine, "idle", days=70, superseded_at=NOW)
    page = browser_of(manager).get("/")
    assert [news.row.kind for news in page.context_data["warnings"]] == ["signal", "idle"]
    assert "No login and no trade for 31 days, since 13 Feb 2026" in page.content.decode()
    assert "Complained on 16 Mar 2026" in page.content.decode()


def test_stage_counts_are_of_whom_one_may_see(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member(manager=manager, stage="maturity"), member(stage="maturity"), member(stage=None)
    mine = browser_of(manager).get("/").context_data["stages"]
    assert [count for _, _, count in mine] == [0, 0, 0, 1, 0]
    everybody = browser_of(staff_of(Role.ANALYST)).get("/").context_data["stages"]
    assert [count for _, _, count in everybody] == [0, 0, 0, 2, 0]


@pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.OPERATIONS])
def test_queries_do_not_grow(world, role):
    staff = staff_of(role)
    client, counts = browser_of(staff), []
    for many in (3, 57):
        for _ in range(many):
            row = member(manager=staff)
            warn(row), move(row, "growth", "decline")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
