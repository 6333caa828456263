"""A reader of each role, with a row of their own and one of somebody else's for every address."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory

from crm.directory.models import SavedView
from crm.insights.models import KpiTarget
from crm.runtime.models import JobRun
from crm.runtime.secrets.crypto import blind_index, encrypt
from crm.staff.models import Request, Reveal, Role, Staff, Team
from members.lifecycle.models import NewNormal, Policy, PolicyTrial
from members.lifecycle.policy.change import values_as_text
from members.loyalty.benefits.quota import use
from members.portfolio.models import Category
from members.profiles.consent.unsubscribe import unsubscribe_address
from members.profiles.models import Complaint, ContactChannel, Member, Signal
from members.segments.change.save import Draft, create_segment
from members.segments.models import Kind, Membership, Segment
from tests.campaigns.delivery.town import sent_to, version
from tests.campaigns.review.copy.access import copy_samples
from tests.campaigns.review.desk.town import finding_of, in_review
from tests.campaigns.review.rules.town import draft_of_rules
from tests.crm.cast import NOW, approved_policy, browser_of, member, move, staff_of
from tests.crm.imports.access import Imports
from tests.crm.staff.access_table import NOBODY, Address
from tests.members.loyalty.benefits.town import benefit, programme
from tests.members.loyalty.incentives.worlds import approved, badge_draft
from tests.members.loyalty.tiers.worlds import lowered, tier_preview
from tests.members.portfolio.suitability.world import product
from tests.members.profiles.questionnaires import paper
from tests.members.profiles.rights import access as access_rights

QUERIES = {
    "import-undo": "?run={run}",
    "loyalty-tier-changes": "?from={high_tier}&to={low_tier}",
    "import-fix-reason": "?field=channel&code=required",
    "complaint-answer": "?complaint=open",
    "complaint-close": "?complaint=open",
    "job-history": "?job=restage+members",
    "moves": "?month=2026-03&to=decline",
    "palette": "?q=欧阳",
    "points-rule": "?activity=transaction",
    "policy": "?trial=770003",
    "tier-rules": "?trial=880003",
    "view-save": "?stage=decline",
    "admin:autocomplete": "?app_label=portfolio&model_name=product&field_name=category",
}
CLOSED_COMPLAINT = "closed"
PASSWORD = "long enough for anybody 7"


class Somebody:
    """A member with a value of every kind that must not be seen in plain."""

    def __init__(self, name: str, number: str, manager: Staff) -> None:
        digits = number[-4:]
        self.name, self.masked, self.number = name, f"{name[0]}*", number
        self.secrets = {
            "mobile": f"1391234{digits}",
            "email": f"someone.{digits}@example.com",
            "id_number": f"31010119900307{digits}",
            "address": f"上海市浦东新区世纪大道{digits}号",
        }
        self.born = date(1990, 3, 7) + timedelta(days=int(digits))
        self.complaint = f"complaint-{digits}"
        row = member(name, manager=manager, number=number, stage="decline", warnings=3)
        sealed = {kind: encrypt(kind, value) for kind, value in self.secrets.items()}
        indexes = {
            f"{kind}_index": blind_index(kind, self.secrets[kind])
            for kind in ("mobile", "email", "id_number")
        }
        Member.objects.filter(pk=row.pk).update(**sealed, **indexes, birth_date=self.born)
        Signal.objects.create(
            member=row, id=number, at=NOW - timedelta(days=3), kind="complaint", detail=self.complaint
        )
        move(row, "growth", "decline", inputs={"rules": 1, "active_on": "2026-01-10"})
        self.id = row.pk

    def plain(self) -> list[str]:
        return [*self.secrets.values(), self.born.isoformat()]


def _complaints(member_id: int, reader: Staff) -> None:
    """One that can be answered and closed, and one that the reader has just closed."""
    given = {"member_id": member_id, "received_at": NOW - timedelta(days=2), "words": "slow"}
    Complaint.objects.create(id="open", **given)
    Complaint.objects.create(id=CLOSED_COMPLAINT, closed_at=NOW, resolution="done", closed_by=reader, **given)


class World:
    """One reader, a member of theirs, one of somebody else's, and a row for each address that wants one."""

    def __init__(self, role: str, folder: Path) -> None:
        self.home, away = Team.objects.create(name="Home"), Team.objects.create(name="Away")
        self.reader = staff_of(Role(role if role != NOBODY else Role.ANALYST), self.home, "zh-hans")
        self.reader.set_password(PASSWORD)
        self.reader.save(update_fields=["password"])
        self.colleague = staff_of(Role.RELATIONSHIP_MANAGER, self.home, "zh-hans")
        self.stranger = staff_of(Role.RELATIONSHIP_MANAGER, away, "zh-hans")
        keeps = role == Role.RELATIONSHIP_MANAGER
        self.mine = Somebody("欧阳若溪", "BANK-770001", self.reader if keeps else self.colleague)
        self.theirs = Somebody("司徒云帆", "BANK-880002", self.stranger)
        for one in (self.mine, self.theirs):
            _complaints(one.id, self.reader)
            NewNormal.objects.create(
                member_id=one.id,
                at=NOW - timedelta(days=4),
                reason="flat",
                recorded_by=self.stranger,
                aum=1,
                peak_aum=2,
            )
            Reveal.objects.create(
                staff=self.reader, member_id=one.id, field="mobile", reason="call back", at=NOW
            )
        JobRun.objects.create(name="restage members", started_at=NOW, heartbeat_at=NOW, worker="w")
        PolicyTrial.objects.create(**_trial(self.stranger, self.mine.id, self.theirs.id))
        tier_preview(programme(), self.stranger, self.mine.id, self.theirs.id)
        self.imports = Imports(folder)
        self.review = in_review(staff_of(Role.OPERATIONS))
        access_rights.consent_text()
        low, high = lowered(programme(), self.mine.id, self.theirs.id)
        self.in_queries = {"run": self.imports.undoable.pk, "low_tier": low.pk, "high_tier": high.pk}
        self.samples, self.samples_of = self._samples(away), self._samples_of()
        self.factory = RequestFactory()
        if role != NOBODY:
            browser_of(self.reader)  # signed in elsewhere too
            self.factory.cookies = browser_of(self.reader).cookies
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def _samples(self, away: Team) -> dict[str, tuple[Any, Any]]:
        """(what is the reader's own, what is somebody else's) by its name in a route; None: there is none."""
        category = Category.objects.create(code="cash", name="Cash")
        return {
            "member_id": (self.mine.id, self.theirs.id),
            "staff_id": (self.colleague.pk, self.stranger.pk),
            "team_id": (self.home.pk, away.pk),
            "view_id": self._both(_view),
            "product_id": (product("P1", risk="R1").pk, None),
            "message_id": _messages(self.mine.id, self.theirs.id),
            "rights_id": access_rights.open_requests(self.mine.id, self.theirs.id),
            "suppression_id": (access_rights.suppression(), None),
            "benefit_id": (_used_benefit(self.mine.id, self.theirs.id), None),
            "segment_id": (_segment(self.mine.id, self.theirs.id), None),
            "request_id": self._both(_request),
            "run_id": (self.imports.run.pk, None),
            "reject_id": (self.imports.reject_id, None),
            "fix_id": (self.imports.fix_id, None),
            "kind_name": ("channels", None),
            "upload_id": (self.imports.upload.pk, None),
            "code": ("cost_per_registration", None),
            "part": ("denominator", None),
            "target_id": self._both(_target),
            "number": (1, None),
            "version": (approved_policy(2, effective_from=NOW + timedelta(days=1)).pk, None),
            "step": (1, None),
            "version_id": (self.review.pk, None),
            "finding_id": (finding_of(self.review, "warn").pk, None),
            "pack": (draft_of_rules(self.stranger), None),
            "category": ("guarantee", None),
            "uidb64": ("MQ", None),
            "token": ("no-token", None),
            "object_id": (category.pk, None),
            "content_type_id": (ContentType.objects.get_for_model(Category).pk, None),
        }

    def _samples_of(self) -> dict[str, dict[str, tuple[Any, Any]]]:
        """Where an address wants another row than the others with the same name in their route."""
        return {
            "kpi-members": {"code": ("aum_per_client", None)},
            "questionnaire-answer": {"token": (paper.link_for(self.mine.id), None)},
            "unsubscribe": {
                "token": (unsubscribe_address(self.mine.id, ContactChannel.EMAIL).split("/")[-2], None)
            },
            "rights-sealed": {"member_id": (access_rights.erased(), None)},
            "view-restore": {"view_id": self._both(_deleted_view)},
            "wording-rule": {"code": ("W19.insider", None)},
            "incentive": {"code": (_badge(), None)},
            "incentive-change": {"code": ("badge", None)},
            "segment-restore": {"segment_id": (_deleted_segment(self.stranger), None)},
            "review-except": {"finding_id": (finding_of(self.review, "block").pk, None)},
            "import-cancel": {"run_id": (self.imports.waiting.pk, None)},
            "import-again": {"run_id": (self.imports.failed.pk, None)},
            **copy_samples(),
        }

    def _both(self, make: Any) -> tuple[int, int]:
        """The reader's own row, made after the stranger's."""
        theirs = make(self.stranger)
        return make(self.reader), theirs

    def paths(self, address: Address) -> list[tuple[str, bool]]:
        """Each path to try, and whether it leads to something of somebody else."""
        samples = self.samples | self.samples_of.get(address.name, {})
        pairs = [samples[name] for name in address.varies]
        found = []
        if all(own is not None for own, _ in pairs):
            found.append(({name: samples[name][0] for name in address.varies}, False))
        if any(other is not None for _, other in pairs):
            values = {name: samples[name][1] or samples[name][0] for name in address.varies}
            found.append((values, True))
        query = QUERIES.get(address.name, "").format_map(self.in_queries)
        return [(address.path(values) + query, other) for values, other in found]


