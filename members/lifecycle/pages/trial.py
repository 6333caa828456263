"""A trial of a policy as one person may see it: its progress, then who would move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.staff.models import Role, Staff
from crm.web import charts
from crm.web.components import Progress
from crm.web.ids import id_or_none
from crm.web.jobs.liveness import liveness
from members.lifecycle.models import Policy, PolicyTrial, Stage, SubState
from members.lifecycle.policy.change import is_valid, values_as_text
from members.lifecycle.policy.effects import Effect, list_effects
from members.lifecycle.policy.preview import Place, Preview
from members.lifecycle.sentences.policy import stored_differences, trial_progress
from members.profiles.member_view import MemberView, member_views
from members.profiles.visibility import sees_everybody

MOST_BOOKS = 12  # shown, those that change most
Cell = tuple[int, Decimal, int, bool]  # members, their AUM, shade, same stage


@dataclass(frozen=True)
class ShownTrial:
    """A trial for one reader.

    `changes` are what it would change (name, before, after); `progress` is there while it is open. Once done:
    `table` has a row for each of `places` with a cell for each, `warned` how many members carry a warning now
    and then, in all and by book as far as the reader sees books, `effects` the key figures that follow,
    `samples` the members this reader may see, `unseen` the number of those they may not; `can_be_proposed`
    says so.
    """

    trial: PolicyTrial
    changes: Sequence[tuple[str | Promise, str, str]]
    can_be_proposed: bool = False
    progress: Progress | None = None
    preview: Preview | None = None
    places: list[Place] = field(default_factory=list)
    table: list[tuple[Place, list[Cell]]] = field(default_factory=list)
    warned: list[tuple[str | Promise, int, int]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    samples: list[tuple[MemberView, dict[str, Any]]] = field(default_factory=list)
    unseen: int = 0


def trial_address(trial: PolicyTrial) -> str:
    """The address of the page that shows a trial."""
    return f"{reverse('policy')}?trial={trial.pk}"


def get_trial_or_404(trial_id: str) -> PolicyTrial:
    """The trial with this id, as it stands in an address. Raises Http404."""
    trials = PolicyTrial.objects.select_related("policy", "requested_by", "item")
    found = trials.filter(pk=id_or_none(trial_id) or 0).first()
    if found is None:
        raise Http404
    return found


def shown_trial(
    trial: PolicyTrial, staff: Staff, *, current: Policy, base: Policy, now: datetime
) -> ShownTrial:
    """The trial for this reader, its changes against the base of its draft; `base` is what one builds on now.

    Four queries at most and those of the published effects: for that base, the members shown or the state of
    workers, the books that the reader sees and their managers.
    """
    before = values_as_text(base if base.version == trial.base_version else _base_of(trial))
    diff = {name: [before[name], then] for name, then in trial.values.items() if before[name] != then}
    changes = stored_differences(diff)
    if trial.is_open:
        return ShownTrial(trial, changes, progress=_progress(trial))
    if trial.result is None:
        return ShownTrial(trial, changes)
    preview = Preview.from_json(trial.result)
    samples = _samples(preview, staff)
    places = _places(preview)
    return ShownTrial(
        trial,
        changes,
        can_be_proposed=is_valid(trial, current=current, base_version=base.version, now=now)
        and bool(changes),
        preview=preview,
        places=places,
        table=_table(preview, places),
        warned=_warned(preview, staff),
        effects=list_effects(preview, now),
        samples=samples,
        unseen=len(preview.samples) - len(samples),
    )


def _base_of(trial: PolicyTrial) -> Policy:
    if trial.base_version in (None, trial.policy_id):
        return trial.policy
    return Policy.objects.get(pk=trial.base_version)


def _progress(trial: PolicyTrial) -> Progress:
    """How far it is; where no worker runs, why."""
    alive = liveness()
    return Progress(
        trial_progress(is_waiting=trial.is_waiting),
        id="trial-progress",
        done=trial.done,
        total=trial.total or 0,
        words="" if alive.good else alive.words,
        address=trial_address(trial),
        page=trial_address(trial),
    )


def _places(preview: Preview) -> list[Place]:
    """Where members are or would be, and every other stage, in the order that members go through them."""
    found = {place for move in preview.moves for place in move}
    found |= {(stage, None) for stage in set(Stage.values) - {stage for stage, _sub in found}}
    subs = [None, *SubState.values]
    return sorted(found, key=lambda place: (Stage.values.index(place[0]), subs.index(place[1])))


def _table(preview: Preview, places: list[Place]) -> list[tuple[Place, list[Cell]]]:
    most = max(
        (count for (left, entered), (count, _aum) in preview.moves.items() if left != entered), default=0
    )
    return [(left, [_cell(preview, left, entered, most) for entered in places]) for left in places]


def _cell(preview: Preview, left: Place, entered: Place, most: int) -> Cell:
    count, aum = preview.moves.get((left, entered), (0, Decimal(0)))
    same = left == entered
    return count, aum, 0 if same else charts.heat(count, most), same


def _warned(preview: Preview, staff: Staff) -> list[tuple[str | Promise, int, int]]:
    """(whose members, how many carry a warning now, then): all first, then the books that change most."""
    counts = preview.warned.values()
    rows: list[tuple[str | Promise, int, int]] = [
        (_("All members"), sum(before for before, _after in counts), sum(after for _before, after in counts))
    ]
    managers = Staff.objects.filter(pk__in=[pk for pk in preview.warned if pk])
    if not sees_everybody(staff):
        is_lead = staff.role == Role.TEAM_LEAD and staff.team_id is not None
        managers = managers.filter(team=staff.team_id) if is_lead else managers.filter(pk=staff.pk)
    books = [(str(manager), *preview.warned[manager.pk]) for manager in managers.order_by("display_name")]
    changed = [row for row in books if row[1] != row[2]]
    return rows + sorted(changed, key=lambda row: -abs(row[2] - row[1]))[:MOST_BOOKS]


def _samples(preview: Preview, staff: Staff) -> list[tuple[MemberView, dict[str, Any]]]:
    found = member_views([sample["member_id"] for sample in preview.samples], staff=staff, fields=("name",))
    views = {view.id: view for view in found}
    return [
        (views[sample["member_id"]], sample) for sample in preview.samples if sample["member_id"] in views
    ]
