"""A template of a kind of file goes in as it is downloaded, in every form and language."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from crm.imports import kinds
from crm.imports.vocabulary.examples import example_of
from crm.staff.models import Role
from tests.crm.cast import browser_of, staff_of
from tests.crm.imports.files import take

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in settings.LANGUAGES]
EMPTY = {"referrer_id", "ended_on", "owner", "recipient"}  # what one example row cannot have
# What a row refers to goes in before it.
FIRST = ("channels", "members", "products")


def in_order() -> list[str]:
    return [*FIRST, *(name for name in kinds.names() if name not in FIRST)]


def download(client: Client, kind: str, form: str) -> bytes:
    response = client.get(reverse("import-template", args=[kind]), {"form": form})
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_template_goes_in_as_it_comes(tmp_path, form, language):
    client = browser_of(staff_of(Role.OPERATIONS, language=language))
    for kind in in_order():
        result = take(tmp_path, kind, download(client, kind, form), name=f"{kind}.{form}")
        assert (result.read, result.rejected, result.unused) == (1, 0, []), (kind, result.rejects)


def test_every_column_has_an_example():
    for name in kinds.names():
        kind = kinds.get(name)
        assert [c.name for c in kind.columns if not example_of(kind, c) and c.name not in EMPTY] == []


def test_the_headings_speak_the_language_of_the_reader():
    client = browser_of(staff_of(Role.OPERATIONS, language="zh-hans"))
    assert "会员号" in download(client, "members", "csv").decode()
    with override("zh-hans"):
        kind = kinds.get("transactions")
        assert example_of(kind, kind.by_name["kind"]) == "申购"


def test_an_unknown_kind_has_no_template():
    client = browser_of(staff_of(Role.OPERATIONS))
    assert client.get(reverse("import-template", args=["nothing"])).status_code == 404
