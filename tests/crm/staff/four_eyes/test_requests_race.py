"""Two checkers at one request at the same moment, on connections of their own."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from crm.runtime.extension.registry import Registry
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role, Team
from tests.crm.staff.people import NOW, staff_of


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["approve", "reject"])
def test_of_two_checkers_at_once_exactly_one_decides(monkeypatch, second):
    ready = Barrier(2, timeout=60)
    applied = []

    def apply(request, now):
        applied.append(request.pk)
        Team.objects.create(name="North")

    monkeypatch.setattr(requests, "_kinds", Registry("request kind"))
    requests.register("found_team", apply)
    request = requests.propose(
        kind="found_team", proposal={}, diff={}, summary="Found team North", reason="A new branch",
        maker=staff_of(Role.OPERATIONS), now=NOW, ttl=timedelta(days=1),
    )  # fmt: skip
    outcomes = []

    def decide(verb, checker):
        try:
            ready.wait()
            getattr(requests, verb)(request_id=request.pk, checker=checker, opinion="Looked at it", now=NOW)
            outcomes.append(verb)
        except requests.CannotDecide:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=("approve", staff_of(Role.COMPLIANCE))),
        Thread(target=decide, args=(second, staff_of(Role.COMPLIANCE))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes)[-1] == "too late"
    assert len(outcomes) == 2
    won = next(outcome for outcome in outcomes if outcome != "too late")
    assert applied == ([request.pk] if won == "approve" else [])
    assert Team.objects.count() == len(applied)
    assert Request.objects.get().state == {"approve": "approved", "reject": "rejected"}[won]
