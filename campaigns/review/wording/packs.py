"""Rule packs as the check uses them: what may not be said, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from campaigns.review.wording.disguise.pinyin import spellings
from campaigns.review.wording.index import Index
from campaigns.review.wording.patterns import Pattern

_HAN_WORD = re.compile("[\u3400-\u9fff]{2,5}")
PASSED, PASSED_OVER, WARNING = "passed", "passed over", "warning"
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
    (`of_product`), on some channels, of some regimes, `where` one of some patterns is in the text. With
    `beside` each paragraph that holds one of `where` also holds one of these; with `at_least` the numbers in
    what `where` matches are not lower."""

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
    beside: tuple[Pattern, ...] = ()
    at_least: int | None = None


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
        """What rules look for in a sentence: patterns by their rule."""
        return Index((rule, pattern) for rule in self.rules for pattern in rule.patterns)

    @cached_property
    def around(self) -> Index:
        """What makes a match none in its sentence: patterns by what they are for and their rule."""
        return Index(
            [
                *(((PASSED_OVER, None), pattern) for pattern in (*self.protected, *self.longer_words)),
                *(((WARNING, None), pattern) for pattern in self.warnings),
                *(((PASSED, rule), pattern) for rule in self.rules for pattern in rule.passed),
            ]
        )

    @cached_property
    def spelt(self) -> dict[str, str]:
        """The words of all rules by their pinyin."""
        sources = (pattern.source for rule in self.rules for pattern in rule.patterns)
        return spellings(word for source in sources for word in _HAN_WORD.findall(source))
