"""Bills of payment services and banks go in as they come, once it is said whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from crm.imports.errors.file_errors import FileRejected
from crm.imports.loading.result import Result
from members.portfolio.models import Transaction
from tests.crm.imports.files import take

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
OF = {"constants": {"member_id": "U1"}, "row_ids": True}


@dataclass(frozen=True)
class Bill:
    """A bill as it is downloaded, and what it says: (day and time in China, kind, amount) of each row."""

    text: str
    rows: list[tuple[str, str, str]]
    encoding: str = "utf-8"
    rejected: int = 0


ALIPAY = Bill(
    "-" * 60 + "\n导出信息：\n姓名：王某\n支付宝账户：a\n起始时间：[2026-02-10 00:00:00]\n"
    "导出交易类型：[全部]\n共3笔记录\n收入：1笔 28.50元\n支出：1笔 49.74元\n\n特别提示：\n"
    + "".join(f"{n}.本明细仅供个人对账使用；\n" for n in range(1, 10))
    + "\n------------支付宝（中国）网络技术有限公司  电子客户回单------------\n"
    "交易时间            ,交易分类      ,交易对方   ,对方账号 ,商品说明  ,收/支    ,金额     ,"
    "收/付款方式  ,交易状态 ,交易订单号  ,商家订单号 ,备注  ,\n"
    "2026-02-12 21:32:14 ,亲友代付      ,某某      ,/       ,亲情卡    ,支出     ,49.74    ,"
    "余额        ,交易成功 ,2026021200\t,2023\t,     ,\n"
    "2026-02-08 14:16:52 ,转账红包      ,某某      ,/       ,转账      ,收入     ,28.50    ,"
    "余额        ,交易成功 ,2026020800\t,    \t,     ,\n"
    "2026-02-04 18:21:04 ,退款          ,某某      ,/       ,退款      ,不计收支  ,16.03    ,"
    "余额        ,退款成功 ,2026020400\t,    \t,     ,\n",
    [("2026-02-08 14:16:52", "redemption", "28.50"), ("2026-02-12 21:32:14", "buy", "49.74")],
    encoding="gb18030",
    rejected=1,
)
WECHAT = Bill(
    "微信支付账单明细,,,,,,,,,,\n微信昵称：[测试],,,,,,,,,,\n导出类型：[全部],,,,,,,,,,\n,,,,,,,,,,"
    "\n共2笔记录,,,,,,,,,,\n"
    "注：,,,,,,,,,,\n1. 充值/提现将计入中性交易,,,,,,,,,,\n,,,,,,,,,,\n"
    "----------------------微信支付账单明细列表--------------------,,,,,,,,,,\n"
    "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n"
    '2026-02-26 12:45:27,商户消费,云膳过桥米线(传奇广场店),"米线, ""大""",支出,28.16,零钱,支付成功,'
    "39857341\t,129847129\t,/\n"
    "2026-02-24 10:10:11,微信红包,同性好友,/,收入,0.35,/,已存入零钱,39857342\t,129847128\t,/\n",
    [("2026-02-24 10:10:11", "redemption", "0.35"), ("2026-02-26 12:45:27", "buy", "28.16")],
)
JD = Bill(
    "导出信息：\n京东账号名：jd_a\n起始时间：2026-01-01\t终止时间：2026-12-30\n共：2笔记录\n收入：1笔，1.00元\n\n特别提示：\n"
    "1.本明细仅供个人对账使用。\n\n电子回单客户\n"
    "交易时间,交易分类,商户名称,交易说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注\n"
    "2026-02-16 08:22:00,网购,京东平台商户,退款-洁面乳150ml,收入,1.00,京东白条,交易成功,88438843\t,"
    "1000\t,\n"
    "2026-02-18 19:45:25,美妆个护,京东平台商户,洁面乳150ml,支出,223.99,京东白条,交易成功,88438843\t,"
    "1002\t,\n",
    [("2026-02-16 08:22:00", "redemption", "1.00"), ("2026-02-18 19:45:25", "buy", "223.99")],
)
ICBC = Bill(
    '明细查询文件下载\n\n卡号: 1234****9876,"卡别名: 这是卡别名"\n\n子账户序号: 00000,'
    '子账户类别: 活期,"子账户别名: "\n\n'
    "交易日期,摘要,交易详情,交易场所,交易国家或地区简称,钞/汇,交易金额(收入),交易金额(支出),"
    "交易币种,记账金额(收入),记账金额(支出),记账币种,余额,对方户名,对方账户\n"
    '2026-02-02     \t,"消费   \t","  \t","某店  \t","CHN  \t",钞  \t,"-  \t","-  \t",-  \t,"   \t",'
    '"13.40   \t",人民币  \t,"1.00  \t","某公司   \t","1234  \t",\n'
    '2026-02-03     \t,"工资   \t","  \t","      \t","CHN  \t",钞  \t,"-  \t","-  \t",-  \t,'
    '"734.56 \t","      \t",人民币  \t,"2.00  \t","某公司   \t","1234  \t",\n'
    ' \n人民币合计,,,,,,,,,"734.56          \t","13.40          \t",\n',
    [("2026-02-02 00:00:00", "buy", "13.40"), ("2026-02-03 00:00:00", "redemption", "734.56")],
    encoding="gb18030",
)
CMB = Bill(
    "记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要\n"
    "2026-02-01,CNY,734.00,1271.66,代发住房公积金,北京住房公积金管理中心,约定提取\n"
    '2026-02-02,CNY,"-900.00",271.66,转账汇款,张三,转账\n',
    [("2026-02-01 00:00:00", "redemption", "734.00"), ("2026-02-02 00:00:00", "buy", "900.00")],
)
CMB_DEBIT = Bill(
    "# 招商银行交易记录\n# 账    号: [6225********0000   张三]\n# 起始日期: [20260101]\n\n"
    '"交易日期","交易时间","收入","支出","余额","交易类型","交易备注"\n'
    '"\t20260131","\t12:00:01","","28.00","972.00","快捷支付","\t店"\n'
    '"\t20260130","\t12:00:02","1,000.00","","1,000.00","转账","\t工资"\n\n'
    "# 收入合计: 1 笔，共 1000.00 元\n# 支出合计: 1 笔，共 28.00 元\n",
    [("2026-01-30 12:00:02", "redemption", "1000.00"), ("2026-01-31 12:00:01", "buy", "28.00")],
    encoding="gb18030",
)
BOC = Bill(
    "中国银行信用卡账单(2026年02月)\n交易日,银行记账日,卡号后四位,交易描述,存入,支出,币种\n"
    "2026-02-13,2026-02-14,4260,上海公共交通卡股份有限CHN,,50.00,CNY\n2026-02-20,2026-02-20,,"
    "存款利息,0.01,,CNY\n",
    [("2026-02-13 00:00:00", "buy", "50.00"), ("2026-02-20 00:00:00", "redemption", "0.01")],
)
BOC_DEBIT = Bill(
    "中国银行交易流水明细单\n记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称\n"
    "2026-02-22,17:57:17,CNY,-71.89,3.28,无卡支付,卡组织线上,-----\n2026-02-22,12:23:04,CNY,50.00,"
    "3.17,网上快捷退款,银企对接,-----\n",
    [("2026-02-22 12:23:04", "redemption", "50.00"), ("2026-02-22 17:57:17", "buy", "71.89")],
)
BOCOM = Bill(
    "序号,交易日期,交易时间,交易类型,借贷,交易金额,余额,对方账号,对方户名,交易地点,摘要\n"
    "1,2026-02-01,00:00:00,存款利息,贷 Cr,1.23,1334.63,1323,应付利息,批处理,\n"
    "2,20260202,131512,信用卡转账还款,借 Dr,3.21,2334.62,6666,哈哈,其他,\n",
    [("2026-02-01 00:00:00", "redemption", "1.23"), ("2026-02-02 13:15:12", "buy", "3.21")],
)
HSBC = Bill(
    "Transaction date,Post date,Description,Billing amount,Billing currency,Transaction status,"
    "Merchant name,"
    "Country / region,Area / district,Credit / Debit\n"
    '2026-02-08,2026-02-09,"QR  YAHUI CO.,LTD.","-18.00"\t\t,CNY,POSTED,"YAHUI CO.,LTD.",CHINA,CHN,DEBIT\n'
    '2026-02-24,2026-02-24,PAYMENT - THANK YOU,"266.16"\t,CNY,POSTED,,,,CREDIT\n',
    [("2026-02-08 00:00:00", "buy", "18.00"), ("2026-02-24 00:00:00", "redemption", "266.16")],
)
BILLS = {
    "Alipay": (ALIPAY, {}),
    "WeChat": (WECHAT, {}),
    "JD": (JD, {}),
    "ICBC": (ICBC, {"columns": {"记账币种": ""}}),
    "CMB": (CMB, {}),
    "CMB debit": (CMB_DEBIT, {}),
    "BOC": (BOC, {}),
    "BOC debit": (BOC_DEBIT, {}),
    "BOCOM": (BOCOM, {}),
    "HSBC": (HSBC, {}),
}


