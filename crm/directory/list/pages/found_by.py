"""The words by which a field is found while somebody types: in every language, in pinyin, by other names."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.translation import override

from crm.runtime.text.search_key import search_key
from crm.staff.names.pinyin import spellings
from members.rules.catalogue.fields import fields


@cache
def words_of(name: str) -> str:
    """Of a field by its name; a line for each, as search keys."""
    field = fields[name]
    words = [name.replace("_", " "), *field.searched_by]
    for language, _label in settings.LANGUAGES:
        with override(language):
            words += [str(field.label), *spellings(str(field.label))]
    return "\n".join(dict.fromkeys(map(search_key, words)))
