"""What shapes the consents of the demonstration; shares are assumed."""

from __future__ import annotations

from members.profiles.contact.policy import DEFAULT_CAPS, DEFAULT_QUIET
from members.profiles.models import Purpose, RightsKind

BEGAN = 1090  # days before the last one
REASON = "上线方案 / Launch"
QUIET = DEFAULT_QUIET | {"phone": {"start": "20:00", "end": "09:30", "working_days": True}}
CAPS = DEFAULT_CAPS | {"marketing": {"day": 1, "week": 2, "month": 6}}
TEXTS = (
    (
        Purpose.EDUCATION,
        "我同意长青平台向我发送投资者教育内容。我可以随时退订，不影响使用服务。",
        "I agree to receive investor education. I can unsubscribe at any time; services do not depend on it.",
    ),
    (
        Purpose.MARKETING,
        "我同意长青平台通过所选渠道向我介绍服务与活动。我可以随时撤回，不影响使用服务。",
        "I agree to be told about services and events on the chosen channels. I can withdraw at any time.",
    ),
    (
        Purpose.PRODUCT_MARKETING,
        "我同意长青平台通过所选渠道向我介绍与我的风险承受能力相匹配的产品。我可以随时撤回。",
        "I agree to be told about products that fit my risk class. I can withdraw at any time.",
    ),
    (
        Purpose.PERSONALISED,
        "我知悉推荐由自动化方式按我的特征作出，同意接收个性化推荐，并可随时关闭。",
        "I know that recommendations are made automatically from my traits, and can switch them off.",
    ),
    (
        Purpose.SENSITIVE_SELECTION,
        "我单独同意长青平台使用我的账户与持仓信息筛选向我发送的内容。",
        "I separately agree that my account and holdings are used to select what I am sent.",
    ),
    (
        Purpose.PARTNER,
        "我单独同意将我的姓名与联系方式提供给所列合作方，用于所列目的。",
        "I separately agree that my name and contact are given to the named partner for the named purpose.",
    ),
)
# Kind, days since it came, what was asked, and how it ended.
RIGHTS: tuple[tuple[RightsKind, int, str, tuple[str, str] | None], ...] = (
    (RightsKind.ACCESS, 30, "希望查阅平台保存的我的全部信息", None),
    (RightsKind.ERASURE, 3, "不再使用平台，要求删除个人信息", None),
    (RightsKind.EXPORT, 6, "申请导出本人交易记录", None),
    (RightsKind.CORRECTION, 1, "职业信息有误，已转为自由职业", None),
    (RightsKind.EXPLANATION, 20, "为何未收到新品通知", ("done", "已说明：风险测评结果为 C2，该产品为 R3。")),
    (RightsKind.ERASURE, 45, "要求删除交易记录", ("refused", "交易记录依法须保存二十年，已说明理由。")),
)
