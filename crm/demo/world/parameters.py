"""Every number that shapes the demonstration, with its source, or "assumed".

Money is yuan, time is days, chances are per month of thirty days unless said otherwise. Days of stories
count back from the demonstration's last day. Sources: AMAC = fund investor surveys of the Asset Management
Association of China for 2019 and 2020; CMB = annual report 2021 of China Merchants Bank; onboarding = public
reports on onboarding at financial platforms, by which 60 to 75 % of those who register never do what the
platform is for. The shares that follow from all of it are held by a test.
"""

from __future__ import annotations

from dataclasses import dataclass

# Who comes

STRANGERS_A_MEMBER = 6.0  # visitors who leave no name; assumed: about one visitor in ten registers
GROWTH = 0.7  # arrivals of the last day are e^GROWTH times those of the first; assumed
REFERRERS_TRIED = 5  # the most loyal of so many earlier members is the referrer; assumed
SPREAD_OF_PRICE = (0.85, 1.2)  # of a touch around its cost; assumed

# Monthly weights, January to December; assumed: opening sales of the year, shopping festivals, salon seasons.
EVEN = (1.0,) * 12
OPENING = (1.7, 1.5, 1.1, 0.9, 0.9, 1.0, 0.9, 0.9, 1.0, 0.8, 0.9, 1.1)
SHOPPING = (0.8, 0.6, 0.9, 0.9, 1.1, 1.9, 0.8, 0.9, 1.0, 1.1, 2.1, 1.3)
SALONS = (0.4, 0.3, 1.3, 1.4, 1.3, 0.9, 0.6, 0.6, 1.5, 1.3, 1.5, 0.9)


@dataclass(frozen=True, slots=True)
class Channel:
    """The real nature of a channel; analytics try to find it again.

    `conversion`: share of leads that register; `quality`: share of those that will ever invest;
    `hazard`: factor on the chance of leaving; `wealth`: factor on means; `cost`: yuan a touch;
    `lag`: mean days from first touch to registration; `launched`: share of the span before it opens.
    """

    code: str
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


# Assumed, but for the mean of `quality`: onboarding. Short video is the story of the bad channel.
CHANNELS = (
    Channel("organic", "owned", 14, 0.0, 0.74, 0.30, 0.90, 1.00, 4, 0.0, EVEN, 0.9),
    Channel("search", "paid", 13, 4.0, 0.70, 0.25, 1.00, 1.05, 3, 0.0, EVEN, 0.8),
    Channel("moments", "paid", 14, 2.6, 0.62, 0.19, 1.15, 0.90, 6, 0.0, OPENING, 1.2),
    Channel("short_video", "paid", 17, 3.4, 0.80, 0.045, 1.90, 0.45, 2, 0.62, SHOPPING, 1.4),
    Channel("app_store", "paid", 10, 2.2, 0.66, 0.17, 1.30, 0.70, 2, 0.0, SHOPPING, 1.2),
    Channel("finance_media", "content", 9, 2.4, 0.70, 0.29, 0.85, 1.25, 10, 0.0, EVEN, 0.7),
    Channel("referral", "referral", 11, 6.0, 0.82, 0.38, 0.60, 1.20, 3, 0.04, EVEN, 1.1),
    Channel("bank_branch", "partner", 6, 12.0, 0.76, 0.40, 0.65, 1.60, 5, 0.0, OPENING, 0.1),
    Channel("salon", "event", 3, 45.0, 0.74, 0.44, 0.55, 2.20, 12, 0.08, SALONS, 2.2),
    Channel("employer", "partner", 4, 3.0, 0.62, 0.27, 0.75, 1.10, 8, 0.45, OPENING, 0.2),
)

# Who they are

