"""The settings of benefits: a draft is previewed, proposed on that basis, and approved by somebody else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.runtime.models import QueueItem
from crm.runtime.queue.claim import claim_item
from crm.staff.models import Request, Role
from members.loyalty.benefits.settings import change, trial
from members.loyalty.benefits.settings.preview import Load, Preview
from members.loyalty.models import BenefitTrial, BenefitVersion, TierStanding
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.loyalty.benefits.town import VALUES, approve, benefit, family, programme, used

pytestmark = pytest.mark.django_db
NEW = "/loyalty/benefits/new/"


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def operations():
    return browser_of(staff_of(Role.OPERATIONS))


def form(quotas, **changed):
    """What the page's form sends, with the quotas by the code of the tier."""
    tiers = {tier.code: tier.pk for tier in programme().tiers.all()}
    sent = {name: value for name, value in VALUES.items() if value not in (None, False)}
    given = {"code": "lounge", "effective_from": "2026-03-16", "reason": "as agreed", "preview": "1"}
    return sent | given | {f"quota_{tiers[code]}": quota for code, quota in quotas.items()} | changed


def standing(who, code):
    tier = programme().tiers.get(code=code)
    TierStanding.objects.create(
        member=who, programme=programme(), tier=tier, earned=tier, since=NOW, policy_version=1,
        evaluated_on="2026-03-16", metrics={},
    )  # fmt: skip


def test_a_benefit_is_previewed_proposed_and_approved(operations, django_assert_max_num_queries):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    for code in ("gold", "gold", "diamond"):
        standing(member(manager=manager), code)
    answer = operations.post(NEW, form({"gold": 2, "diamond": 4}, manager_hours="0.50"))
    found = BenefitTrial.objects.get()
    assert answer["Location"] == f"{NEW}?trial={found.pk}#trial"
    with django_assert_max_num_queries(10):
        page = markup(operations.get(f"{NEW}?trial={found.pk}"))
    # 2 × 2 × 12 + 1 × 4 × 12 = 96 uses of ¥180, half an hour each
    assert "Maximum yearly cost: ¥0 → ¥17,280" in page
    assert "48.00" in page
    sent = form({"gold": 2, "diamond": 4}, manager_hours="0.50", trial=found.pk)
    del sent["preview"]
    operations.post(NEW, sent | {"propose": "1"})
    asked = Request.objects.get(kind="loyalty.benefit")
    page = markup(operations.get("/loyalty/benefits/"))
    assert "New benefit: Airport lounge" in page
    assert not BenefitVersion.objects.exists()
    approve(asked)
    with django_assert_max_num_queries(10):
        page = markup(operations.get("/loyalty/benefits/"))
    assert "Airport lounge</a>" in page
    address = f"/loyalty/benefits/{BenefitVersion.objects.get().benefit_id}/"
    with django_assert_max_num_queries(10):
        assert operations.get(address).status_code == 200


def test_without_a_preview_of_these_very_values_nothing_is_proposed(operations):
    operations.post(NEW, form({"gold": 2}))
    seen = BenefitTrial.objects.get()
    answer = operations.post(NEW, form({"gold": 3}, trial=seen.pk, propose="1"))
    assert answer.status_code == 422
    assert "Preview the impact of these exact values first." in markup(answer)
    assert not Request.objects.exists()


def test_a_gift_for_buying_is_refused_with_its_basis(operations):
    answer = operations.post(NEW, form({"gold": 2}, name="首次申购送京东卡"))
    assert answer.status_code == 422
    assert "CSRC Order No. 175 art. 24" in markup(answer)
    assert not BenefitTrial.objects.exists()


def test_a_gift_is_flagged_for_whoever_approves(operations):
    operations.post(NEW, form({"gold": 2}, kind="gift"))
    found = BenefitTrial.objects.get()
    assert "This benefit is a gift." in markup(operations.get(f"{NEW}?trial={found.pk}"))


def test_who_may_not_change_may_look():
    compliance = browser_of(staff_of(Role.COMPLIANCE))
    what = benefit()
    assert compliance.get(f"/loyalty/benefits/{what.pk}/").status_code == 200
    assert compliance.post(f"/loyalty/benefits/{what.pk}/", form({"gold": 1})).status_code == 403


def test_of_a_household_one_quota_is_counted_and_of_last_year_what_was_used():
    wife, husband, single = member("王一"), member("王二"), member("李三")
    what = benefit(quotas={"basic": 2}, now=NOW - timedelta(days=20))
    for who in (wife, husband, single):
        standing(who, "basic")
    family(wife, husband)
    used(wife, what, "one", at=NOW - timedelta(days=3))
    made = change.draft(
        programme=programme(),
        code="lounge",
        values=change.version_values(VALUES | {"is_shared": True, "cost": "200.00"}),
        quotas={"basic": 2},
        effective_from=NOW.date(),
        now=NOW,
        is_new=False,
    )
    row = trial.request_trial(made, staff=staff_of(Role.OPERATIONS), now=NOW)
    assert trial.request_trial(made, staff=staff_of(Role.OPERATIONS), now=NOW).pk == row.pk
    assert trial.run_if_few_members(row, NOW)
    found = Preview.from_json(row.result)
    assert found.tiers["basic"] == (
        Load(3, 72, Decimal("12960.00")), Load(2, 48, Decimal("9600.00")), 1
    )  # fmt: skip
    assert found.used_cost == (Decimal("180.00"), Decimal("200.00"))
    assert not QueueItem.objects.filter(kind=trial.KIND).exists()


@pytest.mark.django_db(transaction=True)
def test_a_preview_of_many_members_waits_for_a_worker(operations, monkeypatch):
    standing(member(), "gold")
    monkeypatch.setattr(trial, "FEW_MEMBERS", 0)
    operations.post(NEW, form({"gold": 2}))
    row = BenefitTrial.objects.get()
    assert "Queued" in markup(operations.get(f"{NEW}?trial={row.pk}"))
    trial.run_trials([claim_item(row.item_id)], NOW)
    row.refresh_from_db()
    assert row.result["members"] == 1
