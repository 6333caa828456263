"""Draft the next version of a rule pack: rules and bases change one by one, by several people in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from campaigns.review.models import PackDraft, RulePack
from campaigns.review.permissions import CHANGE_RULES
from campaigns.review.rules.effective import base_at, source_of
from campaigns.review.wording.packs import BadPack, Pack
from campaigns.review.wording.sources import PackSource, compile_pack
from crm.runtime import clock
from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import require

RULES, BASES = "rules", "bases"  # the keys of a draft's changes
MOST_PATTERNS = 200  # of one rule
LONGEST_PATTERN = 2000
Entry = dict[str, Any]


class Refusal(StrEnum):
    """Why a change of rules is refused: campaigns.review.pack_changes.sentences words each code."""

    NO_PACK = "rule_pack_unknown"
    BAD_RULE = "rule_pack_bad_rule"  # `fault` says what
    CODE_TAKEN = "rule_pack_code_taken"
    EDITED_MEANWHILE = "rule_pack_edited_meanwhile"
    NO_CHANGES = "rule_pack_no_changes"
    TOO_EARLY = "rule_pack_too_early"
    BASE_CHANGED = "rule_pack_base_changed"
    PREVIEW_REQUIRED = "rule_pack_preview_required"


class RulesRefused(CodedError):
    """A change that cannot be made; `code` is a Refusal."""


def latest_version(name: str) -> RulePack:
    """What the next version of a pack follows. Raises RulesRefused."""
    found = RulePack.objects.filter(name=name, is_published=True).order_by("-number").first()
    if found is None:
        raise RulesRefused(Refusal.NO_PACK)
    return found


def open_draft(name: str) -> PackDraft | None:
    """The draft of a pack that is being edited."""
    return PackDraft.objects.select_related("base", "edited_by").filter(name=name).first()


def save_rule(
    name: str,
    code: str,
    entry: Mapping[str, Any] | None,
    *,
    revision: int,
    is_new: bool = False,
    staff: Staff,
    now: datetime,
) -> PackDraft:
    """Put a rule into the draft in place of the version's own; None removes it.

    `revision` is that of the draft that was edited, 0 for none. Raises NotAllowed, RulesRefused.
    """
    if entry is not None:
        _refuse_excess(entry)
    return _save(name, RULES, code, dict(entry) if entry else None, revision, is_new, staff, now)


def save_bases(
    name: str,
    category: str,
    entries: Sequence[Mapping[str, Any]],
    *,
    revision: int,
    staff: Staff,
    now: datetime,
) -> PackDraft:
    """Put the bases of a category into the draft. Raises NotAllowed, RulesRefused."""
    return _save(name, BASES, category, [dict(one) for one in entries], revision, False, staff, now)


def reset(name: str, part: str, key: str, *, revision: int, staff: Staff, now: datetime) -> PackDraft:
    """Take one change back out of the draft. Raises NotAllowed, RulesRefused."""
    require(staff, CHANGE_RULES)
    with transaction.atomic():
        draft = _locked(name, revision, staff, now)
        draft.changes.get(part, {}).pop(key, None)
        return _stored(draft, staff, now)


def discard(name: str, *, revision: int, staff: Staff) -> None:
    """Give the draft up. Raises NotAllowed, RulesRefused."""
    require(staff, CHANGE_RULES)
    if not PackDraft.objects.filter(name=name, revision=revision).delete()[0]:
        raise RulesRefused(Refusal.EDITED_MEANWHILE)


def has_changes(draft: PackDraft | None) -> bool:
    """Whether a draft differs from its version."""
    return draft is not None and any(draft.changes.get(part) for part in (RULES, BASES))


def changed_source(base: RulePack, changes: Mapping[str, Any]) -> PackSource:
    """A version with changes, in the form of files. A changed rule keeps its place, a new one comes last."""
    source = source_of(base)
    rules: dict[str, Entry | None] = dict(changes.get(RULES, {}))
    kept = {entry["id"] for entry in (*source.rules, *source.documents)}
    new = [one for code, one in rules.items() if one and code not in kept]
    return replace(
        source,
        rules=[*_replaced(source.rules, rules), *new],
        documents=_replaced(source.documents, rules),
        bases={**source.bases, **changes.get(BASES, {})},
    )


def compiled_draft(base: RulePack, changes: Mapping[str, Any], now: datetime) -> Pack:
    """The pack as it would be. Raises RulesRefused."""
    try:
        return compile_pack(changed_source(base, changes), base_at(base, now))
    except BadPack as error:
        raise RulesRefused(Refusal.BAD_RULE, fault=str(error)) from error


def earliest_day(base: RulePack, now: datetime) -> date:
    """The first day from which a version that follows `base` may be in effect."""
    return max(clock.day_of(now), base.effective_from)


def _replaced(
    entries: Sequence[Mapping[str, Any]], rules: Mapping[str, Entry | None]
) -> list[Mapping[str, Any]]:
    changed = (rules.get(entry["id"], entry) for entry in entries)
    return [entry for entry in changed if entry is not None]


def _save(
    name: str, part: str, key: str, value: Any, revision: int, is_new: bool, staff: Staff, now: datetime
) -> PackDraft:
    require(staff, CHANGE_RULES)
    with transaction.atomic():
        draft = _locked(name, revision, staff, now)
        if is_new and (draft.base.rules.filter(code=key).exists() or key in draft.changes.get(part, {})):
            raise RulesRefused(Refusal.CODE_TAKEN)
        draft.changes.setdefault(part, {})[key] = value
        _drop_same(draft, part, key)
        compiled_draft(draft.base, draft.changes, now)
        return _stored(draft, staff, now)


def _locked(name: str, revision: int, staff: Staff, now: datetime) -> PackDraft:
    """The draft on the latest version, locked; a new one where there is none."""
    base = latest_version(name)
    draft = PackDraft.objects.select_for_update().filter(name=name).first()
    if (draft.revision if draft else 0) != revision:
        raise RulesRefused(Refusal.EDITED_MEANWHILE)
    if draft is None:
        tomorrow = clock.day_of(now) + timedelta(days=1)
        day = max(tomorrow, base.effective_from)
        draft = PackDraft(name=name, effective_from=day, revision=0, edited_by=staff, edited_at=now)
    draft.base = base
    return draft


def _stored(draft: PackDraft, staff: Staff, now: datetime) -> PackDraft:
    draft.revision += 1
    draft.edited_by, draft.edited_at = staff, now
    draft.save()
    return draft


def _drop_same(draft: PackDraft, part: str, key: str) -> None:
    """What is as the version has it already is no change."""
    if part == RULES:
        stored = draft.base.rules.filter(code=key).values_list("content", flat=True).first()
    else:
        stored = source_of(draft.base).bases.get(key)
    if draft.changes[part][key] == stored:
        del draft.changes[part][key]


def _refuse_excess(entry: Mapping[str, Any]) -> None:
    patterns = [*entry.get("patterns", ()), *entry.get("passed", ())]
    if len(patterns) > MOST_PATTERNS or any(len(one) > LONGEST_PATTERN for one in patterns):
        raise RulesRefused(Refusal.BAD_RULE, fault=f"> {MOST_PATTERNS} × {LONGEST_PATTERN}")
