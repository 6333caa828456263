"""Compare those who had an incentive with those of the same month, stage and bands who had not.

The others are weighted as those who had it are spread over the bands (direct standardisation); bands without
others are left out on both sides. The interval of the difference is Newcombe's hybrid score interval (method
10 in Statistics in Medicine 17, 1998, 873–890) of two Wilson intervals at 95 %, the others' with the
effective size of the weighted sample. It is a comparison and tells of no cause: who earns a badge differs in
more ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

Z = 1.959964  # the normal quantile of 97.5 %


@dataclass(frozen=True)
class Comparison:
    """Shares are fractions. `left_out`: members who had it, in bands without anybody to compare with."""

    had: int
    had_moved: int
    others: int
    others_moved: int
    had_share: float
    others_share: float  # weighted
    low: float  # of the difference of the shares
    high: float
    left_out: int

    @property
    def difference(self) -> float:
        return self.had_share - self.others_share


@dataclass(frozen=True)
class Stay:
    """Of the `members` who made the transition at least `days` ago, `still` are there that many days on."""

    days: int
    members: int
    still: int

    @property
    def share(self) -> float | None:
        """None without members."""
        return self.still / self.members if self.members else None


def compare(strata: Sequence[Mapping[str, Any]]) -> Comparison | None:
    """The comparison of the stored strata; None where nobody can be compared."""
    matched = [one for one in strata if one["had"] and one["others"]]
    had = sum(one["had"] for one in matched)
    if not had:
        return None
    moved = sum(one["had_moved"] for one in matched)
    share = moved / had
    weights = [one["had"] / had for one in matched]
    others_share = sum(
        weight * one["others_moved"] / one["others"] for weight, one in zip(weights, matched, strict=True)
    )
    size = 1 / sum(weight**2 / one["others"] for weight, one in zip(weights, matched, strict=True))
    low, high = wilson(share, had)
    others_low, others_high = wilson(others_share, size)
    difference = share - others_share
    return Comparison(
        had=had,
        had_moved=moved,
        others=sum(one["others"] for one in matched),
        others_moved=sum(one["others_moved"] for one in matched),
        had_share=share,
        others_share=others_share,
        low=difference - sqrt((share - low) ** 2 + (others_high - others_share) ** 2),
        high=difference + sqrt((high - share) ** 2 + (others_share - others_low) ** 2),
        left_out=sum(one["had"] for one in strata) - had,
    )


def wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's score interval of a share of `size` members at 95 %."""
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    half = Z / (1 + Z**2 / size) * sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def stays_of(stays: Mapping[str, Any], who: str) -> list[Stay]:
    """How many of "had" or "others" stayed 90 and 180 days."""
    return [Stay(days, *stays[who].get(str(days), (0, 0))) for days in (90, 180)]
