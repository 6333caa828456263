"""Check the wording of a text against a rule pack: a list for review, never a proof of compliance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from campaigns.review.wording.disguise.decode import decode
from campaigns.review.wording.documents import Copy, missing
from campaigns.review.wording.folding import hides_something
from campaigns.review.wording.packs import (
    PASSED,
    PASSED_OVER,
    WARNING,
    Change,
    DocumentRule,
    Pack,
    Rule,
    Severity,
)
from campaigns.review.wording.patterns import Pattern, search_any, sentences, spans
from campaigns.review.wording.scope import Bounds, Scope, is_meant
from campaigns.review.wording.views import View, folded

_MASK = "\ufffc"


@dataclass(frozen=True)
class Finding:
    """What a rule found: a span of the original in code points, `end` exclusive; 0, 0 for the whole document.

    `evasion`: it was disguised, which makes it one step more severe.
    """

    rule: Rule | DocumentRule
    severity: Severity
    start: int
    end: int
    evasion: bool = False


def check(copy: Copy, pack: Pack) -> list[Finding]:
    """The findings in the order of the text, those of the whole document first."""
    view = folded(copy.text)
    found = [_marked(one, copy.text) for one in _findings(view, copy, pack)]
    bare = decode(view, pack.spelt)
    if bare is not None:
        found += [_evasion(one) for one in _findings(bare, copy, pack, disguised=True)]
    whole = [Finding(rule, severity, 0, 0) for rule, severity in missing(view.text, copy, pack)]
    return whole + sorted(_merged(found), key=lambda one: (one.start, one.end, one.rule.id))


@dataclass(frozen=True)
class _Match:
    """A span that a rule matches, with what its sentence may hold that makes it none."""

    rule: Rule
    start: int
    end: int
    passed: list[Pattern]
    warnings: list[Pattern]


def _findings(view: View, copy: Copy, pack: Pack, *, disguised: bool = False) -> Iterator[Finding]:
    matches = list(_matches(view, pack, disguised))
    if not matches:
        return
    text, bounds = view.text, Bounds(view.text)
    dropped: list[tuple[str, int, int]] = []
    # The longest first: what is not meant as a whole is not meant in part (“稳赚不赔”？不存在的！).
    for one in sorted(matches, key=lambda one: one.start - one.end):
        rule, start, end = one.rule, one.start, one.end
        if any(rule.category == name and first <= start and end <= last for name, first, last in dropped):
            continue
        scope = bounds.scope(start, end)
        if one.passed and _overlaps(one.passed, text, start, end, scope):
            continue
        if rule.negated and not is_meant(text, start, end, scope, one.warnings):
            dropped.append((rule.category, start, end))
            continue
        severity = _severity(rule, text, scope, copy)
        if severity is not None:
            yield Finding(rule, severity, *view.span(start, end))


def _matches(view: View, pack: Pack, disguised: bool) -> Iterator[_Match]:
    """What rules match, without what is passed over; `disguised`: only where something was decoded."""
    text = view.text
    stretches = [one for one in sentences(text) if not disguised or view.is_changed(*one)]
    for (first, last), candidates in zip(stretches, pack.index.candidates(text, stretches), strict=True):
        triggers = [
            (rule, pattern) for rule, pattern in candidates if pattern.regex.search(text, first, last)
        ]
        if not triggers:
            continue
        [around] = pack.around.candidates(text, [(first, last)])
        warnings = [pattern for (use, _rule), pattern in around if use == WARNING]
        read = _masked(text, first, last, [one for (use, _rule), one in around if use == PASSED_OVER])
        for rule, pattern in triggers:
            passed = [one for (use, of), one in around if use == PASSED and of is rule]
            for start, end in spans(pattern, read, first, last):
                if not disguised or view.is_decoded(start, end):
                    yield _Match(rule, start, end, passed, warnings)


def _marked(finding: Finding, text: str) -> Finding:
    """The finding; as an evasion where it was written with signs that nobody sees, or of another script."""
    return _evasion(finding) if hides_something(text[finding.start : finding.end]) else finding


def _evasion(finding: Finding) -> Finding:
    return replace(finding, severity=finding.severity.raised, evasion=True)


def _masked(text: str, first: int, last: int, patterns: Iterable[Pattern]) -> str:
    """The text without what these patterns match in one of its sentences, sign for sign."""
    for pattern in patterns:
        for start, end in spans(pattern, text, first, last):
            text = text[:start] + _MASK * (end - start) + text[end:]
    return text


def _overlaps(patterns: Iterable[Pattern], text: str, start: int, end: int, scope: Scope) -> bool:
    first, last = scope.sentence
    for pattern in patterns:
        for found in pattern.regex.finditer(text, first, min(len(text), last + 1)):
            if found.start() < end and found.end() > start:
                return True
    return False


def _severity(rule: Rule, text: str, scope: Scope, copy: Copy) -> Severity | None:
    for change in rule.changes:
        if _holds(change, text, scope, copy):
            return change.severity
    return rule.severity


def _holds(change: Change, text: str, scope: Scope, copy: Copy) -> bool:
    return (
        (not change.clause or search_any(change.clause, text, *scope.clause))
        and (not change.sentence or search_any(change.sentence, text, *scope.sentence))
        and (not change.text or search_any(change.text, text))
        and all(search_any(group, text) for group in change.all_of)
        and not (change.without and search_any(change.without, text))
        and (not change.regimes or copy.regime in change.regimes)
    )


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings of one category that overlap only the weightiest, and of those the longest."""
    kept: list[Finding] = []
    ranks = list(Severity)
    for one in sorted(
        findings, key=lambda one: (-ranks.index(one.severity), one.evasion, one.start - one.end, one.start)
    ):
        overlapping = (
            other
            for other in kept
            if other.rule.category == one.rule.category and other.start < one.end and one.start < other.end
        )
        if next(overlapping, None) is None:
            kept.append(one)
    return kept
