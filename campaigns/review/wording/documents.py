"""What a whole text lacks: a risk warning, its issuer, what its channel asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.review.wording.packs import DocumentRule, Pack, Severity
from campaigns.review.wording.patterns import search_any

_RATING = re.compile(r"(?<![a-z0-9])r([1-5])(?![0-9])")
_RATING_IN_WORDS = re.compile("(?:风险等级|风险级别|风险评级)[^。,;]{0,4}?(中低|中高|低|中|高)(?:风险|等级)?")
_LEVELS = {"低": 1, "中低": 2, "中": 3, "中高": 4, "高": 5}
RATING_CONFLICT = "rating_conflict"


@dataclass(frozen=True)
class Copy:
    """A text with what is known of it.

    `product_risk` R1 to R5 of the product it is about, None for a fragment; `regime` of that product (FS, BW,
    PR, IN, XX); `channel` such as "sms", for the checks of channels.
    """

    text: str
    product_risk: str | None = None
    regime: str = ""
    channel: str = ""


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
    return all(search_any(group, folded) for group in rule.present)
