"""The filters behind "More filters": inputs of one click, group by group, and every other field as a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.directory.list.pages.filter_choices import FilterChoices
from crm.directory.list.pages.found_by import words_of
from crm.directory.list.request.columns import in_groups
from crm.directory.list.request.quick_filters import NONE, QUICK_FILTERS
from crm.runtime.extension.labels import Label
from crm.staff.models import Staff
from members.lifecycle.models import SubState
from members.profiles.models import RiskClass
from members.rules.catalogue.fields import Field

ALWAYS_SHOWN = ("stage", "warning", "manager")  # filters outside of "More filters"
_LABELS = {
    "idle_days": gettext_lazy("No login for at least (days)"),
    "due_days": gettext_lazy("Expected change within (days)"),
    "matures": gettext_lazy("Product matures within (days)"),
    "assessment": gettext_lazy("Assessment expires within (days)"),
}
_HINTS = {
    "assessment": gettext_lazy("0: already expired"),
    "new_since": gettext_lazy("In this stage, or with this warning, since that day"),
    "aum_min": gettext_lazy("from, e.g. 200k"),
    "aum_max": gettext_lazy("up to, e.g. 1.5m"),
}
_KINDS = {
    **dict.fromkeys(("idle_days", "due_days", "matures", "assessment"), "number"),
    **dict.fromkeys(("new_since", "registered_from", "registered_to"), "date"),
    **dict.fromkeys(("aum_min", "aum_max"), "amount"),
    "region": "suggested",
}
Options = Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Input:
    """One filter as a field of the form: `kind` is "choice", "number", "date", "amount" or "suggested"."""

    name: str
    label: str | Promise
    kind: str
    value: Any
    words: str
    hint: str | Promise = ""
    least: int = 1
    options: Options = ()


@dataclass(frozen=True)
class Group:
    """A group of fields: inputs, and links to the advanced filter for those without one."""

    label: Label | str
    inputs: Sequence[Input]
    others: SafeString


def groups_of(
    staff: Staff, values: Mapping[str, Any], offers: FilterChoices, address: str, offered: Iterable[str]
) -> list[Group]:
    """What this person may filter by, `offered` with one click or by any other field.

    `address`, with a query, leads to the advanced filter; empty: there is none.
    """
    by_field: dict[str, list[str]] = {}
    for name in offered:
        by_field.setdefault(QUICK_FILTERS[name].fields[0], []).append(name)
    options, found = dict(_options(offers)), []
    plain = [field for field in in_groups() if field.is_plain_to(staff)]
    for label, fields in groupby(plain, key=lambda field: field.group):
        inputs, others = [], []
        for field in fields:
            names = by_field.get(field.name, ())
            inputs += [
                _input(name, words_of(field.name), values, options)
                for name in names
                if name not in ALWAYS_SHOWN
            ]
            if address and not names:
                others.append(_link(field, address))
        if inputs or others:
            links = mark_safe(" ".join(others))  # noqa: S308 - escaped where each is put in
            found.append(Group(label or _("Other"), inputs, links))
    return found


def _link(field: Field, address: str) -> str:
    return (
        f'<a href="{escape(address)}&amp;field={field.name}" title="{escape(str(field.help))}"'
        f' data-adds="field" data-words="{escape(words_of(field.name))}">{escape(str(field.label))}</a>'
    )


def _input(name: str, words: str, values: Mapping[str, Any], options: Mapping[str, Options]) -> Input:
    return Input(
        name,
        _LABELS.get(name, QUICK_FILTERS[name].label),
        _KINDS.get(name, "choice"),
        values.get(name, ""),
        words,
        _HINTS.get(name, ""),
        0 if name == "assessment" else 1,
        options.get(name, ()),
    )


def _options(offers: FilterChoices) -> Iterator[tuple[str, Options]]:
    yield "sub_state", [("", _("All sub-states")), *SubState.choices]
    yield "channel", [("", _("All channels")), *offers.channels]
    yield "risk", [("", _("All risk classes")), *RiskClass.choices, (NONE, _("not assessed"))]
    yield "complaint", [("", _("All")), ("open", _("Not closed"))]
    yield "plan", [("", _("All")), ("missed", _("debit missed"))]
