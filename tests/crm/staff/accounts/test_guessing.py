"""Guessing passwords: who is shut out, for how long, and who is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client

from crm.staff.accounts.guessing import MOST_FAILURES, MOST_NAMES, delete_old_failures
from crm.staff.models import Role
from tests.crm.cast import staff_of

PASSWORD = "long enough for anybody 7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    person = staff_of(Role.COMPLIANCE)
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(name: str, password: str = "wrong", address: str = "198.51.100.7") -> int:
    return Client(REMOTE_ADDR=address).post("/sign-in/", {"username": name, "password": password}).status_code


def test_a_stranger_elsewhere_shuts_nobody_out(ann):
    assert {sign_in(ann.username, address="203.0.113.9") for _ in range(12)} == {200, 429}
    assert sign_in(ann.username, PASSWORD) == 302


def test_trying_on_does_not_keep_the_door_shut(ann):
    for _ in range(12):
        sign_in(ann.username)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=10))
    before = AccessAttempt.objects.get().attempt_time
    assert sign_in(ann.username, PASSWORD) == 429
    assert AccessAttempt.objects.get().attempt_time == before
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=6))
    assert sign_in(ann.username, PASSWORD) == 302


def test_a_right_password_ends_the_count(ann):
    for _ in range(9):
        assert sign_in(ann.username) == 200
    assert sign_in(ann.username, PASSWORD) == 302
    assert sign_in(ann.username) == 200
    assert sign_in(ann.username, PASSWORD) == 302


def test_an_address_that_tries_many_names_is_shut_out_and_others_are_not(ann):
    each = MOST_FAILURES // MOST_NAMES
    answers = [sign_in(f"name-{number % MOST_NAMES}") for number in range(each * MOST_NAMES)]
    assert set(answers[:-1]) == {200}
    assert sign_in(ann.username, PASSWORD) == 429
    assert sign_in(ann.username, PASSWORD, address="198.51.100.8") == 302


def test_one_person_who_mistypes_does_not_shut_the_office_out(ann):
    for _ in range(MOST_FAILURES + 5):
        sign_in("somebody-else")
    assert sign_in(ann.username, PASSWORD) == 302


def test_failures_that_shut_nobody_out_are_deleted(ann):
    sign_in(ann.username)
    sign_in("old")
    AccessAttempt.objects.filter(username="old").update(attempt_time=F("attempt_time") - timedelta(hours=1))
    assert delete_old_failures(datetime.now(UTC)) == 1
    assert AccessAttempt.objects.get().username == ann.username


def test_the_form_for_a_new_password_counts_wrong_old_ones(ann):
    browser = Client(REMOTE_ADDR="198.51.100.7")
    assert browser.post("/sign-in/", {"username": ann.username, "password": PASSWORD}).status_code == 302
    new = {"new_password1": "another long one 8", "new_password2": "another long one 8"}
    answers = [browser.post("/password/", {"old_password": "wrong", **new}).status_code for _ in range(12)]
    assert answers[0] == 200 and answers[-1] == 429
    assert browser.post("/password/", {"old_password": PASSWORD, **new}).status_code == 429
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)
