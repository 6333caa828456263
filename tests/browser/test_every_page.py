"""Every page, in light and dark, wide, narrow, enlarged and on paper: nothing to complain of."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from crm.staff.models import Role, Staff
from tests.browser.sound.axe import findings
from tests.browser.sound.phone import unusable
from tests.browser.town import WHO
from tests.crm.cast import browser_of
from tests.crm.staff.access_table import Address, addresses, line_of, lines

pytestmark = pytest.mark.browser
WIDE, ENLARGED, NARROW = ((1440, 900), (720, 450), (360, 780))  # 1440 pixels at 200 % are 720 wide
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
WIDEST = """() => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
  && one.getBoundingClientRect().right > innerWidth + 1).slice(-3).map((one) => one.outerHTML.slice(0, 90))"""

# What a GET does not answer with a page of its own, and what it answers instead.
NO_PAGES = {
    "timeline": "a part",
    "copy-evidence": "a file",
    "import-progress": "a part",
    "gallery-progress": "a part",
    "import-template": "a file",
}
QUERIES = {
    "import-undo": "?run={run_id}",
    "import-fix-reason": "?field=mobile&code=mobile_digits",
    "job-history": "?job=restage+members",
    "loyalty-tier-changes": "?from={low_tier}&to={high_tier}",
    "moves": "?month=2026-03&to=decline",
    "palette": "?q=life",
    "points-rule": "?activity=transaction",
}
# One page, several faces.
FACES = {
    "member": (
        "?tab=consent",
        "?tab=consent&part=contacts",
        "?tab=consent&part=rights",
        "?tab=products",
        "?tab=timeline",
        "?tab=person",
        "?tab=history",
    ),
    "members": ("?stage=decline&warning=any", "?q=nobody-has-this-name"),
    "policy": ("?trial={trial_id}", "?trial={other_trial_id}"),
    "requests": ("?tab=mine", "?tab=decided"),
}
# Addresses that want another example than the others with the same name in their route.
OWN = {
    "copy": {"code": "copy_code"},
    "copy-change": {"code": "copy_code"},
    "copy-write": {"code": "copy_code"},
    "incentive": {"code": "incentive_code"},
    "incentive-change": {"code": "incentive_code"},
    "outbox-message": {"member_id": "messaged_id"},
    "unsubscribe": {"token": "unsubscribe_token"},
    "wording-rule": {"code": "wording_code"},
}
SAMPLES = {"/gallery/"}  # shows a first heading among its samples, besides its own
ADMINISTRATION = {
    "admin:index", "admin:app_list", "admin:staff_staff_changelist", "admin:portfolio_category_changelist",
    "admin:portfolio_category_change", "admin:portfolio_category_add", "admin:portfolio_product_add",
    "admin:password_change",
}  # fmt: skip


@pytest.fixture(scope="module")
def judged() -> set[str]:
    """Kinds of elements whose colours are sound, of all pages that this process has seen."""
    return set()


def pages() -> list[Address]:
    """Every address that answers the administrator with a page, of the administration one of a kind."""
    table = lines()
    return [
        address
        for address in addresses()
        if address.name not in NO_PAGES
        and (address.name in ADMINISTRATION or not address.name.startswith("admin:"))
        and (line := line_of(address.name, table))
        and line.cells[Role.ADMINISTRATOR] != "–"
    ]


def faces() -> list[tuple[Address, str]]:
    """(address, query) for every page, and once more for each further face of it."""
    return [
        (address, query)
        for address in pages()
        for query in (QUERIES.get(address.name, ""), *FACES.get(address.name, ()))
    ]


def judge(page: Page, path: str, complaints: list[str], lang: str, judged: set[str]) -> list[str]:
    """Everything wrong with one page: loaded once, then seen in both themes, all widths and on paper."""
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.emulate_media(color_scheme="light", media="screen")
    answer = page.goto(path)
    page.wait_for_load_state("load")
    wrong = [] if answer and answer.ok else [f"status {answer and answer.status}"]
    wrong += _frame(page, path, lang)
    wrong += [f"light: {one}" for one in findings(page, judged)]
    page.emulate_media(color_scheme="dark")
    if path.startswith("/admin/"):  # its theme is chosen as the page is loaded
        page.reload()
    wrong += [f"dark: {one}" for one in findings(page, judged, colours_only=True)]
    for width, height in (WIDE, ENLARGED, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate(TOO_WIDE):
            wrong.append(f"scrolls sideways at {width}: {page.evaluate(WIDEST)}")
    if not path.startswith("/admin/"):  # whose parts are another library's
        wrong += [f"on a phone: {one}" for one in unusable(page)]
    page.emulate_media(media="print", color_scheme="light")
    if page.locator("nav.rail").is_visible():
        wrong.append("the rail is printed")
    wrong += complaints
    complaints.clear()
    return [f"{path}: {one}" for one in wrong]


def _frame(page: Page, path: str, lang: str) -> list[str]:
    told = page.evaluate(
        "() => [document.querySelectorAll('h1').length, document.title, document.documentElement.lang]"
    )
    wrong = [] if told[0] == 1 or path in SAMPLES else [f"{told[0]} first headings"]
    wrong += [] if told[1].strip(" ·") not in {"", "Perennial", "长青"} else ["no title"]
    return wrong + ([] if told[2] == lang else [f"lang is {told[2]!r}"])


@pytest.mark.parametrize(("address", "query"), faces(), ids=lambda part: getattr(part, "name", part))
def test_every_page_of_the_administrator_is_sound(town, walking, judged, address, query):
    missing = [name for name in address.varies if name not in town.examples]
    assert not missing, f"no example of {missing} in tests/browser/town.py"
    page, complaints = walking
    own = {name: town.examples[key] for name, key in OWN.get(address.name, {}).items()}
    path = address.path(town.examples | own) + query.format_map(town.examples)
    wrong = judge(page, path, complaints, "en", judged)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_the_pages_that_differ_by_role_are_sound_in_chinese(town, visiting, judged, role):
    wrong = []
    seen = ["/", f"/members/{town.moved.id}/?tab=person"]
    seen += [f"/members/{town.moved.id}/complaints/new/"] if role == Role.CUSTOMER_SERVICE else []
    seen += ["/members/"] if role in {Role.RELATIONSHIP_MANAGER, Role.ANALYST} else []
    with visiting(WHO[role], language="zh-hans") as (page, complaints):
        for path in seen:
            wrong += judge(page, path, complaints, "zh-Hans", judged)
    assert not wrong, "\n".join(wrong)


def test_the_doors_are_sound(town, visiting, judged):
    wrong = []
    with visiting() as (page, complaints):
        for path in ("/sign-in/?next=/members/", "/set-password/MQ/no-token/"):
            wrong += judge(page, path, complaints, "en", judged)  # the language the browser asks for
    assert not wrong, "\n".join(wrong)


def test_what_is_called_no_page_is_none(town, db):
    """A new page cannot hide among the exceptions."""
    clients = {"operations": browser_of(Staff.objects.get(username=WHO["operations"]))}
    for address in addresses():
        if address.name not in NO_PAGES:
            continue
        answer = clients["operations"].get(address.path(town.examples), headers={"HX-Request": "true"})
        body = answer.getvalue() if answer.streaming else answer.content
        assert answer.status_code in {200, 286}, address.name
        assert b"<html" not in body, address.name


def test_many_columns_scroll_and_none_is_too_narrow_for_words(visiting):
    named = (
        "stage,aum,manager,region,channel,occupation,risk_class,tags,products,last_login,warnings,sub_state"
    )
    with visiting("operations1", language="zh-hans") as (page, _complaints):
        page.goto(f"/members/?cols={named}")
        widths = (
            page.locator("#members tbody tr")
            .first.locator("td:not(.end)")
            .evaluate_all(
                "cells => cells.map(cell => cell.offsetWidth / parseFloat(getComputedStyle(cell).fontSize))"
            )
        )
        assert min(widths) >= 5  # characters
        scrolled = page.locator("#members .scroll").evaluate("box => box.scrollWidth > box.clientWidth")
        assert scrolled
