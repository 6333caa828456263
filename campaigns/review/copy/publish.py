"""What copy publishes to the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaigns.review.copy import exceptions
from campaigns.review.copy.sentences import REFUSALS, exception_summary
from campaigns.review.permissions import REVIEW_COPY, SEE_COPY, WRITE_COPY
from crm.runtime import errors
from crm.staff.four_eyes import requests
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from crm.web.palette import Command

COPY = Place(
    "copies",
    _("Copy library"),
    "t",
    SEE_COPY,
    WORK,
    27,
    within=("copy", "copy-matrix", "copy-new", "copy-change", "copy-write", "copy-version", "copy-edit"),
)


def publish() -> None:
    """Called once, from campaigns.review.publish."""
    errors.register(REFUSALS)
    styles.register("review/copy")
    navigation.register(COPY)
    palette.register_commands(
        Command(_("New copy"), "copy-new", WRITE_COPY),
        Command(_("Stages and themes of copy"), "copy-matrix", SEE_COPY),
    )
    requests.register(
        exceptions.KIND,
        exceptions.apply,
        REVIEW_COPY,
        makers=REVIEW_COPY,
        label=_("Wording exception"),
        summarise=exception_summary,
        needs_opinion=True,
    )
