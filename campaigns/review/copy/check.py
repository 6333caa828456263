"""Check the wording of a version: what the rule pack of its language finds, span by span."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.rendering.reading import Reading, read_template
from campaigns.review.copy.rendering.render import Content, parse_content
from campaigns.review.copy.write import lock_version
from campaigns.review.models import (
    EDITABLE,
    Copy,
    CopyChannel,
    CopyFinding,
    CopyLanguage,
    CopyPurpose,
    CopyState,
    CopyVersion,
    FindingPart,
)
from campaigns.review.permissions import WRITE_COPY
from campaigns.review.rules.effective import pack_at
from campaigns.review.wording import check as wording
from campaigns.review.wording.documents import Copy as Text
from campaigns.review.wording.lines import basis_text
from campaigns.review.wording.packs import Pack
from crm.staff.models import Staff
from crm.staff.permissions import require

PACKS = {CopyLanguage.CHINESE: "cn", CopyLanguage.ENGLISH: "intl"}
_CHANNELS = {CopyChannel.WECOM: "wechat", CopyChannel.IN_APP: "app"}  # as the check of channels calls them
OPT_OUT = "missing_opt_out"
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Found:
    """A finding of a text that is still written; as CopyFinding."""

    part: FindingPart
    start: int
    end: int
    text: str
    finding: wording.Finding


def pack_of(language: str, now: datetime) -> Pack:
    """The rule pack that texts of this language are checked by at `now`."""
    return pack_at(PACKS[CopyLanguage(language)], now)


def find(content: Content, copy: Copy, pack: Pack, *, risk: str | None = None) -> list[Found]:
    """What the pack finds in a template, whatever the values and conditions are, in the order of the text.

    Sentences are read with stand-ins for values and without any; what a whole text has to hold must stand
    outside of conditions. `risk` is the rating of the copy's product that counts (risk_of); without it that
    of its record. Raises CopyRefused for a template that cannot be read.
    """
    parsed = parse_content(content)
    parts = [(FindingPart.SUBJECT, parsed.subject), (FindingPart.BODY, parsed.body)]
    written = [(part, template) for part, template in parts if template.source]

    def found(*, whole: bool, **how: bool) -> Iterator[Found]:
        reading = read_template(written, parsed.variables, content.language, **how)
        for one in check_text(reading.text, content, copy, pack, risk=risk):
            if bool(one.end) != whole:
                yield _found(reading, one)

    every = (
        *found(whole=False),
        *found(whole=False, with_values=False),
        *found(whole=True, always_only=True),
    )
    by_place = {(one.finding.rule.id, one.part, one.start, one.end): one for one in every}
    order = list(FindingPart)
    return sorted(by_place.values(), key=lambda one: (order.index(one.part), one.start, one.end))


def check_text(
    text: str, content: Content, copy: Copy, pack: Pack, *, risk: str | None = None
) -> list[wording.Finding]:
    """What the pack finds in a text of this channel, for this copy's purpose and product.

    A service message need not hold what marketing has to: a way to refuse, warning and issuer.
    """
    is_service, product = copy.purpose == CopyPurpose.SERVICE, copy.product
    found = wording.check(
        Text(
            text,
            product_risk=(risk or product.risk) if product and not is_service else None,
            regime=(product.regime or "") if product else "",
            channel=_CHANNELS.get(CopyChannel(content.channel), content.channel),
            product_names=tuple(filter(None, (product.name, product.name_en))) if product else (),
            term_days=product.term_days if product else None,
        ),
        pack,
    )
    return [one for one in found if not (is_service and one.rule.category == OPT_OUT)]


def risk_of(copy: Copy, now: datetime) -> str:
    """The rating of the copy's product that counts at `now`, the highest of all raters; empty without one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT review_product_risk(%s, %s)", [copy.product_id, now])
        return str(cursor.fetchone()[0])


def _found(reading: Reading, one: wording.Finding) -> Found:
    if one.end:
        return Found(*reading.span(one.start, one.end), reading.text[one.start : one.end], one)
    return Found(FindingPart.WHOLE, 0, 0, "", one)


def is_checked_by(version: CopyVersion, pack: Pack) -> bool:
    """Whether a version was checked by this version of the pack."""
    return (version.pack_name, version.pack_version) == (pack.name, pack.version)


def check_version(version_id: int, *, staff: Staff, now: datetime) -> CopyVersion:
    """Check a draft: its findings are stored and it becomes Checked, with the pack that checked it.

    Answers that were given to the same finding in an earlier revision stay. A version that is checked already
    stays as it is, unless another pack is in force: then it is checked anew. Raises NotAllowed, CopyRefused.
    """
    require(staff, WRITE_COPY)
    with transaction.atomic():
        version = lock_version(version_id)
        if version.state not in EDITABLE:
            raise CopyRefused(Refusal.NOT_EDITABLE)
        pack = pack_of(version.language, now)
        if version.state == CopyState.CHECKED:
            if is_checked_by(version, pack):
                return version
            version.state, version.revision = CopyState.DRAFT, version.revision + 1
            version.last_editor, version.edited_at = staff, now
            version.save()
        answered = {(one.part, one.rule, one.text): one for one in version.findings.exclude(justification="")}
        found = find(version, version.copy, pack, risk=risk_of(version.copy, now))
        version.findings.all().delete()
        stored = CopyFinding.objects.bulk_create(as_rows(version, found, pack))
        version.state, version.checked_at = CopyState.CHECKED, now
        version.pack_name, version.pack_version = pack.name, pack.version
        version.save(update_fields=["state", "checked_at", "pack_name", "pack_version"])
        _answer_again(stored, answered)
    return version


def as_rows(version: CopyVersion, found: Iterable[Found], pack: Pack) -> list[CopyFinding]:
    """Unsaved rows of findings, with reason, basis and mend as the pack has them now."""
    return [
        CopyFinding(
            version=version,
            revision=version.revision,
            part=one.part,
            rule=one.finding.rule.id,
            category=one.finding.rule.category,
            severity=one.finding.severity.value,
            start=one.start,
            end=one.end,
            text=one.text,
            why=dict(one.finding.rule.why),
            mend=dict(one.finding.rule.mend),
            basis={
                language: basis_text(pack.bases.get(one.finding.rule.category, ()), language)
                for language in _LANGUAGES
            },
            is_evasion=one.finding.evasion,
        )
        for one in found
    ]


def _answer_again(stored: Iterable[CopyFinding], answered: dict[tuple[str, str, str], CopyFinding]) -> None:
    """Give findings that stand as before the answers that they had."""
    kept = []
    for one in stored:
        if before := answered.get((one.part, one.rule, one.text)):
            one.justification, one.justified_at = before.justification, before.justified_at
            one.justified_by_id = before.justified_by_id
            kept.append(one)
    CopyFinding.objects.bulk_update(kept, ["justification", "justified_by", "justified_at"])
