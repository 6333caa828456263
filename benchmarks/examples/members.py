"""How the pages of many members are opened: the list, its searches, the palette, transitions."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import crowd
from benchmarks.examples.world import ALL, ANALYST, LEAD, MANY, RM, SERVICE, WORK, Asked, World, at
from members.profiles.search.search_token import write_search

FILTERS: dict[str, list[dict[str, object]]] = {
    "by stage": [{"stage": stage} for stage in ("activation", "growth", "maturity", "decline")],
    "by warning": [{"warning": "any"}, {"warning": "idle"}, {"warning": "signal", "stage": "growth"}],
    "by sub-state": [
        {"sub_state": state} for state in ("stalled", "cleared", "at_risk", "dormant", "churned")
    ],
    "by traits": [{"region": "厦门", "risk": "C3"}, {"channel": "channel-9"},
                  {"region": "北京", "stage": "maturity"}],
    "by bounds": [{"aum_min": 150000}, {"aum_max": 500, "sort": "-aum"}, {"registered_from": "2024-05-01"},
                  {"idle_days": 200}],
    "by occasion": [{"matures": 30}, {"assessment": 30}, {"plan": "missed"}, {"complaint": "open"},
                    {"new_since": "2026-11-01"},
                    {"matures": 60, "stage": "growth", "cols": "stage,aum,matures,assessment,plan"}],
    "by sort": [{"sort": sort} for sort in ("aum", "-aum", "since", "registered", "due")],
}  # fmt: skip


def members(world: World) -> Iterator[Asked]:
    yield Asked("members/", ALL, [at("members", view="all")])
    for label, queries in FILTERS.items():
        yield Asked(f"members/ {label}", (*WORK, ANALYST), [at("members", **query) for query in queries])
    yield Asked(
        "members/ unassigned, of a manager",
        (LEAD, SERVICE),
        [at("members", manager="none"), at("members", manager=world.staff[RM].pk)],
    )
    first = [
        at("members", **query) for query in ({"view": "all"}, {"stage": "decline"}, {"sort": "registered"})
    ]
    deep = [
        at("members", sort="-aum", aum_min=5000),
        at("members", sort="registered", registered_to="2025-01-01"),
    ]
    yield Asked("members/ further pages", (SERVICE, ANALYST), first, follows=True)
    yield Asked("members/ pages from deep within", (SERVICE,), deep, follows=True)
    yield Asked("members/ further pages for htmx", (SERVICE,), first, part=True, follows=True)
    for label, texts in searches(world).items():
        granted = [write_search(text, world.staff[SERVICE], granted_at=crowd.NOW) for text in texts]
        yield Asked(f"members/ search {label}", (SERVICE,), [at("members", find=one) for one in granted])
        free = [at("members", q=text) for text in texts]
        yield Asked(f"members/ search {label}, own book", (RM, LEAD), free)


def searches(world: World) -> dict[str, list[str]]:
    """Texts that somebody would type, by their kind."""
    people = [*world.own[: MANY // 2], *world.any[: MANY // 2]]
    names = [member.name for member in people]
    lines = [
        [line for line in member.search_text.split("\n") if line.isalpha() and line.isascii()]
        for member in people
    ]
    initials = [min(found, key=len) if found else "wl" for found in lines]
    return {
        "one character": sorted({name[-1] for name in names}),
        "part of a name": sorted({name[-2:] for name in names}),
        "pinyin": sorted({max(found, key=len) if found else "wang" for found in lines}),
        "beginning of pinyin": ["zhang", "w", "li", "xiao", "chen", "yan", "z", "zhan"],
        "initials": sorted(set(initials)),
        "pinyin in two words": ["wang li", "zhang wei", "li na", "chen jie"],
        "mobile": [crowd.mobile(member.pk) for member in people],
        "outside id": [f"{member.pk:08}" for member in people],
        "number": [f"#{member.pk}" for member in people],
        "nothing there": ["zzqx", "不存在的人", "13800000000", "nobody@example.org"],
    }


def palette(world: World) -> Iterator[Asked]:
    yield Asked("palette/", ALL, [at("palette")])
    texts = [text for found in searches(world).values() for text in found[:4]]
    yield Asked("palette/ with a text", WORK, [at("palette", q=text) for text in texts])


def moves(world: World) -> Iterator[Asked]:
    months = ("2026-11", "2026-08", "2026-02")
    pairs = (("activation", "growth"), ("growth", "decline"), ("growth", "maturity"))
    paths = [
        at("moves", **{"month": month, "from": left, "to": to}) for month in months for left, to in pairs
    ]
    yield Asked("lifecycle/moves/", (RM, LEAD, SERVICE, ANALYST), paths)
