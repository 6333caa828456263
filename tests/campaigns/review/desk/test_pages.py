"""The desk's pages: the queue, a version with its findings, and what an officer does there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from campaigns.review.copy import decide, exceptions
from campaigns.review.desk import claims
from campaigns.review.models import CopyVersion, Opinion
from crm.staff.four_eyes import requests
from tests.campaigns.review.copy.town import CLEAN, SMS, WARNED, approved, copy_of, maker, officer
from tests.campaigns.review.desk.town import finding_of, in_review
from tests.crm.cast import NOW, browser_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/review/"


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


def page(version: CopyVersion, by, **follow) -> str:
    return browser_of(by).get(f"{QUEUE}{version.pk}/").content.decode()


def post(version: CopyVersion, by, where: str, **form):
    return browser_of(by).post(f"{QUEUE}{version.pk}/{where}/", form)


def decision(version: CopyVersion, name: str, reason: str = "写明来源即可", **more) -> dict[str, str]:
    return {"decision": name, "reason": reason, "days": "90", "template_hash": version.template_hash} | more


def test_the_queue_is_by_deadline_and_says_who_works_on_what():
    by, first, second = maker(), officer(), officer()
    in_review(by, code="late", copy=copy_of(by, "late", name="后到"), now=NOW + timedelta(days=3))
    soon = in_review(by, copy=copy_of(by, "soon", name="先到"))
    claims.claim(soon.pk, first, now=NOW)
    text = browser_of(second).get(QUEUE).content.decode()
    assert text.index("先到") < text.index("后到")
    assert f"{first} is reviewing this until" in text
    assert "2 versions to review" in text
    assert "先到" not in browser_of(second).get(f"{QUEUE}?channel=email").content.decode()


def test_findings_stand_in_the_text_and_beside_it_with_law_and_answer():
    version = in_review(maker())
    text = page(version, officer())
    for finding in version.findings.all():
        assert f">{finding.text}<sup" in text
        assert finding.why["en"] in text and finding.rule in text
    assert text.count("取自报名系统") == 2
    assert "to be confirmed by compliance" in text or "广告法" in text
    assert "This text is compliant" not in text


def test_an_approval_waits_until_no_finding_is_open():
    version, checker, other = in_review(maker()), officer(), officer()
    refused = post(version, checker, "decide", **decision(version, "approved"))
    assert refused.status_code == 422 and "Open findings: 2" in refused.content.decode()
    warning, block = finding_of(version, "warn"), finding_of(version, "block")
    post(version, checker, f"{warning.pk}/accept", accept="yes")
    post(version, checker, f"{block.pk}/except", reason="引自反诈提示原文")
    (asked,) = exceptions.pending(version).values()
    assert str(asked.maker) in page(version, checker)
    requests.approve(request_id=asked.pk, checker=other, opinion="同意，限此处", now=NOW)
    done = post(version, checker, "decide", **decision(version, "approved"))
    assert done.status_code == 302
    version.refresh_from_db()
    assert (version.state, version.checker) == ("approved", checker)
    assert "Exception granted by" in page(version, checker)


@pytest.mark.parametrize("name", ["returned", "rejected"])
def test_to_decline_wants_a_reason_and_leads_on_to_the_next(name):
    by, checker = maker(), officer()
    version = in_review(by)
    following = in_review(by, code="next", now=NOW + timedelta(days=1))
    refused = post(version, checker, "decide", **decision(version, name, reason=" "))
    assert refused.status_code == 422 and not Opinion.objects.exists()
    done = post(version, checker, "decide", **decision(version, name))
    assert done["Location"] == f"{QUEUE}{following.pk}/"
    assert Opinion.objects.get().decision == name


def test_what_somebody_else_holds_is_not_decided_on_unknowingly():
    version, first, second = in_review(maker()), officer(), officer()
    claims.claim(version.pk, first, now=NOW)
    text = page(version, second)
    assert f"{first} has been reviewing this since" in text and 'name="decision"' not in text
    refused = post(version, second, "decide", **decision(version, "returned"))
    assert refused.status_code == 422 and str(first) in refused.content.decode()
    assert not Opinion.objects.exists()
    post(version, second, "claim", deed="take")
    assert post(version, second, "decide", **decision(version, "returned")).status_code == 302


def test_a_text_that_changed_since_it_was_shown_is_not_decided_on():
    version, checker = in_review(maker()), officer()
    stale = decision(version, "returned", template_hash="0" * 64)
    assert post(version, checker, "decide", **stale).status_code == 422
    assert not Opinion.objects.exists()


def test_the_difference_is_to_the_last_approved_version():
    by, checker = maker(), officer()
    copy = copy_of(by)
    old = approved(by, checker, copy=copy)
    new = in_review(by, SMS + WARNED, copy=copy)
    text = page(new, checker)
    assert f"Changes since v{old.number}" in text
    assert "<ins>" in text and "<del>" in text


def test_earlier_opinions_on_similar_copy_are_shown():
    by, checker = maker(), officer()
    first = in_review(by, SMS + WARNED)
    decide.return_to_maker(
        first.pk, template_hash=first.template_hash, officer=checker, reason="人数须注明来源", now=NOW
    )
    other = in_review(by, SMS + WARNED + "！", code="other")
    unlike = in_review(by, SMS + CLEAN, code="unlike")
    assert "人数须注明来源" in page(other, checker)
    assert "人数须注明来源" not in page(unlike, checker)


def test_a_text_is_shown_as_text():
    version = in_review(maker(), SMS + "<script>alert(1)</script>保本。回复T退订")
    text = page(version, officer())
    assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_lists_open_what_figures_count():
    by, checker = maker(), officer()
    version = in_review(by, SMS + WARNED)
    decide.return_to_maker(
        version.pk, template_hash=version.template_hash, officer=checker, reason="人数须注明来源", now=NOW
    )
    browser, month = browser_of(checker), f"{NOW:%Y-%m}"
    rule = version.findings.get().rule
    for query in (f"month={month}", "decision=returned", f"rule={rule}"):
        assert "人数须注明来源" in browser.get(f"{QUEUE}opinions/?{query}").content.decode()
    for query in ("month=2020-01", "decision=approved", "rule=none"):
        assert "人数须注明来源" not in browser.get(f"{QUEUE}opinions/?{query}").content.decode()
    assert browser.get(f"{QUEUE}opinions/?decision=burnt").status_code == 400


def test_home_counts_what_waits_and_its_charts_lead_to_lists():
    by, checker = maker(), officer()
    version = in_review(by, SMS + WARNED)
    decide.return_to_maker(
        version.pk, template_hash=version.template_hash, officer=checker, reason="人数须注明来源", now=NOW
    )
    in_review(by, code="waiting", now=NOW - timedelta(days=30))
    text = browser_of(checker).get("/").content.decode()
    assert "1 version to review; 1 past the deadline" in text
    rule = version.findings.get().rule
    assert f'href="/admin/review/opinions/?rule={rule}"' in text
    for chart in ("review-decisions", "review-rules"):
        assert f'id="{chart}-title"' in text
    assert len(re.findall(r'href="/admin/review/opinions/', text)) >= 4
