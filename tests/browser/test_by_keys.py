"""From the sign-in page to an answer without a pointer: every role, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crm.demo.staff import PASSWORD
from crm.staff.models import Role, Staff
from tests.browser.town import WHO, Town
from tests.harness.chrome import until

pytestmark = pytest.mark.browser
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
WORDS = {
    "en": {
        "today": "Today", "members": "Members", "next": "What happens next", "open": "Open member",
        "timeline": "Timeline", "reveals": "Data access log", "reasons": "Reason", "requests": "Requests",
        "imports": "Imports", "rejects": "Rejected rows", "policy": "Policy",
        "propose": "Propose changes", "would": "would change stage or sub-state immediately",
        "staff": "Staff", "search": "Search staff", "kpis": "KPIs", "formula": "Formula",
        "manager": "Relationship manager", "keys": "Keyboard shortcuts", "palette": "Page, member or action",
        "decides": "Policy of the stages", "sign": "Sign in",
    },
    "zh-hans": {
        "today": "今天", "members": "会员", "next": "后续变化", "open": "打开会员",
        "timeline": "动态", "reveals": "敏感信息查看日志", "reasons": "原因", "requests": "变更申请",
        "imports": "导入", "rejects": "拒收行", "policy": "政策",
        "propose": "提出变更", "would": "立即改变阶段或子状态",
        "staff": "员工", "search": "查找员工", "kpis": "指标", "formula": "公式",
        "manager": "客户经理", "keys": "本页快捷键", "palette": "页面、会员或操作",
        "decides": "生命周期政策", "sign": "登录",
    },
}  # fmt: skip
FOCUS = """() => { const one = document.activeElement, style = getComputedStyle(one);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const shown = one !== document.body && one.matches(":focus-visible") && outlined;
  return shown && { text: one.innerText ?? "" } }"""
ON = "words => document.activeElement.innerText?.trim().startsWith(words)"


class Reader:
    """Somebody with a keyboard only. Every step that moves the focus looks where it went."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.words = page, WORDS[language]

    def signs_in(self, username: str) -> None:
        self.page.goto("/")
        expect(self.page.get_by_role("heading", name=self.words["sign"])).to_be_visible()
        self.page.keyboard.type(username)  # the field has the focus already
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.reads(self.words["today"])

    def reads(self, heading: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(heading)
        self.page.locator("html.js").wait_for()  # keys work from then on

    def goes(self, letter: str, heading: str) -> None:
        self.page.keyboard.press("g")
        self.page.keyboard.press(letter)
        self.reads(heading)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.sees_the_focus()

    def enters(self) -> None:
        """What has the focus opens a page."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def sees_the_focus(self) -> str:
        """The text of what has the focus; it may be on its way to a part that is just being put in place."""
        return until(self.page, FOCUS)["text"]

    def sees_the_focus_on(self, words: str) -> None:
        until(self.page, ON, words.strip())
        self.sees_the_focus()

    def tabs_to(self, words: str) -> None:
        for _ in range(90):
            self.page.keyboard.press("Tab")
            if self.sees_the_focus().strip().startswith(words):
                return
        raise AssertionError(f"{words} cannot be reached by Tab on {self.page.url}")

    def asks_for_help_and_returns(self) -> None:
        """Two dialogs, opened and shut, and the focus is where it was."""
        before = self.sees_the_focus()
        for key, name in (("?", self.words["keys"]), ("Control+k", self.words["palette"])):
            self.page.keyboard.press(key)
            dialog = self.page.locator("dialog[open]")
            expect(dialog.get_by_text(name).or_(dialog.get_by_placeholder(name)).first).to_be_visible()
            self.page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
            self.sees_the_focus_on(before)


def manager(reader: Reader, town: Town) -> None:
    """Opens the first of the own book, and reads the stage, why, and what comes next."""
    reader.goes("m", reader.words["members"])
    reader.presses("j", "j", "k")
    name = reader.sees_the_focus()
    reader.asks_for_help_and_returns()
    reader.enters()
    reader.reads(name)
    expect(reader.page.locator(".who .stage")).not_to_be_empty()
    expect(reader.page.locator(".who .answer")).not_to_be_empty()
    expect(reader.page.get_by_role("heading", name=reader.words["next"])).to_be_visible()


def lead(reader: Reader, town: Town) -> None:
    """Looks at a member of the team beside the list, and is back in the list after."""
    reader.goes("m", reader.words["members"])
    reader.presses("j", "p")
    panel = reader.page.locator("#peek")
    expect(panel.get_by_text(reader.words["open"])).to_be_visible()
    expect(panel.locator(".answer")).not_to_be_empty()
    reader.presses("Escape")
    expect(panel).to_be_hidden()
    until(reader.page, "Boolean(document.activeElement.closest('[data-rows]'))")


def service(reader: Reader, town: Town) -> None:
    """Finds a caller by name, who is the only one, and reads what happened last."""
    reader.page.keyboard.type(town.moved.name)  # the field has the focus already
    reader.enters()
    reader.reads(town.moved.name[0] + "*")
    reader.tabs_to(reader.words["timeline"])
    reader.page.keyboard.press("Enter")
    reader.page.locator(".timeline > li").first.wait_for()
    reader.sees_the_focus_on(reader.words["timeline"])


def compliance(reader: Reader, town: Town) -> None:
    """Reads who was shown what and why, and what waits for a second pair of eyes."""
    reader.goes("v", reader.words["reveals"])
    expect(reader.page.get_by_role("columnheader", name=reader.words["reasons"])).to_be_visible()
    expect(reader.page.get_by_role("cell", name="asked for a meeting")).to_be_visible()
    reader.goes("r", reader.words["requests"])
    expect(reader.page.locator("[data-rows] > li", has_text="spring campaign")).to_be_visible()


def operations(reader: Reader, town: Town) -> None:
    """Sees which rows of a file were refused, and whom another policy would move."""
    reader.goes("i", reader.words["imports"])
    for _ in range(20):
        reader.presses("j")
        if "bad.csv" in reader.sees_the_focus():
            break
    reader.enters()
    expect(reader.page.get_by_role("heading", name=reader.words["rejects"])).to_be_visible()
    reader.goes("p", reader.words["policy"])
    reader.tabs_to(reader.words["propose"])
    reader.page.keyboard.press("Enter")
    reader.presses("Tab")
    reader.page.keyboard.press("Control+a")
    reader.page.keyboard.type("3")
    reader.enters()
    expect(reader.page.locator("#preview")).to_contain_text(reader.words["would"])


def administrator(reader: Reader, town: Town) -> None:
    """Finds a colleague and reads the account."""
    reader.goes("s", reader.words["staff"])
    reader.page.keyboard.press("/")
    expect(reader.page.get_by_label(reader.words["search"])).to_be_focused()
    reader.page.keyboard.type("沈佳怡")
    expect(reader.page.locator("[data-rows] > tr")).to_have_count(1)
    expect(reader.page.get_by_label(reader.words["search"])).to_be_focused()
    reader.presses("ArrowDown")
    reader.sees_the_focus_on("沈佳怡")
    reader.enters()
    reader.reads("沈佳怡")
    expect(reader.page.locator(".who")).to_contain_text(reader.words["manager"])


def analyst(reader: Reader, town: Town) -> None:
    """Reads a KPI, and how it is counted."""
    reader.goes("k", reader.words["kpis"])
    reader.page.locator(".kpi-list a.name").first.wait_for()
    reader.tabs_to(reader.page.locator(".kpi-list a.name").first.inner_text())
    reader.enters()
    expect(reader.page.get_by_text(reader.words["formula"]).first).to_be_visible()


ERRANDS = {
    Role.RELATIONSHIP_MANAGER: manager,
    Role.TEAM_LEAD: lead,
    Role.CUSTOMER_SERVICE: service,
    Role.COMPLIANCE: compliance,
    Role.OPERATIONS: operations,
    Role.ADMINISTRATOR: administrator,
    Role.ANALYST: analyst,
}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("role", Role.values)
def test_each_role_comes_from_the_door_to_its_answer_by_keys(town, visiting, role, language):
    with visiting(locale=LOCALES[language]) as (page, complaints):
        Staff.objects.filter(username=WHO[role]).update(language=language)
        reader = Reader(page, language)
        reader.signs_in(WHO[role])
        ERRANDS[Role(role)](reader, town)
        assert complaints == []
