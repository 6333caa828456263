"""The policy in words: thresholds, differences between versions, refusals, requests and trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.staff.models import Request, RequestState
from crm.web import formats
from members.lifecycle.models import Policy
from members.lifecycle.policy import withdraw
from members.lifecycle.policy.change import Refusal, proposed_policy
from members.lifecycle.policy.thresholds import BY_FIELD, THRESHOLDS, Threshold, Unit
from members.lifecycle.policy_versions import in_force

Line = tuple[str | Promise, str, str]  # what changes, before, after

REQUEST_KIND = gettext_lazy("Lifecycle policy")
WITHDRAWAL_KIND = gettext_lazy("Withdrawal of a lifecycle policy")
_VERSIONS = "policy_versions"  # beside the fields of a request
REFUSALS: dict[str, Promise] = {
    Refusal.NO_CHANGES: gettext_lazy("These values are already in effect."),
    Refusal.TRIAL_REQUIRED: gettext_lazy(
        "Preview the impact of these exact values first. Previews older than a day, or made under "
        "another policy, are no longer valid."
    ),
    Refusal.UNKNOWN_VALUE: gettext_lazy("unknown value"),
    Refusal.EFFECTIVE_TOO_EARLY: gettext_lazy(
        "The effective date cannot be in the past or before the latest approved version."
    ),
    Refusal.BASE_CHANGED: gettext_lazy(
        "Another policy version has been approved or withdrawn since. Preview and propose the changes again."
    ),
    withdraw.Refusal.IN_FORCE: gettext_lazy("This version is already in effect and cannot be withdrawn."),
    withdraw.Refusal.NOT_LATEST: gettext_lazy("A later version builds on this one. Withdraw that first."),
    Refusal.TRIAL_OUTDATED: gettext_lazy(
        "Another policy version has taken effect since the preview. Preview and propose the changes again."
    ),
}


def threshold_value(threshold: Threshold, value: Any) -> str:
    """A threshold's value with its unit."""
    if threshold.unit is Unit.MONEY:
        return formats.money(value)
    return formats.share(value) if threshold.unit is Unit.SHARE else formats.days(value)


def stored_differences(diff: Mapping[str, Sequence[str]]) -> list[Line]:
    """A stored diff {field: [before, after]} as lines; fields that are no threshold are left out."""
    return [
        (BY_FIELD[name].label, _stored_value(name, before), _stored_value(name, after))
        for name, (before, after) in diff.items()
        if name in BY_FIELD
    ]


def differences(before: Policy | None, after: Policy) -> list[Line]:
    """What a version changed against the one before; nothing for the first."""
    if before is None:
        return []
    values = [(one, getattr(before, one.field), getattr(after, one.field)) for one in THRESHOLDS]
    return [
        (one.label, threshold_value(one, old), threshold_value(one, new))
        for one, old, new in values
        if old != new
    ]


def upcoming_policy_text(policy: Policy) -> str:
    """That a policy comes into force, and when."""
    params = {"version": policy.version, "day": formats.day(policy.effective_from)}
    return _("Policy v%(version)s takes effect on %(day)s") % params


def validation_texts(error: ValidationError) -> dict[str, list[str]]:
    """The messages of a refused draft by field; "" for what concerns no field."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    return {name: [text for one in errors for text in _texts(one)] for name, errors in by_field.items()}


def _texts(error: ValidationError) -> list[str]:
    return [str(REFUSALS[error.code])] if error.code in REFUSALS else error.messages


def request_summary(request: Request) -> str:
    """A policy request in a few words."""
    count = len(request.diff)
    words = ngettext("Lifecycle policy: %(count)s change", "Lifecycle policy: %(count)s changes", count)
    return words % {"count": count}


def withdrawal_summary(request: Request) -> str:
    """A request to withdraw a version, in a few words."""
    return _("Withdraw policy version %(version)s") % {"version": request.proposal["version"]}


def withdrawal_lines(request: Request) -> list[Line]:
    """When the version would take effect."""
    start = datetime.fromisoformat(request.proposal["effective_from"])
    return [(_("Effective from"), formats.day(start), _("withdrawn"))]


def request_lines(request: Request) -> list[Line]:
    """What a policy request changes, from which day on, and how many members it would move.

    While it is pending, against the version that applies before it as things are now.
    """
    proposal = request.proposal
    start = datetime.fromisoformat(proposal["effective_from"])
    lines = stored_differences(request.diff)
    versions = _versions(request)
    if proposed := proposed_policy(request, versions):
        base = in_force(versions, start)
        lines = differences(base, proposed)
        if base.version != proposed.base_version:
            lines.append((_("Based on version"), f"v{proposed.base_version}", f"v{base.version}"))
    lines.append((_("Effective from"), "", formats.day(start)))
    if "trial" in proposal:
        counts = {name: formats.number(proposal[name]) for name in ("moved", "members")}
        lines.append((_("Affected members"), "", _("%(moved)s of %(members)s") % counts))
    return lines


def prepare_requests(requests: Sequence[Request]) -> None:
    """Read once for many requests what request_lines() needs. One query."""
    versions = list(Policy.objects.all())
    for request in requests:
        request.__dict__[_VERSIONS] = versions


def _versions(request: Request) -> list[Policy]:
    """The versions that a pending request is compared with; none for one that is over."""
    if request.state != RequestState.PENDING:
        return []
    if _VERSIONS not in request.__dict__:
        prepare_requests([request])
    return list(request.__dict__[_VERSIONS])


def request_refusal(error: ValidationError) -> str:
    """Why an approved request can no longer be applied."""
    return " ".join(text for texts in validation_texts(error).values() for text in texts)


def trial_progress(*, is_waiting: bool) -> str:
    """What happens to a trial that is not over."""
    return _("Queued") if is_waiting else _("Calculating the impact")


def _stored_value(name: str, text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return threshold_value(BY_FIELD[name], int(value) if value == value.to_integral_value() else value)
