"""Members with consents, contacts and risk classes, and an approved copy about a product."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from benchmarks.loading import indexes_last
from benchmarks.restage import say
from campaigns.review.copy.check import check_version
from campaigns.review.copy.decide import approve
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.copy.submit import submit
from campaigns.review.copy.write import About, Text, create_copy, create_version
from campaigns.review.models import CopyVersion
from crm.staff.models import Role, Staff
from members.portfolio.models import Product

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)  # 10 o'clock on a Friday in Shanghai
BODY = (
    "【长青财富】长青稳健债券基金，管理人长青基金，风险等级R3。"
    "基金有风险，投资须谨慎，过往表现不代表未来。回复T退订"
)
TABLES = ("profiles_member", "profiles_consent", "profiles_contact")
_SQL = Path(__file__).parent / "sql"


def build(members: int) -> CopyVersion:
    """Fill a fresh database; returns the version that is asked about."""
    say(f"loading {members:,} members")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
        with indexes_last(cursor, TABLES):
            for part in (_SQL / "load.sql").read_text().split(";\n"):
                cursor.execute(part, {"members": members, "now": NOW})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET ROLE")
    return _approved(NOW - timedelta(days=3))


def _approved(at: datetime) -> CopyVersion:
    """A text about the product, written by one person and approved by another."""
    maker, officer = (
        Staff.objects.create(username=role, display_name=role, role=role)
        for role in (Role.OPERATIONS, Role.COMPLIANCE)
    )
    about = About(
        code="bench",
        name="长青稳健债券基金",
        theme="steady_growth",
        stages=["growth"],
        purpose="product_marketing",
        product=Product.objects.get(),
    )
    text = Text(channel="sms", language="zh", body=BODY)
    version = create_version(create_copy(about, maker=maker, now=at), text, maker=maker, now=at)
    check_version(version.pk, staff=maker, now=at)
    sample_version(version.pk, staff=maker, now=at)
    submitted = submit(version.pk, staff=maker, now=at)
    approve(
        version.pk,
        template_hash=submitted.template_hash,
        officer=officer,
        reason="benchmark",
        now=at + timedelta(hours=1),
    )
    return CopyVersion.objects.select_related("copy__product").get(pk=version.pk)
