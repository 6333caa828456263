"""The shared relations that KPIs select from, for everybody or among some members.

A text marks with /*among <column>*/ where it may be restricted to some members: nothing there counts
everybody, a condition lists those behind a figure without reading all the others.
"""

from __future__ import annotations

import re

from crm.insights.kpis import approached
from crm.runtime.sql_files import sql_beside

_read = sql_beside(__file__)
_MARK = re.compile(r" */\*among (\S+)\*/")


def relation_sql(name: str) -> str:
    """The SELECT of a shared relation, with its marks."""
    return approached.relation_sql() if name == approached.RELATION else assembled(_read(name))


def assembled(text: str) -> str:
    """The text with the assets at one edge of a period, where it asks for them."""
    return text.replace("{aum_at_edge}", _read("aum_at_edge"))


def for_everybody(text: str) -> str:
    """The text without its marks."""
    return _MARK.sub("", text)


def among(text: str) -> str:
    """The text restricted to the members of the parameter `members`, a list of ids."""
    return _MARK.sub(r" AND \1 = ANY(%(members)s)", text)
