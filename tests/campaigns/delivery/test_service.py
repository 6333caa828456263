"""Service messages: the product's own notices, in copy that was approved for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.delivery.messages.render import render_message
from campaigns.delivery.messages.watch import follow
from campaigns.delivery.models import Deferral, Message
from crm.runtime.models import Change
from members.profiles.consent.unsubscribe import read_link
from members.profiles.models import ContactPreference, QuestionnaireLink
from members.profiles.questionnaires.links import REQUESTED, read_token
from members.profiles.questionnaires.notices import EXPIRING
from tests.campaigns.delivery.town import asked, reader, sent_to, service_version, version
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db
ENDS = "【长青财富】您的风险测评将于{{ ends_on }}到期，还有{{ days }}天，请及时重新测评。回复T退订"
LINK = "【长青财富】请通过此链接完成风险测评：{{ link }} 链接七天内有效，仅限本人使用。回复T退订"
NIGHT = NOW.replace(hour=14)


def expiring(who, days=30):
    return Change(
        kind=EXPIRING, member_id=who.pk, payload={"days": days, "ends_on": "2026-04-15"}, at=NOW, txid=1
    )


def test_an_expiring_questionnaire_is_told_once_without_consent():
    who = member(mobile="13700000011")
    what = service_version("questionnaire_expiring", ENDS, ends_on="date", days="number")
    assert follow([expiring(who)], NOW).queued == 1
    assert follow([expiring(who)], NOW).queued == 0
    assert follow([expiring(who, days=7)], NOW).queued == 1
    first = Message.objects.order_by("id").first()
    assert (first.kind, first.copy_version_id) == ("questionnaire_expiring", what.pk)
    text = render_message(what, first.kind, who.pk, first.values).text
    assert "2026年4月15日" in text
    assert "30天" in text


def test_service_rests_on_the_contract_and_waits_for_the_morning():
    what = service_version("questionnaire_expiring", ENDS, ends_on="date", days="number")
    who = member(mobile="13700000012")
    assert asked(who, what).reasons == ("value_missing",)
    assert follow([expiring(who)], NIGHT).queued == 1
    assert Deferral.objects.get().decide_at == NOW.replace(hour=1) + timedelta(days=1)


def test_without_approved_copy_nothing_is_sent_and_that_is_told():
    assert follow([expiring(member(mobile="13700000013"))], NOW).without_copy == 1
    assert not Message.objects.exists()


def test_the_preferred_channel_is_taken_where_there_is_copy_for_it():
    who = member(mobile="13700000014")
    service_version("questionnaire_expiring", ENDS, ends_on="date", days="number")
    ContactPreference.objects.create(member=who, service_channel="in_app", updated_at=NOW)
    follow([expiring(who)], NOW)
    assert Message.objects.get().channel == "sms"


def test_a_link_is_in_the_text_alone_and_goes_out_at_night(settings):
    settings.PUBLIC_ADDRESS = "https://wealth.example.com"
    who = member(mobile="13700000015")
    what = service_version("questionnaire_link", LINK, link="link")
    row = Change(kind=REQUESTED, member_id=who.pk, payload={"link": "ab" * 16}, at=NIGHT, txid=1)
    assert follow([row], NIGHT).queued == 1
    message = Message.objects.get()
    assert message.values == {"link": "ab" * 16}
    text = render_message(what, message.kind, who.pk, message.values).text
    token = text.partition("/questionnaire/")[2].partition("/")[0]
    assert "https://wealth.example.com/" in text
    assert read_token(token)[:2] == (who.pk, "ab" * 16)
    assert not QuestionnaireLink.objects.exists()


def test_a_link_to_unsubscribe_is_made_for_each_recipient():
    who = reader()
    what = version(
        body="【长青财富】净值型产品的净值每日变动，过往表现不代表未来。退订：{{ unsubscribe }}",
        variables={"unsubscribe": {"type": "link"}},
    )
    message = sent_to(who, what)
    assert message.values == {"unsubscribe": "sms"}
    text = render_message(what, message.kind, who.pk, message.values).text
    token = text.partition("退订：")[2].strip("/").rpartition("/")[2]
    assert read_link(token) == (who.pk, "sms")
