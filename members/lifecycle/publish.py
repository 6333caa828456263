"""What the stages publish to the apps below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff import permissions
from crm.web import palette
from crm.web.frame import navigation
from crm.web.frame.navigation import BUSINESS, Place
from members.lifecycle.pages import requests
from members.lifecycle.permissions import CHANGE_POLICY, SEE_POLICY
from members.lifecycle.recording import queue


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_POLICY, CHANGE_POLICY)
    navigation.register(Place("policy", _("Policy"), "p", SEE_POLICY, BUSINESS, 30))
    palette.register_commands(
        palette.Command(_("Propose a policy change"), "policy", CHANGE_POLICY, fragment="#change")
    )
    requests.register()
    queue.register()
