"""Make a world: everybody's life over three years, as import files, with the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random

from crm.demo.world.channels import CHANNEL_NAMES, CHANNEL_NAMES_EN, campaign_on
from crm.demo.world.days import SPAN, Days
from crm.demo.world.dice import dice
from crm.demo.world.lives.account import Account, World
from crm.demo.world.lives.arrive import Arrival, make_arrivals, write_touches
from crm.demo.world.lives.choose import HIGHEST_RISK
from crm.demo.world.lives.diary import Diary
from crm.demo.world.lives.life import Life
from crm.demo.world.lives.newcomer import settle_in
from crm.demo.world.market import Market
from crm.demo.world.parameters import CHANNELS, PROFESSIONAL_WEALTH, SHARE_IN_HOUSEHOLDS
from crm.demo.world.products import PRODUCT_NAMES_EN, SHELF
from crm.demo.world.rows import Rows, write_csv
from crm.demo.world.truth import TRUTH_COLUMNS, truth_row

SEED = "perennial-1"  # a new number is a new world
VIP_AUM = 1_000_000
TAGS = (
    "养老规划 Retirement",
    "教育金 Education",
    "活动常客 Event regular",
    "基金定投 Saving plan",
    "偏好电话 Prefers calls",
    "偏好微信 Prefers WeChat",
    "短期闲钱 Short-term cash",
    "亲子家庭 Young family",
)
GOALS = (
    "养老 Retirement",
    "子女教育 Education",
    "购房 Home",
    "稳健增值 Steady growth",
    "闲钱打理 Spare cash",
    "财富传承 Inheritance",
)
LIQUIDITY = ("high", "medium", "low")
TAG_SEPARATOR = ";"


@dataclass(frozen=True)
class Summary:
    """What was written: number of rows by kind."""

    members: int
    today: date
    rows: dict[str, int]


def simulate(
    folder: Path,
    *,
    members: int,
    today: date,
    seed: str = SEED,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Write the files of the world of `members` people on `today` into a folder.

    `progress` is called with (people done, people). Raises ValueError for fewer than one member.
    """
    if members < 1:
        raise ValueError(f"members={members}: at least 1")
    folder.mkdir(parents=True, exist_ok=True)
    days, rows = Days(today), Rows()
    world = World(days, Market(days, seed), rows)
    for channel in CHANNELS:
        rows.add(
            "channels",
            channel.code,
            CHANNEL_NAMES[channel.code],
            CHANNEL_NAMES_EN[channel.code],
            channel.kind,
        )
    for product in SHELF:
        rows.add(
            "products",
            product.code,
            product.name,
            PRODUCT_NAMES_EN[product.code],
            product.category,
            f"R{product.risk}",
            product.regime,
            product.term_days or "",
            f"{product.regime}2026{product.code[1:]}",
        )
    arrivals = make_arrivals(days, seed, members)
    _form_households(arrivals, rows, dice(seed, "households"))
    write_touches(arrivals, days, rows, seed)
    for done, arrival in enumerate(arrivals, start=1):
        _live(arrival, world)
        if progress and done % 500 == 0:
            progress(done, members)
    counts = rows.write(folder)
    _write_truth(folder, world, arrivals, seed)
    return Summary(members, today, counts)


def _live(arrival: Arrival, world: World) -> None:
    """One member's whole life, and the member's own row at the end of it."""
    diary = Diary(world, arrival.member_id, arrival.rng)
    account = Account(world, arrival.member_id)
    life = None
    if arrival.registered is not None:
        decided = settle_in(arrival, diary)
        if decided is not None:
            life = Life(arrival, account, diary)
            life.live(decided)
    arrival.summary = truth_row(arrival, account, life, world.days)
    _write_member(arrival, account, diary, world)


