"""Values of a copy's variables for each recipient, and whose message they withhold.

A clean template can become a violation by its data, a name that is a guarantee for example, so the values of
each member are checked before the member is decided about (reference 10.6): free text once for each distinct
value and place, everything else by its type.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from campaigns.review.copy.check import pack_of
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.rendering.checked_values import check_values
from campaigns.review.copy.rendering.member_values import member_values
from campaigns.review.copy.rendering.variables import Variable, VariableType, read_variables, write_value
from campaigns.review.models import CopyVersion

UNSUBSCRIBE = "unsubscribe"  # a link variable of this name needs no value: it is made for each recipient


@dataclass(frozen=True)
class RecipientValues:
    """Values by member, as JSON holds them; of whom one is missing or not of its type, or was refused."""

    by_member: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    missing: Collection[int] = ()
    refused: Collection[int] = ()

    def of(self, member_id: int) -> Mapping[str, Any]:
        """The values of one member; empty where the copy has no variables."""
        return self.by_member.get(member_id, {})


def recipient_values(
    version: CopyVersion, members: Collection[int], given: Mapping[str, Any], now: datetime
) -> RecipientValues:
    """What is known of each member for the variables of a version, with what the caller gives for all."""
    variables = read_variables(version.variables)
    if not variables:
        return RecipientValues()
    known = member_values(variables, members, now)
    own = variables.get(UNSUBSCRIBE)
    made = {UNSUBSCRIBE: version.channel} if own and own.kind is VariableType.LINK else {}
    return judge_values(version, {one: {**given, **known[one], **made} for one in members}, now)


def judge_values(
    version: CopyVersion, by_member: Mapping[int, Mapping[str, Any]], now: datetime
) -> RecipientValues:
    """The same of values that are known by member, such as those of messages that are queued."""
    variables = read_variables(version.variables)
    if not variables:
        return RecipientValues()
    written = {
        member: {name: _as_json(values.get(name)) for name in variables}
        for member, values in by_member.items()
    }
    fit = {member: values for member, values in written.items() if _fits(variables, values, version.language)}
    found = check_values(version, list(fit.values()), pack_of(version.language, now), now)
    return RecipientValues(
        fit,
        missing=[member for member in by_member if member not in fit],
        refused=[member for member, names in zip(fit, found, strict=True) if names],
    )


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _fits(variables: Mapping[str, Variable], values: Mapping[str, Any], language: str) -> bool:
    try:
        for name, variable in variables.items():
            write_value(variable, values[name], language)
    except CopyRefused:
        return False
    return True
