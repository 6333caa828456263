"""The database takes a version of the policy only with a request that a second person approved, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.staff.models import Request
from members.lifecycle.models import Policy
from tests.crm.cast import NOW, approved_request


def store(version: int, request: Request | None) -> None:
    with transaction.atomic():
        Policy.objects.create(
            version=version,
            effective_from=NOW + timedelta(days=version),
            request_id=request.pk if request else None,
        )


@pytest.mark.django_db
def test_a_version_needs_an_approved_request_of_its_own():
    good, of_another_kind = approved_request("lifecycle.policy"), approved_request("staff.decider")
    pending = Request.objects.create(
        kind="lifecycle.policy",
        content_key="pending",
        proposal={},
        maker=good.maker,
        reason="as agreed",
        made_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    for request in (None, of_another_kind, pending):
        with pytest.raises(IntegrityError, match="needs an approved request"):
            store(2, request)
    store(2, good)
    with pytest.raises(IntegrityError, match="request_id"):
        store(3, good)
    assert Policy.objects.count() == 2
