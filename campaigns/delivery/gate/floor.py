"""What the database judges again when a message is created or sent, by the same expressions as the gate.

A verdict says that a message is allowed; consent, suppression and suitability are looked at again all the
same, so that nobody sends anything by writing a verdict of their own. Written after each migrate, so that
the function is what the code is.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from django.db import connections

from crm.runtime.sql_files import sql_beside
from members.portfolio.suitability.read_facts import facts_sql
from members.portfolio.suitability.tables.message import MESSAGE
from members.profiles.consent.state import consented_sql, suppressed_sql
from members.profiles.models import ContactChannel, Purpose
from members.rules.decision_tables.to_sql import to_sql

_sql = sql_beside(__file__)
_PURPOSES = (Purpose.SERVICE, Purpose.EDUCATION, Purpose.MARKETING, Purpose.PRODUCT_MARKETING)
_ASKED = "SELECT m.id AS member_id, c.product_id"


def write_function(using: str = "default", **_: Any) -> None:
    """Create or replace delivery_still_allowed; run by the owner after each migrate."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('delivery_message') IS NOT NULL")  # no: migrated backwards
        if cursor.fetchone()[0]:
            cursor.execute(function_sql())


def function_sql() -> str:
    """The statement that makes the function."""
    table = to_sql(MESSAGE, {"f": "f"}, line="s.line")
    statement = _sql("floor").format(
        contact=" ".join(_contact(*pair) for pair in product(_PURPOSES, ContactChannel)),
        facts=facts_sql(_ASKED),
        line=table.line,
        outcome=table.outcome,
    )
    bound = {"%(now)s": "instant", "%(today)s": "portfolio_day_of(instant)", "%%": "%"}
    for name, expression in bound.items():
        statement = statement.replace(name, expression)
    return statement


def _contact(purpose: Purpose, channel: ContactChannel) -> str:
    """Whether a message for this purpose on this channel may reach the member row `m`."""
    consented = consented_sql(purpose, channel, member="m.id")
    return (
        f"WHEN c.purpose = '{purpose.value}' AND v.channel = '{channel.value}'"
        f" THEN {consented} AND NOT {suppressed_sql(channel, purpose)}"
    )
