"""What files call the words of this app's kinds; compared without case, width, blanks and punctuation."""

from __future__ import annotations

from crm.imports.vocabulary.words import publish

# Firms call different classes the same (稳健型 is C2 here and C3 there): a name counts only behind its code.
_CLASS_NAMES = (
    "最低风险",
    "保守型",
    "谨慎型",
    "稳健型",
    "平衡型",
    "均衡型",
    "成长型",
    "积极型",
    "进取型",
    "激进型",
)
_CLASSES = {f"C{place}": tuple(f"C{place}{name}" for name in ("级", *_CLASS_NAMES)) for place in range(6)}

publish(
    {
        "sex": {
            "female": ("女", "女性", "女士", "小姐", "太太", "f", "woman", "ms", "mrs"),
            "male": ("男", "男性", "男士", "先生", "m", "man", "mr"),
            "other": ("其他", "其它"),
        },
        "risk_class": _CLASSES,
        "investor_type": {
            "ordinary": ("普通", "普通投资者", "一般投资者", "retail"),
            "professional": ("专业", "专业投资者"),
            "qualified": ("合格", "合格投资者"),
        },
        "signals.kind": {
            "complaint": ("投诉", "客户投诉", "不满"),
            "closing_request": (
                "销户",
                "销户申请",
                "申请销户",
                "注销",
                "注销申请",
                "closing",
                "account closing",
            ),
        },
    }
)
