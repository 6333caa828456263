"""Copy under review, with findings that its maker answered."""

from __future__ import annotations

from datetime import datetime

from campaigns.review.copy.check import check_version
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.copy.submit import justify, submit
from campaigns.review.models import CopyFinding, CopyVersion
from crm.staff.models import Staff
from tests.campaigns.review.copy.town import SMS, copy_of, draft
from tests.crm.cast import NOW

BODY = SMS + "已有超过三千人参与学习，本金有保障，点击了解净值如何计算。回复T退订"  # a warning and a block


def in_review(
    by: Staff, body: str = BODY, *, code: str = "net_value", now: datetime = NOW, **text
) -> CopyVersion:
    """A submitted version; each of its findings has an answer."""
    version = draft(by, body, copy=text.pop("copy", None) or copy_of(by, code), **text)
    check_version(version.pk, staff=by, now=now)
    for finding in version.findings.all():
        justify(finding.pk, "取自报名系统", staff=by, now=now)
    sample_version(version.pk, staff=by, now=now)
    submit(version.pk, staff=by, now=now)
    return CopyVersion.objects.get(pk=version.pk)


def finding_of(version: CopyVersion, severity: str) -> CopyFinding:
    return version.findings.get(severity=severity)
