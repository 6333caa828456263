"""A preview of tier rules as one person may see it: its progress, then who would move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.staff.models import Role, Staff
from crm.web import charts
from crm.web.components import Progress
from crm.web.ids import id_or_none
from crm.web.jobs.liveness import liveness
from members.loyalty.models import Tier, TierTrial
from members.loyalty.tiers.policy.propose import is_valid
from members.loyalty.tiers.preview.effects import Effect, list_effects
from members.loyalty.tiers.preview.preview import Preview
from members.loyalty.tiers.preview.trial import policy_of_trial
from members.profiles.member_view import MemberView, member_views
from members.profiles.visibility import sees_everybody

SAMPLES = 3  # shown for each way of moving
MOST_BOOKS = 12
Cell = tuple[int, Decimal, int, bool]  # members, their assets, shade, same tier


@dataclass(frozen=True)
class Impact:
    """A preview for one reader; `progress` while it is open, the rest once it is done.

    `table` has a row for each tier with a cell for each, `books` the managers who get more or fewer members
    above the lowest tier (name, more, fewer), `samples` (member, tier before, after, assets).
    """

    trial: TierTrial
    progress: Progress | None = None
    preview: Preview | None = None
    tiers: Sequence[Tier] = ()
    table: list[tuple[Tier, list[Cell]]] = field(default_factory=list)
    books: list[tuple[str, int, int]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    samples: list[tuple[MemberView, str, str, Decimal]] = field(default_factory=list)
    assets: Decimal = Decimal()
    can_be_proposed: bool = False


def trial_address(trial: TierTrial) -> str:
    """The address of the page that shows a preview."""
    return f"{reverse('tier-rules')}?trial={trial.pk}"


def get_trial_or_404(trial_id: str) -> TierTrial:
    """The preview with this id, as it stands in an address. Raises Http404."""
    found = TierTrial.objects.select_related("requested_by").filter(pk=id_or_none(trial_id) or 0).first()
    if found is None:
        raise Http404
    return found


def shown_impact(
    trial: TierTrial, staff: Staff, tiers: Sequence[Tier], *, latest: int, now: datetime
) -> Impact:
    """The preview for this reader. Three queries at most and those of the published effects."""
    if trial.finished_at is None:
        return Impact(trial, progress=_progress(trial))
    if trial.result is None:
        return Impact(trial)
    preview, policy = Preview.from_json(trial.result), policy_of_trial(trial)
    return Impact(
        trial,
        preview=preview,
        tiers=tiers,
        table=_table(preview, tiers),
        books=_books(preview, staff),
        effects=list_effects(trial.programme_id, *preview.counts(), policy.effective_from),
        samples=_samples(preview, staff, tiers),
        assets=sum((aum for _count, aum in preview.moves.values()), Decimal()),
        can_be_proposed=policy.version == latest + 1 and is_valid(trial, policy, now),
    )


def _progress(trial: TierTrial) -> Progress:
    """How far it is; where no worker runs, why."""
    alive = liveness()
    return Progress(
        _("Calculating the impact") if trial.done else _("Queued"),
        id="trial-progress",
        done=trial.done,
        total=trial.total or 0,
        words="" if alive.good else alive.words,
        address=trial_address(trial),
        page=trial_address(trial),
    )


def _table(preview: Preview, tiers: Sequence[Tier]) -> list[tuple[Tier, list[Cell]]]:
    most = max((n for (old, new), (n, _aum) in preview.moves.items() if old != new), default=0)
    return [(left, [_cell(preview, left.rank, entered.rank, most) for entered in tiers]) for left in tiers]


def _cell(preview: Preview, left: int, entered: int, most: int) -> Cell:
    count, aum = preview.moves.get((left, entered), (0, Decimal(0)))
    same = left == entered
    return count, aum, 0 if same else charts.heat(count, most), same


def _books(preview: Preview, staff: Staff) -> list[tuple[str, int, int]]:
    """The managers whom this reader may see, those first whose load changes most."""
    managers = Staff.objects.filter(pk__in=list(preview.books))
    if not sees_everybody(staff):
        is_lead = staff.role == Role.TEAM_LEAD and staff.team_id is not None
        managers = managers.filter(team=staff.team_id) if is_lead else managers.filter(pk=staff.pk)
    rows = [(str(one), *preview.books[one.pk]) for one in managers.order_by("display_name")]
    return sorted(rows, key=lambda row: -abs(row[1] - row[2]))[:MOST_BOOKS]


def _samples(
    preview: Preview, staff: Staff, tiers: Sequence[Tier]
) -> list[tuple[MemberView, str, str, Decimal]]:
    """The largest of each way of moving among the members whom this reader may see."""
    found = member_views([one[0] for one in preview.samples], staff=staff, fields=("name",))
    views = {view.id: view for view in found}
    names = {tier.rank: tier.local_name for tier in tiers}
    shown: dict[tuple[int, int], int] = {}
    rows = []
    for member, before, after, aum in preview.samples:
        if member in views and shown.get((before, after), 0) < SAMPLES:
            shown[before, after] = shown.get((before, after), 0) + 1
            rows.append((views[member], names[before], names[after], aum))
    return rows
