"""Each kind of file: one good row goes in, each way a row can be wrong is named."""

from __future__ import annotations

import pytest

from crm.imports import kinds
from crm.imports.loading import merge
from members.profiles.models import CONSENT_PURPOSES
from tests.crm.imports.files import NEEDED, first, row, take

pytestmark = pytest.mark.django_db

LONG = "x" * 121
INSTANTS = [
    ("yesterday", "not an ISO 8601 date or time"),
    ("2026-13-01", "no such date or time"),
    ("2026-02-30T10:00", "no such date or time"),
    ("2026-05-01T25:00", "no such date or time"),
    ("05/01/2026", "day or month first? Choose the date order"),
    ("1899-12-31T10:00", "before 1900"),
    ("2027-06-10", "more than one year in the future"),
]
CLASS_ALONE = "risk_assessed_on is missing: a risk class needs its assessment date"
DAYS = [
    ("today", "not an ISO 8601 date (YYYY-MM-DD)"),
    ("2026-02-30", "no such date"),
    ("2026-05-01T10:00", "not an ISO 8601 date (YYYY-MM-DD)"),
    ("1899-12-31", "before 1900"),
]
AMOUNTS = [
    ("1e3", "not a number"),
    ("Infinity", "not a number"),
    ("1.2.3", "not a number"),
    ("0x1F", "not a number"),
    ("1_000", "not a number"),
    ("1.005", "more than 2 decimal places"),
    ("100000000000000", "too large (at most 14 digits before the decimal point)"),
]
POSITIVE = [*AMOUNTS, ("0", "must be greater than 0"), ("-5", "must be greater than 0")]
NOT_NEGATIVE = [*AMOUNTS, ("-5", "must not be negative")]
CURRENCY = [("USD", "USD is not the platform currency (CNY)")]
MEMBER = [("U9", "member not found")]
PRODUCT = [("P9", "unknown product")]
TOO_LONG_ID = [(LONG, "longer than 120 characters")]

