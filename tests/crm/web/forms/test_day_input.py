"""The input of a day has a value that the browser takes, in every language."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.conf import settings
from django.utils.translation import override

from crm.web.forms.day_input import DayInput


class Form(forms.Form):
    day = forms.DateField(widget=DayInput)


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_day_goes_to_the_browser_and_comes_back(language):
    with override(language):
        shown = str(Form(initial={"day": date(2026, 11, 29)})["day"])
        assert 'type="date"' in shown
        assert 'value="2026-11-29"' in shown
        sent = Form({"day": "2026-11-29"})
        assert sent.is_valid()
        assert sent.cleaned_data["day"] == date(2026, 11, 29)
