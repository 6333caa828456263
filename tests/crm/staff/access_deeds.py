"""What a POST to each address is sent with, so that it does something, and where that shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.imports.fixing import bulk_fix
from crm.staff.models import Role
from members.lifecycle.models import Policy
from members.lifecycle.pages.forms import PolicyForm
from members.loyalty.models import Benefit, BenefitUse, Tier, TierPolicy
from members.loyalty.tiers.pages.forms import RulesForm
from members.profiles.book import assign, books_version
from members.profiles.permissions import ASSIGN_MEMBERS
from tests.campaigns.review.copy.access import COPY_DEEDS
from tests.campaigns.review.desk.deeds import REVIEW_DEEDS
from tests.crm.cast import NOW, staff_of
from tests.crm.staff.access_world import CLOSED_COMPLAINT, PASSWORD, World
from tests.members.loyalty.benefits.town import VALUES, benefit
from tests.members.portfolio.suitability.deeds import SUITABILITY_DEEDS
from tests.members.profiles.questionnaires import paper
from tests.members.profiles.rights.access import RIGHTS

REASON = "because it is tested"
TOMORROW = (NOW.date() + timedelta(days=1)).isoformat()
NEW_PASSWORD = "another one, long enough 8"
COLUMNS = {"column-0": "channel", "column-1": "name"}
Form = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """`form` of a world, and of whether the row is somebody else's; `writes`: the table in which it shows."""

    writes: str
    form: Callable[[World, bool], Form]


def _always(writes: str, **form: str) -> Deed:
    return Deed(writes, lambda world, is_others: form)


def _file(world: World, is_others: bool) -> Form:
    return {"kind": "channels", "file": SimpleUploadedFile("c.csv", b"channel,name\nweb,Web\n"), "whole": "1"}


def _fixed(world: World, is_others: bool) -> Form:
    rows = f"reject,channel,name\n{world.imports.reject_id},web,Web\n".encode()
    return {"file": SimpleUploadedFile("fixed.csv", rows), "whole": "1"}


def _listed(world: World, is_others: bool) -> Form:
    ids = SimpleUploadedFile("ids.csv", f"id\n#{world.mine.id}\n".encode())
    return {"how": "remove", "by": "number", "file": ids}


def _badge_form(code: str) -> dict[str, str]:
    """A proposal of a badge."""
    return {
        "code": code,
        "name": "Learner",
        "from_stage": "activation",
        "to_stage": "growth",
        "effect_days": "60",
        "period": "once",
        "points": "0",
        "is_active": "on",
        "reason": REASON,
        "rule": '{"did": "login"}',
        "effective_on": TOMORROW,
        "propose": "1",
    }


def _policy(world: World, is_others: bool) -> Form:
    """As the form begins, with one value changed."""
    today = NOW.date()
    form = PolicyForm(Policy.objects.get(version=1), today)
    values = {name: str(form[name].value()) for name in form.fields}
    return values | {"idle_days": "45", "effective_on": (today + timedelta(days=3)).isoformat()}


def _decision(world: World, is_others: bool) -> Form:
    """One's own request is taken back; those of others are decided."""
    return {"choice": "reject", "opinion": REASON} if is_others else {"choice": "withdraw"}


def _bulk_fix(world: World, is_others: bool) -> Form:
    (group,), _more = bulk_fix.list_values(world.imports.run, "channel", "required")
    return {"do": "apply", f"new-{group.key}": "web"}


def _assignment(world: World, is_others: bool) -> Form:
    """A member of the team comes to another of its managers."""
    other = staff_of(Role.RELATIONSHIP_MANAGER, world.home)
    version = books_version([world.mine.id])
    return {
        "members": world.mine.id, "manager": other.pk, "note": REASON, "version": version, "step": "assign",
    }  # fmt: skip


def _undone_assignment(world: World, is_others: bool) -> Form:
    """What the reader has just assigned, where they may."""
    other = staff_of(Role.RELATIONSHIP_MANAGER, world.home)
    if world.reader.role in ASSIGN_MEMBERS.roles:
        assign(member_ids=[world.mine.id], staff=other, reason=REASON, now=NOW, by=world.reader)
    return {"manager": other.pk, "at": NOW.isoformat(), "count": 1}


def _tier_rules(world: World, is_others: bool) -> Form:
    """As the form begins, with one value changed."""
    today = NOW.date()
    tiers = list(Tier.objects.filter(programme__is_main=True).order_by("rank"))
    form = RulesForm(TierPolicy.objects.get(), tiers, today)
    values = {name: "" if form[name].value() is None else str(form[name].value()) for name in form.fields}
    return values | {"grace_days": "45", "effective_on": (today + timedelta(days=3)).isoformat()}