def _messages(*member_ids: int) -> tuple[int, ...]:
    """A service message for each of these members, who have open complaints."""
    what, people = version(purpose="service"), Member.objects.in_bulk(member_ids)
    return tuple(sent_to(people[member_id], what).id for member_id in member_ids)


def _used_benefit(*member_ids: int) -> int:
    """A benefit that these members used today."""
    made = benefit()
    for member_id in member_ids:
        use.record(member_id=member_id, benefit_id=made.pk, key="one", source="app", now=NOW)
    return made.pk


def _badge() -> str:
    """A badge that a second person approved."""
    return approved(badge_draft({"did": "login"})).incentive.code


def _segment(*member_ids: int) -> int:
    """An uploaded list of these members."""
    made = create_segment(Draft("Guests", Kind.LIST), staff=staff_of(Role.OPERATIONS), now=NOW)
    Membership.objects.bulk_create(
        Membership(member_id=member_id, segment=made, joined_at=NOW) for member_id in member_ids
    )
    return made.pk


def _deleted_segment(staff: Staff) -> int:
    made = create_segment(Draft("Gone", Kind.LIST), staff=staff_of(Role.OPERATIONS), now=NOW)
    Segment.objects.filter(pk=made.pk).update(deleted_at=NOW, deleted_by=staff)
    return made.pk


