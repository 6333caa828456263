"""The log of reveals: nobody reads a masked value without a right, a reason and a row here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crm.runtime.errors import CodedError
from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import SHORTEST_REASON, Reveal, Staff
from crm.staff.permissions import REVEAL, require

REASON_TOO_SHORT = "reason_too_short"  # count: the characters it needs


class ReasonMissing(CodedError):
    """The reason is too short to be understood."""


def clean_reason(reason: str) -> str:
    """The reason, stripped. Raises ReasonMissing when it is shorter than SHORTEST_REASON characters."""
    reason = reason.replace("\0", "").strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(REASON_TOO_SHORT, count=SHORTEST_REASON)
    return reason


_fields: Registry[Label] = Registry("field of the access log", untranslated)


def register(fields: Mapping[str, Label]) -> None:
    """Publish the words of fields that may be revealed (from AppConfig.ready). Raises RegisteredTwice."""
    for name, label in fields.items():
        _fields.add(name, label)


def fields() -> Mapping[str, Label]:
    """Every field that may be revealed, in words."""
    return _fields


def field_label(field: str) -> str:
    """What was revealed, in words; its name where no app has such a field any more."""
    return str(_fields.get(field, field))


def log(*, staff: Staff, member_id: int, field: str, reason: str, now: datetime) -> Reveal:
    """Record that `staff` is about to be shown a value; whoever unseals it calls this first.

    Whether the member is theirs to see is for the caller to check.
    Raises NotAllowed, ReasonMissing, and KeyError for a field that no app has registered.
    """
    if field not in _fields:
        raise KeyError(field)
    require(staff, REVEAL)
    return Reveal.objects.create(
        staff=staff, member_id=member_id, field=field, reason=clean_reason(reason)[:300], at=now
    )
