"""What the records of members publish to the apps below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff import permissions
from crm.staff.administration import sections
from members.profiles.imports import kinds
from members.profiles.permissions import ASSIGN_MEMBERS, SEARCH_PEOPLE, SEE_MEMBERS
from members.profiles.timeline import registry
from members.profiles.timeline.sources import SOURCES


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_MEMBERS, SEARCH_PEOPLE, ASSIGN_MEMBERS)
    sections.register(
        sections.Table("profiles_channel", _("Channels"), "campaign", sections.REFERENCE_DATA, 10)
    )
    registry.register(*SOURCES)
    kinds.publish()
