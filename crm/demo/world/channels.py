"""Where prospects come from: what a touch costs, how good the people are, when the channel is busy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import exp

from crm.demo.world.days import SATURDAY, SPAN, Days

GROWTH = 0.95  # arrivals of the last day are e^GROWTH times those of the first
REFERRAL = "referral"

# Monthly weights, January to December.
_EVEN = (1.0,) * 12
_OPENING = (1.7, 1.5, 1.1, 0.9, 0.9, 1.0, 0.9, 0.9, 1.0, 0.8, 0.9, 1.1)  # "good start" of the year
_SHOPPING = (0.8, 0.6, 0.9, 0.9, 1.1, 1.9, 0.8, 0.9, 1.0, 1.1, 2.1, 1.3)  # June and November festivals
_SALONS = (0.4, 0.3, 1.3, 1.4, 1.3, 0.9, 0.6, 0.6, 1.5, 1.3, 1.5, 0.9)


@dataclass(frozen=True, slots=True)
class Channel:
    """The real nature of a channel; later analytics try to find it again.

    `conversion`: share of leads that register; `quality`: share of those that will ever invest;
    `hazard`: factor on the chance of leaving; `wealth`: factor on means; `cost`: yuan a touch;
    `lag`: mean days from first touch to registration; `launched`: share of the span before it opens.
    """

    code: str
    name: str
    kind: str
    share: float
    cost: float
    conversion: float
    quality: float
    hazard: float
    wealth: float
    lag: float
    launched: float
    months: tuple[float, ...]
    weekend: float


CHANNELS = (
    Channel("organic", "自然流量", "owned", 14, 0.0, 0.91, 0.89, 0.90, 1.00, 4, 0.0, _EVEN, 0.9),
    Channel("search", "搜索引擎投放", "paid", 13, 14.0, 0.89, 0.87, 1.00, 1.05, 3, 0.0, _EVEN, 0.8),
    Channel("moments", "朋友圈广告", "paid", 15, 9.0, 0.82, 0.84, 1.15, 0.90, 6, 0.0, _OPENING, 1.2),
    Channel("short_video", "短视频信息流", "paid", 17, 5.5, 0.74, 0.74, 1.70, 0.60, 5, 0.28, _SHOPPING, 1.4),
    Channel("app_store", "应用商店", "paid", 10, 6.5, 0.84, 0.81, 1.30, 0.70, 2, 0.0, _SHOPPING, 1.2),
    Channel("finance_media", "财经内容社区", "content", 9, 7.0, 0.88, 0.88, 0.85, 1.30, 10, 0.0, _EVEN, 0.7),
    Channel(REFERRAL, "老客户推荐", "referral", 11, 20.0, 0.95, 0.93, 0.60, 1.25, 3, 0.04, _EVEN, 1.1),
    Channel("bank_branch", "银行网点合作", "partner", 6, 36.0, 0.92, 0.92, 0.65, 1.90, 5, 0.0, _OPENING, 0.1),
    Channel("salon", "线下沙龙", "event", 3, 85.0, 0.90, 0.93, 0.55, 3.20, 12, 0.08, _SALONS, 2.2),
    Channel("employer", "企业员工福利", "partner", 4, 11.0, 0.82, 0.86, 0.75, 1.10, 8, 0.45, _OPENING, 0.2),
)

CHANNEL_NAMES_EN = {
    "organic": "Organic traffic",
    "search": "Search advertising",
    "moments": "WeChat Moments ads",
    "short_video": "Short video ads",
    "app_store": "App stores",
    "finance_media": "Finance communities",
    REFERRAL: "Client referrals",
    "bank_branch": "Bank branch partners",
    "salon": "Salon events",
    "employer": "Employer benefits",
}

_CAMPAIGNS = {1: "开门红", 2: "开门红", 5: "年中理财节", 6: "年中理财节", 9: "金秋", 10: "金秋", 11: "双十一"}


def campaign_on(day: date) -> str:
    """The campaign that ran on a day; empty between campaigns."""
    name = _CAMPAIGNS.get(day.month)
    return f"{day.year}{name}" if name else ""


def arrival_weights(channel: Channel, days: Days) -> list[float]:
    """Cumulative weight of each day as a day of first touch: growth, season, weekend, launch."""
    opens = channel.launched * SPAN
    return list(
        accumulate(
            0.0
            if number < opens
            else exp(GROWTH * number / SPAN)
            * channel.months[day.month - 1]
            * (channel.weekend if day.weekday() >= SATURDAY else 1.0)
            for number, day in enumerate(days.dates)
        )
    )
