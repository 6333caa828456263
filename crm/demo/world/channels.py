"""Where leads come from: names of channels and campaigns, and when each channel is busy."""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from math import exp

from crm.demo.world.days import SATURDAY, SPAN, Days
from crm.demo.world.parameters import (
    CAMPAIGN_AGO,
    CAMPAIGN_ARRIVALS,
    CAMPAIGN_CHANNEL,
    CAMPAIGN_DAYS,
    GROWTH,
    Channel,
)

REFERRAL = "referral"

CHANNEL_NAMES = {
    "organic": "自然流量",
    "search": "搜索引擎投放",
    "moments": "朋友圈广告",
    "short_video": "短视频信息流",
    "app_store": "应用商店",
    "finance_media": "财经内容社区",
    REFERRAL: "老客户推荐",
    "bank_branch": "银行网点合作",
    "salon": "线下沙龙",
    "employer": "企业员工福利",
}

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

# By month, in both languages; what runs in the story's weeks has a name of its own.
_CAMPAIGNS = {
    1: "开门红 New Year", 2: "开门红 New Year", 5: "年中理财节 Mid-year", 6: "年中理财节 Mid-year",
    9: "金秋 Autumn", 10: "金秋 Autumn", 11: "双十一 Double 11",
}  # fmt: skip
FRIENDS = "老友同行 Bring a friend"


def in_story(channel: Channel, day: int) -> bool:
    """Whether the good campaign runs in this channel on a day number."""
    begin = SPAN - CAMPAIGN_AGO
    return channel.code == CAMPAIGN_CHANNEL and begin <= day < begin + CAMPAIGN_DAYS


def campaign_on(channel: Channel, number: int, day: date) -> str:
    """The campaign that ran in a channel on a day; empty between campaigns."""
    if in_story(channel, number):
        return f"{day.year} {FRIENDS}"
    name = _CAMPAIGNS.get(day.month)
    return f"{day.year} {name}" if name else ""


def arrival_weights(channel: Channel, days: Days) -> list[float]:
    """Cumulative weight of each day as a day of first touch: growth, season, weekend, launch, story."""
    opens = channel.launched * SPAN
    return list(
        accumulate(
            0.0
            if number < opens
            else exp(GROWTH * number / SPAN)
            * channel.months[day.month - 1]
            * (channel.weekend if day.weekday() >= SATURDAY else 1.0)
            * (CAMPAIGN_ARRIVALS if in_story(channel, number) else 1.0)
            for number, day in enumerate(days.dates)
        )
    )