def stored() -> list[tuple[str, str, str]]:
    return sorted(
        (f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", one.kind, str(one.amount))
        for one in Transaction.objects.all()
    )


def of_bill(folder, bill: Bill, **decided) -> Result:
    return take(folder, "transactions", bill.text.encode(bill.encoding), decided=OF | decided, source="bank")


@pytest.mark.parametrize("name", BILLS)
def test_a_bill_goes_in_as_it_comes(tmp_path, name):
    bill, decided = BILLS[name]
    take(tmp_path, "members", "member_id\nU1\n", source="bank")
    result = of_bill(tmp_path, bill, **decided)
    assert stored() == bill.rows, result.rejects
    assert result.rejected == bill.rejected
    again = of_bill(tmp_path, bill, **decided)
    assert (again.added, again.updated) == (0, 0)


def test_what_is_decided_about_nothing_is_refused(tmp_path):
    for decided, why in (
        ({"columns": {"金额": "amount"}}, "there is no heading 金额"),
        ({"columns": {"交易描述": "member_id"}}, "duplicate column 'member_id'"),
    ):
        with pytest.raises(FileRejected, match=why):
            of_bill(tmp_path, BOC, **decided)


def test_equal_rows_of_a_bill_are_several_and_stay_so(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n", source="bank")
    row = "2026-02-02,CNY,-5.00,271.66,地铁,,\n"
    bill = Bill("记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要\n" + row * 3, [])
    assert of_bill(tmp_path, bill).added == 3
    longer = Bill(bill.text + row, [])
    assert of_bill(tmp_path, longer).added == 1
    assert Transaction.objects.count() == 4


def test_money_in_and_out_in_one_row_is_rejected(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n", source="bank")
    bill = Bill(
        BOC.text + "2026-02-20,2026-02-20,,错,1.00,2.00,CNY\n2026-02-21,2026-02-21,,冲正,-1.00,,CNY\n", []
    )
    result = of_bill(tmp_path, bill)
    assert [(one.field, one.why) for one in result.rejects] == [
        ("amount", "money in and money out in one row"),
        ("amount", "must be greater than 0"),
    ]


def test_what_money_in_and_out_are_is_remembered_but_not_whose_bill_it_was(tmp_path):
    take(tmp_path, "members", "member_id\nU1\nU2\n", source="bank")
    of_bill(tmp_path, BOC, money_in="dividend", money_out="fee")
    take(
        tmp_path,
        "transactions",
        BOC.text,
        source="bank",
        decided={"constants": {"member_id": "U2"}},
    )
    assert sorted(Transaction.objects.values_list("kind", flat=True)) == [
        "dividend",
        "dividend",
        "fee",
        "fee",
    ]
    with pytest.raises(FileRejected, match="missing column 'member_id'"):
        take(tmp_path, "transactions", BOC.text, source="bank")


def test_a_sign_says_nothing_beside_a_direction_or_against_a_decision(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n", source="bank")
    with pytest.raises(FileRejected, match="missing column 'kind'"):
        of_bill(tmp_path, CMB, columns={"交易金额": "amount"})
    named = Bill(CMB.text.replace("交易摘要", "交易类型").replace("代发住房公积金", "赎回"), [])
    assert [one.why for one in of_bill(tmp_path, named).rejects][-1].startswith("must be one of")
    fixed = of_bill(tmp_path, CMB, constants={"member_id": "U1", "kind": "fee"})
    assert [(one.field, one.why) for one in fixed.rejects] == [("amount", "must be greater than 0")]


def test_a_bill_of_dashes_and_money_in_alone_has_no_sign(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n", source="bank")
    plain = Bill("记账日期,货币,交易金额,联机余额\n2026-02-01,CNY,734.00,1\n2026-02-02,CNY,-,1\n", [])
    with pytest.raises(FileRejected, match="missing column 'kind'"):
        of_bill(tmp_path, plain)
