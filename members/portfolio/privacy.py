"""The class and kind of every field of this app (see members.profiles.privacy)."""

from __future__ import annotations

from crm.staff.masking import Privacy
from members.profiles.privacy import INTERNAL, MONEY

_MEMBER_AND_ID = {"member": INTERNAL, "id": INTERNAL}

CLASSES: dict[str, dict[str, Privacy]] = {
    "Category": {"id": INTERNAL, "code": INTERNAL, "name": INTERNAL},
    "Product": {
        "id": INTERNAL,
        "code": INTERNAL,
        "name": INTERNAL,
        "category": INTERNAL,
        "risk": INTERNAL,
        "regime": INTERNAL,
        "term_days": INTERNAL,
    },
    "Transaction": {**_MEMBER_AND_ID, "at": MONEY, "kind": MONEY, "amount": MONEY, "product": MONEY},
    "Valuation": {"member": INTERNAL, "date": INTERNAL, "aum": MONEY},
    "SavingPlan": {
        **_MEMBER_AND_ID,
        "amount": MONEY,
        "every": MONEY,
        "started_on": MONEY,
        "ended_on": MONEY,
        "product": MONEY,
    },
}
