"""What copy publishes to the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaigns.review.copy import exceptions
from campaigns.review.copy.sentences import REFUSALS, exception_summary
from campaigns.review.permissions import REVIEW_COPY
from crm.runtime import errors
from crm.staff.four_eyes import requests


def publish() -> None:
    """Called once, from campaigns.review.publish."""
    errors.register(REFUSALS)
    requests.register(
        exceptions.KIND,
        exceptions.apply,
        REVIEW_COPY,
        makers=REVIEW_COPY,
        label=_("Wording exception"),
        summarise=exception_summary,
        needs_opinion=True,
    )
