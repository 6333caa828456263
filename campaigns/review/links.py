"""Pages about copy, which a higher app has: it says where they are from AppConfig.ready()."""

from __future__ import annotations

from crm.runtime.extension.links import Target

ASK = Target("whether a member may get a copy")
