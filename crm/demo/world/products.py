"""The product shelf: invented names; categories, risk classes, terms and minimums as in life."""

from __future__ import annotations

from dataclasses import dataclass

from crm.demo.world.parameters import SHELF_LIFE

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
    """What the shelf says of a product, and what shapes its life (`world/parameters.py`).

    `risk` is 1–5 for R1–R5; `lean`: its share of the category's path; `fee`: share of a purchase; `dividend`:
    share paid out each quarter.
    """

    code: str
    name: str
    category: str
    risk: int
    regime: str
    term_days: int | None
    minimum: int  # yuan of a purchase
    popularity: float
    lean: float
    fee: float
    dividend: float


_SHELF: tuple[tuple[str, str, str, int, str, int | None, int], ...] = (
    ("P001", "长青天天利货币A", "cash", 1, "FS", None, 100),
    ("P002", "长青活钱宝货币B", "cash", 1, "FS", None, 100),
    ("P003", "稳盈30天理财", "wealth", 1, "BW", 30, 1_000),
    ("P004", "稳盈90天理财", "wealth", 2, "BW", 90, 1_000),
    ("P005", "稳盈180天理财", "wealth", 2, "BW", 180, 5_000),
    ("P006", "稳盈一年期理财", "wealth", 2, "BW", 365, 10_000),
    ("P007", "汇利挂钩结构性存款", "deposit", 1, "BW", 91, 50_000),
    ("P008", "云杉短债C", "bond", 2, "FS", None, 100),
    ("P009", "云杉纯债A", "bond", 2, "FS", None, 100),
    ("P010", "安恒固收增强A", "balanced", 2, "FS", None, 1_000),
    ("P011", "安恒稳健养老目标", "balanced", 3, "FS", None, 100),
    ("P012", "远见均衡混合A", "mixed", 3, "FS", None, 100),
    ("P013", "远见成长混合A", "mixed", 4, "FS", None, 100),
    ("P014", "沪深三百指数增强", "equity", 4, "FS", None, 100),
    ("P015", "中证红利指数A", "equity", 4, "FS", None, 100),
    ("P016", "科创先锋指数C", "equity", 5, "FS", None, 100),
    ("P017", "环球优选海外A", "overseas", 4, "FS", None, 1_000),
    ("P018", "亚洲债券海外A", "overseas", 3, "FS", None, 1_000),
    ("P019", "金脉黄金联接C", "gold", 4, "FS", None, 100),
    ("P020", "颐年养老年金", "insurance", 2, "IN", None, 10_000),
    ("P021", "磐石量化中性私募", "private", 4, "PR", None, 1_000_000),
    ("P022", "磐石精选股票私募", "private", 5, "PR", None, 1_000_000),
)
SHELF = tuple(Product(*row, *SHELF_LIFE[row[0]]) for row in _SHELF)
PLACE = {product.code: place for place, product in enumerate(SHELF)}

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
