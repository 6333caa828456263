"""Each item goes to one worker, the urgent first, whatever the planner believes."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from crm.runtime.models import Priority, QueueItem
from crm.runtime.queue import claim as claims
from crm.runtime.queue import lease
from crm.runtime.queue.claim import Reader, claim_item
from crm.runtime.queue.enqueue import begin, enqueue
from crm.runtime.queue.finish import complete, put_off
from tests.crm.runtime.queue.steps import NOW, until, waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


def put(n: int, **more: object) -> QueueItem:
    item = enqueue("errand", payload={"n": n}, **more)
    assert item is not None
    return item


def numbers(items: list[QueueItem]) -> list[int]:
    return [item.payload["n"] for item in items]


def test_of_a_key_one_item_is_open_and_another_one_once_that_is_done(errand):
    first = enqueue("errand", key="a")
    assert first and enqueue("errand", key="a") is None
    assert begin("errand", key="a") is None
    assert enqueue("errand", key="b") and enqueue("errand") and enqueue("errand")
    held = claim_item(first.pk)
    assert enqueue("errand", key="a") is None
    complete([held])
    assert enqueue("errand", key="a")


def test_who_puts_the_same_in_at_the_same_moment_waits_and_is_told(errand):
    found = []
    second = Thread(target=lambda: (found.append(enqueue("errand", key="a")), connection.close()))
    with transaction.atomic():
        assert enqueue("errand", key="a")
        second.start()
        until(waits_for_a_lock)
    second.join(60)
    assert found == [None]


def test_a_kind_that_nobody_publishes_is_refused(errand):
    with pytest.raises(KeyError):
        enqueue("unheard of")


def test_the_urgent_go_first_then_those_due_longest_and_none_before_its_time(errand):
    put(1, priority=Priority.BULK)
    put(2)
    put(3)
    put(4, priority=Priority.SOON)
    put(5, priority=Priority.SOON, delay=timedelta(hours=1))
    reader = Reader("errand", 2)
    assert [numbers(reader.claim(NOW)) for _ in range(3)] == [[4, 2], [3, 1], []]


def test_two_workers_that_claim_at_once_take_different_items(errand):
    for n in range(6):
        put(n)
    taken = []
    worker = Thread(target=lambda: (taken.extend(Reader("errand", 3).claim(NOW)), connection.close()))
    with transaction.atomic():
        mine = Reader("errand", 3).claim(NOW)
        worker.start()
        worker.join(60)  # it waits for nobody
    assert sorted(numbers(mine) + numbers(taken)) == [0, 1, 2, 3, 4, 5]
    assert Reader("errand", 3).claim(NOW) == []


def test_a_claim_says_who_holds_it_for_how_long_and_which_attempt_it_is(errand):
    item = claim_item(put(1).pk)
    assert (item.state, item.attempts, item.worker) == ("running", 1, lease.worker_name())
    assert claim_item(item.pk) is None
    put_off([item], timedelta(0))
    again = claim_item(item.pk)
    assert again.attempts == 2
    assert again.leased_until > item.leased_until


def test_what_comes_in_behind_a_reader_is_found_once_nothing_is_ahead(errand):
    items = [put(n) for n in range(3)]
    reader = Reader("errand", 2)
    assert numbers(reader.claim(NOW)) == [0, 1]
    QueueItem.objects.filter(pk=items[0].pk).update(state="waiting", leased_until=None)
    assert [numbers(reader.claim(NOW)) for _ in range(3)] == [[2], [0], []]


def test_what_comes_in_behind_a_reader_is_found_though_work_goes_on_ahead(errand, monkeypatch):
    monkeypatch.setattr(claims, "FROM_THE_HEAD", 3)
    first = put(0)
    reader = Reader("errand", 1)
    seen = []
    for n in range(1, 5):
        put(n)
        seen += numbers(reader.claim(NOW))
        QueueItem.objects.filter(pk=first.pk).update(state="waiting", leased_until=None)
    assert seen == [0, 1, 2, 0]


def test_the_next_item_is_read_from_the_head_of_its_index_whatever_the_statistics_say(errand):
    """They may be of the time when the table was empty, or of a queue of another kind."""
    with connection.cursor() as cursor:
        for kind, rows in (("errand", 20), ("other", 3000), ("errand", 20_000)):
            cursor.execute(
                "INSERT INTO runtime_queueitem (kind, payload) SELECT %s, '{}' FROM generate_series(1, %s)",
                [kind, rows],
            )
            assert index_scans(cursor, reader=Reader("errand", 100)) == {
                "queueitem_next",
                "runtime_queueitem_pkey",
            }
            cursor.execute("SET ROLE NONE; ANALYZE runtime_queueitem; RESET ROLE")


def index_scans(cursor, reader: Reader) -> set[str]:
    """The indexes that a claim walks along; fails where the plan sorts or reads the table."""
    cursor.execute(f"EXPLAIN (FORMAT json) {claims.CLAIM}", reader.values())
    found, text = set(), cursor.fetchone()[0]
    plans = json.loads(text) if isinstance(text, str) else text
    stack = [plans[0]["Plan"]]
    while stack:
        node = stack.pop()
        assert node["Node Type"] not in {"Sort", "Incremental Sort", "Seq Scan"}, plans
        found |= {node["Index Name"]} if "Index Name" in node else set()
        stack += node.get("Plans", [])
    return found
