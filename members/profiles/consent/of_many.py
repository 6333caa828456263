"""Consents of many members at once, as a relation: one pass over the index, not a look for each member."""

from __future__ import annotations

from crm.runtime.sql_files import sql_beside
from members.profiles.models import ContactChannel, Purpose

_sql = sql_beside(__file__)


def latest_of_many_sql(purpose: Purpose, channel: ContactChannel, *, members: str) -> str:
    """A SELECT of member_id, id, given: the consent row that counts at `%(now)s`, of those who have one.

    `members` is an SQL expression, an array of their ids. For purposes without a recipient.
    """
    return _sql("latest_of_many").format(
        purpose=Purpose(purpose).value, channel=ContactChannel(channel).value, members=members
    )
