"""Rejected rows: kept encrypted, shown masked, exported for their owner's eyes, fixed and replayed."""

from __future__ import annotations

import csv
import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from crm.imports import kinds
from crm.imports.loading import load as load_module
from crm.imports.loading.load import import_file, retry_rejects
from crm.imports.models import ImportRun, Reject
from crm.imports.reading.source import open_source
from crm.imports.rejects.sheet import HOW_READ, export, fixed_rows
from crm.imports.rejects.store import decrypt_row, mask_value
from members.portfolio.models import Transaction
from members.profiles.models import Member
from tests.crm.imports.files import NEEDED, NOW, take

PERSONAL = ("13812345678", "zhang@example.com", "11010519491231002X", "朝阳区建国路88号")
HEAD = "member_id,name,mobile,email,id_number,address\n"


def everything_stored() -> str:
    """Every row of every table as text, encrypted bytes as they are."""
    with connection.cursor() as cursor:
        return "\n".join(
            str(rows)
            for table in connection.introspection.table_names(cursor)
            for rows in _rows(cursor, table)
        )


def _rows(cursor, table):
    cursor.execute(f'SELECT t::text FROM "{table}" AS t')
    return cursor.fetchall()


@pytest.mark.django_db
def test_no_personal_value_stands_in_plain_in_any_table(tmp_path):
    mobile, email, number, address = PERSONAL
    content = (
        HEAD
        + f"U1,张小明,{mobile},{email},{number},{address}\n"
        + f"U2,李四,{mobile}9,{email},{number},{address}\n"  # refused here
        + f"U3,王五,{mobile},{email},{number}9,{address}\n"
        + f",赵六,{mobile},{email},{number},{address}\n"  # refused in the database
        + f"U5,{mobile},{email},{number},{address}\n"  # a field missing
    )
    result = take(tmp_path, "members", content)
    assert (result.added, result.rejected) == (1, 4)
    stored = everything_stored()
    assert "张小明" in stored  # names are searched for, and masked when shown
    for value in PERSONAL:
        for form in (value, value.encode().hex(), value.encode("utf-16-le").hex()):
            assert form not in stored
    shown = json.dumps(result.as_json(), ensure_ascii=False)
    assert not [value for value in PERSONAL if value in shown]
    assert [one.field for one in result.rejects] == ["mobile", "id_number", "member_id", ""]


@pytest.mark.django_db
def test_a_number_shifted_into_another_column_is_not_shown(tmp_path):
    result = take(
        tmp_path, "members", "member_id,sex,risk_class\nU1,13812345678,C1\nU2,张小明,C1\nU3,girl,C1\n"
    )
    assert [one.value for one in result.rejects] == ["99999999999", "文文文", "aaaa"]


WHO = "张三丰 13812345678"
ROWS = {
    "transactions": {"transaction_id", "member_id", "at", "kind", "amount", "currency", "product_id"},
    "members": {"sex", "risk_class", "registered_at", "birth_date", "investor_type"},
    "events": {"event_id", "member_id", "at", "name", "properties"},
    "products": {"risk", "regime", "term_days"},
    "valuations": {"member_id", "date", "aum"},
    "touches": {"at", "member_id", "visitor_id"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ROWS)
def test_a_personal_value_in_the_wrong_column_is_in_no_table_and_on_no_screen(tmp_path, kind):
    header = list(NEEDED[kind] | dict.fromkeys(sorted(ROWS[kind]), ""))
    rows = [
        [value if name == column else NEEDED[kind].get(name, "") for name in header]
        for column in ROWS[kind]
        for value in (WHO, "13812345678", "11010519491231002X", "王小明")
    ]
    result = take(tmp_path, kind, "\n".join(map(",".join, [header, *rows])) + "\n")
    assert result.rejected
    shown = [one.as_json() for one in result.rejects]
    kept = list(Reject.objects.values("field", "value", "code", "params"))
    runs = list(ImportRun.objects.values("shown", "faults", "failure"))
    told = json.dumps([shown, kept, runs], ensure_ascii=False)
    for part in ("三丰", "13812345678", "11010519491231002", "小明"):
        assert part not in told


@pytest.mark.parametrize(
    "name", ["Zhang Sanfeng", "zhang sanfeng", "Müller, Jürgen", "O’Brien-Lee", "Иван Петров"]
)
@pytest.mark.parametrize("column", ["region", "language", "tags", "campaign"])
def test_a_name_in_letters_is_not_shown_in_another_column_either(name, column):
    assert not set(name.split()) & set(mask_value(kinds.get("members"), column, name).split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "column"),
    [("members", "channel"), ("touches", "channel"), ("spend", "channel"), ("products", "category")],
)
def test_no_reference_data_is_made_of_a_persons_number(tmp_path, kind, column):
    """Such a code would stand in filters and in the list of what the import made, for everybody."""
    take(tmp_path, "members", "member_id\nU1\n", name="m.csv")
    numbers = [WHO, "13812345678", "138.1234.5678", "tel:+86 138 1234 5678", "11010519491231002X"]
    header = list(NEEDED[kind] | {column: ""})
    rows = [
        [value if name == column else NEEDED[kind].get(name, "") for name in header]
        for value in (*numbers, "021-58881234", "6222020200112230000", "zhang@corp.cn", "2026-01-05", "10086")
    ]
    result = take(tmp_path, kind, "\n".join(map(",".join, [header, *rows])) + "\n")
    assert {one.field for one in result.rejects} == {column}
    assert len(result.rejects) == len(numbers) + 3
    assert [*result.created.values()] == [["10086", "2026-01-05"]]


