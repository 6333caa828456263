"""A revealed value: in its place, to copy and to dial, for five minutes, and nowhere afterwards."""

import pytest

from crm.staff.models import Reveal, Role
from tests.crm.cast import browser_of, markup, member, staff_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def service(world):
    return browser_of(staff_of(Role.CUSTOMER_SERVICE))


def reveal(client, row, field="mobile", **more):
    given = {"field": field, "reason": "核对身份"} | more
    return client.post(f"/members/{row.id}/reveal/", given, headers=HTMX)


def test_the_value_takes_the_place_of_the_mask_and_brings_the_mask_along(service):
    part = markup(reveal(service, member(mobile="13800001234")))
    shown, hidden = part.split("<template>")
    assert '<a class="strong" href="tel:+8613800001234">13800001234</a>' in shown
    assert 'data-copy="13800001234"' in shown
    assert 'data-revealed="300"' in shown and "Masked again after 5 minutes" in shown
    assert "138****1234" in hidden and "<form" in hidden
    assert "13800001234" not in hidden


@pytest.mark.parametrize(
    ("field", "value", "link"),
    [
        ("mobile", "+4915112345678", "tel:+4915112345678"),
        ("mobile", "13800001234", "tel:+8613800001234"),
        ("name", "13800001234", None),
    ],
)
def test_a_number_can_be_dialled(service, field, value, link):
    row = member(mobile=value) if field == "mobile" else member(value)
    part = reveal(service, row, field).content.decode()
    assert ("href=" in part) == bool(link)
    assert not link or f'href="{link}"' in part


def test_a_reason_is_chosen_or_typed(service):
    row = member(mobile="13800001234")
    page = markup(service.get(f"/members/{row.id}/?tab=person"))
    assert 'name="reason" value="verify_identity" formnovalidate>Verify identity<' in page
    reveal(service, row, reason=["", "verify_identity"])
    reveal(service, row, reason="asked by the branch")
    reasons = Reveal.objects.order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["verify_identity", "asked by the branch"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_reason_offered_is_long_enough(world, language):
    staff = staff_of(Role.CUSTOMER_SERVICE, language=language)
    row, client = member(mobile="13800001234"), browser_of(staff)
    page = markup(client.get(f"/members/{row.id}/?tab=person"))
    offered = {part.split('"')[0] for part in page.split('name="reason" value="')[1:]}
    assert len(offered) == 5
    assert all(reveal(client, row, reason=reason).status_code == 200 for reason in offered)


def test_a_reason_that_is_too_short_opens_the_form_again(service):
    answer = reveal(service, member(mobile="13800001234"), reason="a")
    assert answer.status_code == 422
    part = markup(answer)
    assert '<details class="reveal" open>' in part and 'value="a"' in part
    assert "13800001234" not in part


def test_no_answer_is_kept_and_without_script_the_page_masks_itself(service):
    row = member(mobile="13800001234")
    given = {"field": "mobile", "reason": "核对身份"}
    for headers in ({}, HTMX):
        answer = service.post(f"/members/{row.id}/reveal/", given, headers=headers)
        assert "no-store" in answer.headers["Cache-Control"]
        again = "" if headers else f"300; url=/members/{row.id}/?tab=person"
        assert answer.headers.get("Refresh", "") == again
    assert "13800001234" not in service.get(f"/members/{row.id}/?tab=person").content.decode()
