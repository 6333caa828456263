"""What a load does as a whole: counts, dry runs, repeats, large files, a kill in the middle."""

from __future__ import annotations

import json
import os
import signal

import pytest
from django.core.management import CommandError, call_command

from crm.imports.loading import load
from crm.imports.loading.load import import_file
from crm.imports.models import ImportRun, Reject
from crm.imports.options import ReadingOptions
from members.portfolio.models import Category, Product, Transaction, Valuation
from members.profiles.models import Channel, Member, Signal
from tests.crm.imports.files import NOW, row, take
from tests.harness import forked

CLEAR = ReadingOptions(blanks="clear")
TRANSACTIONS = "transaction_id,member_id,at,kind,amount\n"


def counts(result):
    return result.read, result.added, result.updated, result.unchanged, result.rejected


@pytest.mark.django_db
def test_what_differs_is_updated_and_absent_columns_stay(tmp_path):
    take(tmp_path, "channels", "channel,name,kind\napp,An app,paid\nweb,Site,own\n")
    result = take(tmp_path, "channels", "channel,name\napp,The app\nweb,Site\n")
    assert counts(result) == (2, 0, 1, 1, 0)
    assert Channel.objects.get(code="app").kind == "paid"
    take(tmp_path, "channels", "channel,kind\napp,\n")
    assert Channel.objects.get(code="app").kind == "paid"
    take(tmp_path, "channels", "channel,kind\napp,\n", options=CLEAR)
    assert Channel.objects.get(code="app").kind == ""


