"""The class and kind of every field of this app (see members.profiles.privacy)."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import INTERNAL, MONEY

_ROW = {"member": INTERNAL, "id": INTERNAL, "import_id": INTERNAL}

CLASSES: dict[str, dict[str, Privacy]] = {
    "Category": {"id": INTERNAL, "code": INTERNAL, "name": INTERNAL, "name_en": INTERNAL},
    "Product": {
        "id": INTERNAL,
        "code": INTERNAL,
        "name": INTERNAL,
        "name_en": INTERNAL,
        "category": INTERNAL,
        "risk": INTERNAL,
        "regime": INTERNAL,
        "term_days": INTERNAL,
        "import_id": INTERNAL,
    },
    "Transaction": {
        **_ROW,
        "at": MONEY,
        "kind": MONEY,
        "plan_debit": MONEY,
        "matures_on": MONEY,
        "amount": MONEY,
        "product": MONEY,
    },
    "Valuation": {"member": INTERNAL, "date": INTERNAL, "aum": MONEY, "import_id": INTERNAL},
    "SavingPlan": {
        **_ROW,
        "amount": MONEY,
        "every": MONEY,
        "started_on": MONEY,
        "ended_on": MONEY,
        "product": MONEY,
    },
}