SHARE_WOMEN = 0.46  # AMAC: 45.9 %
# AMAC: 28 % below 30, 39 % to 45, 26 % to 60, 8 % above.
YOUNGEST, AGE_SHAPE, AGE_SCALE, OLDEST = 21.0, 2.7, 6.4, 72.0
MEDIAN_INCOME, INCOME_SPREAD = 115_000, 0.78  # a year; AMAC: 46 % below 100,000, 8 % above 500,000
INCOME_BANDS = (
    (50_000, "< 50,000"),
    (100_000, "50,000–100,000"),
    (200_000, "100,000–200,000"),
    (500_000, "200,000–500,000"),
)
TOP_BAND = "≥ 500,000"
WEALTH_OF_INCOME = 0.42  # money for investing in years of income, for the median; assumed
WEALTH_RISES = 0.5  # and more than in proportion: × (income / median) ^ this; assumed
WEALTH_SPREAD = 1.35  # so that 1 % of investors hold a third; CMB: 2 % of all clients hold four fifths
MOST_YEARS, MOST_YEARS_RETIRED = 40.0, 60.0  # of income that anybody brings; assumed
BOLD_WHEN_QUALIFIED = 1.3  # risk classes above others of that age; assumed
PROPENSITY = (2.4, 3.0)  # shape of the eagerness to save, between 0 and 1; assumed
MONTHLY_HAZARD = 0.009  # chance of beginning to leave in a calm market; assumed
SHARE_IN_HOUSEHOLDS = 0.07  # assumed

# What they do

LOGINS_A_DAY, LOGINS_SPREAD = 0.17, 0.55  # the median, and how people differ; assumed
FEWEST_LOGINS, MOST_LOGINS = 0.08, 0.8  # a day while engaged: a month of silence is rare; assumed
LOGINS_OF_TERM_HOLDERS = 0.5  # factor while most of the money is locked for half a year or more; assumed
PLAN_CHANCE = 0.42  # of starting a saving plan with the first purchase; assumed
PLAN_ENDS = 0.012  # at an instalment; assumed
BUYS_MORE, BUYS_MORE_WITH_TENURE = (0.02, 0.06), 0.12  # shares of wealth; assumed
FIRST_BUY = (0.02, 0.3)  # shares of wealth; assumed
SELLS_SOME, LIFE_EVENT = 0.035, 0.0035  # a month: part of it, or a flat or a wedding; assumed
COMPLAINS = 0.0032  # an engaged investor a month in a calm market; assumed
FADING_COMPLAINS = 0.25  # of those who lose interest; assumed
ANSWERED_WITHIN, CLOSED_WITHIN = 3.0, 9.0  # days on average, the second after the answer; assumed
REINVESTS = 0.96  # of payouts of a product of 30 days; less with longer terms:
REINVESTS_LESS = 0.14  # for a term of a year; assumed: banks report four fifths to nine tenths
REINVESTS_AT_ONCE = 0.75  # the same day; the others take up to REINVESTS_WITHIN days; assumed
REINVESTS_WITHIN = 11
REINVESTED = (0.78, 1.0)  # share of the payout; assumed
FADING_EMPTIES = 0.5  # of those who lose interest take out what they have, in one to four months; assumed
EMPTIES_ALL = 0.7  # of these take everything; the others leave some; assumed
# Of those who take out what they have, and of all who fade; assumed.
ASKS_TO_CLOSE, ASKS_EARLY = 0.6, 0.15
RETURNS, RETURNS_LOYAL = 0.015, 0.06  # chance of coming back a month, and more for the loyal; assumed
# Chance that somebody wealthy and qualified signs for a private fund, and for which share of wealth; assumed.
PRIVATE_A_MONTH, PRIVATE_SHARE = 0.25, (0.12, 0.3)
PRIVATE_WEALTH, PRIVATE_INCOME = 3_000_000, 500_000  # regulation: qualified for private funds by either
PROFESSIONAL_WEALTH = 5_000_000  # regulation: a natural person may be professional

# What there is to buy


@dataclass(frozen=True, slots=True)
class Path:
    """Of a category: `beta` × market + `drift` a year, with a daily `noise` common to its products."""

    beta: float
    drift: float
    noise: float


