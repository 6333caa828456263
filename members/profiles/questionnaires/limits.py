"""How often a member may be assessed: twice a day and eight times in twelve months at one institution.

Source: AMAC 公开募集证券投资基金投资者适当性管理细则 (中基协发〔2026〕13号), by the text of its consultation:
to be confirmed by compliance. The database holds both limits (profiles_attempt_judged).
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

A_DAY, A_YEAR = 2, 8


def next_day(member_id: int, today: date) -> date:
    """The first platform day from today on on which the member may answer once more. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM profiles_assessment_days(%s, %s)", [member_id, today])
        days = sorted((day for (day,) in cursor.fetchall()), reverse=True)
    if len(days) >= A_YEAR:
        return _year_later(days[A_YEAR - 1])
    return today + timedelta(days=days.count(today) >= A_DAY)


def _year_later(day: date) -> date:
    """The first day on which the year up to it does not hold this day, as PostgreSQL subtracts a year."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)
