"""An empty cell leaves what is stored, or clears it where that was chosen, and then it is counted."""

import pytest

from crm.imports.options import ReadingOptions
from members.portfolio.models import SavingPlan
from members.profiles.models import Channel, Member
from tests.crm.imports.files import row, take

pytestmark = pytest.mark.django_db

CLEAR = ReadingOptions(blanks="clear")
FULL = {
    "registered_at": "2026-01-05",
    "name": "王芳",
    "mobile": "13800000001",
    "birth_date": "1980-01-02",
    "region": "上海",
    "channel": "app",
    "tags": "a;b",
    "risk_class": "C3",
    "risk_assessed_on": "2026-01-05",
}


def stored():
    member = Member.objects.select_related("channel").get()
    return (
        member.name,
        member.mobile_index is not None,
        str(member.birth_date),
        member.region,
        member.channel and member.channel.code,
        member.tags,
        member.risk_class,
        member.registered_at is not None,
    )


def test_empty_cells_leave_what_is_stored(tmp_path):
    take(tmp_path, "members", row("members", **FULL))
    before = stored()
    result = take(tmp_path, "members", row("members", **dict.fromkeys(FULL, "")))
    assert (result.updated, result.unchanged, result.cleared) == (0, 1, {})
    assert stored() == before
    take(tmp_path, "members", row("members", **dict.fromkeys(FULL, "") | {"region": "北京"}))
    assert stored() == (*before[:3], "北京", *before[4:])


def test_chosen_so_they_clear_it_and_are_counted(tmp_path):
    take(tmp_path, "members", row("members", **FULL))
    cells = dict.fromkeys(FULL, "") | {"registered_at": FULL["registered_at"]}
    result = take(tmp_path, "members", row("members", **cells), dry_run=True, options=CLEAR)
    assert result.cleared == dict.fromkeys(("name", "mobile", "birth_date", "region", "channel", "tags"), 1)
    take(tmp_path, "members", row("members", **cells), options=CLEAR)
    assert stored() == ("", False, "None", "", None, [], "C3", True)
    assert take(tmp_path, "members", row("members", **cells), options=CLEAR).cleared == {}


def test_tables_of_one_key_do_the_same(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    take(tmp_path, "saving_plans", row("saving_plans", ended_on="2026-12-01"))
    emptied = row("saving_plans", ended_on="")
    assert take(tmp_path, "saving_plans", emptied).unchanged == 1
    assert str(SavingPlan.objects.get().ended_on) == "2026-12-01"
    assert take(tmp_path, "saving_plans", emptied, options=CLEAR).cleared == {"ended_on": 1}
    assert SavingPlan.objects.get().ended_on is None


def test_a_channel_keeps_its_name_though_a_new_one_takes_its_code_for_one(tmp_path):
    take(tmp_path, "channels", row("channels", name="应用"))
    take(tmp_path, "channels", row("channels", name="", kind="own"))
    assert Channel.objects.values_list("name", "kind").get() == ("应用", "own")
