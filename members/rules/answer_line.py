"""One line of `manage.py rules`: a rule in JSON, asked of all members."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import override

from crm.runtime.clock import BadInstant, day_end, day_of, parse, zone
from crm.runtime.errors import error_text
from members.rules import ask
from members.rules.language.errors import BadRule, BadRules, Mistake
from members.rules.language.json_text import JsonObject, read_json
from members.rules.language.near import shown
from members.rules.language.parse import parse as parse_rule
from members.rules.language.tree import Rule
from members.rules.language.values import EARLIEST, text
from members.rules.sentences import sentence

KEYS = ("id", "rule", "as_of")
LANGUAGES = {"en": "en", "zh": "zh-hans"}


def answer_line(line: bytes, now: datetime, most: int | None) -> dict[str, Any]:
    """The answer as plain JSON values, or {"id", "error": {"path", "message"}} with the first mistake.

    Paths are those of the rule, or where the fault is beside it of the line ("$.as_of"). `most`: so many ids.
    """
    given: dict[str, Any] = {}
    try:
        data = read_json(line)
        if not isinstance(data, JsonObject):
            raise BadRule("$", Mistake.NOT_A_RULE, value=shown(data), kinds=", ".join(KEYS))
        given = {"id": _id(data.get("id"))}
        _refuse_keys(data)
        return given | _answer(data, now, most)
    except BadRules as error:
        mistake = error.mistakes[0]
    except BadRule as error:
        mistake = error
    except DatabaseError:
        mistake = BadRule("$", Mistake.NOT_EVALUATED)
    with override("en"):
        return {"id": given.get("id"), "error": {"path": mistake.path, "message": error_text(mistake)}}


def _id(value: Any) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return text(value, "$.id")


def _refuse_keys(data: JsonObject) -> None:
    for key in data.twice:
        raise BadRule(f"$.{shown(key)}", Mistake.TWICE, key=shown(key))
    for key in data:
        if key not in KEYS:
            raise BadRule(f"$.{shown(key)}", Mistake.UNKNOWN_KEY, key=shown(key), keys=", ".join(KEYS))
    if "rule" not in data:
        raise BadRule("$.rule", Mistake.MISSING_KEY, key="rule")


def _answer(data: dict[str, Any], now: datetime, most: int | None) -> dict[str, Any]:
    rule = parse_rule(data["rule"])
    at = now if data.get("as_of") is None else _as_of(data["as_of"], now)
    with transaction.atomic():
        condition = ask.everybody(rule, at, past=at < now)
        count, members = ask.count_and_ids(condition, most)
        changes_next = ask.changes_next(condition)
    return {
        "count": count,
        "members": members,
        "sentence": _sentences(rule),
        "changes_next": changes_next and changes_next.astimezone(UTC).isoformat(),
    }


def _sentences(rule: Rule) -> dict[str, str]:
    found = {}
    for key, language_code in LANGUAGES.items():
        with override(language_code):
            found[key] = sentence(rule)
    return found


def _as_of(given: Any, now: datetime) -> datetime:
    """The end of a past day, or an instant of the past; today, however it is written, is now."""
    try:
        at = parse(given, end_of_day=True)
    except (BadInstant, TypeError, OverflowError):
        raise BadRule("$.as_of", Mistake.NOT_A_DAY, value=shown(given)) from None
    if at == day_end(day_of(now)):
        return now
    if at > now or day_of(at) < EARLIEST:
        last = now.astimezone(zone()) if day_of(at) == day_of(now) else day_of(now)
        raise BadRule("$.as_of", Mistake.DAY_RANGE, first=EARLIEST.isoformat(), last=last.isoformat())
    return at
