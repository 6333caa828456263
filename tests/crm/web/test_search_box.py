import pytest

from crm.staff.models import Role
from tests.crm.cast import browser_of, staff_of

HTMX = {"HX-Request": "true"}
SEE_JOBS = {Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}
SEE_IMPORTS = {Role.OPERATIONS, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", Role)
def test_every_page_has_one_search_that_its_key_leads_to(world, role):
    browser = browser_of(staff_of(role))
    for address in (
        "/",
        "/members/",
        "/policy/",
        "/requests/",
        "/account/",
        "/staff/",
        "/teams/",
        "/reveals/",
    ):
        answer = browser.get(address)
        assert answer.status_code == 403 or answer.content.decode().count('data-key="/"') == 1, address


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.ANALYST, "member number, such as #123"),
        (Role.OPERATIONS, "member number, external id, family name"),
        (Role.CUSTOMER_SERVICE, "name, pinyin"),
        (Role.RELATIONSHIP_MANAGER, "name, pinyin"),
    ],
)
def test_the_search_offers_what_the_role_may_search_by(world, role, words):
    browser, nobody = browser_of(staff_of(role)), "Search by any part of the name"
    assert words in browser.get("/").content.decode().lower()
    found = browser.post("/members/search/", {"q": "nobody"}, follow=True).content.decode()
    assert words in found.lower()
    assert (nobody in found) == (role in (Role.CUSTOMER_SERVICE, Role.RELATIONSHIP_MANAGER))
