"""Accounts, the logs of what left the system, four-eyes requests."""

from crm.staff.models.accounts import (
    OWN_DOING,
    AccountChange,
    ChangeKind,
    Language,
    Rising,
    Role,
    Session,
    Staff,
    StaffManager,
    Team,
)
from crm.staff.models.logs import Export, Reveal
from crm.staff.models.reasons import SHORTEST_REASON
from crm.staff.models.requests import Request, RequestState

__all__ = [
    "OWN_DOING",
    "SHORTEST_REASON",
    "AccountChange",
    "ChangeKind",
    "Export",
    "Language",
    "Rising",
    "Request",
    "RequestState",
    "Reveal",
    "Role",
    "Session",
    "Staff",
    "StaffManager",
    "Team",
]
