from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from crm.staff.models import Role
from members.profiles.book import Assignment, CannotAssign, assign
from members.profiles.models import Book
from tests.crm.staff.people import NOW, staff_of
from tests.members.profiles.people import member_with

LATER = NOW + timedelta(days=1)


@pytest.fixture
def ann():
    return staff_of(Role.RELATIONSHIP_MANAGER)


@pytest.fixture
def bob():
    return staff_of(Role.TEAM_LEAD)


def _rows(member):
    rows = Book.objects.filter(member=member).order_by("started_at")
    return list(rows.values_list("staff_id", "started_at", "ended_at", "reason"))


@pytest.mark.django_db
class TestAssign:
    def test_a_move_ends_one_row_and_begins_the_next(self, ann, bob):
        member = member_with(manager=ann)
        assert assign(member_ids=[member.id], staff=bob, reason="Ann leaves", now=LATER) == Assignment(
            1, 0, 0
        )
        assert _rows(member) == [(ann.pk, NOW, LATER, ""), (bob.pk, LATER, None, "Ann leaves")]

    def test_new_moved_and_kept_are_told_apart_and_unknown_ids_passed_over(self, ann, bob):
        moved, new, kept = member_with(manager=ann), member_with(), member_with(manager=bob)
        ids = [moved.id, new.id, kept.id, kept.id, kept.id + 1000]
        assert assign(member_ids=ids, staff=bob, reason="new team", now=LATER) == Assignment(1, 1, 1)
        assert _rows(kept) == [(bob.pk, NOW, None, "")]

    def test_a_repeat_changes_nothing(self, ann, bob):
        member = member_with(manager=ann)
        assign(member_ids=[member.id], staff=bob, reason="move", now=LATER)
        before = _rows(member)
        assert assign(member_ids=[member.id], staff=bob, reason="move", now=LATER) == Assignment(0, 0, 1)
        assert _rows(member) == before

    def test_nobody_is_no_work(self, bob):
        assert assign(member_ids=[], staff=bob, reason="none", now=LATER) == Assignment(0, 0, 0)

    def test_with_a_fixed_clock_moves_keep_their_order_without_a_gap(self, ann, bob):
        member = member_with()
        for manager in (ann, bob, ann, bob):
            assign(member_ids=[member.id], staff=manager, reason="to and fro", now=NOW)
        rows = _rows(member)
        assert [row[0] for row in rows] == [ann.pk, bob.pk, ann.pk, bob.pk]
        assert [row[2] for row in rows[:-1]] == [row[1] for row in rows[1:]]
        assert rows[-1][1] - NOW == timedelta(microseconds=3)

    def test_many_members_cost_as_many_queries_as_one(self, ann, bob, django_assert_num_queries):
        ids = [member_with(manager=ann).id for _ in range(30)]
        with django_assert_num_queries(5):  # savepoint, lock, end, start, release
            assert assign(member_ids=ids, staff=bob, reason="Ann leaves", now=LATER).moved == 30

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD}))
    def test_only_managers_and_leads_keep_a_book(self, role):
        with pytest.raises(CannotAssign):
            assign(member_ids=[member_with().id], staff=staff_of(role), reason="move", now=NOW)

    def test_nobody_gets_members_who_has_left_or_without_a_reason(self, ann):
        member = member_with()
        with pytest.raises(CannotAssign):
            assign(member_ids=[member.id], staff=ann, reason="  ", now=NOW)
        with pytest.raises(CannotAssign):
            gone = staff_of(Role.RELATIONSHIP_MANAGER, is_active=False)
            assign(member_ids=[member.id], staff=gone, reason="move", now=NOW)
        assert _rows(member) == []

    def test_the_database_refuses_a_second_manager(self, ann, bob):
        member = member_with(manager=ann)
        with pytest.raises(IntegrityError, match="book_one_manager"), transaction.atomic():
            Book.objects.create(member=member, started_at=LATER, staff=bob)


@pytest.mark.django_db
class TestTheRecordStays:
    """Even the owner of the tables cannot rewrite who had whom."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE profiles_book SET staff_id = %(other)s",
            "UPDATE profiles_book SET started_at = started_at - interval '1 day'",
            "UPDATE profiles_book SET reason = 'something else'",
            "UPDATE profiles_book SET ended_at = ended_at + interval '1 day' WHERE ended_at IS NOT NULL",
            "UPDATE profiles_book SET ended_at = NULL WHERE ended_at IS NOT NULL",
            "DELETE FROM profiles_book",
        ],
    )
    def test_nothing_but_an_end_is_added(self, ann, bob, statement):
        member = member_with(manager=ann)
        assign(member_ids=[member.id], staff=bob, reason="Ann leaves", now=LATER)
        before = _rows(member)
        with (
            pytest.raises(IntegrityError, match="book row"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute(statement, {"other": ann.pk})
        assert _rows(member) == before

    def test_the_product_may_not_even_ask_to_delete(self, ann):
        member_with(manager=ann)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Book.objects.all()._raw_delete("default")


@pytest.mark.django_db(transaction=True)
def test_two_leads_at_once_leave_every_member_with_one_manager():
    managers = [staff_of(Role.RELATIONSHIP_MANAGER) for _ in range(2)]
    ids = [member_with().id for _ in range(40)]
    ready, failures = Barrier(2, timeout=60), []

    def take(manager, order):
        try:
            ready.wait()
            for _ in range(5):
                assign(member_ids=order, staff=manager, reason="grab", now=LATER)
        except Exception as error:  # whatever happens in a thread is to be seen
            failures.append(error)
        finally:
            connection.close()

    threads = [
        Thread(target=take, args=(managers[0], ids)),
        Thread(target=take, args=(managers[1], ids[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    holders = Book.objects.filter(ended_at=None).values_list("staff_id", flat=True)
    assert len(holders) == 40
    assert len(set(holders)) == 1  # whoever came last took all
