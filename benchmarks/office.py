"""What the office's pages list: job runs, reveals, requests, imports with their rejects, saved views."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import F

from benchmarks import crowd
from crm.demo.loyalty.build import build_loyalty
from crm.directory.models import SavedView
from crm.imports.loading.load import import_file
from crm.imports.models import ImportRun
from crm.runtime.clock import day_of
from crm.runtime.models import JobRun, RunState
from crm.staff.models import Request, Reveal, Role, Staff
from members.lifecycle.models import PolicyTrial, Stage, TrialOutcome
from members.lifecycle.policy.change import KIND as POLICY
from members.lifecycle.policy.change import values_as_text
from members.lifecycle.policy.preview import Preview
from members.lifecycle.policy_versions import policy_at
from members.loyalty.models import Programme
from members.segments.change.save import Draft, create_segment
from members.segments.keeping.keep import keep
from members.segments.models import Kind, Segment

ROWS = 2_000


@transaction.atomic
def fill(staff: Mapping[str, Staff]) -> None:
    """Rows of two thousand minutes back from the crowd's now, once."""
    if JobRun.objects.filter(name="bench").exists():
        return
    at = [crowd.NOW - timedelta(minutes=number) for number in range(1, ROWS + 1)]
    Reveal.objects.bulk_create(
        Reveal(
            staff=staff[Role.CUSTOMER_SERVICE], member_id=1 + number, field="mobile", at=one,
            reason="to call back",
        )
        for number, one in enumerate(at)
    )  # fmt: skip
    Request.objects.bulk_create(
        Request(
            kind=POLICY, content_key=one.isoformat(), summary="Change the policy",
            diff={"idle_days": ["60", "61"]},
            proposal={"effective_from": one.isoformat(), "idle_days": "61"}, maker=staff[Role.OPERATIONS],
            reason="to try it", made_at=one, expires_at=one + timedelta(days=7),
        )
        for one in at[:200]
    )  # fmt: skip
    Request.objects.filter(kind=POLICY).update(
        state="rejected", checker=staff[Role.ADMINISTRATOR], decided_at=F("made_at"), opinion="not now"
    )
    SavedView.objects.bulk_create(
        SavedView(owner=person, name=f"View {number}", query={"stage": "growth"}, place=number)
        for person in staff.values()
        for number in range(3)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejects.csv"
        rows = "".join(f"R{number},王小明,1391\n" for number in range(300))
        path.write_text(f"member_id,name,mobile\n{rows}")
        import_file("members", path, source="bench", now=crowd.NOW, staff_id=staff[Role.ADMINISTRATOR].pk)
    ImportRun.objects.bulk_create(
        ImportRun(
            kind="members", filename=f"members-{number}.csv", started_at=one, finished_at=one, outcome="done",
            read=1000, added=1000, seconds=1, staff_id=staff[Role.ADMINISTRATOR].pk,
        )
        for number, one in enumerate(at[:200])
    )  # fmt: skip
    JobRun.objects.bulk_create(  # last: it tells that all is there
        JobRun(
            name="bench", state=RunState.SUCCEEDED, started_at=one, heartbeat_at=one, finished_at=one,
            done=1, total=1, worker="bench",
        )
        for one in at
    )  # fmt: skip


SEGMENTS = {
    "Growth": {"field": "stage", "op": "=", "value": "growth"},
    "Rich": {"field": "aum", "op": ">=", "value": 100_000},
    "Silent": {"field": "last_activity", "op": "more_than_ago", "value": {"days": 60}},
}


def segments(maker: Staff) -> list[int]:
    """Segments of very many members, kept; their ids."""
    for name, rule in SEGMENTS.items():
        if not Segment.objects.filter(name=name).exists():
            create_segment(Draft(name, Kind.RULE, rule), staff=maker, now=crowd.NOW)
    keep(now=crowd.NOW)
    return list(Segment.objects.filter(name__in=SEGMENTS).order_by("pk").values_list("pk", flat=True))


def loyalty(staff: Mapping[str, Staff]) -> None:
    """The demonstration's programme, lived through by these members, once."""
    if not Programme.objects.exists():
        build_loyalty(list(staff.values()), today=day_of(crowd.NOW), now=crowd.NOW)


def uploaded_list(maker: Staff) -> int:
    """A list of ids, empty."""
    found = Segment.objects.filter(name="Guests").first()
    made = found or create_segment(Draft("Guests", Kind.LIST), staff=maker, now=crowd.NOW)
    return made.pk


def tried(asker: Staff) -> int:
    """A trial of a policy that is done, with members on every way between two stages; its id."""
    policy = policy_at(crowd.NOW)
    ways = [(left, entered) for left in Stage.values for entered in Stage.values]
    samples = [
        {
            "member_id": 1 + 3 * number + place, "before": left, "sub_before": None, "after": entered,
            "sub_after": None, "aum": Decimal(1000),
        }
        for number, (left, entered) in enumerate(ways)
        for place in range(3)
        if left != entered
    ]  # fmt: skip
    managers = Staff.objects.filter(role=Role.RELATIONSHIP_MANAGER).values_list("pk", flat=True)
    preview = Preview(
        moves={((left, None), (entered, None)): (100, Decimal(100_000)) for left, entered in ways},
        warned=dict.fromkeys(managers, (3, 4)),
        moved=2000,
        samples=samples,
    )
    values = {
        "effective_from": crowd.NOW, "requested_by": asker, "requested_at": crowd.NOW,
        "started_at": crowd.NOW, "finished_at": crowd.NOW, "outcome": TrialOutcome.DONE,
        "result": preview.to_json(),
    }  # fmt: skip
    text = values_as_text(policy) | {"stalled_days": "9"}
    same = {"policy": policy, "base_version": policy.version, "values": text}
    return PolicyTrial.objects.get_or_create(**same, defaults=values)[0].pk
