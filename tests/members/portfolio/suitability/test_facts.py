"""The facts of the tables as the database holds them, and what follows for a member."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.portfolio.models import Product, Status
from members.portfolio.suitability.change import rating
from members.portfolio.suitability.decide import allowed_products, check_suitability
from members.portfolio.suitability.read_facts import read_facts
from members.profiles.models import (
    AssessmentWithdrawal,
    Complaint,
    Member,
    Preference,
    RiskClass,
    WithdrawalReason,
)
from members.profiles.questionnaires.validity import is_valid
from tests.crm.cast import NOW, member, staff_of
from tests.harness.examples import examples
from tests.members.portfolio.suitability.world import TODAY, investor, product, rate, ruled, verified

pytestmark = pytest.mark.django_db


def facts(row: Member, one: Product, now=NOW) -> dict:
    (found,) = read_facts([row.pk], [one.pk], now)
    return dict(found.values)


def decided(row: Member, one: Product, now=NOW) -> tuple[str, str]:
    (found,) = check_suitability(row.pk, now, [one.pk])
    return found.decision.row.code, found.decision.row.reason


def test_somebody_who_fits_is_allowed_and_every_change_of_the_record_counts():
    row, one = investor(), product()
    assert decided(row, one) == ("M13", "within_class")
    Complaint.objects.create(member=row, id="c1", received_at=NOW - timedelta(days=1))
    assert decided(row, one)[1] == "open_complaint"
    Complaint.objects.update(closed_at=NOW)
    Preference.objects.create(member=row, horizon_days=90, liquidity="high")
    Product.objects.update(term_days=91)
    (found,) = check_suitability(row.pk, NOW, [one.pk])
    assert found.decision.reasons == ("term_too_long", "not_liquid")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"registration_code": ""}, "not_registered"),
        ({"regime": None}, "no_regime"),
        ({"closed_on": TODAY}, "not_offered"),
        ({"closed_on": TODAY + timedelta(days=1)}, "within_class"),
        ({"risk": "R4"}, "above_class"),
        ({"regime": "PR"}, "qualified_only"),
    ],
)
def test_what_a_product_lacks_forbids(change, reason):
    row, one = investor(), product()
    Product.objects.filter(pk=one.pk).update(**change)
    assert decided(row, one)[1] == reason


def test_the_higher_of_all_ratings_counts_from_its_day_on():
    row, one = investor("C3"), product(risk="R2")
    rate(one, "R3")
    rate(one, "R1", "manager")
    assert facts(row, one)["product_risk"] == 3
    rate(one, "R4", effective_from=TODAY + timedelta(days=2))
    assert decided(row, one) == ("M13", "within_class")
    assert decided(row, one, NOW + timedelta(days=2)) == ("M7", "above_class")


def test_a_source_that_lowers_its_rating_lowers_nothing_until_two_people_agree():
    row, one = investor("C3"), product(risk="R4")
    Product.objects.filter(pk=one.pk).update(risk="R2")
    assert decided(row, one) == ("M7", "above_class")
    rate(one, "R2", "manager")
    assert decided(row, one) == ("M13", "within_class")
    Product.objects.filter(pk=one.pk).update(risk="R5")
    assert decided(row, one)[1] == "above_class"


def test_a_product_under_review_is_not_put_forward():
    row, one = investor(), product()
    rating.put_under_review(
        one, rating.Rater.SELLER, basis="new prospectus", staff=staff_of("operations"), now=NOW
    )
    assert decided(row, one) == ("M5", "under_review")
    rate(one, "R2")
    assert decided(row, one) == ("M13", "within_class")


def test_a_status_counts_with_current_evidence_only():
    row, one = investor("C5"), product(risk="R5", regime="PR")
    Member.objects.filter(pk=row.pk).update(investor_type="qualified")
    assert decided(row, one) == ("M6", "qualified_only")
    verified(row.pk)
    assert decided(row, one)[1] == "within_class"
    assert decided(row, one, NOW + timedelta(days=366))[1] in {"assessment_expired", "qualified_only"}
    assert not facts(row, one, NOW + timedelta(days=366))["is_qualified"]
    verified(row.pk, Status.PROFESSIONAL_INSTITUTION)
    known = facts(row, one)
    assert (known["is_institution"], known["is_professional_person"]) == (True, False)


def test_a_house_rule_is_stricter_from_its_day_on():
    row, one = investor("C3", born=date(1970, 1, 1)), product(risk="R3")
    ruled(highest_c3=2, effective_from=TODAY + timedelta(days=1))
    assert decided(row, one) == ("M13", "within_class")
    later = NOW + timedelta(days=1)
    assert decided(row, one, later) == ("M7", "above_class")
    known = facts(row, one, later)
    assert (known["highest_risk"], known["levels_above"], known["house_rule"]) == (2, 1, 1)


def test_a_withdrawn_assessment_is_none():
    row, one = investor(), product()
    AssessmentWithdrawal.objects.bulk_create(
        [
            AssessmentWithdrawal(
                member=row, number=0, at=NOW, day=TODAY, after_number=0, reason=WithdrawalReason.INCOME,
                words="retired", by=staff_of("operations"),
            )
        ]
    )  # fmt: skip
    assert decided(row, one) == ("M4", "assessment_withdrawn")


@given(
    st.lists(
        st.tuples(
            st.none() | st.dates(date(1940, 1, 1), date(2012, 1, 1)),
            st.none() | st.sampled_from(RiskClass.values),
            st.dates(date(2023, 2, 25), date(2026, 3, 20)),
        ),
        min_size=12,
        max_size=12,
    ),
    st.dates(date(2024, 2, 27), date(2026, 3, 20)),
)
@examples(8)
def test_age_and_validity_are_those_of_the_calendar(people, today):
    rows = Member.objects.bulk_create(
        Member(
            known_at=NOW, updated_at=NOW, birth_date=born, risk_class=name,
            risk_assessed_on=assessed if name else None,
        )
        for born, name, assessed in people
    )  # fmt: skip
    one = Product.objects.filter(code="P1").first() or product("P1")
    now = NOW.replace(year=today.year, month=today.month, day=today.day)
    found = {each.member_id: each.values for each in read_facts([row.pk for row in rows], [one.pk], now)}
    for row in rows:
        known = found[row.pk]
        born, assessed = row.birth_date, row.risk_assessed_on
        age = born and today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        assert known["age"] == age
        valid = is_valid(assessed, None, today) and assessed <= today
        assert (known["assessment"] == "valid") == valid
        assert known["highest_risk"] == (max(1, int(row.risk_class[1])) if row.risk_class else None)


def test_allowed_products_are_those_that_the_decisions_allow():
    ruled(highest_c4=3)
    people = [investor(name, born=date(year, 3, 16)) for name in ("C0", "C3", "C4") for year in (1955, 1990)]
    people.append(member())
    for number in range(12):
        regime = (None, "FS", "BW", "PR")[number % 4]
        made = product(f"P{number}", risk=f"R{number % 5 + 1}", regime=regime)
        Product.objects.filter(pk=made.pk, code="P1").update(registration_code="")
    seen = set()
    for row in people:
        found = check_suitability(row.pk, NOW)
        assert allowed_products(row.pk, NOW) == [one.product_id for one in found if one.is_allowed]
        seen |= {one.outcome for one in found}
    assert seen == {"allow", "forbid"}


def test_the_facts_of_many_are_one_query(django_assert_num_queries):
    people, products = [investor().pk for _ in range(3)], [product(f"P{number}").pk for number in range(3)]
    with django_assert_num_queries(1):
        assert len(read_facts(people, products, NOW)) == 9
    assert len(read_facts(people, None, NOW)) == 9
    assert NOW.date() == TODAY
