"""Revenue from points by the method of IFRS 15, Illustrative Example 52 (customer loyalty programme).

Points give a material right, so part of the price is theirs: it is allocated by stand-alone prices, deferred,
and recognised as the points are redeemed, in proportion to those expected to be redeemed in all. A changed
expectation changes what has been recognised in all; the difference falls into the period.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def allocate(price: Decimal, goods: Decimal, points: Decimal) -> tuple[Decimal, Decimal]:
    """A transaction price split between goods and points, by their stand-alone prices; to the cent.

    `points` is the number of points expected to be redeemed times the price of one.
    """
    whole = goods + points
    of_points = (price * points / whole).quantize(CENT, ROUND_HALF_UP)
    return price - of_points, of_points


def recognised(deferred: Decimal, redeemed: int, expected: Decimal) -> Decimal:
    """What of a deferred amount has been earned so far, when `expected` points are to be redeemed in all.

    Never more than was deferred; of nothing that is expected, all of it.
    """
    if expected <= 0:
        return deferred
    share = min(Decimal(1), Decimal(redeemed) / expected)
    return (deferred * share).quantize(CENT, ROUND_HALF_UP)
