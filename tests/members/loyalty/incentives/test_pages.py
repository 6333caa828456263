"""Pages of badges and quests: who sees them, a proposal with its preview, what compliance refuses."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.runtime import clock
from crm.staff.models import Request, Role
from members.loyalty.incentives.effects.count_effects import count_all_effects
from members.loyalty.incentives.preview import would_have
from members.loyalty.incentives.progress import QuestState, incentives_of
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.loyalty.incentives.worlds import (
    RICH,
    approved,
    badge_draft,
    did,
    event,
    kept,
    programme,
    quest_draft,
    step,
)

pytestmark = pytest.mark.django_db
REGISTERED = {"field": "registered_at", "op": "present"}
LESSON = did("lesson")
BOUGHT = {"did": "transaction", "where": [{"property": "kind", "op": "=", "value": "buy"}]}


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


def form(**more):
    given = {
        "code": "learner",
        "name": "学习者",
        "name_en": "Learner",
        "from_stage": "activation",
        "to_stage": "growth",
        "effect_days": "90",
        "period": "once",
        "rule": json.dumps(LESSON),
        "points": "0",
        "budget": "",
        "is_active": "on",
        "effective_on": clock.day_of(NOW).isoformat(),
        "reason": "as agreed",
    }
    return given | more


def quest_form(*steps, **more):
    given = form(step_order="free", limit_days="30", rule=json.dumps(REGISTERED), **more)
    given |= {"steps-TOTAL_FORMS": str(len(steps) + 1), "steps-INITIAL_FORMS": "0"}
    for place, (name, rule, rewarded) in enumerate(steps):
        given |= {f"steps-{place}-name": name, f"steps-{place}-rule": json.dumps(rule)}
        given |= {f"steps-{place}-rewarded": "on"} if rewarded else {}
    return given


def test_a_badge_is_previewed_proposed_and_approved():
    programme()
    member(stage="activation"), event(member(), "lesson", NOW)
    maker = browser_of(staff_of(Role.OPERATIONS))
    assert maker.get("/loyalty/incentives/new/?kind=badge").status_code == 200
    shown = maker.post("/loyalty/incentives/new/?kind=badge", form(preview="1"))
    assert shown.status_code == 200
    assert "1 member matches now" in markup(shown)
    assert not Request.objects.exists()
    assert maker.post("/loyalty/incentives/new/?kind=badge", form(propose="1")).status_code == 302
    request = Request.objects.get()
    assert request.proposal["content"]["name"] == "学习者"
    page = markup(browser_of(staff_of(Role.COMPLIANCE)).get("/loyalty/incentives/"))
    assert "Badge “Learner”" in page


def test_a_quest_whose_points_depend_on_buying_is_refused_with_its_basis():
    programme()
    maker = browser_of(staff_of(Role.OPERATIONS))
    asked = quest_form(("课程", LESSON, True), ("首投", BOUGHT, True), points="50", propose="1")
    answer = maker.post("/loyalty/incentives/new/?kind=quest", asked)
    assert answer.status_code == 422
    assert "W15" in markup(answer)
    assert "《广告法》第八条" in markup(answer)
    assert not Request.objects.exists()
    asked = quest_form(("课程", LESSON, True), ("首投", BOUGHT, False), points="50", propose="1")
    assert maker.post("/loyalty/incentives/new/?kind=quest", asked).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "{"},
        {"rule": '{"field": "nothing"}'},
        {"code": "A b"},
        {"reason": ""},
        {"effective_on": "2020-01-01"},
    ],
)
def test_what_cannot_be_proposed_is_told_beside_the_form(wrong):
    programme()
    answer = browser_of(staff_of(Role.OPERATIONS)).post(
        "/loyalty/incentives/new/?kind=badge", form(propose="1", **wrong)
    )
    assert answer.status_code == 422
    assert not Request.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_one_shows_rule_steps_effect_and_versions(language):
    member()
    approved(quest_draft(step(LESSON, "课程"), rule=REGISTERED, limit_days=30))
    kept()
    count_all_effects(NOW)
    browser = browser_of(staff_of(Role.OPERATIONS, language=language))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = browser.get("/loyalty/incentives/quest/")
    assert len(queries) <= 10
    assert page.status_code == 200
    assert "课程" in markup(page)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/loyalty/incentives/").status_code == 200
    assert len(queries) <= 10
    assert browser.get("/loyalty/incentives/quest/change/").status_code == 200
    assert browser.get("/loyalty/incentives/none/").status_code == 404


def test_only_who_configures_loyalty_sees_the_pages():
    approved(badge_draft())
    for role, page, change in (
        (Role.COMPLIANCE, 200, 403),
        (Role.OPERATIONS, 200, 200),
        (Role.CUSTOMER_SERVICE, 403, 403),
    ):
        browser = browser_of(staff_of(role))
        assert browser.get("/loyalty/incentives/badge/").status_code == page
        assert browser.get("/loyalty/incentives/new/").status_code == change


def test_progress_tells_steps_days_left_and_what_is_next():
    who, manager = member(), staff_of(Role.OPERATIONS)
    steps = [step(did(name), name) for name in ("one", "two", "three")]
    approved(quest_draft(*steps, rule=REGISTERED, step_order="fixed", limit_days=10))
    approved(badge_draft(did("one"), "first"))
    kept()
    event(who, "one", NOW + timedelta(days=1))
    kept(NOW + timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        found = incentives_of(who.pk, manager, NOW + timedelta(days=2, hours=1))
    assert len(queries) <= 4
    (quest,) = found.quests
    assert (quest.state, quest.done, quest.days_left) == (QuestState.OPEN, 1, 8)
    assert [one.done_at for one in quest.steps] == [NOW + timedelta(days=1), None, None]
    assert [one.is_next for one in quest.steps] == [False, True, False]
    assert [one.version.incentive_id for one in found.badges]
    over = incentives_of(who.pk, manager, NOW + timedelta(days=11)).quests[0]
    assert (over.state, over.days_left) == (QuestState.EXPIRED, None)


def test_a_badge_whose_rule_reads_what_one_may_not_see_is_not_shown():
    """That somebody has it would tell."""
    who = member(aum=5000)
    approved(badge_draft({"field": "number", "op": "missing"}, "numberless"))
    approved(badge_draft({"field": "registered_at", "op": "present"}, "open"))
    kept()
    analyst = staff_of(Role.ANALYST)
    codes = {one.version.name for one in incentives_of(who.pk, analyst, NOW).badges}
    assert codes == {"open"}


def test_the_preview_counts_by_stage():
    member(stage="growth", aum=5000), member(stage="growth", aum=5000), member(stage="maturity", aum=5000)
    member(stage="growth", aum=1)
    found = would_have(RICH, NOW)
    assert (dict(found.by_stage), found.members, found.sampled) == ({"growth": 2, "maturity": 1}, 3, None)
