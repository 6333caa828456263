"""The tier of a member in sentences: why, until when, what keeps it and what the next one takes."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from crm.web import formats
from members.loyalty.tiers.explain import Explanation, Goal

DAY = timedelta(days=1)


def explanation_sentences(found: Explanation) -> list[str]:
    """Everything that matters of a member's tier, the most important first."""
    standing = found.standing
    said = [
        _("%(tier)s since %(day)s.") % {"tier": standing.tier.local_name, "day": formats.day(standing.since)}
    ]
    if found.override:
        said.append(
            _("Set by an override until %(day)s, then %(tier)s by the rules. Reason: %(reason)s")
            % {
                "day": formats.day(found.override.ends_on),
                "tier": standing.earned.local_name,
                "reason": found.override.reason,
            }
        )
    if standing.falls_on and standing.falls_to:
        said.append(
            _("Falls to %(tier)s on %(day)s if nothing changes.")
            % {"tier": standing.falls_to.local_name, "day": formats.day(standing.falls_on)}
        )
    elif standing.pending_on and standing.pending:
        said.append(
            _("A downgrade to %(tier)s is pending for %(day)s.")
            % {"tier": standing.pending.local_name, "day": formats.day(standing.pending_on)}
        )
    if standing.protected_until and found.to_keep and standing.protected_until > standing.evaluated_on:
        said.append(
            _("Protected from a downgrade until %(day)s.") % {"day": formats.day(standing.protected_until)}
        )
    said += [goal_sentence(goal, keep=True) for goal in found.to_keep]
    said += [goal_sentence(goal, keep=False) for goal in found.to_reach]
    return said


def goal_sentence(goal: Goal, *, keep: bool) -> str:
    """What one metric asks to keep or to reach a tier, with the amount and the day."""
    params = {
        "tier": goal.tier.local_name,
        "asked": formats.number(goal.asked) if goal.kind == "points" else formats.money(goal.asked),
        "hold": formats.money(goal.hold) if goal.hold is not None else "",
        "short": formats.number(goal.short) if goal.kind == "points" else formats.money(goal.short),
        "day": formats.day(goal.decided_on),
        "last": formats.day(goal.decided_on - DAY),
    }
    wording = _average if goal.kind == "average" else _at_review
    return wording(goal, keep) % params


def _average(goal: Goal, keep: bool) -> str:
    if goal.short:
        return (
            _(
                "To keep %(tier)s: add %(short)s, so that %(hold)s a day are held through %(last)s "
                "(monthly average %(asked)s)."
            )
            if keep
            else _(
                "To reach %(tier)s on %(day)s: add %(short)s, so that %(hold)s a day are held "
                "through %(last)s (monthly average %(asked)s)."
            )
        )
    if goal.hold:
        return (
            _(
                "To keep %(tier)s: hold at least %(hold)s through %(last)s "
                "(monthly average %(asked)s); met today."
            )
            if keep
            else _("To reach %(tier)s on %(day)s: hold at least %(hold)s through %(last)s; met today.")
        )
    return (
        _("To keep %(tier)s: monthly average %(asked)s by %(last)s; reached, whatever is held until then.")
        if keep
        else _(
            "To reach %(tier)s on %(day)s: monthly average %(asked)s; reached, whatever is held until then."
        )
    )


def _at_review(goal: Goal, keep: bool) -> str:
    if goal.short:
        return (
            _("To keep %(tier)s: %(asked)s at the review on %(day)s; %(short)s missing.")
            if keep
            else _("To reach %(tier)s: %(asked)s at the review on %(day)s; %(short)s missing.")
        )
    return (
        _("To keep %(tier)s: %(asked)s at the review on %(day)s; met today.")
        if keep
        else _("To reach %(tier)s: %(asked)s at the review on %(day)s; met today.")
    )