@pytest.mark.django_db
def test_of_a_key_given_twice_the_last_row_stays_and_a_repeat_changes_nothing(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n", name="m.csv")
    content = "member_id,date,aum\nU1,2026-05-01,1\nU1,2026-05-01,2\nU1,2026-05-01,2\n"
    assert counts(take(tmp_path, "valuations", content)) == (3, 1, 0, 2, 0)
    assert counts(take(tmp_path, "valuations", content)) == (3, 0, 0, 3, 0)
    assert Valuation.objects.get().aum == 2


@pytest.mark.django_db
def test_instants_without_offset_are_platform_time(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n", name="m.csv")
    rows = ["a,U1,2026-05-01,buy,1", "b,U1,2026-05-01 10:00,buy,1", "c,U1,2026-05-01T10:00:00Z,buy,1"]
    take(
        tmp_path, "transactions", TRANSACTIONS + "\n".join([*rows, "d,U1,2026-05-01T10:00:00.5+05:30,buy,1"])
    )
    stored = {one.id: one.at.isoformat() for one in Transaction.objects.all()}
    assert stored == {
        "a": "2026-04-30T16:00:00+00:00",
        "b": "2026-05-01T02:00:00+00:00",
        "c": "2026-05-01T10:00:00+00:00",
        "d": "2026-05-01T04:30:00.500000+00:00",
    }


@pytest.mark.django_db
def test_two_sources_may_use_the_same_ids(tmp_path):
    for source in ("core", "fund"):
        take(tmp_path, "members", "member_id\nU1\n", source=source, name="m.csv")
        take(tmp_path, "transactions", row("transactions"), source=source)
    assert Member.objects.count() == 2
    assert set(Transaction.objects.values_list("id", flat=True)) == {"core:x1", "fund:x1"}


@pytest.mark.django_db
def test_unknown_channels_and_categories_are_made_and_reported_for_good_rows_only(tmp_path):
    result = take(tmp_path, "spend", "channel,date,amount\napp,2026-05-01,1\nbad,2026-05-01,x\n")
    assert result.created == {"channels": ["app"]}
    take(tmp_path, "products", "product_id,name,category,risk\nP1,A,bond,R1\nP2,B,bond,R9\n")
    assert list(Category.objects.values_list("code", "name")) == [("bond", "bond")]
    assert set(Channel.objects.values_list("code", flat=True)) == {"app"}
    assert ImportRun.objects.get(kind="spend").created == {"channels": ["app"]}


@pytest.mark.django_db
def test_a_product_moves_to_another_category_and_back(tmp_path):
    head = "product_id,name,category,risk,regime,term_days\n"
    take(tmp_path, "products", head + "P1,A,bond,r1,fs,30\n")
    assert counts(take(tmp_path, "products", head + "P1,A,fund,R1,,\n", options=CLEAR)) == (1, 0, 1, 0, 0)
    product = Product.objects.get()
    assert (product.category.code, product.risk, product.regime, product.term_days) == (
        "fund",
        "R1",
        None,
        None,
    )


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_stores_nothing(tmp_path):
    content = "channel,name\napp,x\napp,y\n,z\nweb,w,v\n"
    dry = take(tmp_path, "channels", content, dry_run=True)
    assert not Channel.objects.exists()
    assert not ImportRun.objects.exists()
    assert not Reject.objects.exists()
    real = take(tmp_path, "channels", content)
    assert counts(dry) == counts(real) == (4, 1, 0, 1, 2)
    assert dry.rejects == real.rejects


@pytest.mark.django_db
def test_a_large_file_with_bad_rows_loses_nothing(tmp_path):
    """40,000 rows, 1 % of them bad in turn in each way a line can be."""
    take(tmp_path, "members", "member_id\n" + "".join(f"U{n}\n" for n in range(500)), name="m.csv")
    bad = [
        "x{n},U1,2026-05-01,buy,-1",
        "x{n},nobody,2026-05-01,buy,1",
        "x{n},U1,sometime,buy,1",
        "x{n},U1,2026-05-01,buy",
        'x{n},U1,2026-05-01,"buy,1',
        "x{n},U1,2026-05-01,bu\0y,1",
        "x{n},U1,2026-05-01,\udcff,1",
        ",U1,2026-05-01,buy,1",
    ]
    lines, expected = [], []
    for number in range(40_000):
        if number % 100 == 37:
            expected.append(number + 2)
            lines.append(bad[len(expected) % len(bad)].format(n=number))
        else:
            lines.append(f"x{number},U{number % 500},2026-05-01T10:{number % 60:02d},buy,{number + 1}.5")
    path = tmp_path / "large.csv"
    path.write_bytes((TRANSACTIONS + "\n".join(lines) + "\n").encode("utf-8", "surrogateescape"))
    result = import_file("transactions", path, source="", now=NOW)
    assert counts(result) == (40_000, 39_600, 0, 0, 400)
    assert list(Reject.objects.order_by("line").values_list("line", flat=True)) == expected
    assert [one.line for one in result.rejects] == expected[:20]
    assert Transaction.objects.count() == 39_600
    assert counts(import_file("transactions", path, source="", now=NOW)) == (40_000, 0, 0, 39_600, 400)


@pytest.mark.django_db(transaction=True)
def test_the_json_has_exactly_the_published_keys(tmp_path, capsys):
    path = tmp_path / "channels.csv"
    path.write_text("channel,name\napp,x\n,y\n")
    call_command("import_csv", "channels", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["read", "added", "updated", "unchanged", "rejected", "seconds", "rejects"]
    assert told["rejects"] == [{"line": 3, "field": "channel", "value": "", "why": "is required"}]


@pytest.mark.django_db(transaction=True)
def test_an_unusable_file_fails_in_words_and_in_json(tmp_path, capsys):
    path = tmp_path / "empty.csv"
    path.touch()
    with pytest.raises(CommandError, match="the file is empty"):
        call_command("import_csv", "channels", str(path))
    for kind, file, why in [
        ("channels", path, "the file is empty"),
        ("channels", tmp_path / "none.csv", "cannot be read"),
        ("channels", tmp_path, "cannot be read"),
        ("chanels", path, "not a kind of file"),
    ]:
        with pytest.raises(SystemExit) as exit:
            call_command("import_csv", kind, str(file), "--json")
        assert exit.value.code == 1
        assert why in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_and_run_again(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(load, "CHUNK", 1_000_000)  # bytes: a third of the file
    take(tmp_path, "members", "member_id\nU1\n", name="m.csv")
    path = tmp_path / "many.csv"
    long = "x" * 450
    with path.open("w") as file:
        file.write("signal_id,member_id,at,kind,detail\n")
        file.writelines(f"s{number},U1,2026-05-01,complaint,{long}\n" for number in range(6_000))

    def kill(*_so_far: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    process = forked.start(lambda: import_file("signals", path, now=NOW, progress=kill))
    assert forked.wait(process) == -signal.SIGKILL
    assert ImportRun.objects.get(kind="signals").read > 0
    kept = Signal.objects.count()
    assert 0 < kept < 6_000
    call_command("import_csv", "signals", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["read"], told["added"], told["rejected"]) == (6_000, 6_000 - kept, 0)
    assert Signal.objects.count() == 6_000