FAULTS: dict[str, dict[str, list[tuple[str, str]]]] = {
    "members": {
        "member_id": TOO_LONG_ID,
        "registered_at": INSTANTS,
        "name": [(LONG, "longer than 120 characters")],
        "mobile": [
            ("123", "not a valid mobile number"),
            ("abc", "not a valid mobile number"),
            ("23812345678", "not a valid mobile number: 11 digits not starting with 1"),
            ("+8613812345", "not a valid mobile number"),
        ],
        "email": [("a@b", "not a valid email address"), ("a b@c.cn", "not a valid email address")],
        "id_number": [
            ("110105194912310021", "ID number with a wrong check digit"),
            ("11010519491331002X", "ID number with a wrong check digit"),
            ("110105491331002", "ID number with an invalid date of birth"),
            ("??", "not a valid ID number"),
        ],
        "address": [("x" * 301, "longer than 300 characters")],
        "sex": [("unknown", "must be one of female, male, other")],
        "birth_date": [*DAYS, ("2026-06-02", "in the future")],
        "region": [(LONG, "longer than 80 characters")],
        "occupation": [(LONG, "longer than 80 characters")],
        "income_band": [(LONG, "longer than 40 characters")],
        "channel": [(LONG, "longer than 60 characters")],
        "campaign": [(LONG, "longer than 120 characters")],
        "referrer_id": [("U9", "member not found"), ("U1", "a member cannot refer themselves")],
        "risk_class": [("C6", "must be one of C0, C1, C2, C3, C4, C5"), ("C4", CLASS_ALONE)],
        "risk_assessed_on": [
            *DAYS,
            ("2026-06-02", "in the future"),
            ("2026-05-01", "risk_class is missing"),
        ],
        "investor_type": [("rich", "must be one of ordinary, professional, qualified")],
        "language": [("x" * 13, "longer than 12 characters")],
        "tags": [("a;" + "x" * 61, "a tag longer than 60 characters")],
    },
    "channels": {
        "channel": [("x" * 61, "longer than 60 characters")],
        "name": [(LONG, "longer than 120 characters")],
        "name_en": [(LONG, "longer than 120 characters")],
        "kind": [("x" * 61, "longer than 60 characters")],
    },
    "spend": {
        "channel": [("x" * 61, "longer than 60 characters")],
        "date": [*DAYS, ("2027-06-10", "more than one year in the future")],
        "amount": NOT_NEGATIVE,
        "currency": CURRENCY,
    },
    "touches": {
        "touch_id": TOO_LONG_ID,
        "at": INSTANTS,
        "channel": [("x" * 61, "longer than 60 characters")],
        "campaign": [(LONG, "longer than 120 characters")],
        "visitor_id": TOO_LONG_ID,
        "member_id": MEMBER,
    },
    "products": {
        "product_id": TOO_LONG_ID,
        "name": [("x" * 201, "longer than 200 characters")],
        "name_en": [("x" * 201, "longer than 200 characters")],
        "category": [("x" * 61, "longer than 60 characters")],
        "risk": [("R6", "must be one of R1, R2, R3, R4, R5")],
        "regime": [("ZZ", "must be one of FS, BW, PR, IN, XX")],
        "term_days": [
            ("1.5", "not a whole number"),
            ("-3", "not a whole number"),
            ("100001", "greater than 100000"),
            ("99999999999999999999", "greater than 100000"),
            ("0", "less than 1"),
        ],
        "registration_code": [("x" * 61, "longer than 60 characters")],
        "closed_on": DAYS,
    },
    "transactions": {
        "transaction_id": TOO_LONG_ID,
        "member_id": MEMBER,
        "at": INSTANTS,
        "kind": [("deposit", "must be one of buy, plan_debit, redemption, payout, dividend, fee")],
        "amount": POSITIVE,
        "currency": CURRENCY,
        "product_id": PRODUCT,
        "matures_on": [*DAYS, ("2026-04-30", "before the day of the purchase")],
    },
    "valuations": {
        "member_id": MEMBER,
        "date": [*DAYS, ("2027-06-10", "more than one year in the future")],
        "aum": NOT_NEGATIVE,
        "currency": CURRENCY,
    },
    "events": {
        "event_id": TOO_LONG_ID,
        "member_id": MEMBER,
        "at": INSTANTS,
        "name": [("x" * 61, "longer than 60 characters")],
        "properties": [
            ("{", "not valid JSON"),
            ("7", "not a JSON object"),
            ('{"a": "\\u0000"}', "not valid JSON"),
            ('{"a": ' + "[" * 65 + "]" * 65 + "}", "nested more than 64 levels deep"),
            ('{"a": ' + "[" * 5000 + "]" * 5000 + "}", "nested more than 64 levels deep"),
            ('{"a": 1e5000}', "a number with more than 300 digits"),
            ('{"a": [' + "9" * 301 + "]}", "a number with more than 300 digits"),
            ('{"a": "' + "x" * 16_400 + '"}', "longer than 16384 bytes"),
        ],
    },
    "saving_plans": {
        "plan_id": TOO_LONG_ID,
        "member_id": MEMBER,
        "amount": POSITIVE,
        "currency": CURRENCY,
        "every": [("decade", "must be one of day, week, fortnight, month, quarter, year")],
        "started_on": [*DAYS, ("2027-06-10", "more than one year in the future")],
        "ended_on": [*DAYS, ("2026-04-30", "before the start date")],
        "product_id": PRODUCT,
    },
    "signals": {
        "signal_id": TOO_LONG_ID,
        "member_id": MEMBER,
        "at": INSTANTS,
        "kind": [("sulking", "must be one of complaint, closing_request")],
        "detail": [("x" * 501, "longer than 500 characters")],
    },
    "complaints": {
        "complaint_id": TOO_LONG_ID,
        "member_id": MEMBER,
        "received_at": INSTANTS,
        "words": [("x" * 1001, "longer than 1000 characters")],
        "owner": [("nobody", "unknown staff account")],
        "answered_at": [*INSTANTS, ("2026-04-30", "before the complaint was received")],
        "answer": [("x" * 1001, "longer than 1000 characters")],
        "closed_at": [*INSTANTS, ("2026-04-30", "before the complaint was received")],
        "resolution": [("x" * 1001, "longer than 1000 characters")],
    },
    "consents": {
        "consent_id": TOO_LONG_ID,
        "member_id": MEMBER,
        "purpose": [("service", f"must be one of {', '.join(CONSENT_PURPOSES)}")],
        "contact_channel": [("fax", "must be one of sms, email, push, wecom, phone, in_app")],
        "recipient": [
            (LONG, "longer than 120 characters"),
            ("Bank A", "a recipient is named for sharing and transfers abroad, for nothing else"),
        ],
        "answer": [("maybe", "must be one of given, withdrawn")],
        "at": [*INSTANTS, ("2026-07-01", "in the future")],
        "text_version": [("x" * 61, "longer than 60 characters")],
        "evidence": [("x" * 301, "longer than 300 characters")],
    },
    "risk_assessments": {
        "member_id": MEMBER,
        "assessed_on": [*DAYS, ("2026-06-02", "in the future")],
        "risk_class": [("C9", "must be one of C0, C1, C2, C3, C4, C5")],
        "questionnaire_version": [("x" * 41, "longer than 40 characters")],
    },
}
CASES = [
    pytest.param(kind, field, id=f"{kind}-{field}") for kind, fields in FAULTS.items() for field in fields
]


