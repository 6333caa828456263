"""Ratings, house rules, statuses, decisions: by four eyes, kept by the database, told to the change queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from crm.runtime.models import Change
from crm.staff.four_eyes.requests import BasisChanged, CannotDecide, approve
from crm.staff.models import Request, Role
from crm.staff.permissions import NotAllowed
from members.portfolio.models import (
    HouseRule,
    InvestorStatus,
    Product,
    ProductRating,
    PurchaseDecision,
    Rater,
    Status,
    SuitabilityDue,
)
from members.portfolio.suitability.announce import announce_due
from members.portfolio.suitability.change import house_rule, rating, status
from members.portfolio.suitability.change.refusals import Refusal, SuitabilityRefused
from members.portfolio.suitability.house_rule import TABLE_VALUES, house_rule_on
from members.portfolio.suitability.record_purchase import (
    CONFIRMATION,
    HIGHEST_RISK_STEPS,
    PROCEDURE,
    PurchaseRequest,
    Step,
    record_purchase,
)
from members.profiles.models import Member
from tests.crm.cast import NOW, member, staff_of
from tests.members.portfolio.suitability.world import (
    REASON,
    TODAY,
    agreed,
    investor,
    product,
    rate,
    ruled,
    verified,
)

pytestmark = pytest.mark.django_db


def asked(one: Product, given: str = "R3", **more) -> rating.ProposedRating:
    values = {"rater": Rater.SELLER, "basis": "report 7", "effective_from": TODAY} | more
    return rating.ProposedRating(one, rating=rating.ProductRisk(given), **values)


def told() -> list[tuple[str, int | None, dict]]:
    return list(Change.objects.order_by("id").values_list("kind", "member_id", "payload"))


def refuses(sql: str, *values: object, match: str) -> None:
    """Not even the owner of the tables may."""
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(sql, values)


def test_a_rating_counts_once_a_second_person_agrees_and_is_told():
    one, maker = product(), staff_of(Role.OPERATIONS)
    request = rating.propose(asked(one), reason=REASON, maker=maker, now=NOW)
    assert not ProductRating.objects.exists()
    with pytest.raises(CannotDecide):
        approve(request_id=request.pk, checker=maker, opinion="mine", now=NOW)
    agreed(request)
    assert told() == [("suitability.product_changed", None, {"product": one.pk, "reason": "rating"})]
    with pytest.raises(SuitabilityRefused, match=Refusal.NO_CHANGES):
        rating.propose(asked(one), reason=REASON, maker=maker, now=NOW)


def test_a_rating_that_another_one_overtook_is_returned():
    one, maker = product(), staff_of(Role.OPERATIONS)
    first = rating.propose(asked(one), reason=REASON, maker=maker, now=NOW)
    rate(one, "R4")
    with pytest.raises(BasisChanged):
        agreed(first)
    with pytest.raises(SuitabilityRefused, match=Refusal.TOO_EARLY):
        rating.propose(
            asked(one, effective_from=TODAY - timedelta(days=1)), reason=REASON, maker=maker, now=NOW
        )


def test_a_rating_of_a_later_day_is_told_on_its_day_once():
    one = product()
    rate(one, "R4", effective_from=TODAY + timedelta(days=3))
    ruled(highest_jump=1, effective_from=TODAY + timedelta(days=3))
    assert (told(), SuitabilityDue.objects.count()) == ([], 2)
    assert announce_due(NOW + timedelta(days=2)) == 0
    assert announce_due(NOW + timedelta(days=3)) == 2
    assert announce_due(NOW + timedelta(days=3)) == 0
    assert {payload["reason"] for _, _, payload in told()} == {"rating", "house_rule"}


def test_the_database_takes_no_rating_that_nobody_agreed_on():
    one = product()
    made = rate(one, "R3")
    insert = (
        "INSERT INTO portfolio_productrating (product_id, rater, number, rating, effective_from, basis,"
        " request_id, is_supplied) VALUES (%s, 'seller', 2, %s, %s, 'x', %s, %s)"
    )
    refuses(insert, one.pk, "R1", TODAY, None, False, match="comes_from_somebody")
    refuses(insert, one.pk, "R1", TODAY, 10**9, False, match="needs an approved request")
    refuses(insert, one.pk, "R1", TODAY, made.pk, False, match="what its request says")
    refuses(insert, one.pk, "R1", TODAY, None, True, match="kept by the database alone")
    for sql in (
        "UPDATE portfolio_productrating SET rating = 'R1'",
        "DELETE FROM portfolio_productrating",
    ):
        refuses(sql, match="append-only")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("highest_c0", 2), ("highest_c1", 2), ("highest_c2", 3), ("highest_c3", 4), ("highest_c4", 5),
        ("highest_c5", 6), ("highest_jump", 6), ("old_age", 66), ("caution_age", 61), ("caution_age", 17),
    ],
)  # fmt: skip
def test_a_looser_house_rule_is_refused_by_the_database(name, value):
    maker = staff_of(Role.OPERATIONS)
    with pytest.raises(SuitabilityRefused, match=Refusal.LOOSER):
        house_rule.propose(
            TABLE_VALUES | {name: value}, effective_from=TODAY, reason=REASON, maker=maker, now=NOW
        )
    values = TABLE_VALUES | {name: value}
    request = Request.objects.create(
        kind=house_rule.KIND,
        content_key="looser",
        proposal={"effective_from": TODAY.isoformat(), "values": values, "base": 0},
        maker=maker,
        reason=REASON,
        made_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    with pytest.raises(IntegrityError, match="not_looser"), transaction.atomic():
        agreed(request)
    assert not HouseRule.objects.exists()


def test_a_house_rule_is_what_its_request_says_and_stays():
    made = ruled(highest_jump=1)
    assert house_rule_on(TODAY).values["highest_jump"] == 1
    assert house_rule_on(TODAY - timedelta(days=1)).number == 0
    columns = ", ".join(TABLE_VALUES)
    values = ", ".join(str(value) for value in TABLE_VALUES.values())
    insert = (
        f"INSERT INTO portfolio_houserule (number, effective_from, note, request_id, {columns})"
        f" VALUES (2, %s, '', %s, {values})"
    )
    refuses(insert, TODAY, 10**9, match="approved request")
    refuses(insert, TODAY, made.pk, match="what its request says")
    refuses("UPDATE portfolio_houserule SET highest_jump = 5", match="append-only")


def test_a_status_is_verified_by_two_and_ended_by_one():
    row = member()
    made = verified(row.pk)
    assert told()[-1] == ("suitability.member_changed", row.pk, {"reason": "status"})
    with pytest.raises(NotAllowed):
        status.end(row.pk, made.pk, reason="gone", staff=staff_of(Role.ANALYST), now=NOW)
    status.end(row.pk, made.pk, reason="evidence withdrawn", staff=staff_of(Role.COMPLIANCE), now=NOW)
    with pytest.raises(SuitabilityRefused, match=Refusal.STATUS_ENDED):
        status.end(row.pk, made.pk, reason="again", staff=staff_of(Role.COMPLIANCE), now=NOW)
    refuses("UPDATE portfolio_investorstatus SET ended_on = NULL", match="ended once")
    refuses("UPDATE portfolio_investorstatus SET valid_until = '2099-01-01'", match="append-only")
    refuses("DELETE FROM portfolio_investorstatus", match="append-only")
    stored = InvestorStatus.objects.get()
    stored.pk = (member().pk, made.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"evidence": " "}, Refusal.NO_EVIDENCE),
        ({"basis": status.Basis.INSTITUTION}, Refusal.NO_EVIDENCE),
        ({"verified_on": TODAY + timedelta(days=1)}, Refusal.NOT_VERIFIED_YET),
        ({"valid_until": TODAY + timedelta(days=367)}, Refusal.TOO_LONG),
        ({"valid_until": TODAY}, Refusal.TOO_LONG),
    ],
)
def test_a_status_without_proper_evidence_is_not_even_proposed(change, refusal):
    given = {
        "status": Status.QUALIFIED,
        "basis": status.Basis.QUALIFIED_ASSETS,
        "evidence": "folder 12",
        "verified_on": TODAY,
        "valid_until": TODAY + timedelta(days=300),
    } | change
    maker = staff_of(Role.OPERATIONS)
    with pytest.raises(SuitabilityRefused, match=refusal):
        status.propose(member().pk, status.ProposedStatus(**given), reason=REASON, maker=maker, now=NOW)


def test_a_manager_proposes_no_status_of_somebody_elses_member():
    given = status.ProposedStatus(
        Status.QUALIFIED, status.Basis.QUALIFIED_ASSETS, "folder", TODAY, TODAY + timedelta(days=9)
    )
    with pytest.raises(Member.DoesNotExist):
        status.propose(member().pk, given, reason=REASON, maker=staff_of(Role.RELATIONSHIP_MANAGER), now=NOW)


def test_a_change_of_class_or_product_is_told_and_nothing_else():
    row, one = investor(), product()
    Change.objects.all().delete()
    Member.objects.filter(pk=row.pk).update(name="Other", updated_at=NOW)
    Product.objects.filter(pk=one.pk).update(name="Other")
    assert told() == []
    Member.objects.filter(pk=row.pk).update(risk_class="C1")
    Product.objects.filter(pk=one.pk).update(risk="R3")
    assert told() == [
        ("suitability.member_changed", row.pk, {"reason": "class"}),
        ("suitability.product_changed", None, {"product": one.pk, "reason": "product"}),
    ]


def purchase(row: Member, one: Product, *steps: Step, key: str = "k1", staff=None) -> PurchaseDecision:
    given = PurchaseRequest(row.pk, one.pk, key, frozenset(steps))
    return record_purchase(given, staff=staff or staff_of(Role.CUSTOMER_SERVICE), now=NOW)


def test_a_purchase_above_the_class_needs_every_step_and_is_recorded_with_its_facts():
    row, one = investor("C2"), product(risk="R4")
    assert purchase(row, one, key="a").outcome == "forbid"
    first = purchase(row, one, Step.OWN_INITIATIVE, key="b")
    assert (first.outcome, first.code, first.reasons) == ("confirm", "P5", ["needs_confirmation"])
    short = CONFIRMATION - {Step.INSISTS}
    assert purchase(row, one, Step.OWN_INITIATIVE, *short, key="c").outcome == "confirm"
    done = purchase(row, one, Step.OWN_INITIATIVE, *CONFIRMATION, key="d")
    assert (done.outcome, done.reasons[0]) == ("care", "confirmed")
    facts = done.facts
    assert (facts["risk_class"], facts["product_risk"], facts["house_rule"]) == ("C2", 4, 0)
    assert facts["rating_version"] == "manager 0, seller 0"
    rate(one, "R5")
    assert purchase(row, one, Step.OWN_INITIATIVE, *CONFIRMATION, key="e").outcome == "confirm"
    all_steps = CONFIRMATION | HIGHEST_RISK_STEPS
    assert purchase(row, one, Step.OWN_INITIATIVE, *all_steps, key="f").outcome == "care"


def test_from_65_on_the_procedure_comes_first():
    row, one = investor("C5", born=TODAY.replace(year=1961)), product(risk="R4")
    assert purchase(row, one).outcome == "procedure"
    assert purchase(row, one, *PROCEDURE, key="k2").outcome == "care"


def test_the_same_key_decides_once_and_decisions_stay():
    row, one = investor("C2"), product(risk="R2")
    first = purchase(row, one)
    Member.objects.filter(pk=row.pk).update(risk_class="C1")
    assert purchase(row, one) == first
    assert purchase(row, one).outcome == first.outcome == "allow"
    assert purchase(row, one, key="k2").outcome == "forbid"
    for sql in (
        "UPDATE portfolio_purchasedecision SET outcome = 'allow'",
        "DELETE FROM portfolio_purchasedecision",
    ):
        refuses(sql, match="append-only")


@pytest.mark.parametrize("role", ["third_party_platform", "other", "nonsense"])
def test_who_may_not_sell_decides_no_purchase(settings, role):
    settings.OPERATOR_ROLE = role
    assert purchase(investor("C5"), product(risk="R1")).reasons == ["operator_may_not"]


def test_only_staff_who_see_the_member_decide():
    row, one = investor(), product()
    with pytest.raises(NotAllowed):
        purchase(row, one, staff=staff_of(Role.ANALYST))
    with pytest.raises(Member.DoesNotExist):
        purchase(row, one, staff=staff_of(Role.RELATIONSHIP_MANAGER))
