"""The data access log: who revealed what of whom, filtered, counted, exported."""

import csv
from datetime import timedelta

import pytest

from crm.office import access_log
from crm.staff.models import Reveal, Role
from tests.crm.cast import NOW, browser_of, member, staff_of


def _shown(staff, row, field="mobile", at=NOW, reason="asked for a call", times=1):
    Reveal.objects.bulk_create(
        Reveal(staff=staff, member_id=row.id, field=field, reason=reason, at=at - timedelta(seconds=n))
        for n in range(times)
    )


@pytest.fixture
def checker():
    return staff_of(Role.COMPLIANCE)


@pytest.fixture
def ann():
    return staff_of(Role.RELATIONSHIP_MANAGER)


def _rows(client, query=""):
    return client.get(f"/reveals/?{query}").context_data["page"].rows


def test_who_saw_what_of_whom_and_why_with_the_name_masked(checker, ann):
    row = member("王小明", manager=ann, mobile="13800001234")
    _shown(ann, row)
    text = browser_of(checker).get("/reveals/").content.decode()
    for words in (
        str(ann),
        "王*",
        f"#{row.id}",
        "asked for a call",
        "1 value revealed today by 1 staff member.",
    ):
        assert words in text
    assert "王小明" not in text
    assert "13800001234" not in text


@pytest.mark.parametrize(("language", "words"), [("en", "Verify identity"), ("zh-hans", "核实身份")])
def test_a_usual_reason_is_told_in_the_readers_language(ann, language, words):
    _shown(ann, member("王小明", manager=ann), reason="verify_identity")
    reader = browser_of(staff_of(Role.COMPLIANCE, language=language))
    for page in ("/reveals/", "/"):
        text = reader.get(page).content.decode()
        assert words in text and "verify_identity" not in text


def test_an_empty_log_says_whether_a_filter_left_nothing(checker, ann):
    client = browser_of(checker)
    assert "No masked values revealed yet" in client.get("/reveals/").content.decode()
    assert "No entries match these filters" in client.get("/reveals/?field=mobile").content.decode()


def test_each_filter_narrows_and_a_wrong_one_is_named(checker, ann):
    first, second = member("王小明", manager=ann), member("李雷")
    _shown(ann, first)
    _shown(checker, second, field="address", at=NOW - timedelta(days=3))
    client = browser_of(checker)
    assert len(_rows(client)) == 2
    for query in (f"staff={ann.pk}", f"member=%23{first.id}", "field=mobile", "since=2026-03-15"):
        assert [shown.row.member_id for shown in _rows(client, query)] == [first.id], query
    assert [shown.row.member_id for shown in _rows(client, "until=2026-03-14")] == [second.id]
    for wrong in ("staff=x", "member=wang", "field=password", "since=yesterday", "until=0001-01-01"):
        assert client.get(f"/reveals/?{wrong}").status_code == 400, wrong


def test_the_log_is_paged_by_key_in_as_many_queries_whatever_its_length(
    checker, ann, django_assert_max_num_queries
):
    row = member("王小明", manager=ann)
    _shown(ann, row, at=NOW - timedelta(days=2), times=60)
    client, seen, after = browser_of(checker), [], ""
    for _ in range(2):
        with django_assert_max_num_queries(8):
            page = client.get("/reveals/", {"after": after} if after else {}).context_data["page"]
        seen += [shown.row.pk for shown in page.rows]
        after = page.next
    assert len(set(seen)) == 60
    assert not after


def test_unusually_many_are_said_in_a_sentence_and_many_of_old_are_not(checker, ann):
    row, busy = member("王小明", manager=ann), staff_of(Role.CUSTOMER_SERVICE)
    _shown(ann, row, times=access_log.UNUSUAL_FROM)
    _shown(busy, row, times=access_log.UNUSUAL_FROM)
    for day in range(1, access_log.AVERAGED_DAYS + 1):
        _shown(busy, row, at=NOW - timedelta(days=day), times=access_log.UNUSUAL_FROM)
    count, people, unusual = access_log.volumes_today(NOW)
    assert (count, people) == (2 * access_log.UNUSUAL_FROM, 2)
    assert [(one.staff, one.today, one.usual) for one in unusual] == [(ann, access_log.UNUSUAL_FROM, 0)]
    text = browser_of(checker).get("/reveals/").content.decode()
    assert f"{ann} revealed {access_log.UNUSUAL_FROM} values today" in text


def test_everybody_sees_the_own_reveals_only(checker, ann):
    row, other = member("王小明", manager=ann), member("李雷")
    _shown(ann, row)
    _shown(ann, other, reason="before the transfer")
    _shown(checker, row, reason="a complaint came in")
    text = browser_of(ann).get("/account/reveals/").content.decode()
    assert "王小明" in text
    assert "before the transfer" in text
    assert "李" not in text  # not in the own book any more: by number
    assert "a complaint came in" not in text
    assert browser_of(ann).get("/reveals/").status_code == 403


def test_the_file_is_masked_and_runs_no_formula(checker, ann):
    row = member("王小明", manager=ann)
    _shown(ann, row, reason="=HYPERLINK(1)")
    answer = browser_of(checker).post("/reveals/export/?field=mobile")
    lines = list(csv.reader(answer.getvalue().decode("utf-8-sig").splitlines()))
    assert answer["Content-Type"].startswith("text/csv")
    assert lines[1] == [
        "2026-03-16T10:00:00+08:00", ann.username, ann.display_name,
        f"#{row.id}", "王*", "Mobile", "'=HYPERLINK(1)",
    ]  # fmt: skip
    assert browser_of(staff_of(Role.ADMINISTRATOR)).post("/reveals/export/").status_code == 403


def test_too_long_a_file_says_that_it_ends_early(checker, ann, monkeypatch):
    monkeypatch.setattr(access_log, "EXPORTED", 2)
    _shown(ann, member("王小明", manager=ann), times=3)
    text = browser_of(checker).post("/reveals/export/").getvalue().decode()
    assert len(text.splitlines()) == 4
    assert "Older entries were omitted" in text


def test_a_reader_of_the_log_cannot_change_it(checker):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browser_of(checker), method)("/reveals/").status_code == 405
