"""From the first touch to the registration: who comes, through which channel, referred by whom."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from random import Random

from crm.demo.world.channels import REFERRAL, arrival_weights, campaign_on, in_story
from crm.demo.world.days import SPAN, Days, leisure_second
from crm.demo.world.dice import dice
from crm.demo.world.lives.people import Person, make_person
from crm.demo.world.lives.traits import Traits, draw_traits
from crm.demo.world.parameters import (
    CAMPAIGN_QUALITY,
    CHANNELS,
    REFERRERS_TRIED,
    SPREAD_OF_PRICE,
    STRANGERS_A_MEMBER,
    Channel,
)
from crm.demo.world.rows import Rows


@dataclass(slots=True)
class Arrival:
    """Somebody who became known; `registered` is a day number, None for a prospect."""

    rng: Random
    person: Person
    channel: Channel
    traits: Traits
    touches: list[tuple[int, int]]  # (day, second), first to last
    registered: int | None
    second: int  # of the registration
    member_id: str = ""
    referrer: Arrival | None = None
    quality: float = 0.0  # chance of ever investing
    summary: dict[str, object] = field(default_factory=dict)  # what became of them, for the truth


def make_arrivals(days: Days, seed: str, count: int) -> list[Arrival]:
    """`count` people in the order of their first touches, with ids and referrers."""
    weights = {channel.code: arrival_weights(channel, days) for channel in CHANNELS}
    arrivals = [_arrive(days, dice(seed, f"member/{number}"), number, weights) for number in range(count)]
    arrivals.sort(key=lambda arrival: (arrival.touches[0], arrival.person.mobile))
    for place, arrival in enumerate(arrivals, start=1):
        arrival.member_id = f"M{place:06}"
    _refer(arrivals, dice(seed, "referrals"))
    return arrivals


def _arrive(days: Days, rng: Random, number: int, weights: dict[str, list[float]]) -> Arrival:
    channel = rng.choices(CHANNELS, weights=[each.share for each in CHANNELS])[0]
    person = make_person(rng, number, days.today)
    age = (days.today - person.birth_date).days / 365.25
    traits = draw_traits(rng, channel, person, age)
    first = rng.choices(range(SPAN), cum_weights=weights[channel.code])[0]
    lag = int(rng.expovariate(1 / channel.lag))
    registered: int | None = first + lag if rng.random() < channel.conversion else None
    if registered is not None and registered > days.last:
        registered = None
    until = min(days.last, first + lag)
    between = sorted(
        (rng.randint(first, until), leisure_second(rng)) for _ in range(min(5, int(rng.expovariate(0.7))))
    )
    second = leisure_second(rng)
    if registered is not None:  # nobody is touched on the day of registration later than they registered
        between = [touch for touch in between if touch < (registered, second)]
    opening = (first, rng.randint(0, second) if registered == first else leisure_second(rng))
    touches = sorted([opening, *between])
    quality = channel.quality * (CAMPAIGN_QUALITY if in_story(channel, first) else 1.0)
    return Arrival(rng, person, channel, traits, touches, registered, second, quality=quality)


def _refer(arrivals: list[Arrival], rng: Random) -> None:
    """Give everybody who came by referral a referrer registered before their first touch."""
    registered = sorted(
        (arrival.registered, arrival.member_id, arrival)
        for arrival in arrivals
        if arrival.registered is not None
    )
    instants = [row[0] for row in registered]
    for arrival in arrivals:
        earlier = bisect_left(instants, arrival.touches[0][0])
        if arrival.channel.code == REFERRAL and earlier:
            tried = [registered[rng.randrange(earlier)][2] for _ in range(REFERRERS_TRIED)]
            arrival.referrer = max(tried, key=lambda each: each.traits.loyalty)


def write_touches(arrivals: list[Arrival], days: Days, rows: Rows, seed: str) -> None:
    """Touches of members and of visitors who stayed strangers, and what each channel spent a day.

    A visitor's touches carry only the visitor id; the last one of a member also the member's id.
    """
    rng = dice(seed, "touches")
    spent: dict[tuple[int, str], float] = {}
    serial = 0

    def touch(channel: Channel, day: int, second: int, visitor: str, member_id: str) -> None:
        nonlocal serial
        serial += 1
        campaign = campaign_on(channel, day, days.dates[day])
        rows.add("touches", f"TC{serial}", days.at(day, second), channel.code, campaign, visitor, member_id)
        if channel.cost:
            cost = channel.cost * rng.uniform(*SPREAD_OF_PRICE)
            spent[day, channel.code] = spent.get((day, channel.code), 0.0) + cost

    for arrival in arrivals:
        visitor = f"V-{arrival.member_id}"
        for day, second in arrival.touches[:-1]:
            touch(arrival.channel, day, second, visitor, "")
        day, second = arrival.touches[-1]
        touch(arrival.channel, day, second, visitor, arrival.member_id)
    shares = [channel.share for channel in CHANNELS]
    weights = {channel.code: arrival_weights(channel, days) for channel in CHANNELS}
    for number in range(int(len(arrivals) * STRANGERS_A_MEMBER)):
        channel = rng.choices(CHANNELS, weights=shares)[0]
        day = rng.choices(range(SPAN), cum_weights=weights[channel.code])[0]
        touch(channel, day, leisure_second(rng), f"V-S{number}", "")
    for (day, code), amount in sorted(spent.items()):
        rows.add("spend", code, days.texts[day], f"{amount:.2f}")
