"""The way of a version from its draft to an approval, what stops it, and when it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from campaigns.review.copy import decide, exceptions, lapse
from campaigns.review.copy.approved import approved_sql
from campaigns.review.copy.check import check_version, pack_of
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.copy.submit import justify, submit
from campaigns.review.copy.withdraw import withdraw
from campaigns.review.copy.write import Text, create_version, edit_version, next_version, text_of
from campaigns.review.models import CopyVersion, Opinion
from crm.runtime.clock import day_start
from crm.runtime.models import Change
from crm.staff.four_eyes import requests
from crm.staff.permissions import NotAllowed
from tests.campaigns.review.copy.town import (
    CLEAN,
    SMS,
    WARNED,
    approved,
    copy_of,
    draft,
    maker,
    officer,
    submitted,
)
from tests.crm.cast import NOW
from tests.members.portfolio.suitability.world import product

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
NAMED = {"name": {"type": "member_field", "field": "name"}}


def sendable(now) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(approved_sql(), {"now": now})
        return [row[0] for row in cursor.fetchall()]


def test_an_approval_holds_until_its_last_instant_whether_or_not_its_end_was_recorded():
    version = approved(maker(), officer(), days=30)
    end = NOW + timedelta(days=30)
    assert version.expires_at == end
    assert sendable(NOW - SECOND) == []
    assert (
        sendable(NOW) == sendable(end - SECOND) == sendable(end - timedelta(microseconds=1)) == [version.pk]
    )
    assert sendable(end) == []
    assert not lapse.has_due(end - SECOND)
    assert lapse.record_lapses(end).ended == 1
    version.refresh_from_db()
    assert (version.lapsed_at, version.lapse_reason) == (end, "expired")
    assert Change.objects.get(kind=lapse.LAPSED).payload["version"] == version.pk
    assert lapse.record_lapses(end + SECOND).total == 0


def test_figures_end_an_approval_with_the_last_day_that_they_may_be_shown():
    version = approved(maker(), officer(), figures_as_of=date(2026, 3, 1), figures_until=date(2026, 3, 20))
    end = day_start(date(2026, 3, 21))
    assert (version.expires_at, version.expiry_reason) == (end, "figures")
    assert sendable(end - SECOND) == [version.pk]
    assert sendable(end) == []


@pytest.mark.parametrize(
    "change",
    [
        "body = body || ' '", "subject = 'x'", "channel = 'push'", "language = 'en'",
        "variables = '{\"a\": 1}'",
        "figures_as_of = '2026-03-01', figures_until = '2026-03-02'",
        "body = overlay(body placing '。' from length(body))",
    ],
)  # fmt: skip
def test_approved_copy_in_which_any_byte_was_changed_past_all_triggers_cannot_be_sent(change):
    version = approved(maker(), officer())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE review_copyversion SET {change} WHERE id = %s", [version.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert CopyVersion.objects.get(pk=version.pk).template_hash != version.template_hash
    assert sendable(NOW + SECOND) == []


def test_another_rating_of_the_product_stops_its_copy_at_once():
    about = product("P1", risk="R2")
    by, checker = maker(), officer()
    copy = copy_of(by, purpose="product_marketing", product=about)
    body = f"{SMS}P1由长青基金管理，风险等级R2。过往业绩不代表未来表现，产品有风险，投资须谨慎。回复T退订"
    version = submitted(by, body, copy=copy)
    for finding in version.findings.all():
        pytest.fail(f"{finding.rule}: {finding.text}")
    opinion = {"officer": checker, "reason": "as filed", "now": NOW, "template_hash": version.template_hash}
    decide.approve(version.pk, **opinion)
    assert sendable(NOW + SECOND) == [version.pk]
    about.risk = "R3"
    about.save()
    assert sendable(NOW + SECOND) == []
    assert lapse.record_lapses(NOW + SECOND).rerated == 1
    assert CopyVersion.objects.get(pk=version.pk).lapse_reason == "product_rating"


def test_a_newer_approval_takes_the_place_of_the_one_before():
    by, checker = maker(), officer()
    first = approved(by, checker)
    second = next_version(first, maker=by, now=NOW)
    assert (second.number, second.based_on_id) == (2, first.pk)
    text = Text("sms", "zh", SMS + CLEAN + "。")
    edit_version(second.pk, text, revision=1, editor=by, now=NOW)
    check_version(second.pk, staff=by, now=NOW)
    sample_version(second.pk, staff=by, now=NOW)
    second = submit(second.pk, staff=by, now=NOW)
    opinion = {"officer": checker, "reason": "as filed", "now": NOW, "template_hash": second.template_hash}
    decide.approve(second.pk, **opinion)
    assert sendable(NOW + SECOND) == [second.pk]
    assert CopyVersion.objects.get(pk=first.pk).lapse_reason == "superseded"


def test_withdrawal_is_immediate_and_one_person_is_enough():
    by = maker()
    version = approved(by, officer())
    withdraw(version.pk, staff=by, reason="outdated", now=NOW + SECOND)
    assert sendable(NOW + SECOND) == sendable(NOW + 2 * SECOND) == []


def test_nobody_approves_what_they_wrote_or_submitted_and_only_officers_approve():
    by, editor = maker(), maker()
    version = draft(by)
    edit_version(version.pk, Text("sms", "zh", SMS + CLEAN + "。"), revision=1, editor=editor, now=NOW)
    check_version(version.pk, staff=by, now=NOW)
    sample_version(version.pk, staff=by, now=NOW)
    version = submit(version.pk, staff=by, now=NOW)
    opinion = {"reason": "as filed", "now": NOW, "template_hash": version.template_hash}
    for one in (by, editor, maker()):
        with pytest.raises(NotAllowed):
            decide.approve(version.pk, officer=one, **opinion)
    for one in (by, editor):  # even where they are officers now
        type(one).objects.filter(pk=one.pk).update(role="compliance")
        one.refresh_from_db()
        with pytest.raises(CopyRefused, match="copy_own"):
            decide.approve(version.pk, officer=one, **opinion)


def test_a_warning_is_answered_by_the_maker_and_accepted_by_name():
    by, checker, other = maker(), officer(), officer()
    version = draft(by, SMS + WARNED)
    check_version(version.pk, staff=by, now=NOW)
    sample_version(version.pk, staff=by, now=NOW)
    with pytest.raises(CopyRefused, match="copy_unanswered"):
        submit(version.pk, staff=by, now=NOW)
    finding = version.findings.get()
    justify(finding.pk, "the number is audited", staff=by, now=NOW)
    version = submit(version.pk, staff=by, now=NOW)
    opinion = {"reason": "audited", "now": NOW, "template_hash": version.template_hash}
    decide.accept(finding.pk, officer=other, now=NOW)
    with pytest.raises(CopyRefused, match="copy_open_findings"):
        decide.approve(version.pk, officer=checker, **opinion)  # accepted by somebody else
    decide.accept(finding.pk, officer=checker, now=NOW)
    kept = decide.approve(version.pk, officer=checker, **opinion)
    assert kept.findings[0]["accepted_by"] == str(checker)
    assert kept.findings[0]["basis"]["zh"]


def test_a_block_is_approved_only_with_an_exception_of_a_second_officer():
    by, checker, second = maker(), officer(), officer()
    version = submitted(by, SMS + "网上流传的“本金有保障”说法，请看分析。回复T退订")
    finding = version.findings.get()
    assert finding.severity == "block"
    opinion = {"reason": "quoted", "now": NOW, "template_hash": version.template_hash}
    with pytest.raises(CopyRefused, match="copy_only_warnings"):
        decide.accept(finding.pk, officer=checker, now=NOW)
    with pytest.raises(CopyRefused, match="copy_open_findings"):
        decide.approve(version.pk, officer=checker, **opinion)
    asked = exceptions.ask(finding.pk, officer=checker, reason="a quotation", now=NOW)
    with pytest.raises(requests.CannotDecide):
        requests.approve(request_id=asked.pk, checker=checker, opinion="agreed", now=NOW)
    requests.approve(request_id=asked.pk, checker=second, opinion="agreed", now=NOW)
    with pytest.raises(CopyRefused, match="copy_open_findings"):
        decide.approve(version.pk, officer=second, **opinion)  # who granted it does not decide as well
    kept = decide.approve(version.pk, officer=checker, **opinion)
    assert kept.findings[0]["exception"]["granted_by"] == str(second)


def test_findings_that_somebody_took_away_come_back_before_an_approval():
    by, checker = maker(), officer()
    version = draft(by, SMS + WARNED)
    pack = pack_of("zh", NOW)
    with connection.cursor() as cursor:  # as if the check had found nothing
        cursor.execute(
            "UPDATE review_copyversion SET state = 'checked', pack_name = %s, pack_version = %s,"
            " checked_at = %s WHERE id = %s",
            [pack.name, pack.version, NOW, version.pk],
        )
    CopyVersion.objects.filter(pk=version.pk).update(samples=["x"], sampled_revision=1)
    version = submit(version.pk, staff=by, now=NOW)
    opinion = {"reason": "nothing", "now": NOW, "template_hash": version.template_hash}
    with pytest.raises(CopyRefused, match="copy_stale_check"):
        decide.approve(version.pk, officer=checker, **opinion)


def test_an_opinion_is_about_the_text_that_the_officer_read():
    version = submitted(maker())
    opinion = {"officer": officer(), "reason": "as filed", "now": NOW, "template_hash": "0" * 64}
    for verb in (decide.approve, decide.return_to_maker, decide.reject):
        with pytest.raises(CopyRefused, match="copy_other_text"):
            verb(version.pk, **opinion)
    assert not Opinion.objects.exists()


def test_an_edit_is_of_the_revision_that_was_read_and_keeps_answers_to_what_stays():
    by = maker()
    version = draft(by, SMS + WARNED)
    check_version(version.pk, staff=by, now=NOW)
    justify(version.findings.get().pk, "the number is audited", staff=by, now=NOW)
    longer = Text("sms", "zh", f"{SMS}您好，{WARNED}")
    assert edit_version(version.pk, longer, revision=1, editor=by, now=NOW).revision == 2
    with pytest.raises(CopyRefused, match="copy_changed_meanwhile"):
        edit_version(version.pk, longer, revision=1, editor=by, now=NOW)
    checked = check_version(version.pk, staff=by, now=NOW)
    assert [one.justification for one in checked.findings.all()] == ["the number is audited"]
    same = edit_version(version.pk, text_of(checked, NOW), revision=2, editor=maker(), now=NOW)
    assert (same.revision, same.state, same.last_editor_id) == (2, "checked", by.pk)


def test_of_two_versions_of_a_channel_and_language_one_is_open():
    by = maker()
    version = draft(by)
    with pytest.raises(CopyRefused, match="copy_open_version"):
        create_version(version.copy, text_of(version, NOW), maker=by, now=NOW)
