"""Statements that write past all verbs, each of which the database has to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.review.models import CopyVersion, Opinion
from crm.staff.models import Staff

GUARDS = {"23000", "23505", "23514", "42501", "428C9"}  # trigger, key, check, right, generated column

SETTLED = ("checked", "submitted", "approved", "returned", "rejected", "withdrawn")
AFTER = ("submitted", "approved", "returned", "rejected", "withdrawn")
TABLES = (
    "copy", "copyversion", "copyfinding", "wordingexception", "opinion", "evidence", "checkedvalue"
)  # fmt: skip


@dataclass(frozen=True)
class Cheat:
    """`when`: states of the version in which it is one (None: all)."""

    sql: str
    when: tuple[str, ...] | None = None
    needs_finding: bool = False
    needs_opinion: bool = False


def _version(changes: str, when: tuple[str, ...] | None = None) -> Cheat:
    return Cheat(f"UPDATE review_copyversion SET {changes} WHERE id = %(version)s", when)


def _opinion(decision: str, by: str) -> str:
    return (
        "INSERT INTO review_opinion (version_id, decision, by_id, at, reason, names, findings, template_hash,"
        " rendered, pack_name, pack_version, product_risk, expires_at, expiry_reason)"
        f" SELECT v.id, '{decision}', {by}, %(now)s, 'cheat', '{{}}', '[]', v.template_hash, '[]',"
        f" v.pack_name,"
        f" v.pack_version, '', %(now)s + interval '1 day', 'expired' FROM review_copyversion AS v"
        f" WHERE v.id = %(version)s"
    )


CHEATS = (
    _version("body = body || '!'"),
    _version("subject = 'other'"),
    _version('variables = \'{"a": {"type": "text"}}\''),
    _version("body = body || '!', revision = revision + 1", AFTER),
    _version("body = body || '!', revision = revision + 1, state = 'draft'", AFTER),
    _version("state = 'approved'"),
    _version(
        "state = 'approved', checker_id = %(who)s, decided_at = %(now)s,"
        " expires_at = %(now)s + interval '1 day',"
        " expiry_reason = 'expired'"
    ),
    _version("state = 'draft'", AFTER),
    _version("state = 'returned', checker_id = %(who)s, decided_at = %(now)s"),
    _version("state = 'withdrawn', withdrawn_at = %(now)s"),
    _version(
        "state = 'submitted', submitted_by_id = %(who)s, submitted_at = %(now)s,"
        " deadline = %(now)s + interval '1 hour'",
        ("draft", "submitted", "approved", "returned", "rejected", "withdrawn"),
    ),
    _version("expires_at = expires_at + interval '1 day'", ("approved",)),
    _version("lapsed_at = NULL, lapse_reason = ''", ("approved",)),
    _version("decided_at = decided_at - interval '1 day'", ("approved",)),
    _version("checker_id = %(who)s, editors = '{}'"),
    _version("maker_id = maker_id + 1"),
    _version("editors = '{}'", AFTER),
    _version("template_hash = 'x'"),
    _version("number = number + 1"),
    _version("channel = 'email'"),
    _version("pack_version = 'other'", SETTLED),
    Cheat(
        "INSERT INTO review_copyversion SELECT (jsonb_populate_record(v, '{\"id\": 999999999}')).*"
        " FROM review_copyversion AS v WHERE v.id = %(version)s"
    ),
    Cheat("DELETE FROM review_copyversion WHERE id = %(version)s"),
    Cheat("DELETE FROM review_copy WHERE id = %(copy)s"),
    Cheat("UPDATE review_copy SET purpose = 'marketing' WHERE id = %(copy)s", SETTLED),
    Cheat("UPDATE review_copy SET stages = '{maturity}' WHERE id = %(copy)s", SETTLED),
    Cheat("UPDATE review_copy SET code = 'other' WHERE id = %(copy)s"),
    Cheat("DELETE FROM review_copyfinding WHERE id = %(finding)s", SETTLED, needs_finding=True),
    Cheat(
        "UPDATE review_copyfinding SET severity = 'warn', rule = 'none' WHERE id = %(finding)s",
        None,
        needs_finding=True,
    ),
    Cheat(
        "UPDATE review_copyfinding SET accepted_by_id = justified_by_id, accepted_at = %(now)s"
        " WHERE id = %(finding)s"
        " AND accepted_by_id IS DISTINCT FROM justified_by_id",
        ("submitted",),
        needs_finding=True,
    ),
    Cheat(
        "UPDATE review_copyfinding SET justification = 'other' WHERE id = %(finding)s",
        AFTER,
        needs_finding=True,
    ),
    Cheat(
        "INSERT INTO review_copyfinding (version_id, revision, part, rule, category, severity,"
        ' start, "end", text,'
        " why, basis, mend, is_evasion) VALUES (%(version)s, 1, 'body', 'r', 'c', 'warn', 0, 1, '', '{}',"
        " '{}', '{}', false)",
        SETTLED,
    ),
    Cheat(
        "INSERT INTO review_wordingexception (finding_id, version_id, rule, text, template_hash,"
        " reason, asked_by_id,"
        " granted_by_id, granted_at, request_id) SELECT f.id, f.version_id, f.rule, f.text,"
        " %(hash)s, 'cheat',"
        " %(who)s, %(who)s + 1, %(now)s, 0 FROM review_copyfinding AS f WHERE f.id = %(finding)s",
        None,
        needs_finding=True,
    ),
    Cheat(_opinion("approved", "v.maker_id")),
    Cheat(_opinion("approved", "v.last_editor_id")),
    Cheat(_opinion("approved", "(SELECT min(id) FROM staff_staff WHERE is_superuser)")),
    Cheat(
        _opinion("approved", "%(who)s"), ("draft", "checked", "approved", "returned", "rejected", "withdrawn")
    ),
    # An officer past open findings; where none is open, the maker.
    Cheat(
        _opinion(
            "approved",
            "(SELECT CASE WHEN EXISTS (SELECT FROM review_open_findings(v.id, max(s.id))) THEN max(s.id)"
            " ELSE v.maker_id END FROM staff_staff AS s WHERE s.role = 'compliance')",
        )
    ),
    Cheat(
        "UPDATE review_opinion SET reason = 'other' WHERE version_id = %(version)s", None, needs_opinion=True
    ),
    Cheat("DELETE FROM review_opinion WHERE version_id = %(version)s", None, needs_opinion=True),
    *(Cheat(f"TRUNCATE review_{table} CASCADE") for table in TABLES),
)


def refuse(chosen: Cheat, version: CopyVersion, who: Staff, now: datetime) -> None:
    """Try it as the application's role and as the owner of the tables; both are refused by a guard."""
    values = {
        "version": version.pk,
        "copy": version.copy_id,
        "who": who.pk,
        "hash": version.template_hash,
        "finding": version.findings.values_list("pk", flat=True).first(),
        "now": now,
    }
    if chosen.when is not None and version.state not in chosen.when:
        return
    if chosen.needs_finding and values["finding"] is None:
        return
    if chosen.needs_opinion and not Opinion.objects.filter(version=version).exists():
        return
    for role in ("", "SET LOCAL ROLE NONE;"):
        with (
            pytest.raises(DatabaseError) as refusal,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"{role} SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(chosen.sql, values)
            pytest.fail(f"{chosen.sql} passed in state {version.state}")
        assert refusal.value.__cause__.sqlstate in GUARDS, (chosen.sql, refusal.value)
