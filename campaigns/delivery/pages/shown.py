"""A verdict as a page shows it: the answer, the row that decided, every reason, the facts it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.delivery.gate.decide import Answer
from campaigns.delivery.models import Verdict
from campaigns.delivery.sentences.reasons import ReasonText, reason_text
from campaigns.delivery.sentences.verdicts import answer_sentence, row_label
from crm.web import formats

_FACTS: dict[str, str | Promise] = {
    "risk_class": _("Risk class"),
    "risk_assessed_on": _("Assessed on"),
    "product_risk": _("Product risk"),
    "regime": _("Regulatory regime"),
    "rating_version": _("Product rating"),
    "house_rule": _("House rule version"),
    "consent": _("Consent record"),
    "policy": _("Contact policy version"),
    "capped_until": _("Contact cap until"),
    "pack": _("Rule pack"),
    "expires_at": _("Approval expires"),
    "table": _("Gate table version"),
    "message_table": _("Message table version"),
}


@dataclass(frozen=True)
class ShownVerdict:
    """The answer in a sentence, the row with its name, the reasons with what would change them, the facts."""

    outcome: str
    sentence: str
    row: str
    reasons: Sequence[ReasonText]
    facts: Sequence[tuple[str | Promise, str]]
    at: datetime | None


def shown_verdict(told: Verdict | Answer, *, shows_age: bool) -> ShownVerdict:
    """A verdict for one reader; without `shows_age` nothing tells the member's age."""
    return ShownVerdict(
        outcome=told.outcome,
        sentence=answer_sentence(told.outcome, told.row, told.not_before),
        row=row_label(told.row, shows_age=shows_age),
        reasons=[reason_text(one, shows_age=shows_age) for one in told.reasons],
        facts=[
            (label, _written(key, told.snapshot[key]))
            for key, label in _FACTS.items()
            if told.snapshot.get(key) is not None
        ],
        at=told.decided_at if isinstance(told, Verdict) else None,
    )


def _written(key: str, value: Any) -> str:
    if key == "product_risk":
        return f"R{value}"
    if key in ("expires_at", "capped_until"):
        return formats.moment(datetime.fromisoformat(value))
    if key == "risk_assessed_on":
        return formats.day(date.fromisoformat(value))
    return str(value)
