"""Check the wording of a text against a rule pack: a list for review, never a proof of compliance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from campaigns.review.wording.decode import decode
from campaigns.review.wording.documents import Copy, missing
from campaigns.review.wording.folding import hides_something
from campaigns.review.wording.packs import Change, DocumentRule, Pack, Rule, Severity
from campaigns.review.wording.patterns import SENTENCE_ENDS, Pattern, search_any
from campaigns.review.wording.scope import Scope, is_meant, scope_of
from campaigns.review.wording.views import View, folded

_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]*[{SENTENCE_ENDS}]|[^{SENTENCE_ENDS}]+$")
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


def _findings(view: View, copy: Copy, pack: Pack, *, disguised: bool = False) -> Iterator[Finding]:
    text = view.text
    warnings = [(start, end) for _key, start, end in pack.warned.matches(text)]
    read = _masked(_changed_sentences(view) if disguised else text, pack)
    for rule, start, end in pack.triggers.matches(read):
        if disguised and not view.is_decoded(start, end):
            continue
        scope = scope_of(text, start, end)
        if _overlaps(rule.passed, text, start, end, scope):
            continue
        if rule.negated and not is_meant(text, start, end, scope, warnings):
            continue
        severity = _severity(rule, text, scope, copy)
        if severity is not None:
            yield Finding(rule, severity, *view.span(start, end))


def _marked(finding: Finding, text: str) -> Finding:
    """The finding; as an evasion where it was written with signs that nobody sees, or of another script."""
    return _evasion(finding) if hides_something(text[finding.start : finding.end]) else finding


def _evasion(finding: Finding) -> Finding:
    return replace(finding, severity=finding.severity.raised, evasion=True)


def _changed_sentences(view: View) -> str:
    """The text with all sentences masked that are as they were written."""
    parts, at = [], 0
    for found in _SENTENCE.finditer(view.text):
        is_changed = view.changed is not None and any(view.changed[found.start() : found.end()])
        parts.append(found.group() if is_changed else _MASK * len(found.group()))
        at = found.end()
    return "".join(parts) + view.text[at:]


def _masked(text: str, pack: Pack) -> str:
    """The text without what is passed over, sign for sign."""
    for _key, start, end in pack.passed_over.matches(text):
        text = text[:start] + _MASK * (end - start) + text[end:]
    return text


def _overlaps(patterns: Sequence[Pattern], text: str, start: int, end: int, scope: Scope) -> bool:
    first, last = scope.sentence
    sentence = text[first : last + 1]
    for pattern in patterns:
        if not pattern.may_match(sentence):
            continue
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
