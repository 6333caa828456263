"""A drain does what is due, kinds in turn; what goes wrong is on record and stops nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from crm.runtime.background.jobs import Cancelled
from crm.runtime.models import JobRun, QueueItem
from crm.runtime.queue import depth, kinds
from crm.runtime.queue.drain import Retry, attempt
from crm.runtime.queue.enqueue import begin, enqueue
from crm.runtime.queue.finish import complete
from crm.runtime.queue.recover import prune
from tests.crm.runtime.queue.steps import NOW, drained

pytestmark = pytest.mark.django_db(transaction=True)


def raises(error: BaseException):
    def do(_items: list[QueueItem]) -> None:
        raise error

    return do


def due_in(item: QueueItem) -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT run_after - clock_timestamp() FROM runtime_queueitem WHERE id = %s", [item.pk])
        return cursor.fetchone()[0]


def make_due() -> None:
    QueueItem.objects.update(run_after=NOW)


def test_kinds_take_turns_and_each_gets_as_many_as_it_asked_for(errand):
    batches = []
    kinds.register(
        kinds.Kind("other", "others", lambda items, _: (batches.append(len(items)), complete(items)), None)
    )
    errand.takes(batch=2)
    order = []
    errand.do = lambda items: (order.append(len(items)), batches.append("errands"), complete(items))
    for _ in range(3):
        enqueue("errand")
        enqueue("other")
    assert drained() == 6
    assert batches == ["errands", 1, "errands", 1, 1]
    assert order == [2, 1]
    enqueue("other")
    assert drained("errand") == 0
    assert depth.waiting(5) == {"errand": 0, "other": 1}


def test_an_error_ends_the_item_with_its_reason_and_the_next_has_its_turn(errand):
    errand.do = lambda items: complete(items) if items[0].key == "good" else {}["13812345678"]
    enqueue("errand", key="bad")
    enqueue("errand", key="good")
    assert drained() == 2
    row = QueueItem.objects.get()
    assert (row.key, row.state, row.failure_code) == ("bad", "failed", "error")
    assert row.failure_params == {"error": "KeyError: '…'"}
    assert "test_drain.py" in row.trace[-1]
    assert errand.ended == [("bad", "error")]
    assert drained() == 0
    assert prune() == 0
    QueueItem.objects.update(finished_at=row.finished_at - timedelta(days=30))
    assert prune() == 1


def test_a_reason_of_the_kinds_own_is_kept_as_code_and_parameters(errand):
    errand.takes(
        explain=lambda error: ("too_late", {"day": str(error)}) if isinstance(error, ValueError) else None
    )
    errand.do = raises(ValueError("Monday"))
    enqueue("errand", key="a")
    drained()
    row = QueueItem.objects.get()
    assert (row.failure_code, row.failure_params) == ("too_late", {"day": "Monday"})


@pytest.mark.parametrize(
    ("error", "delays"),
    [
        (Retry(timedelta(minutes=5)), [300, 300]),
        (OperationalError("the server is starting up"), [10, 60]),
    ],
)
def test_what_may_pass_is_tried_again_later_as_often_as_the_kind_says(errand, error, delays):
    errand.do = raises(error)
    item = enqueue("errand", key="a")
    for delay in delays:
        assert drained() == 1
        assert timedelta(seconds=delay - 5) < due_in(item) <= timedelta(seconds=delay)
        assert drained() == 0
        make_due()
    assert drained() == 1
    assert QueueItem.objects.get().state == "failed"
    assert errand.ended == [("a", "error")]


def test_a_process_told_to_stop_gives_the_item_back_at_once(errand):
    errand.do = raises(SystemExit(1))
    enqueue("errand", payload={"n": 1})
    with pytest.raises(SystemExit):
        drained()
    errand.do = complete
    assert drained() == 1
    assert errand.seen == [1, 1]
    assert errand.ended == []


def test_an_attempt_that_was_stopped_is_cancelled_and_no_failure(errand):
    errand.do = raises(Cancelled())
    enqueue("errand", key="a")
    assert drained() == 1
    assert errand.ended == [("a", "cancelled")]
    assert not QueueItem.objects.exists()


def test_what_was_committed_before_the_error_is_not_told_as_failed(errand):
    def do(items: list[QueueItem]) -> None:
        complete(items)
        raise ZeroDivisionError

    errand.do = do
    enqueue("errand")
    assert drained() == 1
    assert errand.ended == []
    assert not QueueItem.objects.exists()


def test_completing_is_part_of_the_transaction_of_the_work(errand):
    def do(items: list[QueueItem]) -> None:
        with transaction.atomic():
            JobRun.objects.create(name="result", started_at=NOW, heartbeat_at=NOW, worker="w")
            complete(items)
            raise ZeroDivisionError

    errand.do = do
    enqueue("errand", key="a")
    drained()
    assert not JobRun.objects.exists()
    assert errand.ended == [("a", "error")]


def test_a_kind_that_cannot_be_told_of_an_end_keeps_the_item_and_hinders_no_other(errand):
    """What its kind stores and the item's end are one transaction: neither is without the other."""
    seen = []
    kinds.register(kinds.Kind("zebra", "zebras", lambda items, _: (seen.append(1), complete(items)), None))
    errand.takes(ended=lambda *_: 1 / 0)
    errand.do = raises(ValueError())
    enqueue("errand")
    enqueue("zebra")
    drained()
    assert seen == [1]
    assert QueueItem.objects.get().state == "running"
    QueueItem.objects.update(attempts=3, leased_until=NOW)
    enqueue("zebra")
    with pytest.raises(ZeroDivisionError):
        drained()
    assert seen == [1, 1]


def test_one_of_many_that_was_taken_over_takes_nothing_from_the_others(errand):
    """A batch whose lease is lost in part is stored not at all, and done again by whoever holds it."""

    def do(items: list[QueueItem]) -> None:
        QueueItem.objects.filter(payload={"n": 2}).update(attempts=2)
        with transaction.atomic():
            complete(items)

    errand.takes(batch=3)
    errand.do = do
    for n in range(3):
        enqueue("errand", payload={"n": n})
    assert drained() == 3
    left = sorted(QueueItem.objects.values_list("state", "attempts"))
    assert left == [("running", 2), ("waiting", 1), ("waiting", 1)]
    assert errand.ended == []


def test_a_process_that_began_an_item_itself_hears_of_its_error(errand):
    item = begin("errand", key="a")
    with pytest.raises(OperationalError), attempt([item], NOW):
        raise OperationalError("gone")
    assert errand.ended == [("a", "error")]
    with attempt([begin("errand", key="b")], NOW):
        raise Cancelled
    assert errand.ended == [("a", "error"), ("b", "cancelled")]
