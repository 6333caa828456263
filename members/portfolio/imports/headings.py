"""The headings under which the columns of this app's kinds come in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.imports.vocabulary.headings import Heading, publish

publish(
    {
        "product_id": Heading(
            _("Product code"),
            ("产品代码", "产品编号", "产品编码", "产品id", "基金代码", "理财代码", "productcode", "fundcode"),
        ),
        "products.name": Heading(_("Product name"), ("产品名称", "产品名", "名称", "productname")),
        "products.name_en": Heading(
            _("Product name in English"), ("英文名称", "英文名", "产品英文名称", "产品英文名", "englishname")
        ),
        "category": Heading(_("Category"), ("类别", "产品类别", "产品类型", "分类", "品类")),
        "risk": Heading(_("Product risk"), ("风险等级", "产品风险", "产品风险等级", "risklevel")),
        "regime": Heading(_("Regulatory regime"), ("监管类别", "监管类型")),
        "term_days": Heading(_("Term (days)"), ("期限", "期限天", "期限天数", "产品期限", "days", "term")),
        "registration_code": Heading(
            _("Registration code"),
            (
                "登记编码",
                "备案编码",
                "备案号",
                "产品登记编码",
                "基金备案编码",
                "注册编码",
                "registrationcode",
            ),
        ),
        "closed_on": Heading(_("Closed on"), ("停售日", "停售日期", "下架日期", "closingdate", "closedate")),
        "transaction_id": Heading(
            _("Transaction ID"),
            (
                "交易号",
                "交易编号",
                "交易流水号",
                "交易单号",
                "流水号",
                "订单号",
                "交易id",
                "orderid",
                "tradeid",
                "id",
            ),
        ),
        "transactions.at:date": Heading(
            _("Time: date"),
            ("交易日期", "交易日", "日期", "记账日期", "记账日", "入账日期", "发生日期", "成交日期", "date")
            + ("transactiondate", "tradedate"),
        ),
        "transactions.at:time": Heading(_("Time: time of day"), ("交易时刻", "记账时间", "成交时间", "time")),
        "transactions.amount": Heading(
            _("Amount"),
            ("金额", "交易金额", "成交金额", "确认金额", "发生额", "交易币种/金额", "billingamount")
            + ("transactionamount",),
        ),
        "transactions.amount:in": Heading(
            _("Amount: money in"),
            (
                "收入",
                "收入金额",
                "记账金额(收入)",
                "存入",
                "存入金额",
                "转入金额",
                "贷方金额",
            )
            + ("贷方发生额", "moneyin", "credit", "creditamount", "deposit", "deposits", "paidin"),
        ),
        "transactions.amount:out": Heading(
            _("Amount: money out"),
            (
                "支出",
                "支出金额",
                "记账金额(支出)",
                "支取",
                "支取金额",
                "转出金额",
                "借方金额",
            )
            + ("借方发生额", "moneyout", "debit", "debitamount", "withdrawal", "withdrawals", "paidout"),
        ),
        "transactions.amount:signed": Heading(_("Amount, with or without sign"), ("收支金额",)),
        "transactions.kind:flow": Heading(
            _("Money in or out"),
            (
                "收/支",
                "收支类型",
                "收付标志",
                "借贷",
                "借贷标志",
                "借贷标记",
                "借贷状态",
                "借贷方向",
                "收付",
                "creditdebit",
            ),
        ),
        "transactions.kind": Heading(_("Type"), ("交易类型", "业务类型", "类型", "方向", "type", "side")),
        "matures_on": Heading(
            _("Maturity date"),
            ("到期日", "到期日期", "产品到期日", "兑付日", "到期时间", "maturitydate", "duedate", "maturity"),
        ),
        "aum": Heading(
            _("AUM"), ("资产规模", "资产", "总资产", "资产余额", "市值", "持有市值", "balance", "totalassets")
        ),
        "plan_id": Heading(_("Plan ID"), ("定投编号", "计划编号", "定投计划编号", "协议号", "id")),
        "every": Heading(_("Frequency"), ("周期", "定投周期", "频率", "扣款周期", "frequency", "period")),
        "started_on": Heading(_("Start date"), ("开始日期", "起始日期", "签约日期", "startdate")),
        "ended_on": Heading(_("End date"), ("结束日期", "终止日期", "截止日期", "enddate")),
        "saving_plans.amount": Heading(_("Amount"), ("金额", "定投金额", "每期金额", "扣款金额")),
    }
)
