"""The change queue under concurrent commits: nothing skipped, nothing twice, in commit order."""

from __future__ import annotations

import random
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from crm.runtime.background import changes
from crm.runtime.models import Change, ChangeCursor
from tests import plans
from tests.crm.runtime.queue.steps import until, waits_for_a_lock
from tests.harness import databases, restore
from tests.harness.examples import examples

AT = datetime(2025, 3, 3, tzinfo=UTC)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow(5),
    pytest.mark.xdist_group("change queue"),
]


@pytest.fixture(scope="module", autouse=True)
def _own_server(django_db_setup, django_db_blocker):
    """On the server of the run, every transaction of its other processes would hold readers back."""
    server = databases.on_own_server(settings.VAR_DIR / "own" / "postgres")
    with django_db_blocker.unblock(), server, restore.restorable(), django_db_blocker.block():
        yield


class Writer:
    """A connection of its own that writes changes in a transaction it ends when told."""

    def __init__(self, stack: ExitStack) -> None:
        self.own = stack.enter_context(psycopg.connect(**connection.get_connection_params()))

    def write(self, kind: str) -> None:
        self.own.execute("INSERT INTO runtime_change (at, kind, payload) VALUES (%s, %s, '{}')", [AT, kind])


def write(kind: str) -> None:
    changes.append(kind, member_id=None, payload={}, at=AT)


def take(consumer: str = "desk", limit: int = 100) -> list[str]:
    """Read on, from the oldest row where the consumer is new."""
    changes.subscribe(consumer, from_oldest=True)
    with transaction.atomic():
        batch = changes.read(consumer, limit)
        changes.acknowledge(consumer, batch.last, since=batch.since)
    return [row.kind for row in batch.rows]


def test_what_is_appended_is_read_once_in_order_by_each_consumer():
    changes.append("stage", member_id=7, payload={"to": "growth"}, at=AT)
    changes.append_many([Change(kind=f"k{i}", member_id=i, at=AT) for i in range(3)])
    changes.subscribe("desk", from_oldest=True)
    batch = changes.read("desk")
    assert [(row.kind, row.member_id) for row in batch.rows] == [
        ("stage", 7),
        ("k0", 0),
        ("k1", 1),
        ("k2", 2),
    ]
    assert batch.rows[0].payload == {"to": "growth"}
    assert batch.rows[0].at == AT
    assert take("desk", limit=3) == ["stage", "k0", "k1"]
    assert take("desk") == ["k2"]
    assert take("desk") == []
    assert take("journeys") == ["stage", "k0", "k1", "k2"]


def test_a_transaction_that_began_earlier_and_committed_later_is_not_skipped():
    with ExitStack() as stack:
        slow = Writer(stack)
        slow.write("early, committed late")
        write("late, committed early")
        ids = dict(Change.objects.values_list("kind", "id"))
        assert take() == []  # held back: what committed would overtake what has not
        slow.own.commit()
        assert take() == ["early, committed late", "late, committed early"]
        assert take() == []
        assert len(ids) == 1  # the slow row was invisible when the quick one was already there


def test_a_rollback_lets_the_queue_go_on():
    with ExitStack() as stack:
        failing = Writer(stack)
        failing.write("never")
        write("kept")
        assert take() == []
        failing.own.rollback()
        assert take() == ["kept"]


def test_a_reader_in_a_long_transaction_sees_nothing_of_its_own():
    with transaction.atomic():
        write("mine")
        changes.subscribe("desk", from_oldest=True)
        assert changes.read("desk").rows == []
    assert take() == ["mine"]


def test_acknowledging_is_compare_and_set():
    write("one")
    write("two")
    changes.subscribe("desk", from_oldest=True)
    first, second = changes.read("desk"), changes.read("desk", 1)
    changes.acknowledge("desk", first.last, since=first.since)
    with pytest.raises(changes.StalePosition, match="desk"):
        changes.acknowledge("desk", second.last, since=second.since)
    assert take() == []


def test_two_processes_of_one_consumer_do_the_work_once():
    write("pay out")
    done: list[str] = []
    barrier = threading.Barrier(2)

    def work() -> None:
        try:
            with transaction.atomic():
                batch = changes.read("payer")
                barrier.wait(60)
                changes.acknowledge("payer", batch.last, since=batch.since)
            done.extend(row.kind for row in batch.rows)
        except changes.StalePosition:
            done.append("overtaken")
        finally:
            connection.close()

    changes.subscribe("payer", from_oldest=True)
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["overtaken", "pay out"]