def with_member(folder, kind):
    if kind != "members":
        take(folder, "members", row("members"), name="members.csv")


def test_the_table_of_faults_knows_every_column():
    assert {kind: set(fields) for kind, fields in FAULTS.items()} == {
        name: set(kinds.get(name).by_name) for name in kinds.names()
    }


@pytest.mark.parametrize(("kind", "field"), CASES)
def test_every_fault_of_a_column_is_named_with_line_and_field(tmp_path, kind, field):
    with_member(tmp_path, kind)
    faults = FAULTS[kind][field]
    files = [row(kind, **{field: value}).splitlines() for value, _ in faults]
    result = take(tmp_path, kind, "\n".join([files[0][0], *(line for _, line in files)]) + "\n")
    expected = [(line, field, why) for line, (_, why) in enumerate(faults, 2)]
    assert [(one.line, one.field, one.why) for one in result.rejects] == expected
    assert (result.read, result.added) == (len(faults), 0)


@pytest.mark.parametrize(
    ("kind", "field"),
    [(name, column.name) for name in NEEDED for column in kinds.get(name).columns if column.required],
)
def test_a_required_value_that_is_empty_rejects_the_row(tmp_path, kind, field):
    with_member(tmp_path, kind)
    more = {"name": "x"} if len(NEEDED[kind]) == 1 else {}  # a line with nothing at all is no row
    assert first(take(tmp_path, kind, row(kind, **{field: " ", **more}))) == (2, field, "is required")


@pytest.mark.parametrize("kind", NEEDED)
def test_a_row_goes_in_once(tmp_path, kind):
    with_member(tmp_path, kind)
    once, again = take(tmp_path, kind, row(kind)), take(tmp_path, kind, row(kind))
    assert (once.read, once.added, once.updated, once.unchanged, once.rejected) == (1, 1, 0, 0, 0)
    assert (again.read, again.added, again.updated, again.unchanged, again.rejected) == (1, 0, 0, 1, 0)


def test_a_touch_of_nobody_is_rejected(tmp_path):
    content = "touch_id,at,channel,visitor_id,member_id\nt1,2026-05-01,app,,\n"
    assert first(take(tmp_path, "touches", content)) == (
        2,
        "visitor_id",
        "visitor_id or member_id is required",
    )


@pytest.mark.parametrize(
    ("kind", "field"), [case for case in CASES if case.values[0] in ("transactions", "events")]
)
def test_faults_are_the_same_before_postgresql_16(tmp_path, monkeypatch, kind, field):
    monkeypatch.setattr(merge, "KNOWS_VALID", 99_00_00)
    test_every_fault_of_a_column_is_named_with_line_and_field(tmp_path, kind, field)
