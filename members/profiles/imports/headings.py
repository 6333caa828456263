"""The headings under which the columns of this app's kinds come in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.imports.vocabulary.headings import Heading, publish

publish(
    {
        "member_id": Heading(
            _("Member number"),
            ("会员号", "会员编号", "会员id", "客户号", "客户编号", "客户id", "用户id", "用户号", "用户编号")
            + ("uid", "userid", "customerid", "clientid", "customerno", "memberno"),
        ),
        "registered_at": Heading(
            _("Registration time"),
            (
                "注册时间",
                "注册日期",
                "开户时间",
                "开户日期",
                "registrationtime",
                "registrationdate",
                "signupdate",
            ),
        ),
        "name": Heading(
            _("Name"), ("姓名", "会员姓名", "客户姓名", "客户名称", "名字", "fullname", "realname")
        ),
        "mobile": Heading(
            _("Mobile"),
            (
                "手机",
                "手机号",
                "手机号码",
                "移动电话",
                "联系电话",
                "电话",
                "电话号码",
                "phone",
                "cellphone",
                "mobilephone",
                "mobilenumber",
                "phonenumber",
                "mobileno",
                "phoneno",
                "tel",
            ),
        ),
        "email": Heading(
            _("Email"), ("邮箱", "电子邮箱", "邮箱地址", "邮件", "电子邮件", "mail") + ("emailaddress",)
        ),
        "id_number": Heading(
            _("ID number"), ("身份证", "身份证号", "身份证号码", "证件号", "证件号码", "idcard", "idno")
        ),
        "address": Heading(_("Address"), ("地址", "住址", "通讯地址", "联系地址", "家庭住址")),
        "sex": Heading(_("Gender"), ("性别", "gender")),
        "birth_date": Heading(_("Date of birth"), ("出生日期", "生日", "出生年月日", "birthday", "dob")),
        "region": Heading(_("Region"), ("地区", "省市", "所在地", "城市", "区域", "city", "province")),
        "occupation": Heading(_("Occupation"), ("职业", "job", "profession")),
        "income_band": Heading(_("Income band"), ("收入", "年收入", "收入区间", "收入段", "income")),
        "channel": Heading(
            _("Channel"), ("渠道", "来源渠道", "获客渠道", "注册渠道", "渠道代码", "渠道编码", "utmsource")
        ),
        "campaign": Heading(_("Campaign"), ("活动", "活动名称", "推广活动", "营销活动", "utmcampaign")),
        "referrer_id": Heading(
            _("Referrer"), ("推荐人", "推荐人编号", "推荐人id", "邀请人", "邀请人编号", "邀请人id", "inviter")
        ),
        "risk_class": Heading(
            _("Risk class"),
            ("风险等级", "风险承受能力", "风险类型", "风险测评等级", "risklevel", "riskrating"),
        ),
        "risk_assessed_on": Heading(
            _("Risk assessment date"), ("风险测评日期", "风测日期", "测评日期", "风评日期")
        ),
        "assessed_on": Heading(_("Assessment date"), ("测评日期", "风险测评日期", "风测日期", "评估日期")),
        "questionnaire_version": Heading(_("Questionnaire version"), ("问卷版本", "问卷", "测评问卷版本")),
        "investor_type": Heading(_("Investor type"), ("投资者类型", "投资者类别", "合格投资者")),
        "language": Heading(_("Language"), ("语言", "偏好语言", "locale")),
        "tags": Heading(_("Tags"), ("标签", "客户标签", "labels")),
        "date": Heading(_("Date"), ("日期", "统计日期", "day")),
        "at": Heading(
            _("Time"), ("时间", "发生时间", "日期时间", "timestamp", "datetime", "time", "交易时间")
        ),
        "at:date": Heading(_("Time: date")),
        "at:time": Heading(_("Time: time of day")),
        "registered_at:date": Heading(_("Registration time: date")),
        "registered_at:time": Heading(_("Registration time: time of day")),
        "amount": Heading(_("Amount"), ("金额", "费用", "花费", "投放金额", "cost", "交易金额", "成交金额")),
        "currency": Heading(_("Currency"), ("币种", "货币", "币别", "记账币种") + ("billingcurrency",)),
        "kind": Heading(_("Type"), ("类型", "种类", "类别", "type")),
        "touch_id": Heading(_("Touchpoint ID"), ("触达编号", "触点编号", "触达id", "id")),
        "visitor_id": Heading(
            _("Visitor ID"), ("访客号", "访客编号", "访客id", "设备号", "设备id", "deviceid")
        ),
        "event_id": Heading(_("Event ID"), ("事件编号", "事件id", "id")),
        "events.name": Heading(_("Event"), ("事件", "事件名称", "事件名", "行为", "action", "event")),
        "properties": Heading(_("Properties"), ("属性", "事件属性", "扩展属性", "props")),
        "signal_id": Heading(_("Signal ID"), ("信号编号", "信号id", "工单号", "id")),
        "complaint_id": Heading(
            _("Complaint ID"), ("投诉编号", "投诉单号", "工单号", "工单编号", "投诉id", "ticketid", "id")
        ),
        "received_at": Heading(
            _("Received at"),
            ("受理时间", "投诉时间", "投诉日期", "受理日期", "登记时间", "openedat", "createdat"),
        ),
        "received_at:date": Heading(_("Received at: date")),
        "received_at:time": Heading(_("Received at: time of day")),
        "words": Heading(_("Complaint"), ("投诉内容", "投诉事项", "内容", "诉求", "description", "subject")),
        "owner": Heading(_("Assignee"), ("处理人", "负责人", "责任人", "经办人", "assignee", "handler")),
        "answered_at": Heading(
            _("Answered at"), ("答复时间", "回复时间", "答复日期", "回复日期", "repliedat")
        ),
        "answered_at:date": Heading(_("Answered at: date")),
        "answered_at:time": Heading(_("Answered at: time of day")),
        "answer": Heading(_("Answer"), ("答复内容", "回复内容", "答复", "回复", "reply", "response")),
        "closed_at": Heading(
            _("Closed at"), ("结案时间", "办结时间", "关闭时间", "结案日期", "办结日期", "resolvedat")
        ),
        "closed_at:date": Heading(_("Closed at: date")),
        "closed_at:time": Heading(_("Closed at: time of day")),
        "resolution": Heading(_("Resolution"), ("处理结果", "办理结果", "结案说明", "处理意见", "outcome")),
        "detail": Heading(_("Details"), ("详情", "内容", "说明", "备注", "description", "note")),
        "channels.name": Heading(_("Channel name"), ("渠道名称", "名称", "title")),
        "channels.name_en": Heading(
            _("Channel name in English"), ("英文名称", "英文名", "渠道英文名称", "渠道英文名", "englishname")
        ),
        "channels.channel": Heading(
            _("Channel"), ("渠道代码", "渠道编码", "渠道编号", "代码", "渠道", "code")
        ),
    }
)
