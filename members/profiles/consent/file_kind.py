"""The kind of file that brings consents and withdrawals: rows are added, never changed.

A yes needs the version of its text and its evidence, and counts from the day that it names; so a file
never raises a consent over a later withdrawal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.imports.column import Fault, required
from crm.imports.columns import choice, instant, source_id, text
from crm.imports.errors.row_errors import make_reason
from crm.imports.kinds import Batch, Counts, Kind, register
from crm.runtime.sql_files import sql_beside
from members.profiles.imports.columns import member
from members.profiles.models import CONSENT_PURPOSES, NAMED_RECIPIENT, ContactChannel

GIVEN, WITHDRAWN = "given", "withdrawn"
_STEPS = sql_beside(__file__)("file_kind").split(";\n")
_NAMED = ", ".join(f"'{purpose.value}'" for purpose in NAMED_RECIPIENT)


def _past(name: str) -> Any:
    """An instant up to now."""
    column = instant(name)
    late = Fault("{v}::timestamptz > %(now)s", make_reason("future"))
    return replace(column, faults=(*column.faults, late))


def merge(cursor: Any, batch: Batch) -> Counts:
    """Add the rows of pg_temp.imports_parsed that are not known; see file_kind.sql."""
    otherwise, erased = (batch.kind.late_fault(number) for number in range(2))
    params = {**batch.params, "otherwise": otherwise, "erased": erased}
    for step in _STEPS:
        cursor.execute(step, params)
    return Counts(added=cursor.rowcount, met_known=True)


CONSENTS = Kind(
    "consents",
    "profiles_consent",
    (
        source_id("consent_id", target="key"),
        required(member()),
        required(choice("purpose", [purpose.value for purpose in CONSENT_PURPOSES])),
        required(choice("contact_channel", ContactChannel.values, target="channel")),
        text("recipient", 120, form="line"),
        required(replace(choice("answer", [GIVEN, WITHDRAWN]), target="given", value=f"{{v}} = '{GIVEN}'")),
        required(_past("at")),
        text("text_version", 60, form="line"),
        text("evidence", 300, mask="text", form="line"),
    ),
    rules=(
        (
            "evidence",
            Fault(f"s.answer = '{GIVEN}' AND s.evidence IS NULL", make_reason("consent_without_evidence")),
        ),
        (
            "text_version",
            Fault(f"s.answer = '{GIVEN}' AND s.text_version IS NULL", make_reason("consent_without_text")),
        ),
        (
            "recipient",
            Fault(
                f"(s.purpose IN ({_NAMED})) <> (s.recipient IS NOT NULL)",
                make_reason("consent_recipient"),
            ),
        ),
    ),
    late=(("consent_id", make_reason("consent_otherwise")), ("member_id", make_reason("member_erased"))),
    merge=merge,
    label=_("Consents"),
)


def publish() -> None:
    """Make the kind known to the import."""
    register(CONSENTS)
