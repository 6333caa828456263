"""Home: what is mine today and what changed, told for each role in a sentence, with the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from crm.desk.home.blocks import Link, Today
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
from members.lifecycle.policy.versions import upcoming_policies
from members.lifecycle.sentences.policy import upcoming_policy_text

_OF_ROLE: dict[str, Callable[[Staff, datetime], Today]] = {
    Role.RELATIONSHIP_MANAGER: relationship_manager.today,
    Role.TEAM_LEAD: team_lead.today,
    Role.CUSTOMER_SERVICE: customer_service.today,
    Role.COMPLIANCE: compliance.today,
    Role.OPERATIONS: operations.today,
    Role.ADMINISTRATOR: administrator.today,
    Role.ANALYST: analyst.today,
}


def today(staff: Staff, now: datetime) -> Today:
    """What this person's work asks for now. At most eight queries, each of them bounded."""
    notices = [Link(upcoming_policy_text(policy), reverse("policy")) for policy in upcoming_policies(now)]
    return replace(_OF_ROLE[staff.role](staff, now), notices=notices)
