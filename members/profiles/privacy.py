"""The class and kind of every field of this app; crm.staff.privacy.mask_levels says who sees a kind how."""

from __future__ import annotations

from crm.staff.privacy.masking import DataClass, Privacy

INTERNAL = Privacy(DataClass.C1, "internal")  # our own keys and instants: harm nobody
MONEY = Privacy(DataClass.C2, "money")  # amounts, holdings, risk answers
TRAIT = Privacy(DataClass.C2, "trait")  # says what somebody is like, not who it is
OUTSIDE_ID = Privacy(DataClass.C2, "outside_id")  # somebody's name in another system
FREE_TEXT = Privacy(DataClass.C2, "text")  # may hold anything
ANSWERS = Privacy(DataClass.C2, "answers")  # of a risk questionnaire: income, debts, experience, family
NEVER = Privacy(DataClass.C2, "never")  # keyed indexes and search texts: of no use to a reader

_NAME = Privacy(DataClass.C2, "name")
_MEMBER_AND_ID = {"member": INTERNAL, "id": INTERNAL}
_ROW = {**_MEMBER_AND_ID, "import_id": INTERNAL}


def _internal(names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), INTERNAL)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Channel": dict.fromkeys(("id", "code", "name", "name_en", "kind", "import_id"), INTERNAL),
    "ChannelSpend": {
        "id": INTERNAL,
        "channel": INTERNAL,
        "date": INTERNAL,
        "amount": INTERNAL,
        "import_id": INTERNAL,
    },
    "Household": {"id": INTERNAL, "name": _NAME},
    "Member": {
        "id": INTERNAL,
        "name": _NAME,
        "search_text": NEVER,
        "mobile": Privacy(DataClass.C2, "mobile"),
        "mobile_index": NEVER,
        "email": Privacy(DataClass.C2, "email"),
        "email_index": NEVER,
        "id_number": Privacy(DataClass.C2, "id_number"),
        "id_number_index": NEVER,
        "address": Privacy(DataClass.C2, "address"),
        "sex": TRAIT,
        "birth_date": Privacy(DataClass.C2, "birth_date"),
        "region": TRAIT,
        "occupation": TRAIT,
        "income_band": TRAIT,
        "language": TRAIT,
        "tags": TRAIT,
        "channel": INTERNAL,
        "campaign": INTERNAL,
        "referrer": INTERNAL,
        "household": INTERNAL,
        "known_at": INTERNAL,
        "registered_at": INTERNAL,
        "risk_class": TRAIT,
        "risk_assessed_on": TRAIT,
        "risk_ends_on": TRAIT,
        "investor_type": TRAIT,
        "source": INTERNAL,
        "imported_at": INTERNAL,
        "import_id": INTERNAL,
        "updated_at": INTERNAL,
        "erased_at": INTERNAL,
    },
    "Identity": {**_MEMBER_AND_ID, "kind": INTERNAL, "source": INTERNAL, "value": OUTSIDE_ID},
    "SearchTerm": {"member": INTERNAL, "term": NEVER},
    "Book": {
        "member": INTERNAL,
        "started_at": INTERNAL,
        "ended_at": INTERNAL,
        "staff": INTERNAL,
        "reason": FREE_TEXT,
        "assigned_by": INTERNAL,
    },
    "Preference": {
        "member": INTERNAL,
        "goal": TRAIT,
        "horizon_days": TRAIT,
        "liquidity": TRAIT,
        "categories": TRAIT,
        "stated_on": INTERNAL,
        "source": INTERNAL,
    },
    "Touch": {
        **_ROW,
        "at": INTERNAL,
        "channel": INTERNAL,
        "campaign": INTERNAL,
        "visitor_id": OUTSIDE_ID,
    },
    "Event": {**_ROW, "at": INTERNAL, "name": INTERNAL, "properties": FREE_TEXT},
    "Signal": {**_ROW, "at": INTERNAL, "kind": TRAIT, "detail": FREE_TEXT},
    "Complaint": {
        **_ROW,
        "received_at": INTERNAL,
        "words": FREE_TEXT,
        "owner": INTERNAL,
        "recorded_by": INTERNAL,
        "lapses": INTERNAL,
        "answered_at": INTERNAL,
        "answer": FREE_TEXT,
        "answered_by": INTERNAL,
        "closed_at": INTERNAL,
        "resolution": FREE_TEXT,
        "closed_by": INTERNAL,
    },
    "ConsentText": _internal("id purpose version effective_from text text_en request_id created_at"),
    "Consent": {
        **_ROW,
        **_internal("key purpose channel given text_version source at recorded_at by"),
        "recipient": TRAIT,
        "evidence": FREE_TEXT,
    },
    "Suppression": {
        **_internal("id channel scope reason since by lifted_at lift_request"),
        "address_hash": NEVER,
    },
    "ContactPolicy": _internal("id version effective_from quiet caps note request_id created_at"),
    "Contact": {
        **_MEMBER_AND_ID,
        **_internal("key at channel kind direction staff message_id recorded_at"),
        "words": FREE_TEXT,
    },
    "ContactPreference": {
        **_internal("member service_channel updated_at by"),
        "time_zone": TRAIT,
    },
    "RightsRequest": {
        **_MEMBER_AND_ID,
        **_internal("key kind received_at due_on verified recorded_by state answered_at answered_by"),
        "words": FREE_TEXT,
        "answer": FREE_TEXT,
    },
    "Erasure": {
        **_internal("member erased_at request_id basis keep_until"),
        "sealed": NEVER,
    },
    "Questionnaire": _internal(
        "id code number effective_from name name_en questions bands validity_months note request_id"
        " created_at"
    ),
    "QuestionnaireLink": {
        **_MEMBER_AND_ID,
        **_internal("number created_at expires_at requested_by"),
        "proof_hash": NEVER,
    },
    "Attempt": {
        **_MEMBER_AND_ID,
        **_internal("number questionnaire at day channel language"),
        "answers": ANSWERS,
        "score": TRAIT,
        "risk_class": TRAIT,
        "ends_on": TRAIT,
        "device": FREE_TEXT,
        "proof": NEVER,
    },
    "AssessmentWithdrawal": {
        "member": INTERNAL,
        **_internal("number at day after_number by"),
        "reason": TRAIT,
        "words": FREE_TEXT,
    },
    "AssessmentNotice": {"member": INTERNAL, "ends_on": TRAIT, **_internal("days at")},
    "RiskAssessment": {
        "member": INTERNAL,
        "assessed_on": TRAIT,
        "risk_class": TRAIT,
        "questionnaire_version": INTERNAL,
        "import_id": INTERNAL,
    },
}
