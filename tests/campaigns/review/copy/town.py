"""Makers, officers and copy for tests of review."""

from __future__ import annotations

from campaigns.review.copy.check import check_version
from campaigns.review.copy.decide import approve
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.copy.submit import justify, submit
from campaigns.review.copy.write import About, Text, create_copy, create_version
from campaigns.review.models import Copy, CopyVersion
from crm.staff.models import Role, Staff
from tests.crm.cast import NOW, staff_of

CLEAN = "净值型产品的净值每日变动，过往表现不代表未来。回复T退订"
WARNED = "已有超过三千人参与学习，点击了解净值如何计算。回复T退订"
SMS = "【长青财富】"


def maker() -> Staff:
    return staff_of(Role.OPERATIONS)


def officer() -> Staff:
    return staff_of(Role.COMPLIANCE)


def copy_of(by: Staff, code: str = "net_value", **about) -> Copy:
    values = {"name": "净值怎么看", "theme": "steady_growth", "stages": ["growth"], "purpose": "education"}
    return create_copy(About(code, **values | about), maker=by, now=NOW)


def draft(by: Staff, body: str = SMS + CLEAN, *, copy: Copy | None = None, **text) -> CopyVersion:
    values = {"channel": "sms", "language": "zh"} | text
    return create_version(copy or copy_of(by), Text(body=body, **values), maker=by, now=NOW)


def submitted(by: Staff, body: str = SMS + CLEAN, **text) -> CopyVersion:
    """A version under review, each finding answered."""
    version = draft(by, body, **text)
    check_version(version.pk, staff=by, now=NOW)
    for finding in version.findings.all():
        justify(finding.pk, "it is a fact", staff=by, now=NOW)
    sample_version(version.pk, staff=by, now=NOW)
    return submit(version.pk, staff=by, now=NOW)


def approved(by: Staff, checker: Staff, *, days: int = 90, **text) -> CopyVersion:
    version = submitted(by, **text)
    approve(
        version.pk,
        template_hash=version.template_hash,
        officer=checker,
        reason="内容属实",
        now=NOW,
        days=days,
    )
    return CopyVersion.objects.get(pk=version.pk)
