"""Why a member could not be evaluated, in a sentence."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web import formats
from members.lifecycle.models import EvaluationFailure, FailureCode

NOT_EVALUATED = gettext_lazy("The stage cannot be evaluated.")
REASONS: dict[str, str | Promise] = {
    FailureCode.AMOUNT: gettext_lazy("The sum of the amounts is too large"),
    FailureCode.DATE: gettext_lazy("A date is out of range"),
    FailureCode.CONSTRAINT: gettext_lazy("The result violates a database constraint"),
    FailureCode.OTHER: gettext_lazy("The database reported an error"),
}


def failure_reason(failure: EvaluationFailure) -> str:
    """The reason with the database's code, which support asks for."""
    reason = str(REASONS[failure.code])
    return f"{reason} (SQLSTATE {failure.sqlstate})" if failure.sqlstate else reason


def failure_sentence(failure: EvaluationFailure) -> str:
    """What the member page says."""
    words = _("Stage not updated since %(at)s: %(why)s. It is retried when the member's data changes.")
    return words % {"at": formats.moment(failure.failed_at), "why": failure_reason(failure)}
