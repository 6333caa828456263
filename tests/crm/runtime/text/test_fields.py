"""What people type into forms is stored in its normal form."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory

from crm.directory.list import saved_views
from crm.office.forms import TeamForm
from crm.runtime.text.fields import NormalTextField
from crm.staff.models import Role
from crm.staff.privacy.access_log import clean_reason
from members.profiles.models import Channel
from tests.crm.staff.people import staff_of

TYPED = "\u202e张\u200b三\u00a0 A\t"


def test_a_field_gives_one_line_or_several():
    assert NormalTextField().clean(TYPED) == "张三 A"
    several = NormalTextField(widget=forms.Textarea)
    assert several.clean(" a\u3000 b\r\n\u200b\r\nc ") == "a b\r\n\r\nc"
    assert NormalTextField(required=False).clean("\u200b") == ""
    with pytest.raises(forms.ValidationError):
        NormalTextField().clean("\u200b\u3000")


def test_forms_and_functions_of_staff_use_it():
    form = TeamForm({"name": TYPED, "name_en": "", "reason": f"a good reason {TYPED}"})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["name"], form.cleaned_data["reason"]) == ("张三 A", "a good reason 张三 A")
    assert clean_reason(f"a good reason {TYPED}") == "a good reason 张三 A"


@pytest.mark.django_db
def test_the_administration_and_saved_views_use_it():
    request: Any = RequestFactory().get("/")
    request.user = staff_of(Role.ADMINISTRATOR)
    form_class = admin.site._registry[Channel].get_form(request)
    assert form_class.base_fields["name"].clean(TYPED) == "张三 A"
    view = saved_views.save(staff=request.user, name=TYPED, query={}, shared=False)
    assert view.name == "张三 A"
