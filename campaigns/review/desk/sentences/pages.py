"""What the desk says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.review.copy.rendering.sms import SmsLength
from campaigns.review.desk.lists import Waiting
from campaigns.review.desk.page import VersionPage
from campaigns.review.models import CopyVersion, Opinion, ReviewClaim
from crm.web import formats


def usual_reasons() -> list[str]:
    """What officers write most, to begin with."""
    return [
        _("Add the risk warning and the risk rating."),
        _("Remove the promise; state the facts only."),
        _("Give source and date of the figures."),
        _("Warnings accepted as justified."),
    ]


def held_text(claim: ReviewClaim) -> str:
    """Who works on a version and until when."""
    values = {"who": claim.officer, "until": formats.time_of_day(claim.until)}
    return _("%(who)s is reviewing this version until %(until)s. Nothing was changed.") % values


def held_since_text(page: VersionPage) -> str:
    """Who has been reviewing the version since when; empty where nobody has."""
    claim = page.claim
    if claim is None:
        return ""
    since, until = formats.time_of_day(claim.claimed_at), formats.time_of_day(claim.until)
    values = {"who": claim.officer, "since": since, "until": until}
    return _("%(who)s has been reviewing this since %(since)s, held until %(until)s.") % values


def channel_text(version: CopyVersion) -> str:
    """SMS · Chinese · v3."""
    parts = (version.get_channel_display(), version.get_language_display(), f"v{version.number}")
    return " · ".join(map(str, parts))


def content_text(opinion: Opinion) -> str:
    """What exactly was decided on, and what had checked it."""
    values = {
        "hash": opinion.template_hash[:12],
        "pack": opinion.pack_name,
        "version": opinion.pack_version,
    }
    return _("Content %(hash)s · pack %(pack)s %(version)s") % values


def queue_text(found: Sequence[Waiting], now: datetime) -> str:
    """How much waits, what is late, and who works on how much of it."""
    if not found:
        return _("No copy is waiting for review.")
    words = ngettext("%(count)s version to review", "%(count)s versions to review", len(found))
    parts = [words % {"count": formats.number(len(found))}]
    if late := sum(one.is_late for one in found):
        parts.append(_("%(count)s past the deadline") % {"count": formats.number(late)})
    elif due := found[0].version.deadline:
        parts.append(_("the first due %(when)s") % {"when": formats.moment(due)})
    if held := sum(one.claim is not None for one in found):
        parts.append(_("%(count)s being reviewed") % {"count": formats.number(held)})
    return _("; ").join(parts)


def submitted_text(page: VersionPage) -> str:
    """SMS · version 3 · submitted by He Jing, 14:02."""
    version = page.version
    parts = [
        str(version.get_channel_display()),
        str(version.get_language_display()),
        _("version %(number)s") % {"number": version.number},
    ]
    if version.submitted_at and version.submitted_by:
        values = {"who": version.submitted_by, "when": formats.moment(version.submitted_at)}
        parts.append(_("submitted by %(who)s, %(when)s") % values)
    if not page.is_open:
        parts.append(str(version.get_state_display()))
    return " · ".join(parts)


def pack_text(page: VersionPage) -> str:
    """Rule pack cn 2026.11 · 4 findings."""
    version = page.version
    pack = _("Rule pack %(name)s %(version)s") % {"name": version.pack_name, "version": version.pack_version}
    count = len(page.findings)
    found = ngettext("%(count)s finding", "%(count)s findings", count) % {"count": formats.number(count)}
    return f"{pack} · {found}"


def no_finding_text(version: CopyVersion) -> str:
    """Never that it is compliant."""
    values = {"name": version.pack_name, "version": version.pack_version}
    return _("No finding by rule pack %(name)s version %(version)s.") % values


def open_findings_text(page: VersionPage) -> str:
    """What stands against an approval by this officer."""
    warnings, others = len(page.warnings), page.blocked_by - len(page.warnings)
    parts = []
    if warnings:
        words = ngettext("accept %(count)s warning", "accept %(count)s warnings", warnings)
        parts.append(words % {"count": formats.number(warnings)})
    if others:
        words = ngettext(
            "%(count)s finding needs an exception", "%(count)s findings need an exception", others
        )
        parts.append(words % {"count": formats.number(others)})
    return _("Before approval: %(what)s.") % {"what": _("; ").join(parts)}


def version_list_texts() -> dict[str, tuple[str, str]]:
    """Heading of each list of versions, and what stands there when it is empty."""
    return {
        "approved": (_("Approved copy"), _("No copy is approved.")),
        "ending": (_("Approvals ending soon"), _("No approval ends within two weeks.")),
        "lapsed": (_("Lapsed approvals"), _("No approval has lapsed.")),
    }


def sms_text(length: SmsLength) -> str:
    """88 characters · 2 SMS."""
    words = ngettext("%(count)s character", "%(count)s characters", length.units)
    units = words % {"count": formats.number(length.units)}
    return _("%(length)s · %(count)s SMS") % {"length": units, "count": formats.number(length.segments)}


def text_facts(version: CopyVersion) -> str:
    """How long the text is and how many variables it has."""
    length = len(version.body) + len(version.subject)
    words = ngettext("%(count)s character", "%(count)s characters", length)
    parts = [words % {"count": formats.number(length)}]
    if count := len(version.variables):
        words = ngettext("%(count)s variable", "%(count)s variables", count)
        parts.append(words % {"count": formats.number(count)})
    return " · ".join(parts)


def who_may_get(risk: str) -> str:
    """Classes that a product's risk fits: R2 goes to C2 to C5."""
    lowest = f"C{risk.removeprefix('R')}"
    if lowest == "C5":
        return _("only members of class C5")
    return _("members of class %(lowest)s and above, with a valid assessment") % {"lowest": lowest}
