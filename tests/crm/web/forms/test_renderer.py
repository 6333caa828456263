"""Inputs are written as Django writes them."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from crm.web.forms.renderer import Renderer

WIDGETS = (forms.TextInput, forms.NumberInput, forms.DateInput, forms.EmailInput, forms.HiddenInput)
ATTRS = {"class": "input", "required": True, "disabled": False, "min": 0, "data-x": "\"<&>'", "step": "0.1"}


@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize("value", [None, "", "王小明 <b>&\"'", 5, 0])
def test_an_input_is_what_django_writes(widget, value):
    ours, django = (
        widget(attrs=ATTRS).render("a<b", value, {"id": "id_a"}, renderer=renderer())
        for renderer in (Renderer, DjangoTemplates)
    )
    assert ours.strip() == django.strip()
    assert "<b>" not in ours


def test_other_widgets_are_left_to_django():
    choice = forms.Select(choices=[("a", "A")])
    assert choice.render("x", "a", renderer=Renderer()) == choice.render("x", "a", renderer=DjangoTemplates())


def test_the_product_renders_its_forms_with_it():
    assert isinstance(forms.Form().renderer, Renderer)
