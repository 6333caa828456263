"""Propose a version of an earn rule, and put an approved one in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from crm.staff.four_eyes import requests
from crm.staff.four_eyes.requests import BasisChanged
from crm.staff.models import Request, Staff
from members.loyalty.models import EarnRead, EarnRule, EarnRuleVersion, EarnTally, Programme
from members.loyalty.points.configuration.earn_rule_draft import EarnRuleDraft, check
from members.loyalty.points.configuration.refusals import (
    ChangeRefused,
    Refusal,
    check_start,
    start_on_approval,
)
from members.rules.catalogue.activities import activities
from members.rules.language.errors import BadRules

KIND = "loyalty.earn_rule"


def propose(
    programme: Programme,
    code: str,
    draft: EarnRuleDraft,
    *,
    name: str,
    effective_from: datetime,
    reason: str,
    maker: Staff,
    now: datetime,
    name_en: str = "",
    preview: dict[str, Any] | None = None,
) -> Request:
    """Ask for a new rule, or a new version of that with this code, from `effective_from` on.

    `preview` is what the maker saw of its effect, kept for the checker. Raises ChangeRefused, BadRules, and
    what requests.propose raises.
    """
    if not name.strip() or not code.strip():
        raise ChangeRefused(Refusal.NO_NAME)
    check(draft, programme.pk, maker)
    latest = latest_version(programme.pk, code)
    check_start(effective_from, latest.effective_from if latest else None, now)
    before = EarnRuleDraft.of(latest).as_json() if latest else {}
    after = draft.as_json()
    diff = {field: [before.get(field), after[field]] for field in after if before.get(field) != after[field]}
    if not diff:
        raise ChangeRefused(Refusal.NO_CHANGES)
    content = {
        "programme": programme.pk,
        "code": code.strip(),
        "values": after,
        "effective_from": effective_from.isoformat(),
    }
    names = {"name": name.strip(), "name_en": name_en.strip()}
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | names | {"base": latest.version if latest else 0, "preview": preview},
        diff=diff,
        summary=f"Earn rule {code}"[:200],
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Put the approved version in force from its day on, or from now where that has passed.

    Raises BasisChanged where another version has been approved since, or it no longer fits the catalogue.
    """
    proposal = request.proposal
    draft = EarnRuleDraft.from_json(proposal["values"])
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get(pk=proposal["programme"])
        try:
            check(draft, programme.pk, None)
        except (ChangeRefused, BadRules) as error:
            raise BasisChanged(Refusal.BASE_CHANGED) from error
        latest = latest_version(programme.pk, proposal["code"])
        known = (latest.version, latest.effective_from) if latest else None
        start = start_on_approval(proposal["effective_from"], proposal["base"], known, now)
        names = {"name": proposal["name"], "name_en": proposal["name_en"]}
        rule, _created = EarnRule.objects.update_or_create(
            programme=programme, code=proposal["code"], defaults=names
        )
        EarnRuleVersion.objects.create(
            rule=rule,
            version=proposal["base"] + 1,
            effective_from=start,
            request_id=request.pk,
            made_at=now,
            **draft.columns(),
        )
        EarnTally.objects.get_or_create(rule=rule)
        EarnRead.objects.get_or_create(rule=rule, table_name=activities[draft.activity].table)


def latest_version(programme_id: int, code: str) -> EarnRuleVersion | None:
    """The version of the highest number, in force or to come."""
    rows = EarnRuleVersion.objects.filter(rule__programme=programme_id, rule__code=code.strip())
    return rows.order_by("-version").select_related("rule").first()
