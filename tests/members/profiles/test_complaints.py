"""The life of a complaint: by hand, by file, and from the churn signals of old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.staff.models import Role
from members.lifecycle.models import Dirty
from members.profiles.complaints.handle import ComplaintRefused, Refusal, answer, close, receive, reopen
from members.profiles.models import Complaint, Signal
from members.profiles.timeline.registry import Row
from members.profiles.timeline.sources import SOURCES
from tests.crm.cast import NOW, member, staff_of
from tests.crm.imports.files import row, take

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def recorded(person, staff, *, key="k", received_at=NOW - 3 * DAY) -> Complaint:
    return receive(
        member_id=person.pk, words=" 到账慢 ", received_at=received_at, key=key, staff=staff, now=NOW
    )


def is_open(complaint: Complaint, at=NOW) -> bool:
    return Complaint.objects.open_at(at).filter(pk=complaint.pk).exists()


def test_a_complaint_is_received_answered_and_closed():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    service, person = staff_of(Role.CUSTOMER_SERVICE), member(manager=manager)
    complaint = recorded(person, service)
    assert (complaint.words, complaint.owner, complaint.recorded_by) == ("到账慢", manager, service)
    assert is_open(complaint)
    assert not is_open(complaint, NOW - 4 * DAY)
    assert complaint.days_open(NOW) == 3
    which = {"member_id": person.pk, "complaint_id": complaint.id, "staff": service}
    answer(**which, words="已加急", now=NOW)
    close(**which, words="已到账", now=NOW + DAY)
    complaint.refresh_from_db()
    assert (complaint.answer, complaint.answered_at, complaint.answered_by) == ("已加急", NOW, service)
    assert (complaint.resolution, complaint.closed_by) == ("已到账", service)
    assert is_open(complaint)
    assert not is_open(complaint, NOW + DAY)
    assert complaint.days_open(NOW + 9 * DAY) == 4


def test_a_form_sent_twice_records_one_complaint_owned_by_who_records_it():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    assert recorded(person, service) == recorded(person, service)
    assert recorded(person, service).owner == service
    assert recorded(person, service, key="other").id != recorded(person, service).id


def test_who_comes_second_is_told_so():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    which = {"member_id": person.pk, "complaint_id": recorded(person, service).id, "staff": service}
    answer(**which, words="a", now=NOW)
    with pytest.raises(ComplaintRefused) as again:
        answer(**which, words="b", now=NOW)
    assert again.value.code == Refusal.CHANGED
    close(**which, words="c", now=NOW)
    for step in (answer, close):
        with pytest.raises(ComplaintRefused):
            step(**which, words="d", now=NOW + DAY)
    reopen(member_id=person.pk, complaint_id=which["complaint_id"], closed_at=NOW, staff=service)
    assert Complaint.objects.open_at(NOW + DAY).get().answer == "a"
    with pytest.raises(ComplaintRefused):
        reopen(member_id=person.pk, complaint_id=which["complaint_id"], closed_at=NOW, staff=service)


def test_nothing_is_recorded_without_words_or_from_the_future():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    with pytest.raises(ComplaintRefused) as refused:
        recorded(person, service, received_at=NOW + DAY)
    assert refused.value.code == Refusal.IN_THE_FUTURE
    with pytest.raises(ComplaintRefused):
        receive(member_id=person.pk, words="  ", received_at=NOW, key="k", staff=service, now=NOW)


def test_only_who_may_and_sees_the_member_handles_complaints():
    person = member(manager=staff_of(Role.RELATIONSHIP_MANAGER))
    for role in (Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.ANALYST, Role.OPERATIONS):
        with pytest.raises(PermissionDenied):
            recorded(person, staff_of(role))
    assert list(Complaint.objects.visible_to(staff_of(Role.RELATIONSHIP_MANAGER)).open_at(NOW)) == []


def test_files_bring_complaints_and_their_later_steps(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    staff_of(Role.CUSTOMER_SERVICE)
    owner = staff_of(Role.CUSTOMER_SERVICE)
    head = "投诉编号,客户号,投诉时间,投诉内容,处理人,答复时间,答复内容,结案时间,处理结果\n"
    first = take(tmp_path, "complaints", head + f"c1,U1,2026-05-01 10:00,到账慢,{owner.username},,,,\n")
    assert (first.added, first.rejects) == (1, [])
    found = Complaint.objects.get()
    assert (found.words, found.owner, found.recorded_by, found.closed_at) == ("到账慢", owner, None, None)
    later = take(tmp_path, "complaints", head + "c1,U1,2026-05-01 10:00,,,2026-05-02,已答,2026-05-03,已结\n")
    assert later.updated == 1
    found.refresh_from_db()
    assert (found.words, found.owner, found.answer, found.resolution) == ("到账慢", owner, "已答", "已结")
    bad = take(
        tmp_path,
        "complaints",
        head
        + "c2,U1,2026-05-01,,nobody,,,,\nc3,U1,2026-05-02,,,2026-05-01,x,,\n"
        + "c4,U1,2026-05-02,,,,,2026-05-01,x\n",
    )
    assert [(one.field, one.why) for one in bad.rejects] == [
        ("owner", "unknown staff account"),
        ("answered_at", "before the complaint was received"),
        ("closed_at", "before the complaint was received"),
    ]


def test_what_staff_recorded_stays_whatever_a_later_file_says():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    complaint = recorded(person, service)
    which = {"member_id": person.pk, "complaint_id": complaint.id, "staff": service, "now": NOW}
    answer(**which, words="a"), close(**which, words="b")
    Complaint.objects.update(answer="other", answered_at=NOW + DAY, closed_at=NOW + DAY, resolution="other")
    complaint.refresh_from_db()
    assert (complaint.answer, complaint.answered_at) == ("a", NOW)
    assert (complaint.resolution, complaint.closed_at) == ("b", NOW)


def test_a_churn_signal_is_a_complaint_received_that_lapses():
    person, service = member(), staff_of(Role.CUSTOMER_SERVICE)
    signal = Signal.objects.create(member=person, id="s", at=NOW, kind="complaint", detail="太吵")
    Signal.objects.create(member=person, id="t", at=NOW, kind="closing_request")
    complaint = Complaint.objects.get()
    assert (complaint.words, complaint.received_at, complaint.lapses) == ("太吵", NOW, True)
    assert is_open(complaint, NOW + 89 * DAY)
    assert not is_open(complaint, NOW + 90 * DAY)
    Signal.objects.filter(pk=signal.pk).update(at=NOW - DAY)
    complaint.refresh_from_db()
    assert complaint.received_at == NOW - DAY
    close(member_id=person.pk, complaint_id=complaint.id, words="ok", staff=service, now=NOW)
    Signal.objects.filter(pk=signal.pk).update(detail="太吵了")
    complaint.refresh_from_db()
    assert (complaint.words, complaint.closed_at) == ("太吵了", NOW)
    Signal.objects.filter(pk=signal.pk).delete()
    assert not Complaint.objects.exists()


def test_steps_come_in_their_order():
    complaint = recorded(member(), staff_of(Role.CUSTOMER_SERVICE))
    for values in ({"answered_at": NOW - 4 * DAY}, {"closed_at": NOW - 4 * DAY}):
        with pytest.raises(IntegrityError, match="after_received"), transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(**values)


def test_every_step_marks_its_member_from_its_instant():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    Dirty.objects.all().delete()
    complaint = recorded(person, service)
    assert list(Dirty.objects.values_list("since", "until")) == [(NOW - 3 * DAY, NOW - 3 * DAY)]
    Dirty.objects.all().delete()
    which = {"member_id": person.pk, "complaint_id": complaint.id, "staff": service}
    answer(**which, words="a", now=NOW)
    assert not Dirty.objects.exists()
    close(**which, words="b", now=NOW)
    assert list(Dirty.objects.values_list("since", "until")) == [(NOW, NOW)]


def test_each_step_has_its_words_in_the_timeline():
    source = next(source for source in SOURCES if source.key == "complaint")
    service = staff_of(Role.CUSTOMER_SERVICE)
    entry = source.entry(
        Row(NOW, "complaint", "bank:7 complaint_answered", "complaint_answered", None, "x", None), service
    )
    assert (entry.label, entry.detail) == ("Complaint answered", "x")
    assert source.outside_id(Row(NOW, "complaint", "bank:7 complaint_closed", "", None, "", None)) == "bank:7"
    assert source.outside_id(Row(NOW, "complaint", "hand x complaint_closed", "", None, "", None)) == ""