def _tier_override(world: World, is_others: bool) -> Form:
    ends_on = (NOW.date() + timedelta(days=31)).isoformat()
    tier = Tier.objects.get(rank=1).pk
    return {"tier": tier, "starts_on": TOMORROW, "ends_on": ends_on, "reason": REASON}


def _benefit_form(world: World, is_others: bool) -> Form:
    """A draft of what a member may use once, or of another version of what there is."""
    quotas = {f"quota_{tier.pk}": "1" for tier in Tier.objects.filter(programme__is_main=True)}
    values = {name: value for name, value in VALUES.items() if value not in (None, False)}
    given = {"code": "gym", "effective_from": TOMORROW, "reason": REASON, "cost": "90.00", "preview": "1"}
    return values | given | quotas


def _benefit_use(world: World, is_others: bool) -> Form:
    return {"benefit": world.samples["benefit_id"][0], "key": "0" * 32}


def _undone_use(world: World, is_others: bool) -> Form:
    who = world.theirs if is_others else world.mine
    return {"use": BenefitUse.objects.get(member_id=who.id).pk}


def _dear_benefit(world: World, is_others: bool) -> Form:
    """One whose use a second person approves."""
    dear = Benefit.objects.filter(code="suite").first() or benefit("suite", approval_above="100.00")
    return {"benefit": dear.pk, "reason": REASON}


