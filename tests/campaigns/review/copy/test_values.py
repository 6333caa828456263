"""Values of members, and files that prove what copy says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from campaigns.review.copy import evidence
from campaigns.review.copy.check import check_version, pack_of
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.rendering.checked_values import check_values
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.copy.submit import submit
from campaigns.review.copy.write import Text
from campaigns.review.models import CheckedValue, CopyVersion
from tests.campaigns.review.copy.town import CLEAN, SMS, draft, maker
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db
NAMED = {"name": {"type": "member_field", "field": "name"}}


def test_a_name_that_is_a_guarantee_withholds_the_rendering_and_stops_nobody_else():
    by = maker()
    named, guarantee = member("王小明"), member("保本稳赚")
    version = draft(by, f"{SMS}{{{{ name }}}}您好，{CLEAN}", variables=NAMED)
    check_version(version.pk, staff=by, now=NOW)
    samples = {one.member_id: one for one in sample_version(version.pk, staff=by, now=NOW)}
    assert samples[guarantee.pk].withheld == ("name",)
    assert samples[named.pk].withheld == ()
    assert samples[named.pk].shown.text.startswith(f"{SMS}王*您好")  # masked where it is shown
    assert CopyVersion.objects.get(pk=version.pk).samples == [samples[named.pk].sha256]


@pytest.mark.parametrize(
    ("body", "value", "is_withheld"),
    [
        ("尊敬的{{ name }}：", "保本", True),
        ("尊敬的{{ name }}：", "保 本 稳 赚", True),
        ("保{{ name }}产品", "本", True),
        ("这款{{ name }}本产品", "保", True),
        ("尊敬的{{ name }}：", "欧阳若溪", False),
        ("尊敬的{{ name }}：", "安保国", False),
    ],
)
def test_a_value_is_checked_where_it_stands_once(body, value, is_withheld):
    content, pack = Text("sms", "zh", body, variables={"name": {"type": "text"}}), pack_of("zh", NOW)
    rows = [{"name": value}] * 3
    assert check_values(content, rows, pack, NOW) == [("name",) if is_withheld else ()] * 3
    assert check_values(content, rows, pack, NOW)[0] == (("name",) if is_withheld else ())
    kept = CheckedValue.objects.get()
    assert value not in str(kept.findings)
    assert bytes(kept.value_hash) != value.encode()


@pytest.fixture
def _storage(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.mark.usefixtures("_storage")
def test_evidence_is_kept_encrypted_and_fixed_once_submitted(tmp_path):
    by = maker()
    version = draft(by)
    content = b"%PDF-1.7 audited figures"
    kept = evidence.attach(version.pk, SimpleUploadedFile("a.pdf", content), note="audit", staff=by, now=NOW)
    assert evidence.read(kept) == content
    assert content not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.evidence"))
    for name, body, code in [
        ("a.pdf", content, "copy_file_twice"),
        ("a.html", b"<script>", "copy_file_type"),
        ("a.png", content, "copy_file_type"),
    ]:
        with pytest.raises(CopyRefused, match=code):
            evidence.attach(version.pk, SimpleUploadedFile(name, body), staff=by, now=NOW)
    check_version(version.pk, staff=by, now=NOW)
    sample_version(version.pk, staff=by, now=NOW)
    submit(version.pk, staff=by, now=NOW)
    with pytest.raises(CopyRefused, match="copy_not_editable"):
        evidence.detach(kept.pk, staff=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()
