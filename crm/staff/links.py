"""Pages about staff, which a higher app has: it says where they are from AppConfig.ready()."""

from __future__ import annotations

from crm.runtime.extension.links import Target

ACCOUNT = Target("the page of one's own account")
NEW_PASSWORD = Target("the page where one's own password is changed")
SIGN_OUT = Target("where one signs out")
REQUESTS = Target("the page of four-eyes requests")
DECISION = Target("the page that decides one request")
