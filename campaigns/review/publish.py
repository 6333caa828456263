"""What review publishes to the apps below it, part by part."""

from __future__ import annotations

from campaigns.review.copy.publish import publish as publish_copy
from campaigns.review.desk.publish import publish as publish_desk
from campaigns.review.pack_changes.publish import publish as publish_pack_changes
from campaigns.review.permissions import REVIEW_COPY, SEE_COPY, WITHDRAW_COPY, WRITE_COPY
from crm.staff import permissions


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_COPY, WRITE_COPY, REVIEW_COPY, WITHDRAW_COPY)
    publish_copy()
    publish_desk()
    publish_pack_changes()
