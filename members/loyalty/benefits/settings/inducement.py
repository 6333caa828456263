"""Benefits that would be a gift for buying: refused, or flagged for whoever approves.

Sales of funds and insurance may not be furthered by gifts, rebates or draws (measures on the sale of public
funds, order 175 article 24; insurance sales conduct 2021 no. 4 article 25; anti-unfair-competition law
article 11; advertising law article 8). A benefit follows from a tier, never from one purchase.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from members.loyalty.models import BenefitKind, BenefitVersion


class Finding(StrEnum):
    """What is wrong with a benefit; members.loyalty.benefits.sentences words each with its basis."""

    GIFT_FOR_BUYING = "benefit_gift_for_buying"  # refused
    GIFT = "benefit_is_a_gift"  # flagged: something of value is handed over


# Words that tie a benefit to a purchase, and forms of money back, in names without spaces and punctuation.
_BUYING = re.compile(
    r"(首投|首购|申购|认购|购买|下单|入金|充值|投资满|买满|购满|满额).{0,6}(送|赠|返|得|享|领|奖|礼)"
    r"|返现|返利|返佣|返点|红包|抽奖|现金券|开户有礼|邀请.{0,6}(返|奖|礼)"
    r"|cashback|cashreward|luckydraw|redenvelope|signupbonus|raffle|rebate"
    r"|(gift|bonus|reward|free).{0,24}(when|for|if|with)(you)?(your)?(first)?"
    r"(buy|invest|purchas|subscri|deposit|order)"
    r"|(buy|invest|purchase|subscribe|deposit).{0,24}(get|receive|andwin)",
    re.IGNORECASE,
)


def finding_of(version: BenefitVersion) -> Finding | None:
    """What is wrong with this benefit, by its names and kind; None: nothing was found."""
    for name in (version.name, version.name_en):
        if _BUYING.search(_compact(name)):
            return Finding.GIFT_FOR_BUYING
    return Finding.GIFT if version.kind == BenefitKind.GIFT else None


def _compact(text: str) -> str:
    """The text without what may stand between its letters to disguise it."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if letter.isalnum())
