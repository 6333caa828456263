"""Build the demonstration: simulate a world, import it, hire staff, hand out books, stage everybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from crm.demo.books import hand_out
from crm.demo.consent.build import build_consent
from crm.demo.copy.build import create_copy
from crm.demo.delivery.send_messages import send_messages
from crm.demo.extras import load_extras
from crm.demo.loyalty.build import build_loyalty
from crm.demo.models import DemoWorld
from crm.demo.owner import NotOurs, analyze, empty
from crm.demo.questionnaires.build import build_questionnaires
from crm.demo.segments import create_segments
from crm.demo.staff import hire
from crm.demo.suitability.build import build_suitability
from crm.demo.targets import set_targets
from crm.demo.world.rows import KINDS
from crm.demo.world.simulate import SEED, simulate
from crm.imports.loading.load import import_file
from crm.imports.models import COUNTS
from crm.insights.kpis.compute import refresh
from crm.runtime.models import JobRun, RunState
from crm.staff.models import Staff
from members.lifecycle.recording.restage import restage
from members.profiles.models import Member

SOURCE = "demo"
MEMBERS = 5_000
STAGED_AT_ONCE = 500  # so that there is something to report
Say = Callable[[str], None]


class WorldDiffers(RuntimeError):
    """Another world than the one asked for is there already; only a reset replaces it."""


class BadFile(RuntimeError):
    """The simulator wrote a row that the import rejects: a mistake in either of them."""


def build(
    folder: Path,
    *,
    now: datetime,
    today: date,
    members: int | None = None,
    wanted_today: date | None = None,
    reset: bool = False,
    say: Say,
) -> bool:
    """Build the world of `members` people (None: as it is, or MEMBERS) as of `today`, with files in `folder`.

    `wanted_today` is the day somebody insists on, if any. Returns False where the world was there
    already. An unfinished world is begun anew. Raises WorldDiffers, NotOurs, BadFile.
    """
    there = DemoWorld.objects.first()
    if there is None and Member.objects.exists():
        raise NotOurs("This database has members of its own. The demonstration needs an empty database.")
    if there is not None and there.finished_at and not reset:
        _compare(there, members, wanted_today)
        return False
    if there is not None:
        say("Emptying the database" if reset else "The last build was interrupted, starting clean")
        empty()
        there.delete()
    world = DemoWorld.objects.create(members=members or MEMBERS, today=today, seed=SEED, started_at=now)
    _fill(folder, world, now, say)
    world.finished_at = now
    world.save(update_fields=["finished_at"])
    return True


def _compare(there: DemoWorld, members: int | None, wanted_today: date | None) -> None:
    if members not in (None, there.members) or wanted_today not in (None, there.today):
        raise WorldDiffers(
            f"A world of {there.members:,} members as of {there.today} already exists."
            " Replace it with --reset."
        )


def _fill(folder: Path, world: DemoWorld, now: datetime, say: Say) -> None:
    """Every step of a build, each in words."""
    say(f"Simulating {world.members:,} members over three years until {world.today}")
    simulate(folder, members=world.members, today=world.today, seed=world.seed)
    staff = hire()  # before complaints, which have owners
    for kind in KINDS:
        result = import_file(
            kind, folder / f"{kind}.csv", source=SOURCE, now=now, dry_run=False, progress=None
        )
        counts = {name: getattr(result, name) for name in COUNTS}
        _note(f"import {kind}", now, result.seconds, result.read, counts)
        if result.rejected:
            raise BadFile(f"{kind}: {result.rejected} rows rejected, the first: {result.rejects[0]}")
        say(f"Imported {result.added:,} {kind.replace('_', ' ')}")
        if kind == "members":  # what follows is matched to them; unknown sizes make that very slow
            analyze()
    extras = load_extras(folder, source=SOURCE)
    say(f"Grouped {extras['households']:,} members into households")
    say(f"Saved {extras['preferences']:,} investment preferences")
    assigned = hand_out(staff, source=SOURCE, now=now)
    say(f"Created {len(staff)} staff accounts and assigned {assigned:,} members to relationship managers")
    consents = build_consent(staff, today=world.today, now=now)
    say(f"Recorded {consents['consents']:,} consents and {consents['contacts']:,} contacts")
    asked = build_questionnaires(staff, seed=world.seed, today=world.today, now=now)
    say(f"Took {asked['attempts']} risk questionnaires and announced {asked['announced']} that end soon")
    analyze()
    say("Evaluating the stages of all members, day by day")
    begun = time.monotonic()
    staged = restage(
        now=now,
        history=True,
        batch=STAGED_AT_ONCE,
        progress=lambda members: say(f"{members:,} evaluations done"),
    )
    detail = {"transitions": staged.transitions, "batches": staged.batches}
    _note("restage members", now, time.monotonic() - begun, staged.members, detail)
    found = build_suitability(staff, today=world.today, now=now)
    say(
        f"Agreed on {found['ratings']} product ratings, verified {found['statuses']} investors and checked"
        f" {found['purchases']} purchases"
    )
    loyalty = build_loyalty(staff, today=world.today, now=now)
    say(
        f"Lived two years of the loyalty programme: {loyalty['entries']:,} points entries,"
        f" {loyalty['uses']:,} uses of benefits"
    )
    say(f"Created {create_segments(staff, now=now)} segments")
    _write_to_members(staff, now, say)
    say(f"Set {set_targets(today=world.today, now=now)} targets")
    say(f"Computed the KPIs of {refresh(now=now)} months")


def _write_to_members(staff: list[Staff], now: datetime, say: Say) -> None:
    """Copy with its reviews, and messages with it."""
    pieces, versions = create_copy(staff, now=now)
    say(f"Wrote {pieces} pieces of copy in {versions} versions and had them reviewed")
    sent = send_messages(now=now)
    say(f"Sent {sent['sent']:,} messages that the gate allowed")


def _note(name: str, now: datetime, seconds: float, done: int, detail: Mapping[str, int]) -> None:
    """Leave the run that a command would have left."""
    ended = now + timedelta(seconds=seconds)
    JobRun.objects.create(
        name=name,
        state=RunState.SUCCEEDED,
        started_at=now,
        heartbeat_at=ended,
        finished_at=ended,
        done=done,
        total=done,
        detail=detail,
        worker="demo",
    )