@pytest.mark.django_db
def test_fixed_rejects_go_in_and_the_rest_waits_on(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n", name="m.csv")
    head = ",".join(NEEDED["transactions"])
    content = (
        head
        + "\nx1,U1,2026-05-01,buy,-1\nx2,U1,2026-05-01,buy\nx3,U9,2026-05-01,buy,3\nx4,U1,2026-05-01,buy,4\n"
    )
    result = take(tmp_path, "transactions", content)
    assert (result.added, result.rejected) == (1, 3)
    run = ImportRun.objects.get(pk=result.run_id)
    path = tmp_path / "rejects.csv"
    assert export(run, path, now=NOW) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["reject_line"], row["reject_field"]) for row in rows] == [
        ("2", "amount"),
        ("3", ""),
        ("4", "member_id"),
    ]
    rows[0]["amount"], rows[1]["amount"] = "1", "2"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)

    again = retry_rejects(run.pk, path, now=NOW)
    assert (again.read, again.added, again.rejected) == (3, 2, 1)
    assert set(Transaction.objects.values_list("id", flat=True)) == {"x1", "x2", "x4"}
    waiting = Reject.objects.get(resolved_at=None)
    assert (waiting.run_id, waiting.field, waiting.value) == (again.run_id, "member_id", "U9")


@pytest.mark.django_db
def test_rejects_are_replayed_as_they_were_once_what_was_missing_is_there(tmp_path):
    head = ",".join(NEEDED["transactions"]) + "\n"
    result = take(tmp_path, "transactions", head + "x1,U1,2026-05-01,buy,5\nx2,U1\n", source="core")
    assert result.rejected == 2
    take(tmp_path, "members", "member_id\nU1\n", source="core", name="m.csv")
    again = retry_rejects(result.run_id, None, now=NOW)
    assert (again.read, again.added, again.rejected) == (1, 1, 0)
    assert Transaction.objects.get().id == "core:x1"
    assert Reject.objects.get(resolved_at=None).field == ""  # only fixing helps a torn row


@pytest.mark.django_db(transaction=True)
def test_a_torn_row_that_nobody_fixed_waits_on_though_its_file_is_replayed(tmp_path, capsys):
    torn = 'U1,Wang, Xiaoming,teacher,Beijing\nU2,Li,nurse\nU3,"Zhao,x,y\nU4,Qian,cook,\xff\n'
    torn += "U5,Sun,pilot,Xian\n"
    content = ("member_id,name,occupation,region\n" + torn).encode("latin-1")
    result = take(tmp_path, "members", content)
    assert (result.added, result.rejected) == (1, 4)
    run, path = ImportRun.objects.get(pk=result.run_id), tmp_path / "rejects.csv"
    assert export(run, path, now=NOW) == 4
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["reject_surplus"] for row in rows] == ['["Beijing"]', "", "", ""]

    def replayed(**changes: str) -> list[str]:
        rows[0].update(changes)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        call_command("replay_rejects", run.pk, str(path))
        return sorted(Member.objects.exclude(name="Sun").values_list("name", "region"))

    assert replayed() == []
    # What was too much still stands there.
    assert replayed(name="Wang Xiaoming", occupation="teacher", region="Beijing") == []
    assert "4 rows of import" in capsys.readouterr().err
    assert replayed(reject_surplus="") == [("Wang Xiaoming", "Beijing")]
    assert run.rejects.filter(resolved_at=None).count() == 3


