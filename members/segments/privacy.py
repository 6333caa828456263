"""The class and kind of every field of this app.

That a member is in a segment tells what its rule reads: pages show a segment only to those who may see all of
that unmasked (members.segments.visibility).
"""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import INTERNAL, MONEY


def _all(kind: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), kind)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Segment": _all(
        INTERNAL,
        "id name kind why rule as_of version ready_made made_by made_at deleted_at deleted_by computed_at"
        " writers began_at failure failed_at",
    ),
    "Version": _all(INTERNAL, "id segment number name why rule made_by made_at"),
    "Reference": _all(INTERNAL, "id segment names"),
    "Membership": _all(INTERNAL, "member id segment joined_at left_at began"),
    "Read": _all(INTERNAL, "id segment table_name"),
    "Dirty": _all(INTERNAL, "id member_id source at day"),
    "Due": _all(INTERNAL, "member segment due_at"),
    "Tally": _all(INTERNAL, "id segment day joined left rebased"),
    "Summary": _all(INTERNAL, "segment stages at") | _all(MONEY, "aum"),
}