def _write_member(arrival: Arrival, account: Account, diary: Diary, world: World) -> None:
    person, days, rng = arrival.person, world.days, arrival.rng
    registered, first = arrival.registered, arrival.touches[0][0]
    known = registered is not None  # a prospect left a name and a mobile only
    aum = account.aum(days.last)
    tags = sorted(rng.sample(TAGS, k=rng.choice((0, 0, 1, 1, 2)))) if known else []
    if aum >= VIP_AUM:
        tags.insert(0, "VIP")
    assessed = diary.assessed
    world.rows.add(
        "members",
        arrival.member_id,
        days.at(registered, arrival.second) if registered is not None else "",
        person.name,
        person.mobile,
        person.email if known else "",
        person.id_number if assessed else "",
        person.address if known and aum > 0 else "",
        person.sex if known else "",
        person.birth_date.isoformat() if known else "",
        person.city,
        person.occupation if known else "",
        person.income_band if assessed else "",
        arrival.channel.code,
        campaign_on(arrival.channel, first, days.dates[first]),
        arrival.referrer.member_id if arrival.referrer else "",
        f"C{assessed[1]}" if assessed else "",
        days.texts[assessed[0]] if assessed else "",
        _investor_type(arrival) if assessed else "",
        "en" if known and rng.random() < 0.02 else "zh-Hans",
        TAG_SEPARATOR.join(tags),
    )
    if assessed and rng.random() < 0.6:
        _write_preference(arrival, world, assessed[0])


def _investor_type(arrival: Arrival) -> str:
    if not arrival.traits.qualified:
        return "ordinary"
    professional = arrival.traits.wealth >= PROFESSIONAL_WEALTH and arrival.traits.risk >= 4
    return "professional" if professional else "qualified"


def _write_preference(arrival: Arrival, world: World, told: int) -> None:
    rng = arrival.rng
    highest = HIGHEST_RISK[arrival.traits.risk]
    categories = sorted({product.category for product in SHELF if product.risk <= highest})
    world.rows.add(
        "preferences",
        arrival.member_id,
        rng.choice(GOALS),
        rng.choice((30, 90, 180, 365, 1095, 3650)),
        rng.choice(LIQUIDITY),
        "|".join(sorted(rng.sample(categories, k=min(len(categories), rng.randint(1, 3))))),
        world.days.texts[told],
    )


def _form_households(arrivals: list[Arrival], rows: Rows, rng: Random) -> None:
    """Couples: somebody of a household lives at the other's address; some bring a parent or child."""
    registered = [arrival for arrival in arrivals if arrival.registered is not None]
    rng.shuffle(registered)
    for number in range(int(len(registered) * SHARE_IN_HOUSEHOLDS)):
        size = 3 if rng.random() < 0.15 else 2
        family = [registered.pop() for _ in range(min(size, len(registered)))]
        if len(family) < 2:
            return
        head = family[0]
        for arrival in family:
            arrival.person.city = head.person.city
            arrival.person.address = head.person.address
            rows.add(
                "households",
                f"{head.person.surname}家 {head.person.surname_latin} {number + 1:04}",
                arrival.member_id,
            )


def _write_truth(folder: Path, world: World, arrivals: list[Arrival], seed: str) -> None:
    """truth.json (channels, market), truth.csv (a row a member), prices.csv (a row a day)."""
    days, market = world.days, world.market
    channels = {}
    for channel in CHANNELS:
        truth = asdict(channel)
        del truth["months"]
        channels[channel.code] = truth
    truth = {"seed": seed, "today": days.today.isoformat(), "members": len(arrivals), "channels": channels}
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
    write_csv(folder / "truth.csv", TRUTH_COLUMNS, (tuple(each.summary.values()) for each in arrivals))
    write_csv(
        folder / "prices.csv",
        ("date", "level", *(product.code for product in SHELF)),
        (
            (days.texts[day], f"{market.level[day]:.2f}", *(f"{price[day]:.8f}" for price in market.price))
            for day in range(SPAN)
        ),
    )
