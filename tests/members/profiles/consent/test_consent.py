"""Consents: what holds at an instant, that rows only grow, and acts at the same moment."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.runtime.models import Change
from crm.staff.models import Role
from members.profiles.consent.record import BY_HAND, ConsentRefused, Evidence, Refusal, give, withdraw
from members.profiles.consent.state import consented_sql, states
from members.profiles.models import Consent, ConsentSource, ContactChannel, Purpose
from tests.crm.cast import NOW, member, staff_of

DAY = timedelta(days=1)
SMS, EMAIL, IN_APP = ContactChannel.SMS, ContactChannel.EMAIL, ContactChannel.IN_APP


def said(person, staff, *, purpose=Purpose.MARKETING, channel=SMS, at=NOW, now=None, key="k", **other):
    evidence = Evidence(ConsentSource.CALL, "marketing 1", "recording 7", at)
    values = {"purpose": purpose, "channel": channel, "evidence": evidence, "key": key, "staff": staff}
    return give(member_id=person.pk, now=now or at, **values | other)


def unsaid(person, staff, *, purpose=Purpose.MARKETING, channel=SMS, now=NOW, key="w"):
    values = {"purposes": [purpose], "channels": [channel], "source": ConsentSource.CALL, "key": key}
    return withdraw(member_id=person.pk, staff=staff, now=now, **values)


def holds(person, purpose=Purpose.MARKETING, channel=SMS, now=NOW, **other) -> bool:
    with connection.cursor() as cursor:
        condition = consented_sql(purpose, channel, member="%(member)s")
        cursor.execute(f"SELECT {condition}", {"member": person.pk, "now": now, **other})
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_consent_holds_for_its_purpose_and_channel_until_it_is_withdrawn():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    assert not holds(person)
    said(person, service, at=NOW - DAY, now=NOW)
    assert holds(person)
    assert not holds(person, now=NOW - 2 * DAY)
    assert not holds(person, channel=EMAIL)
    assert not holds(person, Purpose.PRODUCT_MARKETING)
    assert unsaid(person, service) == 1
    assert not holds(person)
    assert holds(person, now=NOW - timedelta(microseconds=1))
    change = Change.objects.get(kind="consent.withdrawn")
    assert (change.member_id, change.payload["purpose"], change.payload["channel"]) == (
        person.pk, "marketing", "sms",
    )  # fmt: skip


@pytest.mark.django_db
def test_what_each_purpose_needs():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    assert holds(person, Purpose.SERVICE)
    assert holds(person, Purpose.EDUCATION, IN_APP)  # shown in the app
    assert not holds(person, Purpose.EDUCATION, SMS)
    unsaid(person, service, purpose=Purpose.EDUCATION, channel=IN_APP)
    assert not holds(person, Purpose.EDUCATION, IN_APP)
    said(person, service, purpose=Purpose.PERSONALISED, key="p")
    assert not holds(person, Purpose.PERSONALISED)  # the marketing of products is another question
    said(person, service, purpose=Purpose.PRODUCT_MARKETING, key="m")
    assert holds(person, Purpose.PERSONALISED)
    said(person, service, purpose=Purpose.MARKETING, key="g")
    said(person, service, purpose=Purpose.PARTNER, recipient="Bank A", key="a")
    assert holds(person, Purpose.PARTNER, recipient="Bank A")
    assert not holds(person, Purpose.PARTNER, recipient="Bank B")
    assert unsaid(person, service, purpose=Purpose.PARTNER, key="b") == 1
    assert not holds(person, Purpose.PARTNER, recipient="Bank A")


@pytest.mark.django_db
def test_a_withdrawal_counts_against_a_consent_that_comes_later_and_is_older():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    unsaid(person, service)
    said(person, service, at=NOW - DAY, now=NOW)
    assert not holds(person)
    said(person, service, key="again")  # at the same instant, but after it
    assert holds(person)


@pytest.mark.django_db
def test_nothing_is_given_without_evidence_text_and_right():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    cases = {
        Refusal.NO_EVIDENCE: {"evidence": Evidence(ConsentSource.CALL, "1", " ", NOW)},
        Refusal.NO_TEXT: {"evidence": Evidence(ConsentSource.CALL, "", "x", NOW)},
        Refusal.IN_THE_FUTURE: {"evidence": Evidence(ConsentSource.CALL, "1", "x", NOW + DAY)},
        Refusal.NOT_BY_CONSENT: {"purpose": Purpose.SERVICE},
        Refusal.RECIPIENT: {"purpose": Purpose.PARTNER},
    }
    for code, values in cases.items():
        with pytest.raises(ConsentRefused) as refused:
            said(person, service, **values)
        assert refused.value.code == code
    with pytest.raises(ConsentRefused):  # a reply only ever withdraws
        said(person, service, evidence=Evidence(ConsentSource.REPLY, "1", "x", NOW))
    for role in (Role.ANALYST, Role.OPERATIONS, Role.COMPLIANCE, Role.RELATIONSHIP_MANAGER):
        with pytest.raises(PermissionDenied):
            said(person, staff_of(role))
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_a_form_sent_twice_records_one():
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    assert said(person, service) == said(person, service)
    assert unsaid(person, service) == 1
    assert unsaid(person, service) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["consent", "contact"])
def test_not_even_the_owner_changes_what_was_said(table):
    person = member()
    said(person, staff_of(Role.CUSTOMER_SERVICE))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_contact (member_id, key, at, channel, kind, direction, recorded_at)"
            " VALUES (%s, 'k', now(), 'sms', 'service', 'out', now())",
            [person.pk],
        )
    for statement in (
        f"UPDATE profiles_{table} SET at = at - interval '1 day'",
        f"DELETE FROM profiles_{table}",
        f"TRUNCATE profiles_{table}",
    ):
        for role in ("NONE", "perennial_app"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {role}")
                cursor.execute(statement)


@pytest.mark.django_db
def test_the_database_takes_no_yes_without_evidence():
    person = member()
    for column in ("text_version", "evidence"):
        with pytest.raises(DatabaseError, match="consent_given_with_text"), transaction.atomic():
            values = {"text_version": "1", "evidence": "x"} | {column: ""}
            Consent.objects.create(
                member=person, key=column, purpose="marketing", channel="sms", given=True, source="app",
                at=NOW, recorded_at=NOW, **values,
            )  # fmt: skip


class StateIsTheLastRow(TestCase):
    """Property: whatever was said in whatever order, what holds is the last row up to the instant."""

    @given(
        acts=st.lists(
            st.tuples(st.integers(0, 5), st.booleans(), st.sampled_from(["sms", "email"])), max_size=8
        ),
        asked=st.integers(-1, 6),
    )
    def test_state(self, acts, asked):
        person = member()
        for number, (minute, yes, channel) in enumerate(acts):
            at = NOW + timedelta(minutes=minute)
            Consent.objects.create(
                member=person, key=f"{BY_HAND}{number}", purpose="marketing", channel=channel, given=yes,
                text_version="1", evidence="x", source="app", at=at, recorded_at=NOW + DAY,
            )  # fmt: skip
        instant = NOW + timedelta(minutes=asked)
        found = states(person.pk, instant)
        for channel in (SMS, EMAIL):
            before = [
                (act[0], number) for number, act in enumerate(acts) if act[2] == channel and act[0] <= asked
            ]
            expected = acts[max(before)[1]][1] if before else False
            assert holds(person, channel=channel, now=instant) is expected
            row = found.get(("marketing", channel.value, ""))
            assert (row.given if row else False) is expected


@pytest.mark.django_db(transaction=True)
def test_of_a_consent_and_a_withdrawal_at_once_the_later_one_counts():
    """Whoever began earlier may come last: what came last counts, and its row says so."""
    service, person = staff_of(Role.CUSTOMER_SERVICE), member()
    begun = Barrier(2)

    def act(deed, now):
        try:
            begun.wait()
            deed(person, service, now=now)
        finally:
            connection.close()

    with transaction.atomic():
        person.__class__.objects.select_for_update().get(pk=person.pk)
        late = Thread(target=act, args=(lambda p, s, now: said(p, s, at=now), NOW + timedelta(seconds=1)))
        early = Thread(target=act, args=(unsaid, NOW))
        late.start(), early.start()
    late.join(), early.join()
    rows = list(Consent.objects.order_by("id"))
    assert len(rows) == 2
    assert rows[0].at <= rows[1].at
    assert holds(person, now=NOW + DAY) is rows[1].given
