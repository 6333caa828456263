"""What the gate decides: every row, in the order that counts, and the instants at which answers change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.delivery.gate.decide import decide
from campaigns.delivery.models import Outcome, Selection, Verdict
from campaigns.review.copy.withdraw import withdraw
from members.profiles.models import Member, Suppression
from tests.campaigns.delivery.town import HELLO, NAME, asked, consent, contacted, reader, version
from tests.campaigns.review.copy import town as review
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_who_consented_may_get_approved_copy_and_the_verdict_is_kept():
    who, what = reader(), version()
    decided = decide([who.pk], what, "sms", NOW)
    stored = Verdict.objects.get()
    assert decided.counts == {("allow", "S2"): 1}
    assert (stored.outcome, stored.row, stored.reasons) == ("allow", "S2", ["education"])
    assert (stored.template_hash, stored.decided_at, stored.call) == (what.template_hash, NOW, decided.call)
    assert {"table", "copy", "pack", "checker", "consent", "policy", "expires_at"} <= set(stored.snapshot)


def test_an_approval_ends_to_the_second():
    who, what = reader(), version(days=1)
    ends = what.expires_at
    assert asked(who, what, ends - SECOND).outcome == Outcome.ALLOW
    assert asked(who, what, ends).reasons[0] == "copy_expired"


def test_copy_that_is_not_approved_withdrawn_or_of_another_channel_is_not_sent():
    who, maker = reader(), review.maker()
    assert asked(who, review.submitted(maker)).reasons[0] == "copy_not_approved"
    what = version()
    (other,) = [asked(who, what)]
    assert other.outcome == Outcome.ALLOW
    withdraw(what.pk, staff=maker, reason="not any more", now=NOW)
    assert asked(who, what).reasons[0] == "copy_withdrawn"


def test_without_consent_or_address_or_on_the_suppression_list_nobody_is_written_to():
    what = version()
    stranger = member(mobile="13700000001")
    assert asked(stranger, what).reasons == ("no_consent",)
    who = reader()
    consent(who, "education", given=False, at=NOW - timedelta(hours=1))
    assert asked(who, what).reasons == ("no_consent",)
    other = reader()
    Suppression.objects.create(
        channel="sms", address_hash=other.mobile_index, scope="marketing", reason="opt_out", since=NOW
    )
    assert asked(other, what).reasons == ("suppressed",)
    Member.objects.filter(pk=other.pk).update(mobile=None, mobile_index=None)
    assert asked(other, what).reasons == ("no_address",)


def test_at_night_it_is_deferred_until_morning():
    night = NOW.replace(hour=14)  # 22:00 in Shanghai
    answer = asked(reader(), version(), night)
    assert (answer.outcome, answer.row, answer.reasons) == ("defer", "M2", ("quiet_hours",))
    assert answer.not_before == NOW.replace(hour=1) + timedelta(days=1)  # 9:00


def test_who_was_contacted_often_enough_waits_until_the_cap_allows_it():
    who, what = reader(), version()
    for minutes in (30, 60):
        contacted(who, NOW - timedelta(minutes=minutes))
    answer = asked(who, what)
    assert (answer.outcome, answer.reasons) == ("defer", ("capped",))
    assert answer.not_before == NOW - timedelta(hours=1) + timedelta(days=1)


def test_what_is_forbidden_does_not_wait():
    answer = asked(member(mobile="13700000002"), version(), NOW.replace(hour=14))
    assert (answer.outcome, answer.not_before) == ("forbid", None)
    assert answer.reasons == ("no_consent", "quiet_hours")


def test_a_minor_gets_no_marketing_and_an_open_complaint_stops_it():
    young = reader()
    Member.objects.filter(pk=young.pk).update(
        birth_date=NOW.date().replace(year=NOW.year - 18) + timedelta(days=1)
    )
    assert asked(young, version()).reasons == ("underage",)
    Member.objects.filter(pk=young.pk).update(birth_date=NOW.date().replace(year=NOW.year - 18))
    assert asked(young, version(code="other")).outcome == Outcome.ALLOW


def test_selection_by_traits_and_by_holdings_needs_consents_of_its_own():
    who, what = reader(), version()
    assert asked(who, what, selection=Selection.PERSONALISED).reasons == ("personalisation_off",)
    assert asked(who, what, selection=Selection.SENSITIVE).reasons == ("no_sensitive_consent",)
    consent(who, "personalised")
    consent(who, "sensitive_selection")
    assert asked(who, what, selection=Selection.PERSONALISED).outcome == Outcome.ALLOW
    assert asked(who, what, selection=Selection.SENSITIVE).outcome == Outcome.ALLOW


def test_a_name_that_is_a_guarantee_withholds_the_message():
    fine, bad = reader("王小明"), reader("稳赚不赔")
    what = version(body=HELLO, variables=NAME)
    assert asked(fine, what).outcome == Outcome.ALLOW
    assert asked(bad, what).reasons == ("value_refused",)
    nameless = reader("x")
    Member.objects.filter(pk=nameless.pk).update(name="")
    assert asked(nameless, what).reasons == ("value_missing",)


def test_an_operator_who_may_not_educate_does_not(settings):
    settings.OPERATOR_ROLE = "unheard_of"
    assert asked(reader(), version()).reasons == ("operator_may_not",)


def test_members_that_are_gone_or_given_twice_get_one_verdict_at_most():
    who, what = reader(), version()
    decide([who.pk, who.pk, 987654321], what, "sms", NOW)
    assert Verdict.objects.count() == 1
