"""Why a row of this app's kinds is rejected; published before the kinds that refer to it are made."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from crm.imports.errors.row_errors import publish

publish(
    {
        "no_such_member": gettext_noop("member not found"),
        "member_erased": gettext_noop(
            "the member's data were erased on request; remove them from the source"
        ),
        "prospect_again": gettext_noop("a registered member cannot become a lead again"),
        "own_referrer": gettext_noop("a member cannot refer themselves"),
        "risk_without_class": gettext_noop("risk_class is missing"),
        "class_without_date": gettext_noop(
            "risk_assessed_on is missing: a risk class needs its assessment date"
        ),
        "visitor_or_member": gettext_noop("visitor_id or member_id is required"),
        "no_such_owner": gettext_noop("unknown staff account"),
        "before_receipt": gettext_noop("before the complaint was received"),
        "others_visitor": gettext_noop("belongs to another member"),
        "not_mobile": gettext_noop("not a valid mobile number"),
        "mobile_start": gettext_noop("not a valid mobile number: 11 digits not starting with 1"),
        "mobile_digits": gettext_noop("not a valid mobile number: one digit too few or too many"),
        "not_email": gettext_noop("not a valid email address"),
        "not_id_number": gettext_noop("not a valid ID number"),
        "id_check_digit": gettext_noop("ID number with a wrong check digit"),
        "id_birth_date": gettext_noop("ID number with an invalid date of birth"),
    }
)
