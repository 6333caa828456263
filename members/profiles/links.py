"""Pages about members, which a higher app has: it says where they are from AppConfig.ready()."""

from __future__ import annotations

from crm.runtime.extension.links import Target

MEMBER = Target("the page of a member")
MEMBERS = Target("the list of members")
RULE_FILTER = Target("the page that edits the rule of the list of members")
