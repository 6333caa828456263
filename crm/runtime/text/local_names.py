"""Names of reference data in two languages: the platform's own name and, where it has one, an English one.

A model with `name` and `name_en` (empty: there is none) takes LocalName as a base. Statements of our own say
the same by CASE WHEN %(english)s AND x.name_en <> '' THEN x.name_en ELSE x.name END, with reads_english().
"""

from __future__ import annotations

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language


def reads_english() -> bool:
    """Whether the active language is English."""
    return (get_language() or "").startswith("en")


class LocalName:
    """Base of a model with `name` and `name_en`."""

    name: str
    name_en: str

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and reads_english() else self.name

    def __str__(self) -> str:
        return self.local_name


def local_name(path: str = "") -> F | Coalesce:
    """The same as an expression for queries; `path` leads to the model, as "product__"."""
    name = F(f"{path}name")
    return Coalesce(NullIf(F(f"{path}name_en"), Value("")), name) if reads_english() else name
