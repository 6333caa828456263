"""The legal basis of each refusal, with the grade that compliance gave it.

A and B were read as statute text or verbatim quotation and are shown as law; C and D are shown as to be
confirmed by compliance.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refused(StrEnum):
    """Why an incentive is refused; members.loyalty.incentives.sentences words each."""

    GIFT_FOR_BUYING = "incentive_gift_for_buying"  # points that depend on buying
    GIFT_FOR_REFERRAL = "incentive_gift_for_referral"  # points that depend on bringing others
    NOT_REVIEWED = "incentive_not_reviewed"  # points that depend on what nobody has found harmless
    ABOVE_RISK_CLASS = "incentive_above_risk_class"  # whatever it gives, for a product or a risk
    RISK_ANSWER = "incentive_risk_answer"  # for a particular outcome of the questionnaire


@dataclass(frozen=True)
class Basis:
    """An article and how it is known: A read, B quoted, C reported, D not checked."""

    text: str
    grade: str

    @property
    def is_law(self) -> bool:
        """Whether it may be shown as law; otherwise compliance has to confirm it."""
        return self.grade in ("A", "B")


_INDUCEMENT = (
    Basis("《公开募集证券投资基金销售机构监督管理办法》第二十四条", "D"),
    Basis("《理财公司理财产品销售管理暂行办法》第二十五条", "D"),
    Basis("《反不正当竞争法》第十一条", "D"),
    Basis("《广告法》第八条", "A"),
)
_SUITABILITY = (
    Basis("《证券期货投资者适当性管理办法》第二十二条第（三）、（四）项", "B"),
    Basis("《金融机构产品适当性管理办法》第十二条", "C"),
)
_QUESTIONNAIRE = (Basis("《金融机构产品适当性管理办法》第十三条", "C"),)
BASES: dict[Refused, tuple[Basis, ...]] = {
    Refused.GIFT_FOR_BUYING: _INDUCEMENT,
    Refused.GIFT_FOR_REFERRAL: _INDUCEMENT,
    Refused.NOT_REVIEWED: _INDUCEMENT,
    Refused.ABOVE_RISK_CLASS: _SUITABILITY,
    Refused.RISK_ANSWER: _QUESTIONNAIRE,
}
