"""What files call our columns: labels for people, other headings they come under, and the guess by name."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from crm.imports.kinds import IGNORED, Kind
from crm.runtime.text.search_key import simplified

LONGEST = 120  # characters of a heading
_KNOWN: dict[str, Heading] = {}
_OTHERS: dict[tuple[str, ...], Mapping[str, str]] = {}  # by kind and columns; see _other_names
_BRACKETED = re.compile(r"^(.*?)[(\[【〔<](.*?)[)\]】〕>]\s*[*:]?\s*$")
# What may stand in brackets, or behind the name, without changing what the column is. Another unit (万元,
# USD) or another person (推荐人) does change it.
_HARMLESS = re.compile(
    r"元|人民币|人民币元|rmb|cny|必填|选填|可选|非必填|required|optional|[省市区县州镇、,/|; ]+"
    r"|[ymdhs年月日时分秒:/. -]+|男/?女|\d+位|一|1"
)
_UNITS = ("人民币元", "人民币", "元", "rmb", "cny")
# Whose the value is: these are the member, so 客户手机号 is the mobile, while 推荐人手机号 is not.
_THE_MEMBER = ("客户", "会员", "用户", "投资者", "投资人", "customer", "client", "member", "user")


@dataclass(frozen=True)
class Heading:
    """A column's name for people, and other headings, in any language, that mean it."""

    label: str | Promise
    also: tuple[str, ...] = ()


def publish(headings: Mapping[str, Heading]) -> None:
    """Make headings known, by column or part ("mobile", "at:date"), or by kind and column ("events.name")."""
    _KNOWN.update(headings)
    _OTHERS.clear()


def heading_of(kind: Kind, column: str) -> Heading:
    """What is known of a column; at least its name."""
    return _KNOWN.get(f"{kind.name}.{column}") or _KNOWN.get(column) or Heading(column)


def label(kind: Kind, column: str) -> str:
    """The column's name for people."""
    if column.startswith(IGNORED):
        return f"#{column.removeprefix(IGNORED)}"
    return str(heading_of(kind, column).label)


def clean(heading: str) -> str:
    """A heading as people read it: on one line, without invisible signs and blanks around it."""
    kept = "".join(sign for sign in heading if unicodedata.category(sign) not in ("Cf", "Cc") or sign == "\t")
    return kept.replace("\t", " ").strip()[:LONGEST]


