"""What members complain about: something they hold, lately sold or were charged for. In both languages."""

from __future__ import annotations

from random import Random

from crm.demo.world.lives.account import Account
from crm.demo.world.parameters import RUN_PRODUCT
from crm.demo.world.products import PRODUCT_NAMES_EN, SHELF

# As staff of a platform that works in two languages write them down; {zh} and {en} name the product.
_LOSS = (
    "{zh}净值下跌没有提示 / No warning when {en} fell",
    "{zh}亏损，与介绍时不符 / {en} lost money, not what was presented",
)
_DULL = ("{zh}收益不及预期 / {en} returned less than expected",)
_LOCKED = (
    "{zh}未到期不能提前赎回，买入时没有说清 / Was not told that {en} cannot be redeemed before maturity",
    "{zh}到期资金到账太慢 / Proceeds of {en} arrived late at maturity",
)
_FEE = ("{zh}申购费用说明不清楚 / Subscription fee of {en} not explained clearly",)
_OPEN = ("{zh}赎回到账太慢 / Redemption of {en} arrives too slowly",)
_RUN = (
    "{zh}连续下跌，要求说明原因 / Asks why {en} keeps falling",
    "{zh}大额赎回被延期办理 / Large redemption of {en} was postponed",
)
_SERVICE = (
    "客服电话打不通 / Customer service cannot be reached by phone",
    "频繁收到推销电话 / Too many sales calls",
)
ANSWERS = (
    "已电话说明情况并致歉 / Explained by phone and apologised",
    "已核实并短信告知处理进度 / Checked, and told the client by SMS how it proceeds",
    "已发送产品说明与费用明细 / Sent the product sheet and a breakdown of fees",
    "已转客户经理当面沟通 / Passed to the relationship manager for a meeting",
)
RESOLUTIONS = (
    "客户认可解释 / Client accepts the explanation",
    "已退还手续费 / Fee refunded",
    "款项已到账，客户确认 / Money has arrived, confirmed by the client",
    "客户不再追究 / Client does not pursue it",
)
ABOUT_SERVICE = 0.15  # of complaints; assumed


def complain(rng: Random, account: Account, day: int, *, about: int | None = None) -> str:
    """Somebody's complaint on a day: `about` a product held, or mostly about the one that has lost most."""
    if about is None and (not account.units or rng.random() < ABOUT_SERVICE):
        return rng.choice(_SERVICE)
    gain = {
        product: account.value(product, day) / account.cost[product] - 1 for product in sorted(account.units)
    }
    product = about if about is not None else min(gain, key=gain.__getitem__)
    words = (
        _RUN if SHELF[product].code == RUN_PRODUCT and about is not None else _words(product, gain[product])
    )
    named = SHELF[product]
    return rng.choice(words).format(zh=named.name, en=PRODUCT_NAMES_EN[named.code])


def _words(product: int, gain: float) -> tuple[str, ...]:
    if gain < -0.02:
        return _LOSS
    if SHELF[product].term_days:
        return _LOCKED
    return _DULL + (_FEE if SHELF[product].fee else ()) + _OPEN
