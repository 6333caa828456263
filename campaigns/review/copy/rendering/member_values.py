"""What is known of recipients, for the variables of a copy: one query for each field, for all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from campaigns.review.copy.rendering.variables import MemberField, Variable
from members.profiles.models import Book, Member
from members.profiles.models.member import ASSESSMENT_ENDS


def member_values(
    variables: Mapping[str, Variable], members: Collection[int], now: datetime
) -> dict[int, dict[str, Any]]:
    """The values of the variables that are fields of members, by member and name of the variable.

    What is not known is left out: rendering then refuses the value as missing. Only for whom the caller may
    write to; nothing here is masked.
    """
    values: dict[int, dict[str, Any]] = {member: {} for member in members}
    for variable in variables.values():
        if variable.field is not None:
            for member, value in _READ[variable.field](members, now):
                if value:
                    values[member][variable.name] = value
    return values


def _names(members: Collection[int], now: datetime) -> Any:
    return Member.objects.filter(pk__in=members).values_list("pk", "name")


def _managers(members: Collection[int], now: datetime) -> Any:
    rows = Book.objects.filter(member__in=members, ended_at=None)
    return rows.values_list("member_id", "staff__display_name")


def _assessment_ends(members: Collection[int], now: datetime) -> Any:
    return Member.objects.filter(pk__in=members).values_list("pk", ASSESSMENT_ENDS)


_READ: dict[MemberField, Callable[[Collection[int], datetime], Any]] = {
    MemberField.NAME: _names,
    MemberField.MANAGER: _managers,
    MemberField.ASSESSMENT_ENDS: _assessment_ends,
}