EARN_RULE = {
    "code": "buys", "name": "买入积分", "state": "on", "where_kind": "buy", "points": "2", "per": "amount",
    "unit": "100", "expiry": "rolling", "expiry_months": "24", "effective_on": TOMORROW, "reason": REASON,
    "propose": "1",
}  # fmt: skip
REWARD = {
    "code": "mug", "name": "马克杯", "state": "on", "points": "500", "cost": "12.5", "value": "20",
    "effective_on": TOMORROW, "reason": REASON,
}  # fmt: skip
NEW_RULE = {
    "code": "X02", "category": "guarantee", "severity": "block", "why_zh": "不用", "why_en": "not used",
    "mend_zh": "删去", "mend_en": "remove", "patterns": "压舱石", "negated": "on",
}  # fmt: skip
ONE_BASIS = {
    "basis-TOTAL_FORMS": "1", "basis-INITIAL_FORMS": "0", "basis-MIN_NUM_FORMS": "0",
    "basis-MAX_NUM_FORMS": "20", "basis-0-law": "《广告法》", "basis-0-article": "25", "basis-0-grade": "A",
    "basis-0-status": "in_force",
}  # fmt: skip
# An address that writes nothing is told from one that refuses by its status alone.
NOTHING = ""
# Everybody with assets, as the form of the rule builder sends it.
RULE = {"r.kind": "all", "r.0.is": "field:aum", "r.0.op": ">=", "r.0.value": "0"}
DEEDS: dict[str, Deed] = {
    **{name: Deed(*deed) for name, deed in REVIEW_DEEDS.items()},
    "wording-rules": _always(NOTHING, pack="cn", text="稳赚不赔"),
    "wording-rule-new": _always("review_packdraft", **NEW_RULE, revision="1", do="save"),
    "wording-rule": _always("review_packdraft", revision="1", do="remove"),
    "wording-basis": _always("review_packdraft", **ONE_BASIS, revision="1"),
    "wording-draft": _always("review_packdraft", revision="1", do="discard"),
    "members-export": _always("staff_export", purpose=REASON),
    "import-rejects-csv": _always("staff_export"),
    "reveals-export": _always("staff_export"),
    "member-search": _always(NOTHING, q="#1"),
    "palette": _always(NOTHING, q="a"),
    "builder-filter": _always(NOTHING, **RULE, do="update"),
    "builder-step": _always(NOTHING, **RULE, do="add:r"),
    "builder-preview": _always(NOTHING, **RULE),
    "retry-failed-members": _always(NOTHING),
    "assign-members": Deed("profiles_book", _assignment),
    "assign-undo": Deed("profiles_book", _undone_assignment),
    "show-sources": _always("staff_staff", shown="1"),
    "columns": _always("directory_savedview", column="aum"),
    "view-save": _always("directory_savedview", name="Fading"),
    "view-begin": Deed("directory_savedview", lambda world, _: {"view": world.samples["view_id"][0]}),
    "view-rename": _always("directory_savedview", name="Renamed"),
    "view-move": _always("directory_savedview", to="up"),
    "view-delete": _always("directory_savedview"),
    "view-restore": _always("directory_savedview"),
    "reveal": _always("staff_reveal", field="mobile", reason=REASON),
    "new-normal": _always("lifecycle_newnormal", preset="home", words=""),
    "new-normals-seen": _always("directory_seennewnormal"),
    "assessment-request": _always("profiles_questionnairelink"),
    "assessment-withdraw": Deed("profiles_assessmentwithdrawal", lambda world, _: paper.withdrawal_form()),
    "questionnaire-answer": Deed("profiles_attempt", lambda world, _: paper.form()),
    "questionnaire-change": Deed("staff_request", lambda world, _: paper.proposal_form()),
    "complaint-new": _always(
        "profiles_complaint", words="too slow", received_on=NOW.date().isoformat(), key="0" * 32
    ),
    "complaint-answer": _always("profiles_complaint", words="it is under way"),
    "complaint-close": _always("profiles_complaint", words="paid"),
    "complaint-reopen": _always("profiles_complaint", complaint=CLOSED_COMPLAINT, closed_at=NOW.isoformat()),
    "kpi-target": _always("insights_kpitarget", value="9", effective_from="2026-03-20", reason=REASON),
    "kpi-target-undo": _always("insights_kpitarget"),
    "incentive-new": _always("staff_request", **_badge_form("learner")),
    "incentive-change": _always("staff_request", **_badge_form("badge")),
    "segment-new": _always(
        "segments_segment", name="Rich", rule='{"field": "aum", "op": ">=", "value": 1}'
    ),
    "segment-edit": _always("segments_version", name="Renamed", version="1"),
    "segment-upload": Deed("segments_membership", _listed),
    "segment-export": _always("staff_export", purpose=REASON),
    "segment-delete": _always("segments_segment"),
    "segment-restore": _always("segments_segment"),
    "policy": Deed("lifecycle_policytrial", _policy),
    "tier-rules": Deed("loyalty_tiertrial", _tier_rules),
    "tier-override": Deed("staff_request", _tier_override),
    "benefit-new": Deed("loyalty_benefittrial", _benefit_form),
    "benefit-change": Deed("loyalty_benefittrial", _benefit_form),
    "benefit-reconcile-export": _always("staff_export", purpose=REASON),
    "benefit-desk": _always(NOTHING, q="#1"),
    "gate-ask": _always(NOTHING, q="#1"),
    "benefit-record": Deed("loyalty_benefituse", _benefit_use),
    "benefit-undo": Deed("loyalty_benefituse", _undone_use),
    "benefit-request": Deed("staff_request", _dear_benefit),
    **{name: Deed(*deed) for name, deed in SUITABILITY_DEEDS.items()},
    "points-rule": _always("staff_request", **EARN_RULE),
    "points-budget": _always("staff_request", points="5000", effective_on=TOMORROW, reason=REASON),
    "points-reward": _always("staff_request", **REWARD),
    "points-adjust": _always("staff_request", points="40", reason=REASON),
    "policy-withdraw": _always("staff_request", reason=REASON),
    "request-decide": Deed("staff_request", _decision),
    "import-new": Deed("imports_upload", _file),
    "import-upload": _always("imports_importrun", **COLUMNS, do="import"),
    "import-cancel": _always("imports_importrun"),
    "import-again": _always("imports_importrun"),
    "import-rejects": Deed(
        "imports_reject",
        lambda world, _: {"do": "discard", "row": world.imports.reject_id, "reason": REASON},
    ),
    "import-rejects-file": Deed("imports_upload", _fixed),
    "import-undo": _always("staff_request", reason=REASON),
    "import-fix-reason": Deed("imports_bulkfix", _bulk_fix),
    "import-fix-undo": _always("imports_bulkfix"),
    "import-fix": _always("profiles_channel", **{"c-channel": "web", "c-name": "网站"}),
    "staff-add": Deed(
        "staff_accountchange",
        lambda world, _: {
            "username": "li.na", "display_name": "Li Na", "role": Role.ANALYST, "team": world.home.pk,
            "language": "en", "reason": REASON,
        },
    ),
    "staff-change": _always("staff_accountchange", what="link", reason=REASON),
    "teams": _always("staff_team", name="Third", reason=REASON),
    "team": _always("staff_team", name="Renamed", reason=REASON),
    "account-sessions": _always("staff_session", others="1"),
    "password-change": _always(
        "staff_staff", old_password=PASSWORD, new_password1=NEW_PASSWORD, new_password2=NEW_PASSWORD
    ),
    "sign-out": _always("staff_session"), "sign-in": Deed(
        NOTHING, lambda world, _: {"username": world.reader.username, "password": PASSWORD}
    ),
    "set-password": _always(NOTHING),
    "choose-theme": _always(NOTHING, theme="dark"), "choose-rising": _always(NOTHING, rising="red"),
    "choose-language": _always(NOTHING, language="en"),
    "gallery-notice": _always(NOTHING), **{name: Deed(*deed) for name, deed in (RIGHTS | COPY_DEEDS).items()},
}  # fmt: skip
