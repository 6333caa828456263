"""Home for the role of a staff member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from crm.desk.home.blocks import Home, Link
from crm.desk.home.roles import (
    administrator,
    analyst,
    compliance,
    customer_service,
    operations,
    relationship_manager,
    team_lead,
)
from crm.staff.models import Role, Staff
from members.lifecycle.policy_versions import upcoming_policies
from members.lifecycle.sentences.policy import upcoming_policy_text

_HOMES: dict[str, Callable[[Staff, datetime], Home]] = {
    Role.RELATIONSHIP_MANAGER: relationship_manager.home,
    Role.TEAM_LEAD: team_lead.home,
    Role.CUSTOMER_SERVICE: customer_service.home,
    Role.COMPLIANCE: compliance.home,
    Role.OPERATIONS: operations.home,
    Role.ADMINISTRATOR: administrator.home,
    Role.ANALYST: analyst.home,
}


def home_of(staff: Staff, now: datetime) -> Home:
    """Home of this person. At most eight queries, each of them bounded."""
    notices = [Link(upcoming_policy_text(policy), reverse("policy")) for policy in upcoming_policies(now)]
    return replace(_HOMES[staff.role](staff, now), notices=notices)
