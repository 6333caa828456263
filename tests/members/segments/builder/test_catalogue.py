"""Fields are found in either language and in pinyin, and only those that the reader sees unmasked."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from crm.staff.models import Role, Staff
from members.rules.catalogue.fields import fields
from members.segments.builder.catalogue import Catalogue, matching_choices
from tests.members.segments.builder.forms import READER


def found(typed: str, staff: Staff = READER) -> list[str]:
    return [option.key for _group, options in Catalogue(staff).search(typed) for option in options]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "typed", ["assets", "资产规模", "zichan", "zcgm", "ZiChan", "ａｓｓｅｔｓ", "AUM", "資產"]
)
def test_a_field_is_found_in_either_language_and_pinyin(typed, language):
    with override(language):
        assert "field:aum" in found(typed)


def test_all_words_have_to_match_and_the_best_comes_first():
    assert found("last login")[0] == "field:last_login"
    assert found("assets nonsense") == []
    assert {f"field:{name}" for name in Catalogue(READER).fields} <= set(found(""))


@pytest.mark.parametrize("role", list(Role))
def test_what_is_masked_for_the_reader_is_not_offered(role):
    staff = Staff(username="one", role=role)
    hidden = {name for name, field in fields.items() if not field.is_plain_to(staff)}
    assert hidden, "every role has something masked"
    assert not {f"field:{name}" for name in hidden} & set(found("", staff))
    for name in hidden:
        assert f"field:{name}" not in found(str(fields[name].label), staff)


def test_choices_are_found_by_pinyin_and_cut():
    labels = {str(number): f"张{number}" for number in range(20)} | {"x": "李四"}
    assert matching_choices(labels, "lisi", 5) == [("x", "李四")]
    assert len(matching_choices(labels, "zhang", 5)) == 5
    assert matching_choices(labels, "nobody", 5) == []
