"""The pages of rules: what they show, and a change from its first word to its publication."""

import pytest

from campaigns.review.models import PackDraft, RulePack
from crm.staff.models import Request, Role
from tests.campaigns.review.rules.town import NOW, RULE, draft_of_rules
from tests.crm.cast import browser_of, staff_of
from tests.crm.staff.access_deeds import NEW_RULE, ONE_BASIS

pytestmark = pytest.mark.django_db

LIST, DRAFT, NEW = "/copy/rules/", "/copy/rules/cn/draft/", "/copy/rules/cn/new/"


@pytest.fixture(autouse=True)
def business_now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def officer():
    return browser_of(staff_of(Role.COMPLIANCE))


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_the_list_shows_rules_versions_and_what_a_text_gives(officer):
    page = text(officer.get(LIST, {"q": "insider"}))
    assert "W19.insider" in page
    assert "W01.principal" not in page
    assert "Shipped with the product" in page
    tried = text(officer.post(LIST, {"pack": "cn", "text": "<b>稳赚不赔"}))
    assert "<mark>稳赚不赔</mark>" in tried
    assert "《广告法》 25(1)" in tried
    assert "&lt;b&gt;" in tried
    assert "No finding by pack cn version" in text(officer.post(LIST, {"pack": "cn", "text": "您好"}))
    assert "No rules of its own" in text(officer.get(LIST, {"pack": "intl"}))
    assert officer.get(LIST, {"pack": "mars"}).status_code == 404


def test_a_rule_is_tested_saved_tried_and_submitted(officer):
    tested = text(officer.post(NEW, NEW_RULE | {"do": "test"}))
    assert "examples pass" in tested
    assert not PackDraft.objects.exists()
    assert officer.post(NEW, NEW_RULE | {"do": "save"}).status_code == 302
    assert "New in draft" in text(officer.get(LIST))
    assert "Draft only" in text(officer.post(LIST, {"pack": "cn", "text": "组合的压舱石"}))
    unready = {"do": "propose", "revision": "1", "effective_from": "2026-12-01", "reason": "house"}
    assert "Try the draft" in text(officer.post(DRAFT, unready), 422)
    assert officer.post(DRAFT, {"do": "try", "revision": "1"}).status_code == 303
    shown = text(officer.get(DRAFT))
    assert "0 newly flagged, 0 released" in shown
    assert "examples pass" in shown
    assert officer.post(DRAFT, unready).status_code == 302
    request = Request.objects.get(kind="review.rule_pack")
    checker = browser_of(staff_of(Role.COMPLIANCE))
    decision = {"choice": "approve", "opinion": "agreed", "next": LIST}
    assert checker.post(f"/requests/{request.pk}/decide/", decision).status_code == 302
    assert RulePack.objects.get(request_id=request.pk).changes["rules"]["X02"]["patterns"] == ["压舱石"]
    assert "takes effect on" in text(officer.get(LIST))


def test_a_rule_that_cannot_be_read_comes_back_with_its_fault(officer):
    page = text(officer.post(NEW, NEW_RULE | {"patterns": "保(本", "do": "save"}), 422)
    assert "is not closed" in page
    assert "保(本" in page
    page = text(officer.post(NEW, NEW_RULE | {"more": "[1]", "do": "save"}), 422)
    assert "JSON object" in page
    assert not PackDraft.objects.exists()


def test_the_second_editor_of_a_rule_is_told(officer):
    draft_of_rules(staff_of(Role.COMPLIANCE))
    page = text(officer.post(NEW, NEW_RULE | {"do": "save", "revision": "0"}), 422)
    assert "Somebody else has edited the draft" in page


def test_bases_are_shown_and_changed(officer):
    address = "/copy/rules/cn/basis/guarantee/"
    assert "《证券投资基金法》" in text(officer.get(address))
    assert officer.post(address, ONE_BASIS).status_code == 302
    assert PackDraft.objects.get().changes["bases"]["guarantee"] == [
        {"law": "《广告法》", "article": "25", "grade": "A", "status": "in_force"}
    ]
    wrong = ONE_BASIS | {"basis-0-in_force_from": "2026-02-01", "basis-0-in_force_to": "2026-01-01"}
    assert "before the start" in text(officer.post(address, wrong), 422)
    assert officer.get("/copy/rules/cn/basis/nothing/").status_code == 404


def test_a_rule_is_removed_and_taken_back(officer):
    address = "/copy/rules/cn/rule/W19.insider/"
    assert officer.post(address, {"do": "remove", "revision": "0"}).status_code == 302
    assert "The draft removes this rule" in text(officer.get(address))
    assert "Removed in draft" in text(officer.get(LIST))
    assert officer.post(address, {"do": "reset", "revision": "1"}).status_code == 302
    assert PackDraft.objects.get().changes["rules"] == {}
    assert officer.post(DRAFT, {"do": "discard", "revision": "2"}).status_code == 302
    assert not PackDraft.objects.exists()
    assert RULE["id"] not in text(officer.get(LIST))
