"""Why something is not done with copy, and what exceptions are asked for, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.review.copy.errors import Refusal
from crm.staff.models import Request

REFUSALS: dict[str, Promise] = {
    Refusal.NOT_EDITABLE: _("This version can no longer be edited. Create a new version."),
    Refusal.CHANGED_MEANWHILE: _("Somebody else changed this version. Reload to see revision %(revision)s."),
    Refusal.OPEN_VERSION: _("A version for this channel and language is open already."),
    Refusal.COPY_FIXED: _("A version has been checked: only the names can still be changed."),
    Refusal.CODE_TAKEN: _("This code is in use."),
    Refusal.PRODUCT_NEEDED: _("Product marketing needs a product."),
    Refusal.PRODUCT_NOT_ALLOWED: _("Only service messages and product marketing can name a product."),
    Refusal.BODY_EMPTY: _("Enter the text."),
    Refusal.BODY_TOO_LONG: _("The text is longer than %(most)s characters."),
    Refusal.SUBJECT_TOO_LONG: _("The subject is longer than %(most)s characters or has several lines."),
    Refusal.FIGURES_DATES: _(
        "Enter both days: the figures’ day, not in the future, and the last day they may be shown, at most"
        " %(days)s days later."
    ),
    Refusal.FIGURES_PASSED: _("The figures are out of date."),
    Refusal.BAD_SIGN: _("Line %(line)s, column %(column)s: unmatched template sign."),
    Refusal.SYNTAX: _("Line %(line)s, column %(column)s: %(detail)s"),
    Refusal.EXPRESSION: _(
        "Line %(line)s, column %(column)s: “%(found)s” is not allowed. Use {{ variable }}, if, unless or"
        " case."
    ),
    Refusal.UNDECLARED: _("Line %(line)s, column %(column)s: “%(name)s” is not a declared variable."),
    Refusal.BAD_VARIABLE: _("Variable “%(name)s”: not a valid declaration."),
    Refusal.UNUSED_VARIABLE: _("Variable “%(name)s” is not used in the text."),
    Refusal.VALUE_MISSING: _("No value for “%(name)s”."),
    Refusal.BAD_VALUE: _("The value of “%(name)s” is not valid for its type (%(type)s)."),
    Refusal.TOO_LONG_RENDERED: _("The text cannot be rendered: too long or nested too deeply."),
    Refusal.NOT_CHECKED: _("Check this version first."),
    Refusal.NO_SAMPLE: _("Render samples of this revision first."),
    Refusal.NOBODY_TO_SAMPLE: _("There is no member you can see for whom all variables are known."),
    Refusal.SAMPLE_FINDING: _(
        "A sample rendering has a finding that the template has not: “%(text)s” (rule %(rule)s)."
    ),
    Refusal.UNANSWERED: _("Findings without an answer: %(count)s."),
    Refusal.NOT_SUBMITTED: _("This version is not under review."),
    Refusal.OWN_COPY: _("You wrote in this version, so another officer decides."),
    Refusal.OTHER_TEXT: _("The text is not the one you were shown. Reload the page."),
    Refusal.OPEN_FINDINGS: _(
        "Open findings: %(count)s. Accept each warning; other findings need an exception."
    ),
    Refusal.CHECK_AGAIN: _("Rule pack %(pack)s is in effect now. Check the wording again."),
    Refusal.STALE_CHECK: _(
        "Rule pack %(pack)s finds something else. Return the version to be checked again."
    ),
    Refusal.TOO_LONG_APPROVAL: _("An approval holds for 1 to %(days)s days."),
    Refusal.CANNOT_WITHDRAW: _("This version cannot be withdrawn."),
    Refusal.ONLY_WARNINGS: _("Only warnings can be accepted. This finding needs an exception."),
    Refusal.NO_EXCEPTION_FOR_WARNING: _("A warning needs no exception. Accept it instead."),
    Refusal.ALREADY_EXCEPTED: _("This finding has an exception already."),
    Refusal.FINDING_GONE: _("This finding no longer exists."),
    Refusal.FILE_TYPE: _("This file type is not allowed. Upload a PDF, PNG, JPEG or Excel file."),
    Refusal.FILE_TOO_LARGE: _("The file is larger than %(megabytes)s MB."),
    Refusal.FILE_TWICE: _("This file is attached already."),
}


def exception_summary(request: Request) -> str:
    """A request for an exception in a few words."""
    return gettext("Wording exception in “%(copy)s”: “%(text)s”") % {
        "copy": request.proposal["copy"],
        "text": request.proposal["text"] or request.proposal["rule"],
    }