@pytest.mark.django_db(transaction=True)
def test_where_rejects_went_is_said(tmp_path, capsys):
    first, second = (take(tmp_path, "channels", "channel,name\n,x\n").run_id for _ in range(2))
    call_command("replay_rejects", first)
    assert f"pending under import {second}" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_refused_mobile_is_fixed_in_the_export(tmp_path):
    result = take(tmp_path, "members", "member_id,mobile\nU1,138 1234 567\n")
    path = tmp_path / "rejects.csv"
    export(ImportRun.objects.get(), path, now=NOW)
    text = path.read_text(encoding="utf-8-sig")
    assert "138 1234 567" in text
    path.write_text(text.replace("138 1234 567", "138 1234 5678"), encoding="utf-8-sig")
    assert retry_rejects(result.run_id, path, now=NOW).added == 1
    assert Member.objects.get().mobile is not None


@pytest.mark.django_db
def test_the_export_runs_nothing_in_a_spreadsheet_and_comes_back_as_it_was(tmp_path):
    names = ["=1+1", "'=1+1", "''＝1+1", "\u3000+1", "'quoted", "a\r\nb", "-", "＠x"]
    path = tmp_path / "c.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["channel", "name"], *(["", name] for name in names)])
    result = import_file("channels", path, now=NOW)
    assert result.rejected == len(names)
    run, exported = ImportRun.objects.get(pk=result.run_id), tmp_path / "rejects.csv"
    export(run, exported, now=NOW)
    with exported.open(encoding="utf-8-sig", newline="") as file:
        cells = [row["name"] for row in csv.DictReader(file)]
    assert not [cell for cell in cells if cell.lstrip()[0] in "=+-@＝＋－＠"]
    kept = [decrypt_row(reject.row)["name"] for reject in run.rejects.order_by("line")]
    with open_source(exported, kinds.get("channels"), HOW_READ) as file:
        columns, rows = fixed_rows(run, file)
        assert columns == ["channel", "name"]
        assert [record.fields[1] for _, record in rows] == kept


@pytest.mark.django_db
def test_the_same_file_again_does_not_double_what_waits(tmp_path):
    for _ in range(3):
        take(tmp_path, "channels", "channel,name\n,x\n")
    assert Reject.objects.filter(resolved_at=None).count() == 1
    assert Reject.objects.count() == 3


@pytest.mark.django_db
def test_rejects_of_a_load_that_was_stopped_wait_under_the_next_one(tmp_path, monkeypatch):
    monkeypatch.setattr(load_module, "CHUNK", 1 << 20)
    path = tmp_path / "c.csv"
    path.write_text("channel,name\n,x\n" + "".join(f"c{n},{'y' * 100}\n" for n in range(20_000)))

    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file("channels", path, now=NOW, progress=stop)
    stopped = ImportRun.objects.get()
    assert (stopped.outcome, stopped.digest, stopped.rejected) == ("failed", "", 1)
    assert import_file("channels", path, now=NOW).rejected == 1
    assert Reject.objects.filter(resolved_at=None).count() == 1
    stopped.refresh_from_db()
    assert stopped.rejects.get().outcome == "superseded"


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_replayed_is_said(tmp_path):
    take(tmp_path, "channels", "channel,name\n,x\n")
    run = ImportRun.objects.get().pk
    other = tmp_path / "other.csv"
    other.write_text("channel\napp\n")
    for arguments, why in [
        ((run + 1,), "does not exist"),
        ((run, str(other)), "no column 'reject'"),
        ((run, str(tmp_path / "none.csv")), "cannot be read"),
    ]:
        with pytest.raises(CommandError, match=why):
            call_command("replay_rejects", *arguments)
    for source in ("s" * 61, "a:b", "a b"):
        with pytest.raises(CommandError, match="letters, digits"):
            call_command("import_csv", "channels", str(other), source=source)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_rejects", run, str(other))
    assert other.read_text() == "channel\napp\n"
