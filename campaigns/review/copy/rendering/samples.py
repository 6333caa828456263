"""Render a checked version for real members: what the maker looks at before submitting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.review.copy.check import check_text, pack_of, risk_of
from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.rendering.checked_values import check_values
from campaigns.review.copy.rendering.member_values import member_values
from campaigns.review.copy.rendering.render import Rendered, Renderer
from campaigns.review.copy.rendering.variables import MemberField, Variable
from campaigns.review.copy.write import lock_version
from campaigns.review.models import CopyState, CopyVersion
from campaigns.review.permissions import WRITE_COPY
from campaigns.review.wording.packs import Pack
from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy.mask_levels import masked_value
from members.profiles.models import Member

SAMPLE = 12  # members
_CANDIDATES = 60  # among whom are those of whom all is known
_NAMES = (MemberField.NAME,)  # masked where they are shown
Values = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """A rendering for a member (None: nothing in it depends on the recipient).

    `shown` is what this person may see of it; the hash that is kept is of what the member would get.
    `withheld` are the variables for whose value the member's message would be withheld.
    """

    member_id: int | None
    shown: Rendered
    sha256: str
    withheld: Sequence[str]


def sample_version(version_id: int, *, staff: Staff, now: datetime) -> list[Sample]:
    """Render a checked version for members whom this person may see, and keep the hashes of what came out.

    Raises NotAllowed, and CopyRefused: not checked, no member to render it for, or something is found in a
    rendering that was not found in the template.
    """
    require(staff, WRITE_COPY)
    with transaction.atomic():
        version = lock_version(version_id)
        if version.state != CopyState.CHECKED:
            raise CopyRefused(Refusal.NOT_CHECKED)
        samples = _samples(version, staff, now)
        version.samples = sorted({one.sha256 for one in samples if not one.withheld})
        if not version.samples:
            raise CopyRefused(Refusal.NOBODY_TO_SAMPLE)
        version.sampled_revision = version.revision
        version.save(update_fields=["samples", "sampled_revision"])
    return samples


def _samples(version: CopyVersion, staff: Staff, now: datetime) -> list[Sample]:
    renderer, pack = Renderer(version), pack_of(version.language, now)
    variables = renderer.variables
    chosen = _chosen(variables, version.language, staff, now)
    refused = check_values(version, [values for _member, values in chosen], pack, now)
    risk = risk_of(version.copy, now)
    known = set(version.findings.values_list("rule", flat=True))
    samples = []
    for (member, values), withheld in zip(chosen, refused, strict=True):
        rendered = renderer.render(values)
        if not withheld:
            _judge(rendered, version, known, pack, risk)
        shown = renderer.render(_masked(variables, values, staff))
        samples.append(Sample(member, shown, rendered.sha256, withheld))
    return samples


def _judge(rendered: Rendered, version: CopyVersion, known: set[str], pack: Pack, risk: str) -> None:
    text = f"{rendered.subject}\n{rendered.text}" if rendered.subject else rendered.text
    for one in check_text(text, version, version.copy, pack, risk=risk):
        if one.rule.id not in known:
            raise CopyRefused(Refusal.SAMPLE_FINDING, rule=one.rule.id, text=text[one.start : one.end])


def _chosen(
    variables: Mapping[str, Variable], language: str, staff: Staff, now: datetime
) -> list[tuple[int | None, Values]]:
    """Members with the values of all variables; those that a campaign gives are the examples."""
    given = {name: one.example_value(language) for name, one in variables.items() if one.field is None}
    if len(given) == len(variables):
        return [(None, given)]
    visible = Member.objects.visible_to(staff).filter(registered_at__isnull=False)
    latest = list(visible.order_by("-registered_at", "pk").values_list("pk", flat=True)[:_CANDIDATES])
    own = member_values(variables, latest, now)
    whole = [(member, given | own[member]) for member in latest if len(given | own[member]) == len(variables)]
    return list(whole[:SAMPLE])


def _masked(variables: Mapping[str, Variable], values: Values, staff: Staff) -> Values:
    names = {name for name, one in variables.items() if one.field in _NAMES}
    return {
        name: (masked_value("name", value, staff) or "#") if name in names else value
        for name, value in values.items()
    }


def renderings(version: CopyVersion, *, reader: Staff, now: datetime, most: int) -> list[Rendered]:
    """What some real members would get, as this person may see it; nothing is kept. Empty without any."""
    renderer = Renderer(version)
    chosen = _chosen(renderer.variables, version.language, reader, now)[:most]
    return [renderer.render(_masked(renderer.variables, values, reader)) for _member, values in chosen]
