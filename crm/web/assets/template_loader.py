"""Templates as they are served: without the indentation that makes them readable.

Indentation would weigh up to as much as a page's content. Line breaks stay: HTML reads a run of whitespace as
one space, and the line numbers of errors stay true. Where whitespace counts (pre, textarea, a message that is
not `trimmed`) nothing is touched. Templates are read once in a process: no request pays for this.
"""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(
    r"""(?P<verbatim> <(?P<tag>pre|textarea|script)\b .*? </(?P=tag)>
                    | \{%[ ]blocktrans (?![ ]trimmed) .*? \{%[ ]endblocktrans )
      | (?<=\n)[ \t]+""",
    re.DOTALL | re.VERBOSE,
)


class Loader(filesystem.Loader):
    """Finds templates in DIRS, as Django's own."""

    def get_contents(self, origin: Origin) -> str:
        """The template's source without indentation. Raises TemplateDoesNotExist."""
        return without_indentation(super().get_contents(origin))


def without_indentation(source: str) -> str:
    return INDENTATION.sub(lambda found: found["verbatim"] or "", source)
