"""The people of the demonstration: teams, and somebody for every role. One password, for trying out only."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from crm.staff.models import Role, Staff, Team

PASSWORD = "perennial-demo"  # noqa: S105 - printed on purpose; a demonstration holds nobody's data
SHANGHAI, BEIJING, SHENZHEN = "上海一部", "北京一部", "深圳一部"
# With their English names.
TEAMS = {SHANGHAI: "Shanghai Team 1", BEIJING: "Beijing Team 1", SHENZHEN: "Shenzhen Team 1"}


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    role: Role
    team: str | None = None


CAST = (
    Person("rm1", "沈佳怡", Role.RELATIONSHIP_MANAGER, SHANGHAI),
    Person("rm2", "顾文博", Role.RELATIONSHIP_MANAGER, SHANGHAI),
    Person("rm3", "陆思成", Role.RELATIONSHIP_MANAGER, SHANGHAI),
    Person("rm4", "韩雪", Role.RELATIONSHIP_MANAGER, BEIJING),
    Person("rm5", "赵一鸣", Role.RELATIONSHIP_MANAGER, BEIJING),
    Person("rm6", "田静", Role.RELATIONSHIP_MANAGER, BEIJING),
    Person("rm7", "梁嘉诚", Role.RELATIONSHIP_MANAGER, SHENZHEN),
    Person("rm8", "黄欣悦", Role.RELATIONSHIP_MANAGER, SHENZHEN),
    Person("lead1", "周慧敏", Role.TEAM_LEAD, SHANGHAI),
    Person("lead2", "高志远", Role.TEAM_LEAD, BEIJING),
    Person("lead3", "何俊峰", Role.TEAM_LEAD, SHENZHEN),
    Person("service1", "林晓岚", Role.CUSTOMER_SERVICE),
    Person("service2", "谢宁", Role.CUSTOMER_SERVICE),
    Person("compliance1", "程方正", Role.COMPLIANCE),
    Person("compliance2", "苏明慧", Role.COMPLIANCE),
    Person("operations1", "唐可", Role.OPERATIONS),
    Person("operations2", "许诺", Role.OPERATIONS),
    Person("admin", "方舟", Role.ADMINISTRATOR),
    Person("analyst", "孔维", Role.ANALYST),
)


def hire() -> list[Staff]:
    """Create the teams and the staff; returns the staff. One hash for all: hashing is slow on purpose."""
    Team.objects.bulk_create(Team(name=name, name_en=english) for name, english in TEAMS.items())
    teams = {team.name: team for team in Team.objects.filter(name__in=TEAMS)}
    password = make_password(PASSWORD)
    return Staff.objects.bulk_create(
        Staff(
            username=person.username,
            display_name=person.name,
            role=person.role,
            team=teams[person.team] if person.team else None,
            password=password,
            is_superuser=person.role == Role.ADMINISTRATOR,
        )
        for person in CAST
    )
