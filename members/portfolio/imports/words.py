"""What files call the words of this app's kinds; compared without case, width, blanks and punctuation."""

from __future__ import annotations

from crm.imports.vocabulary.words import publish

_RISKS = {
    "R1": ("低风险", "低", "1级", "pr1", "low"),
    "R2": ("中低风险", "中低", "较低风险", "2级", "pr2", "medium low"),
    "R3": ("中风险", "中", "中等风险", "3级", "pr3", "medium"),
    "R4": ("中高风险", "中高", "较高风险", "4级", "pr4", "medium high"),
    "R5": ("高风险", "高", "5级", "pr5", "high"),
}

publish(
    {
        "transactions.kind": {
            "buy": (
                ("申购", "认购", "购买", "买入", "买", "追加申购", "申购确认", "认购确认", "转换转入")
                + ("b", "purchase", "subscription", "subscribe")
            ),
            "plan_debit": (
                ("定投扣款", "定投", "定期定额", "定期定额申购", "定投申购", "定时定额申购", "基金定投")
                + ("智能定投", "plan debit", "recurring buy", "recurring purchase", "regular investment")
            ),
            "redemption": (
                ("赎回", "卖出", "卖", "强制赎回", "提前赎回", "部分赎回", "全部赎回", "赎回确认", "转换转出")
                + ("s", "sell", "redeem", "sale", "early redemption")
            ),
            "payout": (
                ("到期兑付", "兑付", "到期", "本金兑付", "本息兑付", "到期赎回", "到期还本", "还本付息")
                + ("到期自动赎回", "产品到期", "到期返还", "maturity", "matured", "maturity payout")
            ),
            "dividend": ("分红", "现金分红", "红利", "红利发放", "派息", "付息", "利息", "股息", "interest"),
            "fee": ("手续费", "费用", "服务费", "管理费", "申购费", "赎回费", "佣金", "commission", "charge"),
        },
        # With the code before them as well: R2（中低风险）.
        "risk": {
            code: (*words, f"{code}级", *(code + word for word in words)) for code, words in _RISKS.items()
        },
        "every": {
            "day": ("每日", "每天", "日", "天", "按日", "daily"),
            "week": ("每周", "周", "星期", "按周", "weekly"),
            "fortnight": ("每两周", "两周", "双周", "每双周", "biweekly", "2 weeks"),
            "month": ("每月", "月", "按月", "monthly"),
            "quarter": ("每季", "每季度", "季", "季度", "按季", "quarterly"),
            "year": ("每年", "年", "年度", "按年", "yearly", "annual"),
        },
    }
)
