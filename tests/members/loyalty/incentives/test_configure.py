"""What may be configured: by whom, from when on, and what compliance refuses, with its basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from crm.runtime import clock
from crm.staff.four_eyes import requests
from crm.staff.four_eyes.requests import CannotDecide
from crm.staff.models import Role
from crm.staff.permissions import NotAllowed
from members.loyalty.incentives.compliance.basis import BASES, Refused
from members.loyalty.incentives.configure import IncentiveRefused, Refusal, propose
from members.loyalty.incentives.sentences.refusals import finding_text
from members.loyalty.models import IncentiveVersion
from tests.crm.cast import NOW, staff_of
from tests.members.loyalty.incentives.worlds import approved, badge_draft, did, person, quest_draft, step

pytestmark = pytest.mark.django_db
TODAY, REASON = clock.day_of(NOW), "as agreed"
REGISTERED = {"field": "registered_at", "op": "present"}
BOUGHT = {"did": "transaction", "where": [{"property": "kind", "op": "=", "value": "buy"}]}
LESSON = did("lesson_finished")


def refused(draft):
    with pytest.raises(IncentiveRefused) as caught:
        propose(draft, effective_on=TODAY, reason=REASON, maker=person(Role.OPERATIONS), now=NOW)
    return caught.value


def findings(draft):
    error = refused(draft)
    assert error.code == Refusal.NOT_COMPLIANT
    return [(one.place, one.refused) for one in error.findings]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (BOUGHT, Refused.GIFT_FOR_BUYING),
        ({"did": "transaction"}, Refused.GIFT_FOR_BUYING),
        ({"field": "has_plan", "op": "is", "value": True}, Refused.GIFT_FOR_BUYING),
        ({"field": "first_invested", "op": "present"}, Refused.GIFT_FOR_BUYING),
        ({"field": "aum", "op": ">=", "value": 10000}, Refused.GIFT_FOR_BUYING),
        ({"field": "stage", "op": "=", "value": "growth"}, Refused.GIFT_FOR_BUYING),
        ({"not": {"not": BOUGHT}}, Refused.GIFT_FOR_BUYING),
        ({"not": {**BOUGHT, "never": True}}, Refused.GIFT_FOR_BUYING),
        ({"any": [LESSON, BOUGHT]}, Refused.GIFT_FOR_BUYING),
        (
            {"change": "aum", "direction": "rose", "by": {"amount": 1}, "within": {"days": 9}},
            Refused.GIFT_FOR_BUYING,
        ),
        (did("purchase_done"), Refused.GIFT_FOR_BUYING),
        (did("完成申购"), Refused.GIFT_FOR_BUYING),
        ({"did": "event"}, Refused.NOT_REVIEWED),
        ({"field": "referred", "op": "is", "value": True}, Refused.GIFT_FOR_REFERRAL),
        (did("invite_friend"), Refused.GIFT_FOR_REFERRAL),
        ({"field": "warned", "op": "is", "value": True}, Refused.NOT_REVIEWED),
    ],
)
def test_points_depend_on_no_purchase_and_no_referral(rule, why):
    found = findings(badge_draft(rule, points=100))
    assert {one for _place, one in found} == {why}
    assert propose(
        badge_draft(rule), effective_on=TODAY, reason=REASON, maker=person(Role.OPERATIONS), now=NOW
    )  # a badge without value may


@pytest.mark.parametrize(
    "rule",
    [
        LESSON,
        {"did": "risk_assessment"},
        {"did": "login"},
        {"field": "risk_class", "op": "present"},
        {"all": [LESSON, {"not": BOUGHT}]},
        {"all": [LESSON, {**BOUGHT, "never": True}]},
        {"field": "stage", "op": "in", "value": ["activation"]},
    ],
)
def test_learning_and_the_questionnaire_may_be_rewarded(rule):
    assert approved(badge_draft(rule, points=100)).points == 100


@pytest.mark.parametrize(
    "where",
    [
        {"property": "product_risk", "op": "=", "value": "R4"},
        {"property": "product_risk", "op": "in", "value": ["R1", "R2"]},
        {"property": "product_risk", "op": "!=", "value": "R1"},
    ],
)
def test_what_does_not_suit_every_member_is_not_even_a_badge(where):
    rule = {"did": "transaction", "where": [{"property": "kind", "op": "=", "value": "buy"}, where]}
    assert findings(badge_draft(rule)) == [("rule", Refused.ABOVE_RISK_CLASS)]
    assert findings(quest_draft(step(LESSON), step(rule, rewarded=False), rule=REGISTERED)) == [
        ("steps[1].rule", Refused.ABOVE_RISK_CLASS)
    ]


def test_a_purchase_of_the_lowest_risk_may_be_a_badge():
    where = [{"property": "product_risk", "op": "=", "value": "R1"}]
    assert approved(badge_draft({"did": "transaction", "where": where}))


def test_no_answer_of_the_questionnaire_is_rewarded():
    assert findings(badge_draft({"field": "risk_class", "op": "in", "value": ["C5"]})) == [
        ("rule", Refused.RISK_ANSWER)
    ]
    starts_for = {"field": "risk_class", "op": "in", "value": ["C1"]}
    assert approved(quest_draft(step(LESSON), rule=starts_for))


def test_a_quest_may_have_an_investment_as_a_step_on_which_its_points_do_not_depend():
    invests = step(BOUGHT, rewarded=False)
    assert (
        approved(quest_draft(step(LESSON), invests, rule=REGISTERED, points=50)).steps[1]["rewarded"] is False
    )
    assert findings(quest_draft(step(LESSON), step(BOUGHT), rule=REGISTERED, points=50, code="b")) == [
        ("steps[1].rule", Refused.GIFT_FOR_BUYING)
    ]
    # In a fixed order what comes before decides too; so does what starts the quest.
    fixed = quest_draft(invests, step(LESSON), rule=REGISTERED, points=50, code="c", step_order="fixed")
    assert findings(fixed) == [("steps[0].rule", Refused.GIFT_FOR_BUYING)]
    assert findings(quest_draft(step(LESSON), rule=BOUGHT, points=50, code="d")) == [
        ("rule", Refused.GIFT_FOR_BUYING)
    ]


def test_what_a_rule_names_is_judged_too():
    approved(badge_draft(BOUGHT, "investor"))
    named = {"field": "badges", "op": "has_any", "value": ["investor"]}
    assert findings(badge_draft(named, "second", points=10)) == [("rule", Refused.GIFT_FOR_BUYING)]
    any_badge = {"field": "badges", "op": "not_empty"}
    assert findings(badge_draft(any_badge, "third", points=10)) == [("rule", Refused.NOT_REVIEWED)]
    approved(badge_draft(LESSON, "learner"))
    assert approved(badge_draft({**named, "value": ["learner"]}, "fourth", points=10))


def test_every_refusal_tells_its_basis_and_what_is_to_be_confirmed():
    texts = [finding_text(one) for one in refused(badge_draft(BOUGHT, points=1)).findings]
    assert "《广告法》第八条" in texts[0]
    assert "To be confirmed by compliance" in texts[0]
    assert set(BASES) == set(Refused)


def test_a_rule_that_leads_back_to_its_badge_is_refused():
    approved(badge_draft(LESSON, "one"))
    approved(badge_draft({"field": "badges", "op": "has_any", "value": ["one"]}, "two"))
    back = {"field": "badges", "op": "has_any", "value": ["two"]}
    assert refused(badge_draft(back, "one")).code == Refusal.NAMES_ITSELF


def earned(*where):
    return {
        "did": "badge",
        "where": [dict(zip(("property", "op", "value"), one, strict=True)) for one in where],
    }


@pytest.mark.parametrize(
    "rule",
    [
        earned(("badge", "in", ["one", "two"])),  # itself
        earned(("badge", "=", "two")),  # one that asks for it
        earned(("badge", "!=", "two")),  # any but another
        {"did": "badge", "times": {"op": ">=", "value": 3}},  # any
    ],
)
def test_a_rule_that_asks_who_earned_its_badge_is_refused(rule):
    approved(badge_draft(LESSON, "one"))
    approved(badge_draft(earned(("badge", "=", "one")), "two"))
    assert refused(badge_draft(rule, "one")).code == Refusal.NAMES_ITSELF
    assert approved(badge_draft(earned(("badge", "=", "two")), "three"))


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"name": " "}, Refusal.NO_NAME),
        ({"code": "Großer"}, Refusal.BAD_CODE),
        ({"to_stage": "activation"}, Refusal.SAME_STAGE),
        ({"points": 10, "budget": 5}, Refusal.BUDGET_TOO_SMALL),
    ],
)
def test_what_cannot_be_is_refused(draft, code):
    assert refused(replace(badge_draft(LESSON), **draft)).code == code


def test_a_version_is_of_a_second_person_and_never_in_the_past():
    maker = person(Role.OPERATIONS)
    with pytest.raises(IncentiveRefused, match="incentive_in_the_past"):
        propose(badge_draft(), effective_on=TODAY - timedelta(days=1), reason=REASON, maker=maker, now=NOW)
    with pytest.raises(NotAllowed):
        propose(
            badge_draft(),
            effective_on=TODAY,
            reason=REASON,
            maker=staff_of(Role.CUSTOMER_SERVICE),
            now=NOW,
        )
    request = propose(badge_draft(), effective_on=TODAY, reason=REASON, maker=maker, now=NOW)
    maker.is_superuser = True
    maker.save()
    with pytest.raises((CannotDecide, NotAllowed)):
        requests.approve(request_id=request.pk, checker=maker, opinion=REASON, now=NOW)
    assert not IncentiveVersion.objects.exists()


def test_the_database_holds_a_version_to_its_request():
    version = approved(badge_draft(LESSON, points=5))
    with pytest.raises(DatabaseError), transaction.atomic():
        IncentiveVersion.objects.update(points=500)
    version.pk, version.number = None, 2
    request = propose(
        badge_draft(LESSON, points=6),
        effective_on=TODAY,
        reason=REASON,
        maker=person(Role.OPERATIONS),
        now=NOW,
    )
    version.request_id = request.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save(force_insert=True)  # nobody has approved it
    requests.approve(request_id=request.pk, checker=person(Role.COMPLIANCE), opinion=REASON, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE loyalty_incentiveversion CASCADE")


def test_what_was_approved_cannot_be_stored_otherwise():
    one = approved(badge_draft(LESSON, points=5))
    request = propose(
        badge_draft(LESSON, points=6),
        effective_on=TODAY,
        reason=REASON,
        maker=person(Role.OPERATIONS),
        now=NOW,
    )
    apply, kind = requests.kind_of(request.kind).apply, requests.kind_of(request.kind)
    assert apply is kind.apply
    type(request).objects.filter(pk=request.pk).update(
        state="approved", checker=person(Role.COMPLIANCE), decided_at=NOW
    )
    other = IncentiveVersion(
        **{name: getattr(one, name) for name in ("incentive", "name", "rule", "from_stage", "to_stage")},
        number=2,
        effective_from=NOW,
        points=600,
        request_id=request.pk,
    )
    with pytest.raises(DatabaseError, match="what its request says"), transaction.atomic():
        other.save(force_insert=True)


def test_of_two_proposals_on_one_version_the_second_is_returned():
    maker, checker = person(Role.OPERATIONS), person(Role.COMPLIANCE)
    first, second = (
        propose(badge_draft(LESSON, points=points), effective_on=TODAY, reason=REASON, maker=maker, now=NOW)
        for points in (1, 2)
    )
    requests.approve(request_id=first.pk, checker=checker, opinion=REASON, now=NOW)
    with pytest.raises(requests.BasisChanged):
        requests.approve(request_id=second.pk, checker=checker, opinion=REASON, now=NOW)
    assert IncentiveVersion.objects.get().points == 1
