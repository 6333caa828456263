"""Check free-text values, such as names, where they stand in a text: once per distinct value.

A clean template can become a violation by its data: somebody is called 保本, or 本 behind a literal 保. So a
value is checked between the words around it, and what is found in it withholds the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from campaigns.review.copy.rendering.render import Content, parse_content
from campaigns.review.copy.rendering.template import Piece
from campaigns.review.copy.rendering.variables import VariableType, write_value
from campaigns.review.models import CheckedValue, FindingSeverity
from campaigns.review.wording.check import check
from campaigns.review.wording.documents import Copy as Text
from campaigns.review.wording.packs import Pack
from crm.runtime.secrets.crypto import blind_index

AROUND = 12  # characters of literal text on either side that a value is read with
_FIELD = "copy_value"


@dataclass(frozen=True)
class _Spot:
    """Where a variable stands, with the literal text around it."""

    variable: str
    before: str
    after: str


def check_values(
    content: Content, rows: Sequence[Mapping[str, Any]], pack: Pack, now: datetime
) -> list[tuple[str, ...]]:
    """For each row of values the names of the variables whose text the pack finds something in.

    `rows` are values by name, as `render` takes them; a value that is missing or none of its type is left to
    it. One query reads what is known, one stores what was checked for the first time.
    """
    parsed = parse_content(content)
    texts = {name: one for name, one in parsed.variables.items() if one.kind == VariableType.TEXT}
    spots = [
        spot for template in (parsed.subject, parsed.body) for spot in _spots(template.pieces) if
        spot.variable in texts
    ]  # fmt: skip
    asked: list[dict[bytes, tuple[_Spot, str]]] = []
    for row in rows:
        found = {}
        for spot in spots:
            if row.get(spot.variable) is not None:
                value = write_value(texts[spot.variable], row[spot.variable], content.language)
                found[_key(spot, value)] = (spot, value)
        asked.append(found)
    known = _known(dict(chain.from_iterable(one.items() for one in asked)), pack, now)
    return [
        tuple(sorted({spot.variable for key, (spot, _value) in one.items() if known[key]})) for one in asked
    ]


def _spots(pieces: Sequence[Piece]) -> Iterable[_Spot]:
    for place, piece in enumerate(pieces):
        if piece.variable:
            before = pieces[place - 1].text[-AROUND:] if place else ""
            after = pieces[place + 1].text[:AROUND] if place + 1 < len(pieces) else ""
            yield _Spot(piece.variable, before, after)


def _key(spot: _Spot, value: str) -> bytes:
    return blind_index(_FIELD, f"{spot.before}\0{value}\0{spot.after}")


def _known(asked: Mapping[bytes, tuple[_Spot, str]], pack: Pack, now: datetime) -> dict[bytes, str]:
    """The worst severity by key; empty where nothing was found."""
    stored = CheckedValue.objects.filter(
        pack_name=pack.name, pack_version=pack.version, value_hash__in=list(asked)
    )
    known = {bytes(key): severity for key, severity in stored.values_list("value_hash", "severity")}
    new = [_checked(key, spot, value, pack, now) for key, (spot, value) in asked.items() if key not in known]
    CheckedValue.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return known | {bytes(one.value_hash): one.severity for one in new}


def _checked(key: bytes, spot: _Spot, value: str, pack: Pack, now: datetime) -> CheckedValue:
    """What the pack finds in the value, alone or with the words around it."""
    first, last = len(spot.before), len(spot.before) + len(value)
    around = check(Text(f"{spot.before}{value}{spot.after}"), pack)
    found = [one for one in around if one.start < last and one.end > first] + check(Text(value), pack)
    order = FindingSeverity.values
    return CheckedValue(
        pack_name=pack.name,
        pack_version=pack.version,
        value_hash=key,
        severity=max((one.severity.value for one in found), key=order.index, default=""),
        findings=sorted({(one.rule.id, one.rule.category, one.severity.value) for one in found}),
        checked_at=now,
    )
