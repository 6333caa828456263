"""The outbox, a message, the tab of the member, and what the gate says of a member and a copy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.delivery.gate.decide import decide
from campaigns.delivery.messages.orders import Order
from campaigns.delivery.messages.queue import queue
from campaigns.delivery.messages.send import send
from campaigns.delivery.models import Message, Verdict
from crm.staff.models import Role
from members.profiles.models import Book
from tests.campaigns.delivery.town import HELLO, NAME, asked, reader, sent_to, version
from tests.campaigns.review.copy.town import copy_of, draft, maker
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def compliance():
    return browser_of(staff_of(Role.COMPLIANCE))


def test_the_answer_names_the_row_every_reason_and_what_would_change_it(
    compliance, django_assert_max_num_queries
):
    who, what = member(mobile="13700000031"), version()
    with django_assert_max_num_queries(10):
        page = markup(compliance.get(f"/delivery/ask/?member={who.pk}&version={what.pk}"))
    assert "No. This member may not get this copy." in page
    assert "M2 · Consent and contact" in page
    assert "has not consented" in page
    assert "Only the member can give consent." in page
    assert not Verdict.objects.exists()
    decide([who.pk], what, "sms", NOW)
    again = markup(compliance.get(f"/delivery/ask/?member={who.pk}&version={what.pk}"))
    assert "Verdicts on record" in again


def test_a_single_match_is_asked_about_at_once(compliance):
    who, what = member(mobile="13800001234"), version()
    answer = compliance.post(f"/delivery/ask/?version={what.pk}", {"q": "13800001234"})
    assert answer["Location"] == f"/delivery/ask/?member={who.pk}&version={what.pk}"


def test_the_version_asked_about_is_the_one_that_is_chosen_also_as_a_draft(compliance):
    version()
    what = draft(maker(), copy=copy_of(maker(), "sketch"))
    page = markup(compliance.get(f"/delivery/ask/?version={what.pk}"))
    assert f'<option value="{what.pk}" selected' in page


def test_what_is_not_there_is_asked_for_and_not_an_error(compliance):
    for query in ("", "?member=abc", "?member=999&version=999", "?selection=odd", "?version=\0"):
        assert compliance.get(f"/delivery/ask/{query}").status_code in (200, 400)
    assert compliance.get("/delivery/outbox/?tab=odd&after=odd").status_code == 400
    assert compliance.get("/delivery/outbox/1/1/").status_code == 404


def test_the_outbox_has_messages_what_waits_and_what_was_withheld(compliance, django_assert_max_num_queries):
    who, stranger, what = reader(), member(), version()
    queue(Order(what, "day"), [who.pk, stranger.pk], NOW)
    queue(Order(what, "night"), [who.pk], NOW.replace(hour=14))
    with django_assert_max_num_queries(10):
        queued = markup(compliance.get("/delivery/outbox/"))
    assert "Queued" in queued
    assert "王*" in queued
    assert "王小明" not in queued
    assert "Decided again on" in markup(compliance.get("/delivery/outbox/?tab=deferred"))
    withheld = markup(compliance.get("/delivery/outbox/?tab=withheld"))
    assert "Forbidden" in withheld
    assert "has no address" in withheld


def test_a_message_shows_its_text_masked_with_its_evidence(compliance):
    who = reader()
    what = version(body=HELLO, variables=NAME)
    row = sent_to(who, what)
    send(NOW + timedelta(minutes=1))
    page = markup(compliance.get(f"/delivery/outbox/{who.pk}/{row.id}/"))
    assert "王*您好" in page
    assert "王小明" not in page
    assert row.rendered_hash in page
    assert "Verdict when sent" in page


def test_a_manager_sees_those_of_the_own_book_and_their_names():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine, other = reader("赵敏"), reader()
    Book.objects.create(member=mine, staff=manager, started_at=NOW - timedelta(days=9))
    what = version(purpose="service")
    for who in (mine, other):
        sent_to(who, what)
    browser = browser_of(manager)
    page = markup(browser.get("/delivery/outbox/"))
    assert "赵敏" in page
    assert "王" not in page
    row = Message.objects.get(member=other)
    assert browser.get(f"/delivery/outbox/{other.pk}/{row.id}/").status_code == 404


def test_the_member_page_has_messages_and_leads_to_the_question(compliance):
    who, what = reader(), version()
    sent_to(who, what)
    decide([who.pk], what, "sms", NOW.replace(hour=14))
    page = markup(compliance.get(f"/members/{who.pk}/?tab=messages"))
    assert f"/delivery/ask/?member={who.pk}" in page
    assert "Quiet hours" in page


def test_an_age_is_told_to_nobody_who_does_not_see_it(compliance):
    who = reader(birth_date=NOW.date() - timedelta(days=17 * 365))
    what = version()
    assert asked(who, what).reasons == ("underage",)
    page = markup(compliance.get(f"/delivery/ask/?member={who.pk}&version={what.pk}"))
    assert "Personal circumstances" in page
    assert "under 18" not in page


def test_chinese_is_whole():
    browser = browser_of(staff_of(Role.COMPLIANCE, language="zh-hans"))
    who, what = member(mobile="13700000032"), version()
    page = markup(browser.get(f"/delivery/ask/?member={who.pk}&version={what.pk}"))
    assert "不能。该会员不得收到这条文案。" in page
    assert "会员未同意在该渠道接收此类消息。" in page
