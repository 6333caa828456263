"""A member answers the risk questionnaire on a phone, in the dark, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from members.profiles.models import Attempt, Member
from members.profiles.questionnaires.links import address_of, request_link
from tests.crm.cast import NOW, member
from tests.members.profiles.questionnaires.paper import form, in_force

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False, "color_scheme": "dark"}
FINGER = 44  # pixels that a finger hits


def test_a_member_answers_on_a_phone_without_script(world, browsing):
    version = in_force()
    row = member()
    Member.objects.filter(pk=row.pk).update(language="zh-CN")
    page_of = address_of(request_link(member_id=row.pk, by=None, now=NOW))
    answers = {name: chosen for name, chosen in form("C3").items() if name.startswith("q-")}
    with browsing(**PHONE) as (page, complaints):
        page.goto(page_of)
        expect(page.locator("fieldset")).to_have_count(len(version.questions))
        expect(page.locator(":checked")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for label in page.locator("fieldset > label").all()[:6]:
            assert (label.bounding_box() or {"height": 0})["height"] >= FINGER
        for name, (chosen, *_more) in list(answers.items())[:-1]:
            page.locator(f"input[name='{name}'][value='{chosen}']").check()
        page.get_by_role("button", name="提交答案").click()
        expect(page.get_by_text("还有 1 道题未作答")).to_be_visible()
        expect(page.locator(":checked")).to_have_count(len(answers) - 1)
        (last, (chosen, *_more)) = list(answers.items())[-1]
        page.locator(f"input[name='{last}'][value='{chosen}']").check()
        page.get_by_role("button", name="提交答案").click()
        expect(page.get_by_text("感谢您的填写")).to_be_visible()
        expect(page.get_by_text("C3", exact=True)).to_be_visible()
        page.get_by_role("link", name="English").click()
        expect(page.get_by_text("Your risk class")).to_be_visible()
        refusal = [one for one in complaints if "422" not in one]
    assert refusal == []
    assert Attempt.objects.get(member=row).risk_class == "C3"
