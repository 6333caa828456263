"""One member as the member page shows them: record, standing, and what led here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.staff.models import Staff
from members.lifecycle.models import Standing, Transition
from members.profiles.masking import SHOWABLE, Form, MemberView, form_of, present
from members.profiles.models import Identity, InvestorType, Member, Sex

MOVES = 20
LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "mobile": gettext_lazy("Mobile"),
    "email": gettext_lazy("E-mail"),
    "id_number": gettext_lazy("ID number"),
    "address": gettext_lazy("Address"),
    "birth_date": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "region": gettext_lazy("Region"),
    "occupation": gettext_lazy("Occupation"),
    "income_band": gettext_lazy("Income"),
    "language": gettext_lazy("Language"),
}


@dataclass(frozen=True)
class Value:
    """One personal value as the reader sees it; `may_reveal`: a reason opens it."""

    field: str
    label: str | Promise
    text: str
    masked: bool
    may_reveal: bool


@dataclass(frozen=True)
class Person:
    """A member, ready to be shown. `record` is nobody's secret, `names` are ids of other systems."""

    view: MemberView
    record: dict[str, Any]
    standing: Standing | None
    values: list[Value]
    names: list[tuple[str, str]]


def read_person(member_id: int, staff: Staff) -> Person:
    """The member in four queries. Raises Http404 when not there or not theirs to see."""
    found = present([member_id], staff=staff, fields=SHOWABLE)
    if not found:
        raise Http404
    view = found[0]
    return Person(
        view,
        _record(member_id),
        Standing.objects.filter(pk=member_id).first(),
        _values(view),
        _names(member_id, staff),
    )


def _record(member_id: int) -> dict[str, Any]:
    rows = Member.objects.filter(pk=member_id).values(
        "known_at",
        "registered_at",
        "risk_class",
        "risk_assessed_on",
        "investor_type",
        "campaign",
        "source",
        "imported_at",
        "referrer_id",
        "household_id",
        channel_name=F("channel__name"),
    )
    record = rows.annotate(
        managers=ArrayAgg(
            "book_rows__staff__display_name", filter=Q(book_rows__ended_at=None, book_rows__isnull=False)
        )
    )[0]
    kind = record["investor_type"]
    return {
        **record,
        "manager": next(iter(record["managers"] or []), ""),
        "investor": InvestorType(kind).label if kind else "",
    }


def _values(view: MemberView) -> list[Value]:
    values = []
    for field, label in LABELS.items():
        text = getattr(view, field)
        if not text or (field == "name" and text == view.number):
            continue
        shown = str(Sex(text).label) if field == "sex" else text
        values.append(Value(field, label, shown, field in view.masked, field in view.revealable))
    return values


def _names(member_id: int, staff: Staff) -> list[tuple[str, str]]:
    if form_of("outside_id", staff) is not Form.PLAIN:
        return []
    rows = Identity.objects.filter(member=member_id).order_by("kind", "source", "value")
    return [
        (f"{kind} · {source}" if source else kind, value)
        for kind, source, value in rows.values_list("kind", "source", "value")[:20]
    ]


def moves_of(member_id: int) -> list[Transition]:
    """The latest transitions, overturned ones included. Uses index: the key (member, id)."""
    return list(Transition.objects.filter(member=member_id).order_by("-effective_at", "-id")[:MOVES])
