"""The groups under which fields are offered, in the order of this module."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STAGE = _("Stage and warnings")
ASSETS = _("Assets and trades")
LOYALTY = _("Loyalty")
PRODUCTS = _("Products and plans")
RELATIONSHIP = _("Relationship")
ACTIVITY = _("Activity")
RISK = _("Risk assessment")
PERSON = _("Person")
ORIGIN = _("Origin")

GROUPS = (STAGE, ASSETS, LOYALTY, PRODUCTS, RELATIONSHIP, ACTIVITY, RISK, PERSON, ORIGIN)