def test_pruning_keeps_what_somebody_has_yet_to_read():
    for kind in ("a", "b", "c"):
        write(kind)
    assert take("quick") == ["a", "b", "c"]
    assert take("slow", limit=1) == ["a"]
    assert changes.prune(AT) == 0  # nothing is older
    assert changes.prune(AT + timedelta(seconds=1)) == 1
    assert take("slow") == ["b", "c"]
    ChangeCursor.objects.all().delete()
    assert changes.prune(AT + timedelta(seconds=1)) == 2


def test_a_new_consumer_starts_now_unless_it_asks_for_the_past():
    write("before")
    assert changes.read("notices").rows == []
    write("after")
    assert [row.kind for row in changes.read("notices").rows] == ["after"]
    assert take("auditor") == ["before", "after"]
    changes.subscribe("notices", from_oldest=True)  # goes on where it was
    assert [row.kind for row in changes.read("notices").rows] == ["after"]


def move_to_another_cluster() -> None:
    """What a dump restored into a new cluster looks like there: its transaction ids are still to come."""
    with databases.as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE runtime_change SET txid = txid + 1000000")
        cursor.execute("UPDATE runtime_changecursor SET txid = txid + 1000000")
        cursor.execute("UPDATE runtime_changeorigin SET system_identifier = 1")


@pytest.mark.parametrize("first", ["reader", "writer"])
def test_positions_survive_a_restore_into_another_cluster(first):
    for kind in ("read", "unread"):
        write(kind)
    assert take("desk", limit=1) == ["read"]
    changes.subscribe("notices")
    for round_ in ("once", "twice"):
        move_to_another_cluster()
        if first == "reader":
            assert changes.read("desk", 1).rows[0].kind == "unread"
        write(round_)
    assert take("desk") == ["unread", "once", "twice"]
    assert take("notices") == ["once", "twice"]
    assert take("auditor") == ["read", "unread", "once", "twice"]
    write("on")
    assert take("desk") == ["on"]
    assert changes.prune(AT + timedelta(seconds=1)) == 4


def test_of_two_writers_after_a_restore_one_renumbers():
    write("before")
    assert take() == ["before"]
    move_to_another_cluster()
    with ExitStack() as stack:
        one, two = Writer(stack), Writer(stack)
        one.write("one")
        thread = threading.Thread(target=lambda: (two.write("two"), two.own.commit()))
        thread.start()
        until(waits_for_a_lock)
        one.own.commit()
        thread.join(60)
    assert take() == ["one", "two"]


def test_pruning_reads_only_what_is_old():
    changes.append_many(Change(kind="new", at=AT + timedelta(days=n)) for n in range(3000))
    with databases.as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE runtime_change")
    with transaction.atomic(), plans.noted() as asked:
        changes.prune(AT + timedelta(days=3))
    with transaction.atomic():
        scans = [one for one in plans.scans(asked[0]) if one["Relation Name"] == "runtime_change"]
        assert scans and all(plans.rows_of(one) <= 3 for one in scans)


def test_the_role_of_the_application_cannot_rewrite_what_happened():
    write("as it was")
    with pytest.raises(Exception, match="permission denied"):
        Change.objects.update(kind="as we like it")


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), limit=st.integers(1, 4))
def test_no_interleaving_of_commits_skips_or_repeats(seed, limit):
    """Three writers begin, write, commit and roll back in any order while one consumer reads on."""
    chance = random.Random(seed)
    ChangeCursor.objects.all().delete()
    Change.objects.all().delete()
    open_rows: dict[int, list[str]] = {0: [], 1: [], 2: []}
    committed: list[str] = []
    read: list[str] = []
    with ExitStack() as stack:
        writers = [Writer(stack) for _ in range(3)]
        for step in range(24):
            i = chance.randrange(3)
            match chance.choice(["write", "write", "commit", "rollback", "read"]):
                case "write":
                    writers[i].write(f"{step}")
                    open_rows[i].append(f"{step}")
                case "commit":
                    writers[i].own.commit()
                    committed += open_rows[i]
                    open_rows[i] = []
                case "rollback":
                    writers[i].own.rollback()
                    open_rows[i] = []
                case _:
                    read += take(limit=limit)
        for i, writer in enumerate(writers):
            writer.own.commit()
            committed += open_rows[i]
    while more := take(limit=limit):
        read += more
    assert sorted(read) == sorted(committed)
