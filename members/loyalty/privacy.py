"""The class and kind of every field of this app."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import INTERNAL


def _all(kind: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), kind)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Programme": _all(INTERNAL, "id code name name_en is_main made_at"),
    "Tier": _all(INTERNAL, "id programme rank code name name_en"),
}
