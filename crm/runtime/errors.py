"""Errors with a code: domain functions say why they refuse, pages ask for the sentence.

Each app registers the sentences of its codes (its module `sentences`) from AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

from crm.runtime.extension.labels import untranslated
from crm.runtime.extension.registry import Registry


class CodedError(ValueError):
    """Something is refused: `code` says why, `params` are what its sentence needs.

    str() is for logs: the code, with the parameters where there are some.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}" if params else str(code))
        self.code = str(code)
        self.params = params


_sentences: Registry[Promise] = Registry("sentence of the error", untranslated)


def register(sentences: Mapping[str, Promise]) -> None:
    """Publish the sentences of an app's codes. Raises RegisteredTwice."""
    for code, sentence in sentences.items():
        _sentences.add(str(code), sentence)


def error_text(error: CodedError) -> str:
    """The error in a sentence. Raises KeyError on a code without one."""
    return str(_sentences[error.code]) % error.params
