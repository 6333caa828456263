"""What files call the words of this app's kinds; compared without case, width, blanks and punctuation."""

from __future__ import annotations

from crm.imports.values.words import publish

publish(
    {
        "sex": {
            "female": ("女", "女性", "女士", "小姐", "太太", "f", "woman", "ms", "mrs"),
            "male": ("男", "男性", "男士", "先生", "m", "man", "mr"),
            "other": ("其他", "其它"),
        },
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
