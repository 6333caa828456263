"""How a file is read, as the page asks it; the command line has the same in `management/arguments.py`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.imports.models import Upload
from crm.imports.options import ReadingOptions
from crm.imports.uploads.upload import layout_of
from crm.imports.vocabulary import headings
from crm.imports.vocabulary.words import word_choices

_FOUND = ("", gettext_lazy("detect automatically"))
_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16")
_DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("pipe"),
}


class ReadingForm(forms.Form):
    """The decisions on one upload. A field that was not sent changes nothing."""

    table_line = forms.IntegerField(
        label=gettext_lazy("Line of the headings"), required=False, min_value=1, max_value=1_000_000
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Delimiter"), required=False, choices=[_FOUND, *_DELIMITERS.items()]
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[_FOUND, *((name, name.upper()) for name in _ENCODINGS)],
    )

    def __init__(self, upload: Upload, data: Any = None) -> None:
        self._layout = layout_of(upload)
        options, kind = self._layout.options, self._layout.kind
        super().__init__(
            data,
            initial={
                "table_line": options.table_line or None,
                "delimiter": options.delimiter,
                "encoding": options.encoding,
                "money_in": options.money_in or (kind.flow.money_in if kind.flow else ""),
                "money_out": options.money_out or (kind.flow.money_out if kind.flow else ""),
                "row_ids": "1" if options.row_ids else "",
                **{f"fixed-{name}": text for name, text in options.constants.items()},
            },
        )
        self._of_workbook(upload)
        self._add_flow()
        self._add_fixed()
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def _of_workbook(self, upload: Upload) -> None:
        """A workbook has sheets where a text file has an encoding and a delimiter."""
        if not upload.sheets:
            return
        del self.fields["delimiter"], self.fields["encoding"]
        self.fields["table_line"].label = _("Row of the headings")
        sheets = [(name, name) for name in upload.sheets]
        first = self._layout.options.sheet or upload.sheets[0]
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Sheet"), choices=sheets, required=False, initial=first
        )

    def _add_flow(self) -> None:
        """What money in and money out are, where the file tells them so."""
        kind = self._layout.kind
        if kind.flow is None or kind.flow.direction not in self._layout.header:
            return
        if kind.flow.direction in self._layout.own:
            return
        words = word_choices(kind, kind.flow.direction)
        self.fields["money_in"] = forms.ChoiceField(label=_("Money in is"), choices=words, required=False)
        self.fields["money_out"] = forms.ChoiceField(label=_("Money out is"), choices=words, required=False)

    def _add_fixed(self) -> None:
        """A text for every row, or ids of the rows, where a required column is missing."""
        kind, constants = self._layout.kind, self._layout.options.constants
        there = [name for name in self._layout.header if name not in constants]
        for column in kind.columns:
            if column.name == kind.row_id and column.name not in self._layout.own:
                self.fields["row_ids"] = forms.ChoiceField(
                    label=headings.label(kind, column.name),
                    required=False,
                    choices=[("", _("from a column")), ("1", _("generated from each row"))],
                )
            elif column.required and column.name not in there:
                label = _("%(column)s of all rows") % {"column": headings.label(kind, column.name)}
                self.fields[f"fixed-{column.name}"] = forms.CharField(
                    label=label, required=False, max_length=120
                )

    def decided(self) -> dict[str, Any]:
        """The fields of ReadingOptions that were sent; call is_valid() first."""
        sent = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        fixed = {
            name.removeprefix("fixed-"): value.strip()
            for name, value in sent.items()
            if name.startswith("fixed-")
        }
        found = {name: value for name, value in sent.items() if not name.startswith("fixed-")}
        if "table_line" in found:
            found["table_line"] = found["table_line"] or 0
        if "row_ids" in found:
            found["row_ids"] = bool(found["row_ids"])
        if fixed:
            found["constants"] = {
                name: text for name, text in {**self._layout.options.constants, **fixed}.items() if text
            }
        return {name: value for name, value in found.items() if name in ReadingOptions.__dataclass_fields__}