def _view(owner: Staff) -> int:
    for place, name in enumerate(("First", "Second"), 1):
        view = SavedView.objects.create(owner=owner, name=name, query={}, place=place)
    return view.pk


def _deleted_view(owner: Staff) -> int:
    return SavedView.objects.create(owner=owner, name="Gone", query={}, deleted_at=NOW).pk


def _request(maker: Staff) -> int:
    return Request.objects.create(
        kind="lifecycle.policy", content_key=str(maker.pk), summary="Idle", reason="earlier", maker=maker,
        proposal={"values": {}, "effective_from": NOW.isoformat()}, made_at=NOW,
        expires_at=NOW + timedelta(days=7),
    ).pk  # fmt: skip


def _target(staff: Staff) -> int:
    return KpiTarget.objects.create(
        kpi="cost_per_registration", effective_from=NOW, set_by=staff, set_at=NOW, reason="plan"
    ).pk


def _trial(asker: Staff, *member_ids: int) -> dict[str, Any]:
    """A trial that is done, with these members as examples."""
    policy = Policy.objects.get(version=1)
    stages = {"before": "growth", "sub_before": None, "after": "decline", "sub_after": "at_risk"}
    samples = [{"member_id": member_id, "aum": "1000", **stages} for member_id in member_ids]
    result = {
        "moves": [["growth", None, "decline", "at_risk", 2, "2000"]],
        "moved": 2,
        "samples": samples,
        "warned": [[asker.pk, 0, 2]],
    }
    values = values_as_text(policy) | {"idle_days": "30"}
    return {
        "id": 770003, "policy": policy, "values": values, "effective_from": NOW, "requested_by": asker,
        "requested_at": NOW, "started_at": NOW, "finished_at": NOW, "outcome": "done",
        "done": 2, "total": 2, "result": result,
    }  # fmt: skip
