"""A refused row is fixed where it stands, in a dialog or on a page of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from crm.imports.loading.load import import_file
from crm.imports.models import ImportRun, Reject
from members.profiles.models import Channel
from tests.browser.town import NOW, WHO

pytestmark = pytest.mark.browser
ROWS = "table.rejects tbody tr"


@pytest.fixture
def run(db, tmp_path) -> ImportRun:
    path = tmp_path / "channels.csv"
    path.write_text("channel,name\n,fixed one\n,fixed two\n,fixed three\n")
    import_file("channels", path, now=NOW)
    return ImportRun.objects.latest("pk")


def test_rows_are_fixed_one_after_another_in_the_dialog(visiting, run):
    with visiting(WHO["operations"]) as (page, complaints):
        page.goto(f"/imports/{run.pk}/")
        dialog = page.locator("dialog[open]")
        for number, left in ((1, 2), (2, 1)):
            page.get_by_role("link", name="Fix").first.press("Enter")
            dialog.get_by_label("Channel *").fill(f"dialog-{number}")
            dialog.get_by_role("button", name="Save and retry").click()
            expect(page.locator(ROWS)).to_have_count(left)
            expect(dialog).to_have_count(0)
            expect(page.locator("dialog#dialog")).to_have_count(1)
        assert complaints == []
    assert Channel.objects.filter(code__startswith="dialog-").count() == 2


def test_a_row_on_a_page_of_its_own_leads_back_to_its_import(visiting, run):
    reject = Reject.objects.filter(run=run)[0]
    with visiting(WHO["operations"]) as (page, _):
        page.goto(f"/imports/{run.pk}/rejects/{reject.pk}/")
        page.get_by_role("button", name="Save and retry").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator("#content .errors")).to_be_visible()
        page.get_by_label("Channel *").fill("page-1")
        page.get_by_role("button", name="Save and retry").click()
        page.wait_for_url(f"**/imports/{run.pk}/")
        expect(page.get_by_text("Line 2 imported.")).to_be_visible()
        expect(page.locator(ROWS)).to_have_count(2)
