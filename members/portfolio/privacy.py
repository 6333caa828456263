"""The class and kind of every field of this app (see members.profiles.privacy)."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import CLASSES as OF_PROFILES
from members.profiles.privacy import FREE_TEXT, INTERNAL, MONEY, TRAIT

BIRTH_DATE = OF_PROFILES["Member"]["birth_date"]
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
        "registration_code": INTERNAL,
        "closed_on": INTERNAL,
        "import_id": INTERNAL,
    },
    "ProductRating": dict.fromkeys(
        (
            *("id", "product", "rater", "number", "rating", "effective_from", "basis", "is_supplied"),
            *("request_id", "made_by", "created_at"),
        ),
        INTERNAL,
    ),
    "SuitabilityDue": dict.fromkeys(("id", "product", "day"), INTERNAL),
    "HouseRule": dict.fromkeys(
        (
            *("id", "number", "effective_from", "highest_c0", "highest_c1", "highest_c2", "highest_c3"),
            *("highest_c4", "highest_c5", "highest_jump", "caution_age", "old_age", "note", "request_id"),
            "created_at",
        ),
        INTERNAL,
    ),
    "InvestorStatus": {
        **dict.fromkeys(("member", "request_id", "created_at", "ended_by"), INTERNAL),
        **dict.fromkeys(("status", "basis", "verified_on", "valid_until", "ended_on"), TRAIT),
        **dict.fromkeys(("evidence", "end_reason"), FREE_TEXT),
    },
    # The facts hold the age.
    "PurchaseDecision": {
        **dict.fromkeys(("member", "id", "at", "staff", "table_version", "steps"), INTERNAL),
        **dict.fromkeys(("outcome", "code", "reasons", "unknown"), TRAIT),
        **dict.fromkeys(("product", "amount"), MONEY),
        "facts": BIRTH_DATE,
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
