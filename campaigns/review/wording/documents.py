"""What a whole text lacks: a risk warning, its issuer, what its channel asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.review.wording.packs import DocumentRule, Pack, Severity
from campaigns.review.wording.patterns import search_any
from campaigns.review.wording.product_facts import conflicts_with

_RATING = re.compile(r"(?<![a-z0-9])r([1-5])(?![0-9])")
_RATING_IN_WORDS = re.compile("(?:风险等级|风险级别|风险评级)[^。,;]{0,4}?(中低|中高|低|中|高)(?:风险|等级)?")
_LEVELS = {"低": 1, "中低": 2, "中": 3, "中高": 4, "高": 5}
_PARAGRAPH = re.compile("\n[ \t]*\n|\n")
RATING_CONFLICT, FACTS_CONFLICT = "rating_conflict", "product_facts_conflict"


@dataclass(frozen=True)
class Copy:
    """A text with what is known of it.

    `product_risk` R1 to R5 of the product it is about, None for a fragment; `regime` of that product (FS, BW,
    PR, IN, XX); `channel` such as "sms", for the checks of channels. `product_names` and `term_days` as the
    product's record has them, for the check of facts.
    """

    text: str
    product_risk: str | None = None
    regime: str = ""
    channel: str = ""
    product_names: tuple[str, ...] = ()
    term_days: int | None = None


def missing(folded: str, copy: Copy, pack: Pack) -> Iterator[tuple[DocumentRule, Severity]]:
    """The rules for whole texts that this one breaks; `folded` is its folded form."""
    for rule in pack.documents:
        if _is_asked(rule, folded, copy) and not _is_given(rule, folded, copy):
            yield rule, rule.severity


def _is_asked(rule: DocumentRule, folded: str, copy: Copy) -> bool:
    return (
        (not rule.of_product or copy.product_risk is not None)
        and (not rule.channels or copy.channel in rule.channels)
        and (not rule.regimes or copy.regime in rule.regimes)
        and (not rule.where or search_any(rule.where, folded))
    )


def _is_given(rule: DocumentRule, folded: str, copy: Copy) -> bool:
    if rule.category == RATING_CONFLICT:
        shown = [int(level) for level in _RATING.findall(folded)]
        shown = shown or [_LEVELS[word] for word in _RATING_IN_WORDS.findall(folded)]
        return not shown or max(shown) >= int((copy.product_risk or "R0")[1:])
    if rule.category == FACTS_CONFLICT:
        return not conflicts_with(folded, copy.product_names, copy.term_days)
    if rule.beside:
        return all(
            search_any(rule.beside, paragraph) or not search_any(rule.where, paragraph)
            for paragraph in _PARAGRAPH.split(folded)
        )
    if rule.at_least is not None:
        stated = (found for one in rule.where for found in one.regex.finditer(folded))
        return all(_number(found.group()) >= rule.at_least for found in stated)
    return all(search_any(group, folded) for group in rule.present)


def _number(text: str) -> float:
    """The number in a text that holds one."""
    found = re.search(r"[0-9]+(?:\.[0-9]+)?", text)
    return float(found.group()) if found else 0.0
