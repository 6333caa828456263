"""Leave out of an address what the list cannot be asked, so that the rest of it still is, and say what."""

from __future__ import annotations

from collections.abc import Mapping

from crm.directory.list.request.parse import BadFilter, parse
from crm.staff.models import Staff


def without_mistakes(parameters: Mapping[str, str], staff: Staff) -> tuple[dict[str, str], dict[str, str]]:
    """The parameters that can be asked, and for each of the others the words of its mistake.

    Raises BadQuery on a page token that is damaged or of another order.
    """
    good, mistakes = dict(parameters), dict[str, str]()
    while True:
        try:
            parse(good, staff)
        except BadFilter as error:
            for name in error.names:
                mistakes[name] = str(error)
                good.pop(name, None)
        else:
            return good, mistakes
