"""Parse query strings by a form: a value that no page offers is a 400 that names it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from crm.web.responses import BadQuery


class QueryForm(forms.Form):
    """The parameters of an address. All are optional; unknown ones are passed over."""

    use_required_attribute = False

    @classmethod
    def read(cls, parameters: QueryDict) -> dict[str, Any]:
        """The values by field. Raises BadQuery with the first mistake."""
        form = cls(parameters)
        if form.is_valid():
            return form.cleaned_data
        raise BadQuery(next(iter(form.errors.values()))[0])
