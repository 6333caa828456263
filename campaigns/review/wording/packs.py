"""Rule packs: what may not be said, as data. Files beside this module's app, read once and checked.

A pack is a folder: `pack.toml` names it (name, version, effective_from, extends), `basis.toml` gives each
category its law, `reading.toml` what is passed over (protected sentences, longer words), every other file
holds rules. A pack that extends another has its rules and readings, with its own severities and bases.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from campaigns.review.wording.index import Index
from campaigns.review.wording.patterns import BadPattern, Pattern, compile_patterns
from campaigns.review.wording.pinyin import spellings

_HAN_WORD = re.compile("[\u3400-\u9fff]{2,5}")
PASSED_OVER, WARNING = "passed over", "warning"
PACKS = Path(__file__).parent.parent / "packs"
SHOWN_AS_LAW = frozenset({"A", "B"})  # grades of a basis; others are to be confirmed by compliance


class Severity(StrEnum):
    """How much a finding weighs; of each, whether copy with it can be sent."""

    WARN = "warn"  # the maker justifies it, the checker accepts it by name
    REQUIRE_DISCLOSURE = "require_disclosure"  # only with the missing element added
    BLOCK = "block"  # never

    @property
    def raised(self) -> Severity:
        """One step up."""
        steps = list(Severity)
        return steps[min(steps.index(self) + 1, len(steps) - 1)]


class BadPack(ValueError):
    """A pack that cannot be used; the message names file, rule and fault."""


@dataclass(frozen=True)
class Basis:
    """A law or rule behind a category: `grade` A to D says how well its text was checked."""

    law: str
    article: str
    grade: str

    @property
    def is_law(self) -> bool:
        """Whether it may be shown as law."""
        return self.grade in SHOWN_AS_LAW


@dataclass(frozen=True)
class Change:
    """Another severity of a rule's findings, None for none, where all that is given holds.

    `sentence`, `clause` and `text`: one of the patterns is in the sentence, clause or text of the finding.
    `all_of`: of each group one is in the text. `without`: none is in the text. `regimes` are those of the
    product.
    """

    severity: Severity | None
    clause: tuple[Pattern, ...] = ()
    sentence: tuple[Pattern, ...] = ()
    text: tuple[Pattern, ...] = ()
    all_of: tuple[tuple[Pattern, ...], ...] = ()
    without: tuple[Pattern, ...] = ()
    regimes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """What one category looks for. `passed` are what makes a match none, where they overlap it; `negated`: a
    negation before it makes it none. `changes` are tried in order, the first that holds counts."""

    id: str
    category: str
    severity: Severity
    why: Mapping[str, str]
    mend: Mapping[str, str]
    patterns: tuple[Pattern, ...]
    passed: tuple[Pattern, ...] = ()
    negated: bool = True
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class DocumentRule:
    """What a whole text has to hold: of each group of `present` one pattern.

    Asked of texts about a product (`of_product`), on some channels, of some regimes, `where` one of some
    patterns is in the text; empty: of all.
    """

    id: str
    category: str
    severity: Severity
    why: Mapping[str, str]
    mend: Mapping[str, str]
    present: tuple[tuple[Pattern, ...], ...]
    of_product: bool = False
    channels: frozenset[str] = frozenset()
    regimes: frozenset[str] = frozenset()
    where: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A rule pack as the check uses it."""

    name: str
    version: str
    effective_from: date
    rules: tuple[Rule, ...]
    documents: tuple[DocumentRule, ...]
    bases: Mapping[str, tuple[Basis, ...]]
    protected: tuple[Pattern, ...]
    longer_words: tuple[Pattern, ...]
    warnings: tuple[Pattern, ...]

    @cached_property
    def index(self) -> Index:
        """All that is looked for in a sentence: patterns by their rule, or PASSED_OVER, or WARNING."""
        return Index(
            [
                *((PASSED_OVER, pattern) for pattern in (*self.protected, *self.longer_words)),
                *((WARNING, pattern) for pattern in self.warnings),
                *((rule, pattern) for rule in self.rules for pattern in rule.patterns),
            ]
        )

    @cached_property
    def spelt(self) -> dict[str, str]:
        """The words of all rules by their pinyin."""
        sources = (pattern.source for rule in self.rules for pattern in rule.patterns)
        return spellings(word for source in sources for word in _HAN_WORD.findall(source))


