"""Write copy: create it, create versions of a channel and a language, edit them while they are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.rendering.render import parse_content
from campaigns.review.models import (
    EDITABLE,
    FIGURES_DAYS,
    LONGEST_BODY,
    LONGEST_SUBJECT,
    OPEN,
    Copy,
    CopyPurpose,
    CopyState,
    CopyVersion,
)
from campaigns.review.permissions import WRITE_COPY
from crm.runtime import clock
from crm.runtime.text.normal_form import line
from crm.staff.models import Staff
from crm.staff.permissions import require
from members.portfolio.models import Product

_NO_PRODUCT = (CopyPurpose.EDUCATION, CopyPurpose.MARKETING)


@dataclass(frozen=True)
class About:
    """What a copy is about; names in both languages, stages as their keys."""

    code: str
    name: str
    theme: str
    stages: Sequence[str]
    purpose: str
    product: Product | None = None
    name_en: str = ""


@dataclass(frozen=True)
class Text:
    """What a version says; as CopyVersion."""

    channel: str
    language: str
    body: str
    subject: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    figures_as_of: date | None = None
    figures_until: date | None = None


def create_copy(about: About, *, maker: Staff, now: datetime) -> Copy:
    """A new copy without versions, owned by its maker. Raises NotAllowed, CopyRefused."""
    require(maker, WRITE_COPY)
    _judge(about)
    copy = Copy(owner=maker, created_at=now)
    return _store(copy, about)


def update_copy(copy: Copy, about: About, *, staff: Staff) -> Copy:
    """What a copy is about, as long as no version has been checked; its names at any time.

    Raises NotAllowed, CopyRefused.
    """
    require(staff, WRITE_COPY)
    _judge(about)
    return _store(copy, about)


def _judge(about: About) -> None:
    if about.purpose == CopyPurpose.PRODUCT_MARKETING and about.product is None:
        raise CopyRefused(Refusal.PRODUCT_NEEDED)
    if about.purpose in _NO_PRODUCT and about.product is not None:
        raise CopyRefused(Refusal.PRODUCT_NOT_ALLOWED)


def _store(copy: Copy, about: About) -> Copy:
    copy.code, copy.name, copy.name_en = about.code, line(about.name), line(about.name_en)
    copy.theme, copy.stages, copy.purpose = about.theme, list(about.stages), about.purpose
    copy.product = about.product
    try:
        with transaction.atomic():
            copy.save()
    except IntegrityError as error:
        if "review_copy_code" in str(error):
            raise CopyRefused(Refusal.CODE_TAKEN) from error
        if "is kept as it was" in str(error):
            raise CopyRefused(Refusal.COPY_FIXED) from error
        raise
    return copy


def create_version(
    copy: Copy, text: Text, *, maker: Staff, now: datetime, based_on: CopyVersion | None = None
) -> CopyVersion:
    """The next draft of a channel and language. Raises NotAllowed, CopyRefused (one is open already)."""
    require(maker, WRITE_COPY)
    text = judged(text, now)
    with transaction.atomic():
        Copy.objects.select_for_update(no_key=True).get(pk=copy.pk)
        same = CopyVersion.objects.filter(copy=copy, channel=text.channel, language=text.language)
        if same.filter(state__in=OPEN).exists():
            raise CopyRefused(Refusal.OPEN_VERSION)
        latest = same.aggregate(latest=Max("number"))["latest"]
        version = CopyVersion(
            copy=copy,
            number=(latest or 0) + 1,
            channel=text.channel,
            language=text.language,
            based_on=based_on,
            maker=maker,
            last_editor=maker,
            created_at=now,
            edited_at=now,
        )
        _write(version, text)
        version.save(force_insert=True)
    return version


def next_version(version: CopyVersion, *, maker: Staff, now: datetime) -> CopyVersion:
    """A new draft with the text of a version that is no longer open, to change it.

    Figures whose last day has passed lose their days: whoever writes gives new ones.
    Raises as create_version.
    """
    return create_version(version.copy, text_of(version, now), maker=maker, now=now, based_on=version)


def edit_version(version_id: int, text: Text, *, revision: int, editor: Staff, now: datetime) -> CopyVersion:
    """Write another text into an open version, if it is still at this revision; it is a draft again.

    Raises NotAllowed, CopyRefused. A text that is the same changes nothing.
    """
    require(editor, WRITE_COPY)
    text = judged(text, now)
    with transaction.atomic():
        version = lock_version(version_id)
        if version.state not in EDITABLE:
            raise CopyRefused(Refusal.NOT_EDITABLE)
        if version.revision != revision:
            raise CopyRefused(Refusal.CHANGED_MEANWHILE, revision=version.revision)
        before = version.template_hash
        _write(version, text)
        version.state, version.revision = CopyState.DRAFT, revision + 1
        version.last_editor, version.edited_at = editor, now
        with transaction.atomic():
            version.save()
            version.refresh_from_db()
            if version.template_hash == before:
                transaction.set_rollback(True)
    return CopyVersion.objects.get(pk=version_id)


def lock_version(version_id: int) -> CopyVersion:
    """The version with its copy and product, locked until the transaction ends."""
    return (
        CopyVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("copy__product")
        .get(pk=version_id)
    )


def text_of(version: CopyVersion, now: datetime) -> Text:
    """What a version says, without the days of figures that have passed."""
    is_current = version.figures_until is not None and version.figures_until >= clock.day_of(now)
    return Text(
        version.channel,
        version.language,
        version.body,
        version.subject,
        version.variables,
        version.figures_as_of if is_current else None,
        version.figures_until if is_current else None,
    )


def judged(text: Text, now: datetime) -> Text:
    """The text with line ends of one kind. Raises CopyRefused naming what is wrong, and where."""
    body, subject = text.body.replace("\r\n", "\n").strip(), text.subject.strip()
    text = Text(
        text.channel, text.language, body, subject, text.variables, text.figures_as_of, text.figures_until
    )
    if not body:
        raise CopyRefused(Refusal.BODY_EMPTY)
    if len(body) > LONGEST_BODY:
        raise CopyRefused(Refusal.BODY_TOO_LONG, most=LONGEST_BODY)
    if len(subject) > LONGEST_SUBJECT or "\n" in subject:
        raise CopyRefused(Refusal.SUBJECT_TOO_LONG, most=LONGEST_SUBJECT)
    _judge_figures(text, clock.day_of(now))
    parse_content(text)
    return text


def _judge_figures(text: Text, today: date) -> None:
    since, until = text.figures_as_of, text.figures_until
    if since is None and until is None:
        return
    if since is None or until is None or not 0 <= (until - since).days <= FIGURES_DAYS or since > today:
        raise CopyRefused(Refusal.FIGURES_DATES, days=FIGURES_DAYS)
    if until < today:
        raise CopyRefused(Refusal.FIGURES_PASSED)


def _write(version: CopyVersion, text: Text) -> None:
    version.subject, version.body, version.variables = text.subject, text.body, dict(text.variables)
    version.figures_as_of, version.figures_until = text.figures_as_of, text.figures_until
