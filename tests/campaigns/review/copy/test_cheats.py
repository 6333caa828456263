"""In every state every statement that goes past the verbs is refused, also to the owner of the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.review.copy import decide
from campaigns.review.copy.check import check_version
from campaigns.review.copy.withdraw import withdraw
from campaigns.review.models import CopyState, CopyVersion
from crm.staff.models import Role
from tests.campaigns.review.copy.cheats import CHEATS, refuse
from tests.campaigns.review.copy.town import SMS, WARNED, draft, maker, officer, submitted
from tests.crm.cast import NOW, staff_of

pytestmark = pytest.mark.django_db


def version_in(state: str) -> CopyVersion:
    """A version with a warning, in this state."""
    by, checker = maker(), officer()
    if state in (CopyState.DRAFT, CopyState.CHECKED):
        version = draft(by, SMS + WARNED)
        if state == CopyState.CHECKED:
            check_version(version.pk, staff=by, now=NOW)
        return CopyVersion.objects.get(pk=version.pk)
    version = submitted(by, SMS + WARNED)
    opinion = {
        "template_hash": version.template_hash, "officer": checker, "reason": "as stated", "now": NOW
    }  # fmt: skip
    match state:
        case CopyState.APPROVED:
            decide.accept(version.findings.get().pk, officer=checker, now=NOW)
            decide.approve(version.pk, **opinion)
        case CopyState.RETURNED:
            decide.return_to_maker(version.pk, **opinion)
        case CopyState.REJECTED:
            decide.reject(version.pk, **opinion)
        case CopyState.WITHDRAWN:
            withdraw(version.pk, staff=by, reason="no longer needed", now=NOW)
    return CopyVersion.objects.get(pk=version.pk)


@pytest.mark.parametrize("state", CopyState.values)
def test_no_statement_goes_past_the_verbs(state):
    boss = staff_of(Role.ADMINISTRATOR)
    boss.is_superuser = True
    boss.save()
    version = version_in(state)
    assert version.state == state
    for cheat in CHEATS:
        refuse(cheat, version, boss, NOW + timedelta(minutes=1))
    kept = CopyVersion.objects.get(pk=version.pk)
    assert {f.attname: getattr(kept, f.attname) for f in kept._meta.concrete_fields} == {
        f.attname: getattr(version, f.attname) for f in version._meta.concrete_fields
    }
