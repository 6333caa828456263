"""Addresses of the product's own pages."""

from __future__ import annotations

from django.urls import include, path

from crm.runtime.extension.links import pages


def answer(request):
    raise NotImplementedError


def test_an_app_whose_part_has_no_page_yet_ends_the_walk():
    patterns = [path("empty/", include([])), path("one/", include([path("", answer, name="one")]))]
    assert [pattern.name for pattern in pages(patterns)] == ["one"]
