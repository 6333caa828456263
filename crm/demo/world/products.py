"""The product shelf: invented names; categories, risk classes, terms and minimums as in life."""

from __future__ import annotations

from dataclasses import dataclass

# By code: the platform's own name, and the English one.
CATEGORY_NAMES = {
    "cash": ("现金管理", "Cash management"),
    "wealth": ("银行理财", "Bank wealth management"),
    "deposit": ("结构性存款", "Structured deposits"),
    "bond": ("债券基金", "Bond funds"),
    "balanced": ("固收增强", "Enhanced fixed income"),
    "mixed": ("混合基金", "Balanced funds"),
    "equity": ("股票指数", "Equity index"),
    "overseas": ("海外基金", "Overseas funds"),
    "gold": ("黄金", "Gold"),
    "insurance": ("年金保险", "Annuity insurance"),
    "private": ("私募基金", "Private funds"),
}


@dataclass(frozen=True, slots=True)
class Product:
    """`risk` is 1–5 for R1–R5; a price moves by `beta` × market + `drift` a year, with daily `noise`."""

    code: str
    name: str
    category: str
    risk: int
    regime: str
    term_days: int | None
    minimum: int  # yuan of a purchase
    beta: float
    drift: float
    noise: float
    popularity: float
    fee: float = 0.0  # share of a purchase
    dividend: float = 0.0  # share paid out each quarter


SHELF = (
    Product("P001", "长青天天利货币A", "cash", 1, "FS", None, 100, 0.0, 0.018, 0.0, 20),
    Product("P002", "长青活钱宝货币B", "cash", 1, "FS", None, 100, 0.0, 0.019, 0.0, 9),
    Product("P003", "稳盈30天理财", "wealth", 1, "BW", 30, 1_000, 0.0, 0.024, 0.00002, 8),
    Product("P004", "稳盈90天理财", "wealth", 2, "BW", 90, 10_000, 0.0, 0.029, 0.00003, 9),
    Product("P005", "稳盈180天理财", "wealth", 2, "BW", 180, 10_000, 0.005, 0.033, 0.00005, 7),
    Product("P006", "稳盈一年期理财", "wealth", 2, "BW", 365, 50_000, 0.01, 0.037, 0.00008, 5),
    Product("P007", "汇利挂钩结构性存款", "deposit", 1, "BW", 91, 50_000, 0.0, 0.027, 0.0, 3),
    Product("P008", "云杉短债C", "bond", 2, "FS", None, 100, 0.0, 0.031, 0.0002, 12),
    Product("P009", "云杉纯债A", "bond", 2, "FS", None, 100, 0.01, 0.038, 0.0006, 9, 0.0008, 0.006),
    Product("P010", "安恒固收增强A", "balanced", 2, "FS", None, 1_000, 0.12, 0.035, 0.001, 8, 0.001, 0.007),
    Product("P011", "安恒稳健养老目标", "balanced", 3, "FS", None, 100, 0.25, 0.03, 0.0015, 7, 0.001),
    Product("P012", "远见均衡混合A", "mixed", 3, "FS", None, 100, 0.6, 0.02, 0.004, 9, 0.0015),
    Product("P013", "远见成长混合A", "mixed", 4, "FS", None, 100, 0.95, 0.02, 0.006, 7, 0.0015),
    Product("P014", "沪深三百指数增强", "equity", 4, "FS", None, 100, 1.0, 0.01, 0.002, 8, 0.0012),
    Product("P015", "中证红利指数A", "equity", 4, "FS", None, 100, 0.65, 0.03, 0.004, 6, 0.0012, 0.009),
    Product("P016", "科创先锋指数C", "equity", 5, "FS", None, 100, 1.45, 0.01, 0.008, 4),
    Product("P017", "环球优选海外A", "overseas", 4, "FS", None, 1_000, 0.35, 0.07, 0.007, 5, 0.0015),
    Product("P018", "亚洲债券海外A", "overseas", 3, "FS", None, 1_000, 0.1, 0.045, 0.002, 3, 0.0008),
    Product("P019", "金脉黄金联接C", "gold", 4, "FS", None, 100, -0.1, 0.11, 0.007, 6),
    Product("P020", "颐年养老年金", "insurance", 2, "IN", None, 10_000, 0.0, 0.03, 0.0, 2),
    Product("P021", "磐石量化中性私募", "private", 4, "PR", None, 1_000_000, 0.15, 0.08, 0.003, 2),
    Product("P022", "磐石精选股票私募", "private", 5, "PR", None, 1_000_000, 0.9, 0.06, 0.006, 1.5),
)

PRODUCT_NAMES_EN = {
    "P001": "Evergreen Daily Money Market A",
    "P002": "Evergreen Ready Cash B",
    "P003": "SteadyGain 30-Day",
    "P004": "SteadyGain 90-Day",
    "P005": "SteadyGain 180-Day",
    "P006": "SteadyGain 1-Year",
    "P007": "Huili FX-Linked Structured Deposit",
    "P008": "Spruce Short-Term Bond C",
    "P009": "Spruce Pure Bond A",
    "P010": "Anheng Enhanced Fixed Income A",
    "P011": "Anheng Conservative Retirement Target",
    "P012": "Foresight Balanced A",
    "P013": "Foresight Growth A",
    "P014": "CSI 300 Enhanced Index",
    "P015": "CSI Dividend Index A",
    "P016": "STAR Pioneer Index C",
    "P017": "Global Select Overseas A",
    "P018": "Asian Bond Overseas A",
    "P019": "Goldline Gold Feeder C",
    "P020": "Golden Years Annuity",
    "P021": "Bedrock Market Neutral Private Fund",
    "P022": "Bedrock Select Equity Private Fund",
}
