"""The palette finds what one may open, do and see, and nothing else."""

import pytest

from crm.runtime.extension.labels import Verbatim
from crm.runtime.extension.registry import RegisteredTwice, Registry
from crm.staff.models import Role
from crm.staff.permissions import MANAGE_STAFF
from crm.web.palette import Command, Hit, Source, find, register_commands, register_source, registry
from crm.web.palette.registry import SHOWN
from tests.crm.cast import browser_of, markup, member, move, staff_of

HTMX = {"HX-Request": "true"}


def labels(answer) -> list[str]:
    return [str(hit.label) for group in answer.context_data["groups"] for hit in group.hits]


def test_an_empty_palette_offers_the_pages_and_actions_of_the_role(world):
    manager = browser_of(staff_of(Role.RELATIONSHIP_MANAGER, language="en")).get("/palette/")
    operator = browser_of(staff_of(Role.OPERATIONS, language="en")).get("/palette/")
    assert {"Members", "Lifecycle", "Sign out"} <= set(labels(manager))
    assert not {"Jobs", "Imports", "Import a file", "Propose a policy change"} & set(labels(manager))
    assert {"Jobs", "Imports", "Import a file", "Propose a policy change"} <= set(labels(operator))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [("en", "lifec", "Lifecycle"), ("zh-hans", "生命", "生命周期"), ("zh-hans", "lifecycle", "生命周期"),
     ("en", "DARK", "Theme: dark"), ("en", "log out", "Sign out"), ("zh-hans", "english", "English")],
)  # fmt: skip
def test_words_of_either_language_find_pages_and_actions(world, language, text, expected):
    client = browser_of(staff_of(Role.ANALYST, language=language))
    assert expected in labels(client.get("/palette/", {"q": text}))


def test_members_are_found_as_far_as_one_sees_them(world):
    manager, other = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.RELATIONSHIP_MANAGER)
    own = member("王小明", manager=manager, stage="decline")
    member("王小红", manager=other)
    mine = browser_of(manager).get("/palette/", {"q": "王小"}).content.decode()
    assert "王小明" in mine
    assert f"/members/{own.id}/" in mine
    assert "王小红" not in mine
    compliance = browser_of(staff_of(Role.COMPLIANCE))
    masked = compliance.get("/palette/", {"q": "王"}).content.decode()
    assert "王*" in masked
    assert "王小明" not in masked
    logged = compliance.post("/palette/", {"q": "王小"}).content.decode()
    assert "王*" not in logged
    assert "Search members for “王小” (logged)" in logged
    assert 'formaction="/members/search/"' in logged
    analyst = browser_of(staff_of(Role.ANALYST))
    assert f"/members/{own.id}/" not in analyst.get("/palette/", {"q": "王小"}).content.decode()
    by_number = analyst.get("/palette/", {"q": f"#{own.id}"}).content.decode()
    assert f"/members/{own.id}/" in by_number
    assert "王" not in by_number


@pytest.mark.parametrize(
    "text", ["王", "wang xm", "13800001234", "#1", "\0", "x" * 5000, "%_\\", "'; --", "😀"]
)
def test_whatever_is_typed_is_data_and_costs_at_most_ten_queries(world, text, django_assert_max_num_queries):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    for number in range(SHOWN + 4):
        move(member(f"王小明{number}", manager=manager, mobile=f"138000012{number:02}"), None, "growth")
    client = browser_of(manager)
    with django_assert_max_num_queries(10):
        answer = client.get("/palette/", {"q": text}, headers=HTMX)
    assert answer.status_code == 200
    assert all(len(group.hits) <= max(SHOWN, 15) for group in answer.context_data["groups"])


def test_htmx_gets_the_dialog_first_and_then_only_hits(world):
    client = browser_of(staff_of(Role.ANALYST))
    dialog = client.get("/palette/", headers=HTMX).content.decode()
    hits = client.get("/palette/", {"q": "x"}, headers=HTMX).content.decode()
    assert "<html" not in dialog
    assert 'role="combobox"' in dialog
    assert 'role="combobox"' not in hits
    assert hits.lstrip().startswith('<div class="hits"')
    assert "<html" in client.get("/palette/", {"q": "x"}).content.decode()


def test_an_action_leads_back_to_the_page_it_was_chosen_on(world):
    client = browser_of(staff_of(Role.ANALYST))
    page = client.get(
        "/palette/", headers={**HTMX, "HX-Current-URL": "http://testserver/members/?stage=growth"}
    )
    assert 'name="next" value="/members/?stage=growth"' in page.content.decode()
    assert 'formaction="/preferences/theme/" name="theme" value="dark"' in markup(page)


@pytest.fixture
def empty(monkeypatch):
    """A palette in which nobody has registered anything."""
    monkeypatch.setattr(registry, "_commands", Registry("command"))
    monkeypatch.setattr(registry, "_sources", Registry("palette source"))


def fly(label: str = "Fly") -> Command:
    return Command(Verbatim(label), "home", MANAGE_STAFF)


def test_what_is_registered_is_offered_to_whom_it_may(world, empty):
    register_source("sample", Source(Verbatim("Samples"), lambda text, staff: [Hit(text, "/")] * 99))
    register_commands(fly())
    groups = {str(group.title): group for group in find("fly", staff_of(Role.ADMINISTRATOR))}
    assert len(groups["Samples"].hits) == SHOWN
    assert [hit.label for hit in groups["Actions"].hits] == ["Fly"]
    assert "Actions" not in {str(group.title) for group in find("fly", staff_of(Role.ANALYST))}


def test_of_two_that_do_the_same_both_are_named(empty):
    register_commands(fly())
    with pytest.raises(RegisteredTwice, match=r"home \(Fly\) and home \(Take off\)"):
        register_commands(fly("Take off"))
    register_source("sample", Source(Verbatim("Samples"), lambda text, staff: []))
    with pytest.raises(RegisteredTwice, match="sample"):
        register_source("sample", Source(Verbatim("Others"), lambda text, staff: []))
