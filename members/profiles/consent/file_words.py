"""Reasons, headings, words and examples of files of consents; published before their kind is made."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.imports.errors import row_errors
from crm.imports.vocabulary import examples, headings, words
from crm.imports.vocabulary.headings import Heading

row_errors.publish(
    {
        "consent_without_evidence": gettext_noop("a consent needs its evidence"),
        "consent_without_text": gettext_noop("a consent needs the version of its text"),
        "consent_recipient": gettext_noop(
            "a recipient is named for sharing and transfers abroad, for nothing else"
        ),
        "consent_otherwise": gettext_noop("this ID is recorded with other content, which stays"),
    }
)
headings.publish(
    {
        "consent_id": Heading(_("Consent ID"), ("授权编号", "授权id", "同意编号", "consentno")),
        "consents.purpose": Heading(_("Purpose"), ("授权目的", "授权用途", "用途", "目的", "consentpurpose")),
        "contact_channel": Heading(_("Contact channel"), ("触达渠道", "联系渠道", "授权渠道", "联系方式")),
        "consents.recipient": Heading(_("Recipient"), ("接收方", "信息接收方", "合作方")),
        "consents.answer": Heading(
            _("Given or withdrawn"), ("授权状态", "是否同意", "同意状态", "consent", "status")
        ),
        "text_version": Heading(_("Text version"), ("文本版本", "协议版本", "授权文本版本", "textversion")),
        "consents.evidence": Heading(_("Evidence"), ("凭证", "授权凭证", "证据", "证据编号")),
        "consents.at": Heading(_("Said at"), ("授权时间", "同意时间", "时间", "consentedat", "consenttime")),
    }
)
words.publish(
    {
        "consents.purpose": {
            "education": ("投资者教育", "投教"),
            "marketing": ("营销", "一般营销", "推广"),
            "product_marketing": ("产品营销", "产品推荐"),
            "personalised": ("个性化", "个性化推荐"),
            "sensitive_selection": ("敏感信息筛选", "按账户和持仓筛选"),
            "partner": ("合作方共享", "与合作方共享", "共享"),
            "third_country": ("出境", "向境外提供"),
        },
        "consents.contact_channel": {
            "sms": ("短信", "手机短信"),
            "email": ("邮件", "电子邮件", "mail"),
            "push": ("推送", "推送通知", "app推送"),
            "wecom": ("企业微信", "企微"),
            "phone": ("电话", "外呼", "call"),
            "in_app": ("站内消息", "站内信", "app内"),
        },
        "consents.answer": {
            "given": ("同意", "已同意", "授权", "已授权", "是", "yes", "y", "true", "1", "granted"),
            "withdrawn": (
                "撤回",
                "已撤回",
                "拒绝",
                "不同意",
                "退订",
                "否",
                "no",
                "n",
                "false",
                "0",
                "refused",
            ),
        },
    }
)
examples.publish(
    {
        "consent_id": "SQ1001",
        "consents.purpose": "marketing",
        "contact_channel": "sms",
        "consents.recipient": "",
        "consents.answer": "given",
        "text_version": "2025-1",
        "consents.evidence": "APP-20250305-0001",
    }
)
