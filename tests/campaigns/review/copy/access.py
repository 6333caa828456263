"""A piece of copy for the table of access, and what a POST to its addresses is sent with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.review.copy.check import check_version
from campaigns.review.copy.evidence import attach
from campaigns.review.models import CopyVersion
from tests.campaigns.review.copy.town import SMS, WARNED, copy_of, draft, maker
from tests.crm.cast import NOW

CODE = "library_piece"
PDF = b"%PDF-1.7 report"
_TEXT = {
    "language": "zh", "body": f"{SMS}回复T退订", "variables-TOTAL_FORMS": "0", "variables-INITIAL_FORMS": "0",
}  # fmt: skip
_ABOUT = {
    "code": "other", "name": "另一篇", "purpose": "education", "theme": "legacy", "stages": ["growth"]
}  # fmt: skip


def checked_version() -> CopyVersion:
    """A version with a warning, of a copy with the code CODE."""
    by = maker()
    return check_version(draft(by, SMS + WARNED, copy=copy_of(by, CODE)).pk, staff=by, now=NOW)


def copy_samples() -> dict[str, dict[str, tuple[Any, Any]]]:
    """What addresses of copy lead to: a checked version with a warning and a file."""
    version = checked_version()
    file = attach(version.pk, SimpleUploadedFile("report.pdf", PDF), staff=version.maker, now=NOW)
    code, one = {"code": (CODE, None)}, {"version_id": (version.pk, None)}
    return {
        **dict.fromkeys(("copy", "copy-change", "copy-write"), code),
        **dict.fromkeys(("copy-version", "copy-edit", "copy-act", "copy-withdraw", "copy-attach"), one),
        "copy-answer": {"finding_id": (version.findings.get().pk, None)},
        **dict.fromkeys(("copy-evidence", "copy-detach"), {"evidence_id": (file.pk, None)}),
    }


def _always(**form: Any) -> Callable[[Any, bool], dict[str, Any]]:
    return lambda world, is_others: form


def _new_file(world: Any, is_others: bool) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("other.pdf", PDF + b" 2")}


# By address: the table in which it shows ("": none) and the form.
COPY_DEEDS: dict[str, tuple[str, Callable[[Any, bool], dict[str, Any]]]] = {
    "copy-new": ("review_copy", _always(**_ABOUT)),
    "copy-change": ("review_copy", _always(**_ABOUT | {"name": "改名", "theme": "steady_growth"})),
    "copy-write": ("review_copyversion", _always(channel="push", **_TEXT)),
    "copy-edit": ("review_copyversion", _always(channel="sms", revision="1", **_TEXT)),
    "copy-live": ("", _always(copy=CODE, channel="sms", **_TEXT)),
    "copy-act": ("review_copyversion", _always(do="sample")),
    "copy-answer": ("review_copyfinding", _always(words="it is a fact")),
    "copy-withdraw": ("review_opinion", _always(reason="out of date")),
    "copy-attach": ("review_evidence", _new_file),
    "copy-detach": ("review_evidence", _always()),
}  # fmt: skip
