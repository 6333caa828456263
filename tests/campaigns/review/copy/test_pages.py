"""The pages of a maker: from a gap of the matrix to a version under review."""

from __future__ import annotations

import pytest
from django.urls import reverse

from campaigns.review.copy.errors import Refusal
from campaigns.review.copy.sentences import REFUSALS
from campaigns.review.models import Copy, CopyVersion
from crm.staff.models import Role
from tests.campaigns.review.copy.town import CLEAN, SMS, WARNED, approved, draft, maker, officer
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

pytestmark = pytest.mark.django_db
FORM = {
    "channel": "sms", "language": "zh", "variables-TOTAL_FORMS": "1", "variables-INITIAL_FORMS": "0",
    "variables-0-name": "name", "variables-0-kind": "member_field:name",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


def test_every_refusal_has_a_sentence():
    assert {*Refusal} == {*REFUSALS}


def test_a_maker_writes_checks_answers_samples_and_submits():
    member("王小明")
    by = maker()
    browser = browser_of(by)
    about = {"code": "first", "name": "净值", "purpose": "education", "theme": "legacy", "stages": ["growth"]}
    assert browser.post(reverse("copy-new"), about).status_code == 302
    body = f"{SMS}{{{{ name }}}}您好，{WARNED}"
    answer = browser.post(reverse("copy-write", args=["first"]), FORM | {"body": body})
    version = CopyVersion.objects.get()
    assert answer.headers["Location"] == reverse("copy-version", args=[version.pk])
    assert version.variables == {"name": {"type": "member_field", "field": "name"}}
    act = reverse("copy-act", args=[version.pk])
    browser.post(act, {"do": "check"})
    page = markup(browser.get(reverse("copy-version", args=[version.pk])))
    assert 'data-severity="warn"' in page
    assert "W14.herding" in page
    assert browser.post(act, {"do": "submit"}).status_code == 422
    finding = version.findings.get()
    browser.post(reverse("copy-answer", args=[finding.pk]), {"words": "the number is audited"})
    sampled = markup(browser.post(act, {"do": "sample"}))
    assert "王*您好" in sampled
    assert "王小明" not in sampled
    assert browser.post(act, {"do": "submit"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.submitted_by_id) == ("submitted", by.pk)
    assert browser.get(reverse("copy-edit", args=[version.pk])).status_code == 302


def test_findings_come_while_one_types_and_nothing_is_stored():
    browser = browser_of(maker())
    draft(maker())
    live = FORM | {"copy": "net_value", "body": f"{SMS}{{{{ name }}}}，本金<b>有保障。回复T退订"}
    before = CopyVersion.objects.count()
    answer = markup(browser.post(reverse("copy-live"), live))
    assert "&lt;b&gt;" in answer
    assert "<b>有保障" not in answer
    wrong = markup(browser.post(reverse("copy-live"), live | {"body": "{{ other }}"}))
    assert "Line 1, column 4: “other” is not a declared variable." in wrong
    assert CopyVersion.objects.count() == before


def test_a_form_with_a_mistake_says_what_and_where_and_keeps_what_was_entered():
    by = maker()
    version = draft(by)
    form = FORM | {"body": "第一行\n{{ name | upcase }}", "revision": "1"}
    answer = browser_of(by).post(reverse("copy-edit", args=[version.pk]), form)
    page = markup(answer)
    assert answer.status_code == 422
    assert "Line 2, column 1" in page
    assert "{{ name | upcase }}" in page
    version.refresh_from_db()
    assert (version.body, version.revision) == (SMS + CLEAN, 1)


def test_the_matrix_counts_what_can_be_sent_and_shows_gaps():
    by = maker()
    approved(by, officer())
    page = markup(browser_of(staff_of(Role.ANALYST)).get(reverse("copy-matrix")))
    assert "15 gaps" in page  # there is nothing in English
    assert "1 approved" in page
    assert "Chinese 1 · English 0" in page
    assert Copy.objects.get().name in markup(
        browser_of(by).get(reverse("copies"), {"stage": "growth", "theme": "steady_growth"})
    )
    assert "No copy here" in markup(browser_of(by).get(reverse("copies"), {"stage": "decline"}))
