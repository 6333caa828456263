"""Templates are rendered as in the product.

Django's test client notes every template of an answer with a copy of its values, which takes longer than many
a page; hardly a test asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.template import Context, Template

_in_the_product = Template._render  # as it is before Django prepares for tests


def unwatched() -> None:
    """From now on no template is noted; to be called when Django has prepared for tests, which it undoes."""
    Template._render = _in_the_product


@contextmanager
def noted() -> Iterator[set[str]]:
    """The names of the templates that are rendered meanwhile, those included by others too."""
    names: set[str] = set()

    def note(template: Template, context: Context) -> str:
        if template.name:
            names.add(template.name.split("#")[0])
        return _in_the_product(template, context)

    Template._render = note
    try:
        yield names
    finally:
        Template._render = _in_the_product
