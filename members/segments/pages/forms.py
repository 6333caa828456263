"""The forms in which a segment is created and edited, and a list is uploaded."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from crm.runtime import clock
from crm.runtime.text.fields import NormalTextField
from crm.staff.models import Staff
from crm.web.forms.day_input import DayInput
from members.rules.language.json_text import read_json
from members.segments.builder.builder import Builder, from_rule, from_text
from members.segments.change.id_list import LARGEST
from members.segments.change.save import LONGEST_NAME, LONGEST_WHY, Draft
from members.segments.change.upload_list import By, How, usable_by
from members.segments.models import Kind

_BY = {
    By.NUMBER: _("Member numbers, such as M000045 or #45"),
    By.OUTSIDE: _("Only the platform's member numbers, such as M000045"),
}
_BY_OURS = {By.NUMBER: _("Member numbers, such as #45")}  # for those who may not see the platform's
_HOW = (
    (How.REPLACE, _("Replace all members")),
    (How.ADD, _("Add to the members")),
    (How.REMOVE, _("Remove from the members")),
)


class SegmentForm(forms.Form):
    """Name, purpose, and what its kind needs: a rule, an instant for a frozen one, a file for a list."""

    name = NormalTextField(label=_("Segment name"), max_length=LONGEST_NAME)
    why = NormalTextField(
        label=_("Purpose"),
        max_length=LONGEST_WHY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    rule = forms.CharField(
        label=_("Rule (JSON)"), widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"})
    )
    as_of = forms.DateField(
        label=_("As of (end of day)"),
        widget=DayInput,
        help_text=_("Members who match on this day. Fields without history only allow today."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: Kind, data: Any = None, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        self.kind = kind
        if kind == Kind.LIST:
            del self.fields["rule"]
        if kind != Kind.FROZEN:
            del self.fields["as_of"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def draft(self, now: datetime, ready_made: str = "") -> Draft:
        """What the form asks for. Raises BadRules where the rule is no JSON."""
        given = self.cleaned_data
        return Draft(
            name=given["name"],
            kind=self.kind,
            rule=read_json(given["rule"]) if "rule" in given else None,
            why=given["why"],
            as_of=_end_of(given.get("as_of"), now),
            ready_made=ready_made,
        )


def _end_of(day: date | None, now: datetime) -> datetime | None:
    """The end of a platform day; of today, now."""
    if day is None:
        return None
    return now if day == clock.day_of(now) else clock.day_end(day)


def rule_text(rule: Any) -> str:
    """A stored rule as JSON that people read."""
    return json.dumps(rule, ensure_ascii=False, indent=2)


def builder_of(rule: Any, staff: Staff) -> Builder:
    """The builder of a stored rule, or of the text of one in an address; an empty one without a rule."""
    if not rule:
        return Builder(staff)
    return from_text(rule, staff) if isinstance(rule, str) else from_rule(rule, staff)


def with_rule(parameters: QueryDict, builder: Builder) -> QueryDict:
    """What was posted, with the rule that the builder's inputs write; one that was posted as JSON stays."""
    if builder.is_empty:
        return parameters
    given = parameters.copy()
    given["rule"] = builder.json
    return given


class ListForm(forms.Form):
    """A file of ids, what they are, and what becomes of the members there are."""

    how = forms.ChoiceField(label=_("Action"), choices=_HOW, initial=How.REPLACE)
    by = forms.ChoiceField(label=_("The file contains"), initial=By.NUMBER)
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("One member per row, in the first column or a column headed “ID”."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        allow_empty_file=True,
    )

    def __init__(self, staff: Staff, data: Any = None, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        usable = usable_by(staff)
        by = self.fields["by"]
        assert isinstance(by, forms.ChoiceField)
        by.choices = [(one, _BY[one]) for one in usable] if By.OUTSIDE in usable else [*_BY_OURS.items()]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class ListUploadHandler(FileUploadHandler):
    """Keeps a list of ids in memory, up to one byte more than the largest: ids never stand on the disk."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._parts: list[bytes] = []
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._parts.append(raw_data[: LARGEST + 1 - self._size])
        self._size += len(self._parts[-1])
        if self._size > LARGEST:
            raise SkipFile

    def file_complete(self, file_size: int) -> Any:
        return None

    @property
    def data(self) -> bytes:
        """What arrived."""
        return b"".join(self._parts)
