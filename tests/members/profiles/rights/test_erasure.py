"""The rights of members: requests, own data as a file, and an erasure that keeps what law keeps."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, transaction

from crm.staff.four_eyes import requests
from crm.staff.models import Export, Reveal, Role
from members.portfolio.models import Transaction
from members.profiles.consent.state import suppressed_channels
from members.profiles.models import (
    Book,
    Consent,
    Erasure,
    Event,
    Identity,
    Member,
    RightsKind,
    RightsRequest,
    RightsState,
    SearchTerm,
    Suppression,
)
from members.profiles.rights import desk, erase, own_data, sealed
from tests.crm.cast import NOW, staff_of
from tests.crm.imports.files import row, take
from tests.members.profiles.people import member_with

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PERSON = {"name": "王小明", "mobile": "13800138000", "email": "wang@example.com", "address": "上海市"}


def somebody(*, trades=True, **other) -> Member:
    person = member_with(terms=("王小明", "u1"), outside_id="U1", at=NOW - 400 * DAY, **PERSON | other)
    Event.objects.create(member=person, id="e", at=NOW - DAY, name="login", properties={"ip": "x"})
    if trades:
        Transaction.objects.create(member=person, id="t", at=NOW - 9 * DAY, kind="buy", amount=5)
    return person


def erased(person) -> Member:
    maker, checker = staff_of(Role.CUSTOMER_SERVICE), staff_of(Role.COMPLIANCE)
    asked = erase.propose(person.pk, reason="as the member asked", maker=maker, now=NOW)
    requests.approve(request_id=asked.pk, checker=checker, opinion="identity verified", now=NOW)
    person.refresh_from_db()
    return person


def test_an_erasure_takes_what_may_go_and_seals_what_law_keeps():
    person = somebody(manager=staff_of(Role.RELATIONSHIP_MANAGER))
    asked = erase.propose(
        person.pk, reason="as the member asked", maker=staff_of(Role.CUSTOMER_SERVICE), now=NOW
    )
    assert person.erased_at is None and person.name
    with pytest.raises(requests.NotAllowed):
        requests.approve(request_id=asked.pk, checker=asked.maker, opinion="as agreed", now=NOW)
    requests.withdraw(request_id=asked.pk, maker=asked.maker, now=NOW)
    erased(person)
    assert (person.name, person.search_text, person.mobile, person.mobile_index) == ("", "", None, None)
    assert person.erased_at == NOW
    assert not SearchTerm.objects.filter(member=person).exists()
    assert not Event.objects.exists()
    assert Transaction.objects.filter(member=person).exists()
    assert Book.objects.get().ended_at == NOW
    assert suppressed_channels(person.pk, NOW) == {}  # nothing of the member matches any more
    assert set(Suppression.objects.values_list("channel", "scope", "reason")) == {
        (channel, "all", "erasure") for channel in ("sms", "phone", "email", "push", "wecom", "in_app")
    }
    assert not Consent.objects.filter(given=True).exists()
    kept = Erasure.objects.get()
    assert kept.keep_until == date(2046, 3, 7)
    assert "137" in kept.basis
    assert b"138" not in bytes(kept.sealed)


def test_without_records_that_law_keeps_nothing_is_sealed():
    erased(somebody(trades=False))
    assert (Erasure.objects.get().sealed, Erasure.objects.get().keep_until) == (None, None)


def test_the_same_person_imported_again_is_not_contacted_and_not_filled_again(tmp_path):
    person = erased(somebody())
    head = "member_id,name,mobile,email\n"
    again = take(
        tmp_path,
        "members",
        head + "U1,王小明,13800138000,wang@example.com\nU2,王小明,138 0013 8000,Wang@example.com\n",
    )
    assert [(one.line, one.field) for one in again.rejects] == [(2, "member_id")]
    person.refresh_from_db()
    assert (person.name, person.mobile) == ("", None)
    assert not SearchTerm.objects.filter(member=person).exists()
    new = Identity.objects.get(value="U2").member
    assert set(suppressed_channels(new.pk, NOW)) == {"sms", "phone", "email", "push", "wecom", "in_app"}
    assert set(suppressed_channels(new.pk, NOW).values()) == {"all"}
    head = "consent_id,member_id,purpose,contact_channel,answer,at,text_version,evidence\n"
    consents = take(tmp_path, "consents", f"{head}a,U1,marketing,sms,given,2026-03-16 18:00,v1,x\n")
    assert [one.field for one in consents.rejects] == ["member_id"]
    for which, added in (("U1", 0), ("U2", 1)):
        assert take(tmp_path, "events", row("events", member_id=which)).added == added


def test_nobody_fills_empties_or_undoes_an_erasure():
    person = erased(somebody())
    other = member_with(name="李四")
    for statement in (
        f"UPDATE profiles_member SET name = 'x' WHERE id = {person.pk}",
        f"UPDATE profiles_member SET mobile_index = '\\x00' WHERE id = {person.pk}",
        f"UPDATE profiles_member SET erased_at = NULL WHERE id = {person.pk}",
        f"UPDATE profiles_member SET erased_at = now(), name = '' WHERE id = {other.pk}",
        "UPDATE profiles_erasure SET sealed = NULL",
        "UPDATE profiles_erasure SET keep_until = current_date",
        "DELETE FROM profiles_erasure",
        "TRUNCATE profiles_erasure",
        "INSERT INTO profiles_erasure (member_id, erased_at, request_id, basis)"
        f" VALUES ({other.pk}, now(), 0, '')",
    ):
        for role in ("NONE", "perennial_app"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {role}")
                cursor.execute(statement)
    Member.objects.filter(pk=person.pk).update(updated_at=NOW)


def test_an_erasure_is_done_once():
    person = somebody()
    service, checker = staff_of(Role.CUSTOMER_SERVICE), staff_of(Role.COMPLIANCE)
    first = erase.propose(person.pk, reason="as the member asked", maker=service, now=NOW)
    with pytest.raises(requests.AlreadyProposed):
        erase.propose(person.pk, reason="as the member asked", maker=service, now=NOW)
    requests.approve(request_id=first.pk, checker=checker, opinion="as agreed", now=NOW)
    with pytest.raises(erase.ErasureRefused):
        erase.propose(person.pk, reason="as the member asked", maker=service, now=NOW)
    for role in (Role.RELATIONSHIP_MANAGER, Role.OPERATIONS):
        with pytest.raises(PermissionDenied):
            erase.propose(person.pk, reason="as the member asked", maker=staff_of(role), now=NOW)


def test_sealed_data_are_opened_for_a_reason_on_the_record():
    person = erased(somebody())
    officer = staff_of(Role.COMPLIANCE)
    with pytest.raises(PermissionDenied):
        sealed.open_sealed(person.pk, reason="court order 5", staff=staff_of(Role.CUSTOMER_SERVICE), now=NOW)
    values = sealed.open_sealed(person.pk, reason="court order 5", staff=officer, now=NOW)
    assert values == PERSON
    assert Reveal.objects.get().field == "sealed"


def test_what_is_sealed_goes_when_its_time_is_over():
    old = somebody(trades=False)
    Transaction.objects.create(member=old, id="t", at=NOW - 20 * 365 * DAY, kind="buy", amount=5)
    kept = erased(old) and Erasure.objects.get()
    assert kept.sealed
    assert sealed.empty_expired(kept.keep_until - DAY) == 0
    assert Erasure.objects.get().sealed
    assert sealed.empty_expired(kept.keep_until) == 1
    assert Erasure.objects.get().sealed is None


def test_own_data_leave_as_a_document_that_is_logged():
    person = somebody()
    officer = staff_of(Role.CUSTOMER_SERVICE)
    document = own_data.collect(person.pk, staff=officer, reason="request 7", now=NOW)
    assert document["member"]["mobile"] == PERSON["mobile"]
    assert document["sections"]["transactions"]["rows"][0]["amount"] == 5
    assert document["sections"]["events"]["rows"][0]["name"] == "login"
    json.dumps(document, cls=DjangoJSONEncoder)
    assert Export.objects.filter(what=own_data.WHAT).count() == 2
    for role in (Role.ANALYST, Role.OPERATIONS, Role.RELATIONSHIP_MANAGER):
        with pytest.raises(PermissionDenied):
            own_data.collect(person.pk, staff=staff_of(role), reason="curious", now=NOW)


def test_a_request_is_answered_once_within_fifteen_working_days():
    person, officer = somebody(), staff_of(Role.CUSTOMER_SERVICE)
    values = {"member_id": person.pk, "staff": officer, "now": NOW}
    asked = desk.receive(
        **values,
        kind=RightsKind.ERASURE,
        words="please erase",
        verified="ID card seen",
        received_at=NOW,
        key="k",
    )
    assert asked.due_on == date(2026, 4, 7)  # Qingming is off
    which = {"rights_id": asked.id, "words": "done"}
    with pytest.raises(desk.RightsRefused) as early:
        desk.answer(**values, **which, state=RightsState.DONE)
    assert early.value.code == desk.Refusal.NOT_ERASED
    erased(person)
    desk.answer(**values, **which, state=RightsState.DONE)
    with pytest.raises(desk.RightsRefused) as twice:
        desk.answer(**values, **which, state=RightsState.REFUSED)
    assert twice.value.code == desk.Refusal.ANSWERED
    for change in ({"answer": "other"}, {"state": "open"}, {"words": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RightsRequest.objects.update(**change)
    for wrong in ({"words": ""}, {"verified": ""}, {"received_at": NOW + DAY}):
        with pytest.raises(desk.RightsRefused):
            desk.receive(**values, **{"kind": "access", "words": "x", "verified": "x", "received_at": NOW,
                                      "key": "other"} | wrong)  # fmt: skip