# (share of the span, total move of the market over it): up, down, sideways, up again; assumed.
REGIMES = ((0.34, 0.34), (0.20, -0.22), (0.10, -0.03), (0.36, 0.30))
MARKET_NOISE = 0.0085  # a day; like a broad Chinese share index, 13 % a year
TRADING_DAYS_A_YEAR = 243
PATHS = {  # assumed, in the order of what such products yielded lately
    "cash": Path(0.0, 0.018, 0.000002),
    "wealth": Path(0.002, 0.029, 0.00004),
    "deposit": Path(0.0, 0.026, 0.00001),
    "bond": Path(0.005, 0.034, 0.0005),
    "balanced": Path(0.15, 0.033, 0.0009),
    "mixed": Path(0.75, 0.02, 0.003),
    "equity": Path(1.0, 0.015, 0.003),
    "overseas": Path(0.25, 0.055, 0.004),
    "gold": Path(-0.1, 0.1, 0.006),
    "insurance": Path(0.0, 0.03, 0.0),
    "private": Path(0.5, 0.06, 0.003),
}
OWN_NOISE = 0.35  # of a product, as a share of its category's; assumed

# Of each product: popularity, share of the category's path, fee of a purchase, quarterly dividend; assumed.
SHELF_LIFE: dict[str, tuple[float, float, float, float]] = {
    "P001": (22, 1.0, 0.0, 0.0), "P002": (10, 1.05, 0.0, 0.0), "P003": (9, 0.85, 0.0, 0.0),
    "P004": (10, 1.0, 0.0, 0.0), "P005": (8, 1.1, 0.0, 0.0), "P006": (4, 1.25, 0.0, 0.0),
    "P007": (3, 1.0, 0.0, 0.0), "P008": (12, 0.6, 0.0, 0.0), "P009": (9, 1.1, 0.0008, 0.006),
    "P010": (11, 0.8, 0.001, 0.007), "P011": (7, 1.6, 0.001, 0.0), "P012": (8, 0.8, 0.0015, 0.0),
    "P013": (6, 1.25, 0.0015, 0.0), "P014": (7, 1.0, 0.0012, 0.0), "P015": (5, 0.7, 0.0012, 0.009),
    "P016": (3, 1.45, 0.0, 0.0), "P017": (5, 1.3, 0.0015, 0.0), "P018": (3, 0.5, 0.0008, 0.0),
    "P019": (5, 1.0, 0.0, 0.0), "P020": (2, 1.0, 0.0, 0.0), "P021": (4, 0.4, 0.0, 0.0),
    "P022": (3, 1.5, 0.0, 0.0),
}  # fmt: skip

# Stories; all assumed. docs/demo-world.md tells where each is seen.

# A product's price falls, and within days people leave it. Chances are of its holders: that they redeem all,
# that they complain, and that who redeemed moves the money to cash management.
RUN_PRODUCT, RUN_AGO, RUN_FALL, RUN_DAYS = "P010", 138, 0.045, 4
RUN_LEAVES, RUN_COMPLAINS, RUN_STAYS_ON = 0.55, 0.12, 0.6
CAMPAIGN_CHANNEL, CAMPAIGN_AGO, CAMPAIGN_DAYS = "referral", 118, 30
CAMPAIGN_ARRIVALS, CAMPAIGN_QUALITY = 4.0, 1.45  # factors
LEAVE_AGO, LEAVE_HAZARD, LEAVE_LOGINS, LEAVE_REINVESTS = 110, 14.0, 0.6, 0.55  # factors while nobody calls
# A one-year product offered in some weeks a year ago, so paid out from ten days ago on: chance that an
# investor takes it, and for which share of wealth.
WAVE_PRODUCT, WAVE_FROM, WAVE_TO = "P006", 375, 337
WAVE_CHANCE, WAVE_SHARE = 0.3, (0.08, 0.25)
