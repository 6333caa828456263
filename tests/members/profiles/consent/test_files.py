"""Files of consents: added once, with evidence, never raised over a withdrawal."""

from __future__ import annotations

import pytest

from members.profiles.consent.state import states
from members.profiles.models import Consent, Identity
from tests.crm.imports.files import NOW, row, take

pytestmark = pytest.mark.django_db
HEAD = "授权编号,客户号,授权目的,触达渠道,接收方,授权状态,授权时间,文本版本,凭证\n"


@pytest.fixture
def person(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    return Identity.objects.get().member_id


def state(person, purpose="marketing", channel="sms", recipient=""):
    found = states(person, NOW).get((purpose, channel, recipient))
    return found and found.given


def test_consents_come_by_file_in_the_words_of_firms(tmp_path, person):
    lines = (
        "a,U1,营销,短信,,同意,2026-05-01 10:00,v1,APP-1\n"
        "b,U1,产品营销,企微,,是,2026-05-01 10:00,v1,APP-2\n"
        "c,U1,合作方共享,邮件,甲银行,已同意,2026-05-01 10:00,v1,APP-3\n"
        "d,U1,营销,短信,,退订,2026-05-02 10:00,,\n"
    )
    first = take(tmp_path, "consents", HEAD + lines)
    assert (first.added, first.rejects) == (4, [])
    assert state(person) is False
    assert state(person, "product_marketing", "wecom") is True
    assert state(person, "partner", "email", "甲银行") is True
    again = take(tmp_path, "consents", HEAD + lines)
    assert (again.added, again.updated, again.rejects) == (0, 0, [])


def test_an_older_consent_never_raises_and_an_instant_belongs_to_the_withdrawal(tmp_path, person):
    take(tmp_path, "consents", HEAD + "w,U1,营销,短信,,撤回,2026-05-10 10:00,,\n")
    late = take(tmp_path, "consents", HEAD + "y,U1,营销,短信,,同意,2026-05-09 10:00,v1,APP-1\n")
    assert late.added == 1
    assert state(person) is False
    take(
        tmp_path,
        "consents",
        HEAD + "n,U1,营销,邮件,,否,2026-05-10 10:00,,\n" + "o,U1,营销,邮件,,是,2026-05-10 10:00,v1,APP-1\n",
    )
    assert state(person, channel="email") is False
    take(tmp_path, "consents", HEAD + "z,U1,营销,短信,,同意,2026-05-11 10:00,v2,APP-9\n")
    assert state(person) is True


def test_what_a_file_cannot_say(tmp_path, person):
    bad = take(
        tmp_path,
        "consents",
        HEAD
        + "a,U1,营销,短信,,同意,2026-05-01 10:00,v1,\n"
        + "b,U1,营销,短信,,同意,2026-05-01 10:00,,APP-1\n"
        + "c,U1,营销,短信,甲银行,同意,2026-05-01 10:00,v1,APP-1\n"
        + "d,U1,合作方共享,短信,,同意,2026-05-01 10:00,v1,APP-1\n"
        + "e,U1,营销,短信,,同意,2026-07-01 10:00,v1,APP-1\n"
        + "f,U1,service,短信,,同意,2026-05-01 10:00,v1,APP-1\n"
        + "g,U1,营销,短信,,同意,2026-05-01 10:00,v1,APP-1\n"
        + "g,U1,营销,短信,,撤回,2026-05-01 10:00,,\n",
    )
    assert [(one.line, one.field) for one in bad.rejects] == [
        (2, "evidence"),
        (3, "text_version"),
        (4, "recipient"),
        (5, "recipient"),
        (6, "at"),
        (7, "purpose"),
        (9, "consent_id"),
    ]
    assert bad.added == 1
    assert Consent.objects.get().given
