"""Accounts are changed by somebody else, for a reason, on record; an administrator always stays."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.utils import translation

from crm.staff.accounts import change as accounts
from crm.staff.accounts import sessions, teams
from crm.staff.models import AccountChange, ChangeKind, Role, Session, Staff, Team
from crm.staff.permissions import NotAllowed
from crm.staff.privacy.access_log import ReasonMissing
from tests.crm.staff.people import NOW, staff_of


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def boss():
    return staff_of(Role.ADMINISTRATOR)


@pytest.fixture
def ann():
    return staff_of(Role.RELATIONSHIP_MANAGER)


def _told(by, reason="reorganised"):
    return {"by": by, "reason": reason, "now": NOW}


def _change(staff, by, **wanted):
    given = {"display_name": staff.display_name, "role": staff.role, "team": staff.team} | wanted
    return accounts.change(staff.pk, **given, **_told(by))


def _log(staff):
    return list(AccountChange.objects.filter(staff=staff).values_list("kind", "before", "after", "by"))


@pytest.mark.django_db
class TestChanges:
    def test_each_difference_leaves_its_row(self, boss, ann):
        north = Team.objects.create(name="North")
        done = _change(ann, boss, role=Role.TEAM_LEAD, team=north)
        assert set(done) == {ChangeKind.ROLE, ChangeKind.TEAM}
        ann.refresh_from_db()
        assert (ann.role, ann.team) == (Role.TEAM_LEAD, north)
        assert sorted(_log(ann)) == [
            ("role", "relationship_manager", "team_lead", boss.pk),
            ("team", "", "North", boss.pk),
        ]
        assert set(AccountChange.objects.values_list("reason", "at")) == {("reorganised", NOW)}

    def test_nothing_different_is_no_change(self, boss, ann):
        with pytest.raises(accounts.CannotChange, match="account_no_changes"):
            _change(ann, boss)
        assert not AccountChange.objects.exists()

    def test_a_reason_has_to_be_given(self, boss, ann):
        with pytest.raises(ReasonMissing):
            accounts.deactivate(ann.pk, **_told(boss, " no "))
        ann.refresh_from_db()
        assert ann.is_active

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
    def test_nobody_but_an_administrator_changes_accounts(self, ann, role):
        other = staff_of(role)
        for verb in (accounts.deactivate, accounts.reactivate, accounts.unlock, accounts.reset_password):
            with pytest.raises(NotAllowed):
                verb(ann.pk, **_told(other))
        with pytest.raises(NotAllowed):
            _change(ann, other, role=Role.ADMINISTRATOR)
        assert not AccountChange.objects.exists()

    def test_nobody_changes_the_own_account(self, boss):
        staff_of(Role.ADMINISTRATOR)
        for verb in (
            accounts.deactivate,
            accounts.unlock,
            accounts.reset_password,
            accounts.require_new_password,
        ):
            with pytest.raises(accounts.CannotChange, match="own_account"):
                verb(boss.pk, **_told(boss))
        with pytest.raises(accounts.CannotChange, match="own_account"):
            _change(boss, boss, role=Role.ANALYST)
        with pytest.raises(IntegrityError, match="by_somebody_else"), transaction.atomic():
            AccountChange.objects.create(staff=boss, by=boss, kind="role", reason="promotion", at=NOW)

    def test_a_closed_account_is_signed_out_at_once_and_stays_out_when_reopened(self, boss, ann):
        browser = Client()
        browser.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
        assert browser.get("/account/").status_code == 200
        accounts.deactivate(ann.pk, **_told(boss))
        assert not Session.objects.filter(staff=ann).exists()
        assert browser.get("/account/").status_code == 302
        accounts.reactivate(ann.pk, **_told(boss))
        assert browser.get("/account/").status_code == 302
        assert [row[0] for row in _log(ann)] == ["closed", "reopened"]

    def test_a_taken_name_and_a_taken_team_are_refused_in_words(self, boss, ann):
        given = {"display_name": "Twin", "role": Role.ANALYST, "team": None, "language": "en"}
        with pytest.raises(accounts.CannotChange, match="username_taken"):
            accounts.create_account(username=ann.username, **given, **_told(boss))
        north = teams.create(name="North", **_told(boss))
        teams.create(name="South", **_told(boss))
        with pytest.raises(accounts.CannotChange, match="team_name_taken"):
            teams.rename(north.pk, name="South", **_told(boss))
        north.refresh_from_db()
        assert north.name == "North"
        kinds = AccountChange.objects.filter(team__isnull=False).order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["founded", "founded"]

    def test_other_sessions_end_and_the_own_one_stays(self, ann):
        browsers = [Client() for _ in range(3)]
        for browser in browsers:
            browser.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
        here = browsers[0].session.session_key
        mark = sessions.fingerprint(browsers[1].session.session_key)
        assert sessions.end_by_fingerprint(ann.pk, [mark]) == 1
        assert [browser.get("/account/").status_code for browser in browsers] == [200, 302, 200]
        assert sessions.end(ann.pk, but=here) == 1
        assert [browser.get("/account/").status_code for browser in browsers] == [200, 302, 302]

    def test_a_session_of_somebody_else_cannot_be_ended(self, ann, boss):
        theirs = Client()
        theirs.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
        assert sessions.end_by_fingerprint(ann.pk, [sessions.fingerprint(theirs.session.session_key)]) == 0
        assert Session.objects.filter(staff=boss).count() == 1


@pytest.mark.django_db
class TestTheDatabase:
    """What Python forbids, raw SQL may not do either."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE staff_staff SET is_active = false WHERE role = 'administrator'",
            "UPDATE staff_staff SET role = 'analyst' WHERE role = 'administrator'",
        ],
    )
    @pytest.mark.parametrize("count", [1, 2])
    def test_the_last_administrator_stays(self, statement, count):
        for _ in range(count):
            staff_of(Role.ADMINISTRATOR)
        with pytest.raises(IntegrityError, match="last administrator"), transaction.atomic():
            connection.cursor().execute(statement)
        assert Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == count

    def test_of_two_administrators_one_may_go(self, boss):
        staff_of(Role.COMPLIANCE)  # two who decide requests are left
        accounts.deactivate(staff_of(Role.ADMINISTRATOR).pk, **_told(boss))
        assert accounts.is_last_administrator(boss)

    @pytest.mark.parametrize("statement", ["UPDATE {0} SET reason = 'other words'", "DELETE FROM {0}"])
    def test_the_log_only_grows(self, boss, ann, statement):
        accounts.deactivate(ann.pk, **_told(boss))
        statement = statement.format("staff_accountchange")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute("SET LOCAL ROLE NONE")
            connection.cursor().execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["close", "demote"])
