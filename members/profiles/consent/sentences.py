"""Consent in words: why something is refused, and what its four-eyes requests change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.models import Request
from crm.web import formats
from members.profiles.consent import lift, record, texts
from members.profiles.models import ContactChannel, Purpose, SuppressionReason, SuppressionScope

Line = tuple[str | Promise, str, str]  # what changes, before, after
LIFT_KIND = gettext_lazy("Removal from the suppression list")
TEXT_KIND = gettext_lazy("Consent text")

REFUSALS: dict[str, Promise] = {
    record.Refusal.NO_EVIDENCE: gettext_lazy(
        "Enter what proves the consent, such as the number of the recording."
    ),
    record.Refusal.NO_TEXT: gettext_lazy("No consent text was in force on that day."),
    record.Refusal.IN_THE_FUTURE: gettext_lazy("A consent cannot be given in the future."),
    record.Refusal.NOT_BY_CONSENT: gettext_lazy("Service messages need no consent."),
    record.Refusal.RECIPIENT: gettext_lazy(
        "Name the recipient for sharing and transfers abroad, for nothing else."
    ),
    record.Refusal.ERASED: gettext_lazy("The data of this member were erased."),
    lift.Refusal.LIFTED: gettext_lazy("This entry is not on the list any more."),
    texts.Refusal.NO_WORDS: gettext_lazy("Enter the text in Chinese."),
    texts.Refusal.NO_CHANGES: gettext_lazy("The text is the same as in the latest version."),
    texts.Refusal.TOO_EARLY: gettext_lazy(
        "A new version starts tomorrow at the earliest, and not before the latest one."
    ),
    texts.Refusal.BASE_CHANGED: gettext_lazy(
        "Another version was approved meanwhile. Propose the change again."
    ),
}


def lift_summary(request: Request) -> str:
    """Which entry is to be lifted."""
    channel = ContactChannel(request.diff["channel"][0])
    return _("Remove a %(channel)s entry from the suppression list") % {"channel": channel.label}


def lift_lines(request: Request) -> Sequence[Line]:
    """What the entry holds back, and why it is on the list."""
    diff = request.diff
    return [
        (_("Channel"), str(ContactChannel(diff["channel"][0]).label), ""),
        (_("Held back"), str(SuppressionScope(diff["scope"][0]).label), _("nothing")),
        (_("On the list because"), str(SuppressionReason(diff["reason"][0]).label), ""),
    ]


def text_summary(request: Request) -> str:
    """Whose text changes."""
    return _("Consent text: %(purpose)s") % {"purpose": Purpose(request.proposal["purpose"]).label}


def text_lines(request: Request) -> Sequence[Line]:
    """The words before and after, and their first day."""
    diff = request.diff
    start = date.fromisoformat(request.proposal["effective_from"])
    return [
        (_("Text"), *diff["text"]),
        (_("Text in English"), *diff["text_en"]),
        (_("Effective from"), "", formats.day(start)),
    ]
