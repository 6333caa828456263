"""Rule packs: what may not be said, as data, compiled from files or from the rows of a version.

A pack's folder: `pack.toml` names it, `basis.toml` gives each category its law, `reading.toml` what is passed
over, other files hold rules. One that extends another has its rules, with its own severities and bases.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from campaigns.review.wording.disguise.pinyin import spellings
from campaigns.review.wording.expressions import BadPattern
from campaigns.review.wording.index import Index
from campaigns.review.wording.patterns import Pattern, compile_patterns

_HAN_WORD = re.compile("[\u3400-\u9fff]{2,5}")
TRIGGER, PASSED, PASSED_OVER, WARNING = "trigger", "passed", "passed over", "warning"
READINGS = ("protected", "longer_words", "warnings")
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
    """A law or rule behind a category: `grade` A to D says how well its text was checked, `status` whether it
    is in force (campaigns.review.models.BasisStatus)."""

    law: str
    article: str
    grade: str
    status: str = "in_force"

    @property
    def is_law(self) -> bool:
        """Whether it may be shown as law."""
        return self.grade in SHOWN_AS_LAW and self.status == "in_force"


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
    """What one category looks for, without what overlaps one of `passed` or (`negated`) is negated."""

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
    """What a whole text has to hold: of each group of `present` one pattern. Asked of texts about a product
    (`of_product`), on some channels, of some regimes, `where` one of some patterns is in the text."""

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


Entry = Mapping[str, Any]


@dataclass(frozen=True)
class PackSource:
    """A version of a pack as it is written, in the form of its files: entries of rules, of rules for whole
    texts, of bases by category, and patterns by what they are read as (protected, longer_words, warnings)."""

    name: str
    version: str
    effective_from: date
    extends: str = ""
    severities: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[Entry] = ()
    documents: Sequence[Entry] = ()
    bases: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    readings: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of all but its name."""
        said = (self.extends, self.severities, self.rules, self.documents, self.bases, self.readings)
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, eq=False)  # one is itself: bases are no keys
class Pack:
    """A rule pack as the check uses it; `content_hash` is that of its source and of what it extends."""

    name: str
    version: str
    content_hash: str
    effective_from: date
    rules: tuple[Rule, ...]
    documents: tuple[DocumentRule, ...]
    bases: Mapping[str, tuple[Basis, ...]]
    protected: tuple[Pattern, ...]
    longer_words: tuple[Pattern, ...]
    warnings: tuple[Pattern, ...]

    @cached_property
    def index(self) -> Index:
        """All that is looked for in a sentence: patterns by what they are for and their rule."""
        return Index(
            [
                *(((PASSED_OVER, None), pattern) for pattern in (*self.protected, *self.longer_words)),
                *(((WARNING, None), pattern) for pattern in self.warnings),
                *(((TRIGGER, rule), pattern) for rule in self.rules for pattern in rule.patterns),
                *(((PASSED, rule), pattern) for rule in self.rules for pattern in rule.passed),
            ]
        )

    @cached_property
    def spelt(self) -> dict[str, str]:
        """The words of all rules by their pinyin."""
        sources = (pattern.source for rule in self.rules for pattern in rule.patterns)
        return spellings(word for source in sources for word in _HAN_WORD.findall(source))


@cache
def load(name: str) -> Pack:
    """The pack of this name as its files have it. Raises BadPack."""
    source = read_source(name)
    return compile_pack(source, load(source.extends) if source.extends else None)


def read_source(name: str) -> PackSource:
    """The files of a pack. Raises BadPack."""
    folder = PACKS / name
    if not (folder / "pack.toml").is_file():
        raise BadPack(f"There is no rule pack “{name}”.")
    files = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    about = files.pop("pack")
    bases, readings = files.pop("basis"), files.pop("reading", {})
    return PackSource(
        **about,
        rules=[entry for entries in files.values() for entry in entries.get("rule", ())],
        documents=[entry for entries in files.values() for entry in entries.get("document", ())],
        bases=bases,
        readings=readings,
    )


def compile_pack(source: PackSource, base: Pack | None = None) -> Pack:
    """The pack that is written, with what it extends (`base`). Raises BadPack."""
    rules = (*(base.rules if base else ()), *map(_rule, source.rules))
    documents = (*(base.documents if base else ()), *map(_document, source.documents))
    ids = Counter([*(rule.id for rule in rules), *(rule.id for rule in documents)])
    if twice := [one for one, count in ids.items() if count > 1]:
        raise BadPack(f"{source.name}: rule {twice[0]} is there twice")
    bases = {key: tuple(map(_basis, entries)) for key, entries in source.bases.items()}
    hashes = f"{source.content_hash} {base.content_hash if base else ''}"
    return Pack(
        source.name,
        source.version,
        hashlib.sha256(hashes.encode()).hexdigest(),
        source.effective_from,
        tuple(_with_severity(rule, source.severities.get(rule.category)) for rule in rules),
        documents,
        {**(base.bases if base else {}), **bases},
        *(
            (getattr(base, kind) if base else ()) + _compiled(source.readings.get(kind, ()), source.name)
            for kind in READINGS
        ),
    )


def names() -> list[str]:
    """The names of the packs that there are."""
    return sorted(path.parent.name for path in PACKS.glob("*/pack.toml"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadPack(f"{path.name}: {error}") from error


def _compiled(sources: Iterable[str], where: str) -> tuple[Pattern, ...]:
    try:
        return compile_patterns(sources)
    except BadPattern as error:
        raise BadPack(f"{where}: {error}") from error


def _basis(entry: Entry) -> Basis:
    return Basis(entry["law"], entry.get("article", ""), entry["grade"], entry.get("status", "in_force"))


def _rule(entry: Entry) -> Rule:
    try:
        return Rule(
            **_told(entry),
            patterns=compile_patterns(entry["patterns"]),
            passed=compile_patterns(entry.get("passed", ())),
            negated=entry.get("negated", True),
            changes=tuple(map(_change, entry.get("change", ()))),
        )
    except (KeyError, ValueError) as error:
        raise BadPack(f"rule {entry.get('id', '?')}: {error}") from error


def _document(entry: Entry) -> DocumentRule:
    try:
        return DocumentRule(
            **_told(entry),
            present=tuple(map(compile_patterns, entry.get("present", ()))),
            of_product=entry.get("of_product", False),
            channels=frozenset(entry.get("channels", ())),
            regimes=frozenset(entry.get("regimes", ())),
            where=compile_patterns(entry.get("where", ())),
        )
    except (KeyError, ValueError) as error:
        raise BadPack(f"rule {entry.get('id', '?')}: {error}") from error


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "category": entry["category"],
        "severity": Severity(entry["severity"]),
        "why": {"zh": entry["why_zh"], "en": entry["why_en"]},
        "mend": {"zh": entry["mend_zh"], "en": entry["mend_en"]},
    }


def _change(entry: Entry) -> Change:
    severity = entry["severity"]
    return Change(
        severity=None if severity == "none" else Severity(severity),
        **{name: compile_patterns(entry.get(name, ())) for name in ("clause", "sentence", "text", "without")},
        all_of=tuple(map(compile_patterns, entry.get("all_of", ()))),
        regimes=frozenset(entry.get("regimes", ())),
    )


def _with_severity(rule: Rule, severity: str | None) -> Rule:
    if severity is None:
        return rule
    return Rule(**{**rule.__dict__, "severity": Severity(severity), "changes": ()})
