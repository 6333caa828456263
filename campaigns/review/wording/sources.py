"""Rule packs as they are written, in files of this app or in the rows of a version, and how they compile.

A pack's folder: `pack.toml` names it, `basis.toml` gives each category its law, `reading.toml` what is passed
over and classes of words, other files hold rules. One that extends another has its rules, with its own
severities and bases.
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
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from campaigns.review.wording.expressions import BadPattern
from campaigns.review.wording.packs import BadPack, Basis, Change, DocumentRule, Pack, Rule, Severity
from campaigns.review.wording.patterns import Pattern, compile_patterns

_CLASS = re.compile(r"\{([a-z]+)\}")
READINGS = ("protected", "longer_words", "warnings")
LOOKED_UP = date(2026, 11, 22)  # when the state of the laws in the files was last looked up
PACKS = Path(__file__).parent.parent / "packs"

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
    laws = _read(PACKS / "laws.toml")
    return PackSource(
        **about,
        rules=[entry for entries in files.values() for entry in entries.get("rule", ())],
        documents=[entry for entries in files.values() for entry in entries.get("document", ())],
        bases={
            key: [{"last_checked": LOOKED_UP, **laws.get(one["law"], {}), **one} for one in entries]
            for key, entries in bases.items()
        },
        readings=readings,
    )


def read_examples(name: str) -> list[tuple[str, str, str]]:
    """The pack's own examples: (category, severity, text), both empty for a text without a finding."""
    path = PACKS / name / "examples.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    entries = (line.split("|", 2) for line in lines if not line.startswith("#"))
    return [("" if category == "ok" else category, severity, text) for category, severity, text in entries]


def compile_pack(source: PackSource, base: Pack | None = None) -> Pack:
    """The pack that is written, with what it extends (`base`), whose version is part of its own where it is
    another. Raises BadPack."""
    words = dict(one.split(": ", 1) for one in source.readings.get("words", ()))
    rules = (*(base.rules if base else ()), *(_rule(_spelt_out(one, words)) for one in source.rules))
    documents = (
        *(base.documents if base else ()),
        *(_document(_spelt_out(one, words)) for one in source.documents),
    )
    ids = Counter([*(rule.id for rule in rules), *(rule.id for rule in documents)])
    if twice := [one for one, count in ids.items() if count > 1]:
        raise BadPack(f"{source.name}: rule {twice[0]} is there twice")
    bases = {key: tuple(map(_basis, entries)) for key, entries in source.bases.items()}
    hashes = f"{source.content_hash} {base.content_hash if base else ''}"
    version = source.version
    if base and base.version != version:
        version += f"+{base.version}"
    return Pack(
        source.name,
        version,
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


def _spelt_out(entry: Any, words: Mapping[str, str]) -> Any:
    """An entry with the alternatives of a word class in place of its name in braces."""
    if isinstance(entry, str):
        return _CLASS.sub(lambda found: f"({words[found[1]]})" if found[1] in words else found[0], entry)
    if isinstance(entry, Mapping):
        return {key: _spelt_out(value, words) for key, value in entry.items()}
    return [_spelt_out(one, words) for one in entry] if isinstance(entry, list) else entry


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
            beside=compile_patterns(entry.get("beside", ())),
            at_least=entry.get("at_least"),
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
