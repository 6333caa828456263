"""Whatever spells the same name is the same key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.runtime.text.normal_form import FORMS
from crm.runtime.text.search_key import compact_form, search_key, simplified
from tests.crm.runtime.text.test_normal_form import ANY, AWKWARD
from tests.harness.examples import examples

SAME = [
    ("买买提·艾力", "买买提艾力"),
    ("O’Neil\u3000Pat", "oneilpat"),
    ("ＪＯＳÉ", "jose"),
    ("陳大文", "陈大文"),
    ("lǚ", "lu"),
    ("Straße Æther Łódź", "strasseaetherlodz"),
    ("a_b%c", "a_b%c"),
    ("·", ""),
]


@pytest.mark.parametrize(("text", "key"), SAME)
def test_a_key(text, key):
    assert search_key(text) == key


@given(AWKWARD | ANY)
@examples(200)
def test_a_key_is_its_own_and_that_of_every_normal_form(text):
    key = search_key(text)
    assert search_key(key) == key
    assert all(search_key(form(text)) == key for form in FORMS.values())
    assert len(compact_form(text)) == len(key)


@given(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
@examples(100)
def test_a_simplified_form_is_one_character_and_final(character):
    assert len(simplified(character)) == 1
    assert simplified(simplified(character)) == simplified(character)
