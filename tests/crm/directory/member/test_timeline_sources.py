"""Sources of the timeline are registered once, by kind; a source of a higher app names what events hold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.directory.member.timeline.read import TimelineFilters, read_timeline
from crm.runtime.extension.labels import Verbatim
from crm.runtime.extension.registry import RegisteredTwice, Registry
from crm.staff.models import Role
from members.profiles.models import Touch
from members.profiles.models.channel import Channel
from members.profiles.timeline import registry
from members.profiles.timeline.registry import Entry, Kind, Source, kinds, register, sources
from tests.crm.cast import NOW, member, staff_of

VISITS = Kind("visit", Verbatim("Visits"), 10)


def visits(sql: str) -> Source:
    return Source("visit", VISITS, lambda: sql, lambda row, staff: Entry(f"Visit to {row.kind}"))


@pytest.fixture
def alone(monkeypatch):
    """Nobody has registered a source."""
    monkeypatch.setattr(registry, "_sources", Registry("timeline source"))
    monkeypatch.setattr(registry, "_kinds", Registry("kind of timeline source"))


def test_a_source_is_read_ordered_and_paged_by_what_its_statement_selects(world, alone):
    register(
        visits(
            "SELECT timestamptz '2026-03-01 00:00Z' - n * interval '1 hour' AS at, n::text AS id,"
            " 'branch ' || n AS kind, NULL::numeric AS amount, NULL AS detail, NULL::bigint AS import_id"
            " FROM generate_series(1, 25) AS n"
        )
    )
    row, staff = member(), staff_of(Role.COMPLIANCE)
    seen, after = [], ""
    while True:
        page = read_timeline(row.id, staff, NOW, TimelineFilters("visit"), after=after, size=10)
        seen += [entry.label for entry in page.rows]
        if not (after := page.next):
            break
    assert seen == [f"Visit to branch {number}" for number in range(1, 26)]


def test_sources_of_one_kind_are_narrowed_to_together(alone):
    more = replace(visits(""), key="guest")
    register(visits(""), more, replace(visits(""), key="call", kind=Kind("call", Verbatim("Calls"), 5)))
    assert [source.key for source in sources("visit")] == ["visit", "guest"]
    assert list(kinds()) == ["call", "visit"]


def test_of_two_sources_or_kinds_with_one_key_both_are_named(alone):
    register(visits(""))
    with pytest.raises(
        RegisteredTwice, match=r"'visit' is registered twice: visit \(tests.*and visit \(tests"
    ):
        register(visits(""))
    with pytest.raises(RegisteredTwice, match=r"visit \(Visits\) and visit \(Guests\)"):
        register(Source("guest", Kind("visit", Verbatim("Guests"), 1), str, lambda row, staff: Entry("")))


def test_only_what_is_asked_for_is_read(world, django_assert_num_queries):
    row, staff = member(), staff_of(Role.COMPLIANCE)
    Touch.objects.create(
        id="t", member=row, at=NOW - timedelta(days=1), channel=Channel.objects.create(code="ads", name="Ads")
    )
    with django_assert_num_queries(1) as asked:
        assert read_timeline(row.id, staff, NOW, TimelineFilters("event")).rows == []
    statement = asked.captured_queries[0]["sql"]
    assert "profiles_event" in statement
    assert "profiles_touch" not in statement
