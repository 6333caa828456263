"""Parse the condition on how a measure moved within days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from members.rules.language.errors import BadRule, Mistake
from members.rules.language.near import shown
from members.rules.language.reader import Reader
from members.rules.language.tree import Changed
from members.rules.language.values import number, span

MOST_RISE = 1_000_000  # the largest share: from nothing or next to it anything is a great rise


def parse_changed(data: Mapping[str, Any], path: str, reader: Reader) -> Changed | None:
    """{"change": measure, "direction": "fell", "by": {"share": 0.3}, "within": {"days": 14}}."""
    if not reader.keys(data, path, ["change", "direction", "by", "within"], []):
        return None
    measure = reader.named(data["change"], f"{path}.change", reader.measures, Mistake.UNKNOWN_MEASURE)
    direction = data["direction"]
    if direction not in ("fell", "rose"):
        reader.fault(
            BadRule(f"{path}.direction", Mistake.NOT_CHOSEN, value=shown(direction), choices="fell, rose")
        )
    by, value = _by(data["by"], f"{path}.by", direction, reader)
    within = reader.attempt(span, data["within"], f"{path}.within", hours=False, least=1)
    if measure is None or within is None or value is None:
        return None
    return Changed(path, measure.name, direction, by, value, within)


def _by(data: Any, path: str, direction: Any, reader: Reader) -> tuple[str, Any]:
    if not isinstance(data, Mapping) or len(data) != 1 or not data.keys() <= {"share", "amount"}:
        right = '{"share": 0.3}, {"amount": 50000}'
        reader.fault(BadRule(path, Mistake.NOT_CHOSEN, value=shown(data), choices=right))
        return "", None
    [(by, given)] = data.items()
    value = reader.attempt(number, given, f"{path}.{by}")
    # The words give the range in percent and quote no value: a form has turned what was typed into a share.
    most = 1 if direction == "fell" else MOST_RISE
    if value is not None and by == "share" and not 0 < value <= most:
        reader.fault(BadRule(f"{path}.{by}", Mistake.SHARE_RANGE, most=100 * most))
        return by, None
    if value is not None and value <= 0:
        reader.fault(BadRule(f"{path}.{by}", Mistake.AMOUNT_RANGE))
        return by, None
    return by, value
