"""With many members a search reads a few rows of an index, whoever searches."""

import pytest
from django.db import connection

from crm.runtime.database.grants import APP_ROLE
from crm.staff.models import Role, Team
from members.profiles.search.search_members import search_members
from tests.crm.staff.people import NOW, staff_of
from tests.plans import noted, rows_of, scans

pytestmark = pytest.mark.django_db
MEMBERS, BOOK = 20_000, 150

# Names of three characters with every tail of name and pinyin, the initials, and an outside id.
PEOPLE = """
WITH parts AS (
    SELECT id,
        ARRAY[chr(19968 + (id %% 20)), chr(20200 + (id * 7 %% 40)), chr(20400 + (id * 13 / 40 %% 40))] AS han,
        ARRAY[(ARRAY['zhang', 'li', 'wang', 'zhao'])[1 + id %% 4] , 'xi' || chr(97 + id * 7 %% 26),
              chr(97 + id * 13 %% 26) || 'ang'] AS pinyin
    FROM generate_series(1, %(members)s) AS id
), member AS (
    INSERT INTO profiles_member (id, name, region, occupation, income_band, language, tags, campaign,
                                 known_at, source, updated_at, mobile_index)
    SELECT id, array_to_string(han, ''), '', '', '', '', '{}', '',
           %(now)s, '', %(now)s, decode(md5(id::text), 'hex')
    FROM parts
), identity AS (
    INSERT INTO profiles_identity (kind, source, value, member_id)
    SELECT 'member', 'core', 'C' || id, id FROM parts
)
INSERT INTO profiles_searchterm (member_id, term)
SELECT id, 'c' || id FROM parts
UNION SELECT id, array_to_string(han[tail:], '') FROM parts, generate_series(1, 3) AS tail
UNION SELECT id, array_to_string(pinyin[tail:], '') FROM parts, generate_series(1, 3) AS tail
UNION SELECT id, left(pinyin[1], 1) || left(pinyin[2], 1) || left(pinyin[3], 1) FROM parts
"""
TEXTS = """
UPDATE profiles_member AS m SET search_text = t.lines
FROM (
    SELECT member_id, string_agg(E'\n' || term, '' ORDER BY term) AS lines FROM profiles_searchterm GROUP BY 1
) AS t
WHERE t.member_id = m.id
"""
BOOKS = """
INSERT INTO profiles_book (member_id, started_at, staff_id, reason)
SELECT id, %(now)s, (%(managers)s::bigint[])[1 + id / %(size)s %% cardinality(%(managers)s::bigint[])], ''
FROM profiles_member
"""


@pytest.fixture
def crowd():
    """Twenty thousand members in the books of 130 managers of 26 teams; one manager and one lead."""
    teams = [Team.objects.create(name=f"Team {number}") for number in range(26)]
    managers = [staff_of(Role.RELATIONSHIP_MANAGER, teams[number % 26]) for number in range(130)]
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"members": MEMBERS, "now": NOW})
        cursor.execute("SET ROLE NONE")  # the product's role may not gather statistics
        cursor.execute("ANALYZE profiles_member, profiles_searchterm")
        cursor.execute(TEXTS)
        cursor.execute(BOOKS, {"now": NOW, "size": BOOK, "managers": [manager.pk for manager in managers]})
        cursor.execute(
            "ANALYZE profiles_member, profiles_searchterm, profiles_book, profiles_identity,"
            " staff_staff, staff_team"
        )
        cursor.execute(f"SET ROLE {APP_ROLE}")
    return managers[3], staff_of(Role.TEAM_LEAD, teams[3])


def _read(text, staff):
    """What search_members() found, and what each scan has read: [(node, relation, index, rows, pages)]."""
    with noted() as statements:
        found = search_members(text, staff, granted=True)
    read = []
    for statement in statements:
        with connection.cursor() as cursor:
            # For a book among so few members a walk through all may be cheapest: do the indexes serve?
            few = "off" if staff.role != Role.CUSTOMER_SERVICE else "on"
            for way in ("seqscan", "mergejoin", "hashjoin"):
                cursor.execute(f"SET LOCAL enable_{way} = {few}")
        read += map(_scan, scans(statement))
    return found, read


def _scan(node):
    touched = node["Shared Hit Blocks"] + node["Shared Read Blocks"]
    return node["Node Type"], node["Relation Name"], node.get("Index Name", ""), rows_of(node), touched


ANY = ["z", "zhang", "xi", chr(19968 + 3), "c1", "zhangxi", "nothing like it", "13812341234", "C777", "zx"]


def _check(text, read, bound, pages=None):
    assert read
    for node, relation, index, rows, touched in read:
        context = f"{text}: {node} of {relation} by {index} read {rows} rows, {touched} pages"
        # A scan that begins too early passes entries over without counting them as rows.
        assert pages is None or touched <= pages, context
        assert rows <= bound, context
        if relation in {"profiles_searchterm", "profiles_member", "profiles_identity"}:
            assert node != "Seq Scan", context


def test_a_search_reads_a_few_rows_of_an_index(crowd):
    manager, lead = crowd
    service = staff_of(Role.CUSTOMER_SERVICE)
    # Everybody: as many terms as are looked at. A book: its members with their terms; a team: five books.
    for staff, bound in ((service, 200), (manager, 10 * BOOK), (lead, 100 * BOOK)):
        for text in ANY:
            found, read = _read(text, staff)
            assert len(found) <= 50
            _check(text, read, bound, pages=400 if staff == service else None)
            if staff == manager:
                mine = manager.book_set.filter(ended_at=None).values_list("member_id", flat=True)
                assert set(found) <= set(mine)

    # A frequent character of given names that is nobody's family name, for who may not ask for names.
    with noted() as statements:
        assert search_members(chr(20207), service) == []
    _check("family name", [_scan(node) for asked in statements for node in scans(asked)], 1, pages=10)

    found, read = _read("z", service)
    assert len(found) == 50
    walked = [(node, index) for node, relation, index, *_ in read if relation == "profiles_searchterm"]
    assert walked == [("Index Only Scan", "profiles_searchterm_pkey")]
    assert search_members("z", manager, granted=True)
