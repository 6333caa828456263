"""Earlier opinions on copy that says nearly the same, so that like is decided alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from campaigns.review.models import CopyVersion, Decision, Opinion
from campaigns.review.text.marked import LIQUID
from campaigns.review.wording.views import folded

LOOKED_AT = 200  # opinions that are compared, the newest
BACK = timedelta(days=730)
SHOWN = 4
ALIKE = 0.2  # of the parts that two texts have together; below that they share words, not what they say
_LENGTH = 3  # characters of a part


@dataclass(frozen=True)
class Similar:
    """An earlier opinion: `share` of the parts of both texts that they have in common, 1 for one text."""

    opinion: Opinion
    share: float
    is_same_copy: bool


def similar_opinions(version: CopyVersion, rules: Iterable[str], now: datetime) -> list[Similar]:
    """The likest earlier decisions in the same language: of the same copy (these first), of the same
    product, or with a finding by one of these rules. Likeness: the Jaccard index of trigrams. One query.
    """
    near = Q(version__copy=version.copy_id)
    if version.copy.product_id:
        near |= Q(version__copy__product=version.copy.product_id)
    for rule in sorted(set(rules)):
        near |= Q(findings__contains=[{"rule": rule}])
    # Uses index on Opinion.at: the newest first, as far as needed.
    found = (
        Opinion.objects.filter(near, at__gte=now - BACK, version__language=version.language)
        .exclude(version=version)
        .exclude(decision=Decision.WITHDRAWN)
        .select_related("by", "version__copy")
        .order_by("-at")[:LOOKED_AT]
    )
    own = _parts(version)
    compared = [
        Similar(one, _share(own, _parts(one.version)), one.version.copy_id == version.copy_id)
        for one in found
    ]
    kept = [one for one in compared if one.is_same_copy or one.share >= ALIKE]
    return sorted(kept, key=lambda one: (not one.is_same_copy, -one.share, -one.opinion.pk))[:SHOWN]


def _parts(version: CopyVersion) -> frozenset[str]:
    """The trigrams of a text without its variables, in one width and case."""
    text = "".join(folded(LIQUID.sub("", f"{version.subject}\n{version.body}")).text.split())
    return frozenset(text[place : place + _LENGTH] for place in range(max(1, len(text) - _LENGTH + 1)))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
