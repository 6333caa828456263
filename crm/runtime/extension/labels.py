"""Words under which apps publish something: translatable, or the same in every language and said to be."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

SOURCE_LANGUAGE = "en"


class Verbatim(str):
    """Words that are the same in every language, such as a language's name for itself."""


Label = Promise | Verbatim


def untranslated(*labels: Label) -> Iterator[str]:
    """One line for each label and language in which it reads as in the source."""
    for label in labels:
        if isinstance(label, Verbatim):
            continue
        with override(SOURCE_LANGUAGE):
            source = str(label)
        for language, _name in settings.LANGUAGES:
            if language == SOURCE_LANGUAGE:
                continue
            with override(language):
                if str(label) == source:
                    yield f"{source!r} has no translation in {language}"
