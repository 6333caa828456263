"""Scopes in words: the company, a team, a book, a channel."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm.insights.kpis.definition import Kpi
from crm.insights.models import KpiTarget, Scope
from crm.staff.models import Role, Staff, Team
from members.profiles.models import Channel

COMPANY = f"{Scope.ALL}:0"


class ScopeNames:
    """Words for scopes, each kind read once when it is first asked for: one query for each kind."""

    def __init__(self) -> None:
        self._known: dict[Scope, dict[int, str]] = {}

    def choices(self, kpi: Kpi) -> list[tuple[str, str]]:
        """("team:3", words) of everything a target of the KPI may be set for."""
        return [(f"{scope}:{key}", words) for scope in kpi.scopes for key, words in self._of(scope).items()]

    def of_target(self, target: KpiTarget) -> str:
        """What a target is for."""
        scope = Scope(target.scope)
        return self._of(scope).get(target.scope_id, str(scope.label))

    def _of(self, scope: Scope) -> dict[int, str]:
        if scope not in self._known:
            self._known[scope] = _read(scope)
        return self._known[scope]


def parse_scope(text: str) -> tuple[str, int]:
    """The scope of a choice. Raises ValueError."""
    kind, _colon, key = text.partition(":")
    return Scope(kind), int(key)


def _read(scope: Scope) -> dict[int, str]:
    if scope == Scope.ALL:
        return {0: _("Company")}
    if scope == Scope.TEAM:
        return {team.pk: _("Team %(name)s") % {"name": team} for team in Team.objects.order_by("name_key")}
    if scope == Scope.STAFF:
        managers = Staff.objects.filter(role=Role.RELATIONSHIP_MANAGER).order_by("name_key")
        return {one.pk: _("Book of %(name)s") % {"name": one} for one in managers}
    return {
        one.pk: _("Channel %(name)s") % {"name": one.local_name} for one in Channel.objects.order_by("code")
    }