@lru_cache(maxsize=4096)
def plain_heading(heading: str) -> str:
    """Without case, width, spaces and punctuation; traditional characters as simplified ones."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(simplified(sign) for sign in folded if sign.isalnum())


def meanings(kind: Kind, header: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """What a line that repeats headings may hold, of this file or of the kind in any language: {heading in
    lower case: our column, or itself}."""
    found = {text.casefold(): name for name in kind.mappable for text in (*heading_of(kind, name).also, name)}
    own = zip(header, columns, strict=True)
    return found | {text.casefold(): name or text.casefold() for text, name in own if text}


def guess_columns(kind: Kind, header: Sequence[str]) -> list[str]:
    """Our column for each heading; empty where none is meant for sure.

    A heading is a column's own name, another known heading, or such a heading with the platform's unit or the
    member named beside it (金额(元), 客户手机号). How it merely ends says nothing: 推荐人手机号 is another's.
    One column goes to one heading, the best known first.
    """
    own = {plain_heading(column.name): column.name for column in kind.columns}
    also = _other_names(kind)
    ways = (
        lambda heading: own.get(plain_heading(heading), ""),
        lambda heading: also.get(plain_heading(heading), ""),
        lambda heading: _loosely(kind, {**own, **also}, heading),
    )
    found = [""] * len(header)
    for way in ways:
        for place, heading in enumerate(header):
            name = "" if found[place] else way(heading)
            if name and name not in found:
                found[place] = name
    return _settle(
        kind, found, {place for place, heading in enumerate(header) if plain_heading(heading) in own}
    )


def _other_names(kind: Kind) -> Mapping[str, str]:
    """Our column for each other heading that means it, in the form headings are compared in: those that are
    known, then how pages and templates call it in any language."""
    key = (kind.name, *kind.mappable)
    if key not in _OTHERS:
        known = [(text, name) for name in kind.mappable for text in heading_of(kind, name).also]
        found: dict[str, str] = {}
        for text, name in [*known, *labels(kind).items()]:
            found.setdefault(plain_heading(text), name)
        _OTHERS[key] = found
    return _OTHERS[key]


def labels(kind: Kind) -> dict[str, str]:
    """Our column for each name for people, in every language."""
    found: dict[str, str] = {}
    for language, _ in settings.LANGUAGES:
        with override(language):
            for name in kind.mappable:
                found.setdefault(label(kind, name), name)
    return found


def _settle(kind: Kind, found: list[str], own: set[int]) -> list[str]:
    """Let a column come whole or in parts, not both; `own` are the places of columns' own names.

    A date beside a time makes the time a part. A bill that tells money in and out needs no other kind, and
    its amounts may carry that sign as well.
    """
    instead: dict[str, str] = {}
    for column in kind.columns:
        if "time" in column.parts and f"{column.name}:date" in found:
            taken = f"{column.name}:time" in found
            instead[column.name] = "" if taken else f"{column.name}:time"
    if kind.flow:
        amount, direction = kind.flow.amount, kind.flow.direction
        if f"{direction}:flow" in found:
            instead |= {direction: "", amount: f"{amount}:signed"}
        if {f"{amount}:in", f"{amount}:out"} & set(found):
            instead |= {direction: "", amount: ""}
    return [instead.get(name, name) if place not in own else name for place, name in enumerate(found)]


def _loosely(kind: Kind, names: Mapping[str, str], heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold().strip(" *:")
    if bracketed := _BRACKETED.match(text):
        text, within = bracketed[1].strip(), bracketed[2].strip()
        if not _HARMLESS.fullmatch(within):
            return ""
    text = plain_heading(text)
    if text in names:
        return names[text]
    for unit in _UNITS:
        if text.endswith(unit) and (name := names.get(text.removesuffix(unit), "")) in kind.amounts:
            return name
    for owner in _THE_MEMBER:
        name = names.get(text.removeprefix(owner), "") if text.startswith(owner) else ""
        if name and (kind.personal or (name in kind.by_name and kind.by_name[name].mask)):
            return name
    return ""


def match_columns(kind: Kind, header: Sequence[str], decided: Mapping[str, str]) -> list[str]:
    """Our column for each heading: as decided by heading, else by name where nothing decided claims it."""
    names = unique_names(header)
    taken = {decided[name] for name in names if name in decided}
    guessed = guess_columns(kind, header)
    return [
        decided.get(name, "" if guess in taken else guess) for name, guess in zip(names, guessed, strict=True)
    ]


def repeated(
    kind: Kind, header: Sequence[str], columns: Sequence[str], decided: Mapping[str, str]
) -> list[str]:
    """Our columns whose heading stands in the file twice, and nobody decided which one is meant."""
    plain = Counter(plain_heading(heading) for heading in header)
    names = zip(unique_names(header), header, columns, strict=True)
    return sorted(
        {
            name
            for unique, heading, name in names
            if name and plain[plain_heading(heading)] > 1 and unique not in decided
        }
    )


def decisions(kind: Kind, header: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """{heading: our column} of what was chosen, without the headings that mean nothing anyway."""
    guessed = guess_columns(kind, header)
    chosen = zip(unique_names(header), columns, guessed, strict=True)
    return {heading: column for heading, column, guess in chosen if column or guess}


def unique_names(header: Sequence[str]) -> list[str]:
    """The headings, those that stand twice with their number: 电话, 电话 (2)."""
    seen: dict[str, int] = {}
    told = []
    for heading in header:
        seen[heading] = seen.get(heading, 0) + 1
        told.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return told


def fingerprint(header: Sequence[str]) -> str:
    """The same for the same set of headings in any order."""
    return hashlib.sha256(json.dumps(sorted(unique_names(header))).encode()).hexdigest()