@cache
def load(name: str) -> Pack:
    """The pack of this name. Raises BadPack."""
    folder = PACKS / name
    if not (folder / "pack.toml").is_file():
        raise BadPack(f"There is no rule pack “{name}”.")
    about = _read(folder / "pack.toml")
    base = load(about["extends"]) if "extends" in about else None
    reading = _read(folder / "reading.toml") if (folder / "reading.toml").is_file() else {}
    rules: list[Rule] = [*(base.rules if base else ())]
    documents: list[DocumentRule] = [*(base.documents if base else ())]
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in ("pack", "basis", "reading"):
            entries = _read(path)
            rules += [_rule(entry, path) for entry in entries.get("rule", ())]
            documents += [_document(entry, path) for entry in entries.get("document", ())]
    _refuse_twice([*(rule.id for rule in rules), *(rule.id for rule in documents)], folder)
    severities = about.get("severities", {})
    bases = {
        key: tuple(Basis(**one) for one in entries) for key, entries in _read(folder / "basis.toml").items()
    }
    return Pack(
        about["name"],
        about["version"],
        about["effective_from"],
        tuple(_with_severity(rule, severities.get(rule.category)) for rule in rules),
        tuple(documents),
        {**(base.bases if base else {}), **bases},
        (base.protected if base else ()) + _compiled(reading.get("protected", ()), folder),
        (base.longer_words if base else ()) + _compiled(reading.get("longer_words", ()), folder),
        (base.warnings if base else ()) + _compiled(reading.get("warnings", ()), folder),
    )


def names() -> list[str]:
    """The names of the packs that there are."""
    return sorted(path.parent.name for path in PACKS.glob("*/pack.toml"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadPack(f"{path.name}: {error}") from error


def _compiled(sources: Iterable[str], path: Path) -> tuple[Pattern, ...]:
    try:
        return compile_patterns(sources)
    except BadPattern as error:
        raise BadPack(f"{path.name}: {error}") from error


def _rule(entry: Mapping[str, Any], path: Path) -> Rule:
    try:
        return Rule(
            id=entry["id"],
            category=entry["category"],
            severity=Severity(entry["severity"]),
            why={"zh": entry["why_zh"], "en": entry["why_en"]},
            mend={"zh": entry["mend_zh"], "en": entry["mend_en"]},
            patterns=_compiled(entry["patterns"], path),
            passed=_compiled(entry.get("passed", ()), path),
            negated=entry.get("negated", True),
            changes=tuple(_change(change, path) for change in entry.get("change", ())),
        )
    except (KeyError, ValueError) as error:
        raise BadPack(f"{path.name}: rule {entry.get('id', '?')}: {error}") from error


def _change(entry: Mapping[str, Any], path: Path) -> Change:
    severity = entry["severity"]
    return Change(
        severity=None if severity == "none" else Severity(severity),
        clause=_compiled(entry.get("clause", ()), path),
        sentence=_compiled(entry.get("sentence", ()), path),
        text=_compiled(entry.get("text", ()), path),
        all_of=tuple(_compiled(group, path) for group in entry.get("all_of", ())),
        without=_compiled(entry.get("without", ()), path),
        regimes=frozenset(entry.get("regimes", ())),
    )


def _with_severity(rule: Rule, severity: str | None) -> Rule:
    if severity is None:
        return rule
    return Rule(**{**rule.__dict__, "severity": Severity(severity), "changes": ()})


def _document(entry: Mapping[str, Any], path: Path) -> DocumentRule:
    try:
        return DocumentRule(
            id=entry["id"],
            category=entry["category"],
            severity=Severity(entry["severity"]),
            why={"zh": entry["why_zh"], "en": entry["why_en"]},
            mend={"zh": entry["mend_zh"], "en": entry["mend_en"]},
            present=tuple(_compiled(group, path) for group in entry.get("present", ())),
            of_product=entry.get("of_product", False),
            channels=frozenset(entry.get("channels", ())),
            regimes=frozenset(entry.get("regimes", ())),
            where=_compiled(entry.get("where", ()), path),
        )
    except (KeyError, ValueError) as error:
        raise BadPack(f"{path.name}: rule {entry.get('id', '?')}: {error}") from error


def _refuse_twice(ids: Sequence[str], folder: Path) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise BadPack(f"{folder.name}: rule {one} is there twice")
        seen.add(one)
