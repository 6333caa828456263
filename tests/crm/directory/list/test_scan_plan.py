"""With many members a page of the list reads a bounded part of an index, whatever is asked, however deep."""

import pytest
from django.db import connection
from django.http import QueryDict

from crm.directory.list.index_scan import SPAN
from crm.directory.list.list_members import list_members
from crm.directory.list.request.orders import orders_for
from crm.runtime.database.grants import APP_ROLE
from crm.staff.models import Role
from crm.web.lists.tokens import write_token
from members.lifecycle.models import Standing
from tests.crm.cast import NOW, staff_of
from tests.plans import noted, rows_of, scans

MEMBERS, BOOK = 20_000, 200

# Two in five have no assets, as prospects and newcomers have none: a tie of thousands.
PEOPLE = """
INSERT INTO profiles_member (id, name, region, occupation, income_band, language, tags, campaign, known_at,
                             registered_at, source, updated_at, risk_class, risk_assessed_on)
SELECT id, '', (ARRAY['上海', '北京', '深圳', '拉萨'])[1 + least(id %% 100, 3)], '', '', '', '{}', '',
       %(now)s - interval '900 days', CASE WHEN id %% 5 > 0 THEN %(now)s - id * interval '1 hour' END, '',
       %(now)s,
       (ARRAY['C0', 'C1', 'C2', 'C3', 'C4', 'C5'])[1 + id %% 6], date '2026-01-05'
FROM generate_series(1, %(members)s) AS id
"""
STANDINGS = """
UPDATE lifecycle_standing SET
    stage = CASE WHEN member_id %% 5 = 0 THEN 'acquisition' WHEN member_id %% 5 = 1 THEN 'activation'
                 WHEN member_id %% 50 = 2 THEN 'maturity' WHEN member_id %% 5 = 3 THEN 'decline'
                 ELSE 'growth' END,
    aum = CASE WHEN member_id %% 5 < 2 THEN 0 ELSE (member_id * 7919) %% 100000 END,
    since = CASE WHEN member_id %% 9 > 0 THEN %(now)s - (member_id %% 400) * interval '1 day' END,
    due_at = CASE WHEN member_id %% 4 > 0 THEN %(now)s + (member_id %% 30) * interval '1 day' END,
    warnings = CASE WHEN member_id %% 40 = 3 THEN 1 WHEN member_id %% 2000 = 4 THEN 4 ELSE 0 END,
    last_login_at = %(now)s - (member_id %% 100) * interval '1 day'
"""
BOOKS = """
INSERT INTO profiles_book (member_id, started_at, staff_id, reason)
SELECT id, %(now)s, %(staff)s, '' FROM profiles_member WHERE id %% 100 = 7
"""


@pytest.fixture
def crowd(world):
    """Twenty thousand members, two hundred of them in one book; who sees all, and the manager of the book."""
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    values = {"members": MEMBERS, "now": NOW, "staff": manager.pk}
    with connection.cursor() as cursor:
        for statement in (PEOPLE, STANDINGS, BOOKS):
            cursor.execute(statement, values)
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "ANALYZE profiles_member, profiles_book, profiles_identity, lifecycle_standing,"
            " staff_staff, staff_team"
        )
        cursor.execute(f"SET ROLE {APP_ROLE}")
    return staff_of(Role.OPERATIONS), manager


def check(asked: str, staff, after: str = "", bound: int = SPAN + 400) -> str:
    """Read one page and look at its plans; returns the token of the next."""
    parameters = {**QueryDict(asked).dict(), "after": after}
    with noted() as statements:
        page = list_members(parameters, staff, NOW)
    assert 2 <= len(statements) <= 5
    for statement in statements:
        for node in scans(statement):
            relation, rows = node["Relation Name"], rows_of(node)
            context = (
                f"{asked}: {node['Node Type']} of {relation} by {node.get('Index Name')} read {rows} rows"
            )
            # All books of this crowd are a few pages, which the planner may well read more than once.
            assert rows <= (20 * BOOK if relation == "profiles_book" else bound), f"{context}\n{statement}"
            if relation in {"profiles_member", "lifecycle_standing"}:
                assert node["Node Type"] != "Seq Scan", f"{context}\n{statement}"
    return page.next


ASKED = (
    *(
        "",
        "stage=growth",
        "stage=acquisition",
        "stage=maturity",
        "warning=any",
        "warning=signal",
        "region=拉萨",
    ),
    *("stage=decline&warning=idle", "risk=C3&region=上海", "aum_min=90000", "idle_days=95", "due_days=3"),
    *("registered_from=2026-03-01", "sub_state=dormant", "manager=none&stage=growth"),
)


def test_a_page_reads_a_bounded_part_of_an_index(crowd):
    operations, manager = crowd
    sorts = list(orders_for(operations))
    for number, asked in enumerate((*ASKED, *ASKED)):
        sort = sorts[(number + number // len(ASKED)) % len(sorts)]
        query = f"{asked}&sort={sort}".lstrip("&")
        if after := check(query, operations):
            check(query, operations, after)
        if "manager" not in asked:
            check(query, manager, bound=5 * BOOK)
    check(f"manager={manager.pk}&stage=growth", operations, bound=5 * BOOK)
    check("matures=30", manager, bound=5 * BOOK)

    # A page deep among equal values costs what the first one costs.
    tie = (
        Standing.objects.filter(stage="acquisition")
        .order_by("-member_id")
        .values_list("member_id", flat=True)
    )
    check("stage=acquisition", operations, write_token("aum", 0, tie[3_500], 3_500), bound=150)
    check("", operations, write_token("aum", 0, tie[3_500], 15_000), bound=400)
    due = (
        Standing.objects.filter(due_at__isnull=True).order_by("member_id").values_list("member_id", flat=True)
    )
    check("sort=due", operations, write_token("next_change", None, due[4_000], 19_000), bound=150)