def test_two_administrators_who_close_each_other_leave_one(deed):
    first, second = staff_of(Role.ADMINISTRATOR), staff_of(Role.ADMINISTRATOR)
    staff_of(Role.COMPLIANCE)  # two who decide requests are left
    ready, outcomes = Barrier(2, timeout=60), []

    def strike(by, other):
        try:
            ready.wait()
            if deed == "close":
                accounts.deactivate(other.pk, **_told(by))
            else:
                _change(other, by, role=Role.ANALYST)
            outcomes.append("done")
        except (accounts.CannotChange, NotAllowed):
            outcomes.append("refused")
        finally:
            connection.close()

    _at_once((strike, first, second), (strike, second, first))
    assert sorted(outcomes) == ["done", "refused"]
    assert Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1
    assert AccountChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_even_raw_updates_at_once_leave_an_administrator():
    rows = [staff_of(Role.ADMINISTRATOR) for _ in range(2)]
    ready, outcomes = Barrier(2, timeout=60), []

    def strike(row):
        try:
            ready.wait()
            with transaction.atomic():
                Staff.objects.filter(pk=row.pk).update(is_active=False)
            outcomes.append("done")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    _at_once((strike, rows[0]), (strike, rows[1]))
    assert sorted(outcomes) == ["done", "refused"]


def _at_once(*calls):
    threads = [Thread(target=call[0], args=call[1:]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
