"""Form fields that give a text in its normal form."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.runtime.text.normal_form import line, lines


class NormalTextField(forms.CharField):
    """A text without invisible signs, on one line unless several may be typed."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        return lines(text) if isinstance(self.widget, forms.Textarea) else line(text)
