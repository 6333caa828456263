"""The words that members agree to: versions by purpose, proposed by one person and approved by a second."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.profiles.models import CONSENT_PURPOSES, ConsentText, Purpose

KIND = "profiles.consent_text"


class Refusal(StrEnum):
    """Why a text is refused: `sentences` words each code."""

    NO_WORDS = "consent_text_no_words"
    NO_CHANGES = "consent_text_no_changes"
    TOO_EARLY = "consent_text_too_early"
    BASE_CHANGED = "consent_text_base_changed"


class TextRefused(CodedError):
    """A text that cannot be proposed; `code` is a Refusal."""


def texts_on(day: date) -> dict[str, ConsentText]:
    """{purpose: the version in force on a platform day}. One query."""
    begun = ConsentText.objects.filter(effective_from__lte=day)
    return {
        text.purpose: text
        for text in begun.order_by("purpose", "-effective_from", "-version").distinct("purpose")
    }


def version_name(text: ConsentText) -> str:
    """What consents are recorded under: "marketing 3"."""
    return f"{text.purpose} {text.version}"


def propose(
    purpose: Purpose,
    *,
    text: str,
    text_en: str,
    effective_from: date,
    reason: str,
    maker: Staff,
    now: datetime,
) -> Request:
    """Ask for the next version of a text, from tomorrow on at the earliest; the first may begin today.

    Raises TextRefused, and what requests.propose raises.
    """
    if not text.strip() or purpose not in CONSENT_PURPOSES:
        raise TextRefused(Refusal.NO_WORDS)
    base = _latest(purpose)
    if effective_from < _first_day(base, now):
        raise TextRefused(Refusal.TOO_EARLY)
    before = [base.text, base.text_en] if base else ["", ""]
    after = [text.strip(), text_en.strip()]
    if before == after:
        raise TextRefused(Refusal.NO_CHANGES)
    content = {
        "purpose": purpose.value,
        "text": after[0],
        "text_en": after[1],
        "effective_from": effective_from.isoformat(),
    }
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": base.version if base else 0},
        diff={"text": [before[0], after[0]], "text_en": [before[1], after[1]]},
        summary=f"Consent text: {purpose.value}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version. Raises BasisChanged where another one has been approved since."""
    proposal = request.proposal
    purpose = Purpose(proposal["purpose"])
    base = _latest(purpose)
    if (base.version if base else 0) != proposal["base"]:
        raise requests.BasisChanged(Refusal.BASE_CHANGED)
    ConsentText.objects.create(
        purpose=purpose,
        version=proposal["base"] + 1,
        effective_from=max(date.fromisoformat(proposal["effective_from"]), _first_day(base, now)),
        text=proposal["text"],
        text_en=proposal["text_en"],
        request_id=request.pk,
    )


def _first_day(base: ConsentText | None, now: datetime) -> date:
    """The first day a next version may start: nobody has agreed to the first one yet."""
    today = day_of(now)
    return max(today + timedelta(days=1), base.effective_from) if base else today


def _latest(purpose: Purpose) -> ConsentText | None:
    return ConsentText.objects.filter(purpose=purpose).order_by("-version").first()
