"""Why a row of this app's kinds cannot be taken; published before the kinds that refer to it are made."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from crm.imports.reading.row_errors import publish

publish(
    {
        "no_such_member": gettext_noop("no such member"),
        "prospect_again": gettext_noop("a registered member cannot become a prospect again"),
        "own_referrer": gettext_noop("a member cannot refer itself"),
        "risk_without_class": gettext_noop("given without a risk_class"),
        "visitor_or_member": gettext_noop("needs a visitor_id or a member_id"),
        "others_visitor": gettext_noop("belongs to another member"),
        "not_mobile": gettext_noop("not a mobile number"),
        "mobile_start": gettext_noop("not a mobile number: 11 digits that do not begin with 1"),
        "mobile_digits": gettext_noop("not a mobile number: a digit too few or too many"),
        "not_email": gettext_noop("not an e-mail address"),
        "not_id_number": gettext_noop("not an ID number"),
        "id_check_digit": gettext_noop("an ID number whose check digit is wrong"),
        "id_birth_date": gettext_noop("an ID number whose date of birth does not exist"),
    }
)
