"""Every row keeps the import that last wrote it, and one that only repeats it changes nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from crm.imports import kinds
from crm.imports.fixing import fix as fixing
from crm.imports.loading.load import retry_rejects
from crm.imports.models import ImportRun, Reject
from crm.imports.provenance import Imported
from members.lifecycle.models import Dirty
from members.portfolio.models import Product, SavingPlan, Transaction, Valuation
from members.profiles.models import (
    Channel,
    ChannelSpend,
    Complaint,
    Consent,
    Event,
    Member,
    RiskAssessment,
    Signal,
    Touch,
)
from tests.crm.imports.files import NEEDED, NOW, row, take

# Said of each kind's row beside files.NEEDED, and what another file says differently.
BESIDE = {"channels": {"name": "An app"}, "touches": {"campaign": "autumn"}, "complaints": {"words": "late"}}
CHANGED = {
    "channels": {"name": "The app"},
    "spend": {"amount": "13"},
    "touches": {"campaign": "spring"},
    "products": {"name": "Steadier"},
    "transactions": {"amount": "101"},
    "valuations": {"aum": "101"},
    "events": {"name": "page"},
    "saving_plans": {"amount": "11"},
    "signals": {"kind": "closing_request"},
    "complaints": {"words": "too late"},
    "risk_assessments": {"risk_class": "C4"},
    "members": {"region": "Hunan"},
}
MODELS = {
    "channels": Channel,
    "spend": ChannelSpend,
    "touches": Touch,
    "products": Product,
    "transactions": Transaction,
    "valuations": Valuation,
    "events": Event,
    "saving_plans": SavingPlan,
    "signals": Signal,
    "complaints": Complaint,
    "consents": Consent,
    "risk_assessments": RiskAssessment,
    "members": Member,
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody(tmp_path):
    """U1, whom most rows are about; the run that brought the member."""
    return take(tmp_path, "members", row("members"), name="m.csv").run_id


def imports_of(model) -> set[int | None]:
    return set(model.objects.values_list("import_id", flat=True))


def test_whatever_a_file_fills_keeps_its_import():
    tables = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, Imported)}
    assert {kinds.get(name).table for name in kinds.names()} == set(tables)
    assert set(kinds.names()) == set(MODELS) == set(CHANGED) | {"consents"}  # which only grow


@pytest.mark.parametrize("kind", sorted(set(NEEDED) - {"members", "consents"}))
def test_the_import_that_added_or_changed_a_row_is_kept(tmp_path, somebody, kind):
    model, beside = MODELS[kind], BESIDE.get(kind, {})
    first = take(tmp_path, kind, row(kind, **beside))
    assert imports_of(model) == {first.run_id}
    again = take(tmp_path, kind, row(kind, **beside))
    assert (again.unchanged, again.updated) == (1, 0)
    assert imports_of(model) == {first.run_id}
    changing = take(tmp_path, kind, row(kind, **CHANGED[kind]))
    assert changing.updated == 1
    assert imports_of(model) == {changing.run_id}
    tried = take(tmp_path, kind, row(kind, **beside), dry_run=True)
    assert tried.updated == 1
    assert imports_of(model) == {changing.run_id}
    assert imports_of(Member) == {somebody}


def test_a_member_keeps_its_import_and_its_first_instant(tmp_path, somebody):
    assert take(tmp_path, "members", row("members")).unchanged == 1
    assert imports_of(Member) == {somebody}
    assert take(tmp_path, "members", row("members", region="Hunan"), dry_run=True).updated == 1
    assert imports_of(Member) == {somebody}
    changing = take(tmp_path, "members", row("members", region="Hunan"))
    assert imports_of(Member) == {changing.run_id}
    assert Member.objects.get().imported_at == NOW


def test_an_assessment_told_with_a_member_keeps_the_members_import(tmp_path, somebody):
    told = row("members", risk_class="C2", risk_assessed_on="2026-05-01")
    first = take(tmp_path, "members", told)
    assert imports_of(RiskAssessment) == {first.run_id}
    take(tmp_path, "members", told)
    assert imports_of(RiskAssessment) == {first.run_id}
    later = take(tmp_path, "risk_assessments", row("risk_assessments"))
    assert imports_of(RiskAssessment) == {later.run_id}
    assert Member.objects.get().risk_class == "C3"
    assert imports_of(Member) == {first.run_id}  # the class is the assessment's, the record is not


def test_channels_made_on_the_way_keep_the_import_that_named_them(tmp_path, somebody):
    spend = take(tmp_path, "spend", row("spend"))
    members = take(tmp_path, "members", row("members", channel="web"))
    assert dict(Channel.objects.values_list("code", "import_id")) == {
        "app": spend.run_id,
        "web": members.run_id,
    }


def test_a_touch_keeps_its_import_when_its_visitor_turns_out_to_be_a_member(tmp_path, somebody):
    head = "touch_id,at,channel,visitor_id,member_id\n"
    before = take(tmp_path, "touches", head + "t1,2026-05-01,app,V,\n")
    joining = take(tmp_path, "touches", head + "t2,2026-05-02,app,V,U1\n")
    stored = {one.id: (one.import_id, one.member_id is not None) for one in Touch.objects.all()}
    assert stored == {"t1": (before.run_id, True), "t2": (joining.run_id, True)}


def test_known_and_new_rows_of_one_file_are_told_apart(tmp_path, somebody):
    head = "transaction_id,member_id,at,kind,amount\n"
    first = take(tmp_path, "transactions", head + "a,U1,2026-05-01,buy,1\nb,U1,2026-05-01,buy,1\n")
    mixed = take(
        tmp_path,
        "transactions",
        head + "a,U1,2026-05-01,buy,1\nb,U1,2026-05-01,buy,2\nc,U1,2026-05-01,buy,1\n",
    )
    assert (mixed.added, mixed.updated, mixed.unchanged) == (1, 1, 1)
    stored = dict(Transaction.objects.values_list("id", "import_id"))
    assert stored == {"a": first.run_id, "b": mixed.run_id, "c": mixed.run_id}


def test_a_replayed_row_comes_from_the_replay_and_one_fixed_in_place_from_its_file(tmp_path):
    head = "event_id,member_id,at,name\n"
    rejected = take(tmp_path, "events", head + "e1,U1,2026-05-01,login\ne2,U2,2026-05-01,login\n")
    take(tmp_path, "members", "member_id\nU1\nU2\n", name="m.csv")
    run = ImportRun.objects.get(pk=rejected.run_id)
    fixing.retry(run, [Reject.objects.get(line=2).pk], now=NOW)
    again = retry_rejects(rejected.run_id, None, now=NOW)
    assert dict(Event.objects.values_list("id", "import_id")) == {"e1": run.pk, "e2": again.run_id}


def test_another_import_alone_has_nobody_looked_at_again(tmp_path, somebody):
    for kind in ("transactions", "valuations", "events", "signals"):
        take(tmp_path, kind, row(kind))
    Dirty.objects.all().delete()
    with connection.cursor() as cursor:
        for kind in ("members", "transactions", "valuations", "events", "signals"):
            cursor.execute(f"UPDATE {MODELS[kind]._meta.db_table} SET import_id = 987654")
            assert cursor.rowcount == 1
    assert not Dirty.objects.exists()
    for kind in ("transactions", "valuations", "events", "signals"):
        take(tmp_path, kind, row(kind, **CHANGED[kind]))
        assert Dirty.objects.exists(), kind
        Dirty.objects.all().delete()
