"""Which language a page speaks: what the account has chosen, else the device, else the browser, else ours."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from crm.staff.models import Language, Role, Staff
from tests.crm.cast import browser_of

CHINESE, ENGLISH = "zh-Hans", "en"
ASKED = {
    "zh-CN,zh;q=0.9,en;q=0.8": CHINESE,
    "zh-TW": CHINESE,
    "zh-Hant-HK,zh-TW;q=0.8": CHINESE,
    "zh": CHINESE,
    "zh-SG": CHINESE,
    "en-GB,en;q=0.9": ENGLISH,
    "en": ENGLISH,
    "de-AT,de;q=0.9,en;q=0.5": ENGLISH,
    "en;q=0.3,zh-CN;q=0.9": CHINESE,
    "de": CHINESE,  # neither is spoken there: the platform's own
    "*": CHINESE,
    "no language at all": CHINESE,
    "": CHINESE,
}


def spoken(client: Client, address: str, asked: str = "") -> str:
    page = client.get(address, headers={"Accept-Language": asked}, follow=True).content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.fixture
def undecided(world) -> Staff:
    return Staff.objects.create_user("ann", display_name="Ann", role=Role.ADMINISTRATOR)


@pytest.mark.parametrize(("asked", "language"), ASKED.items())
def test_whoever_has_not_chosen_reads_what_the_browser_asks_for(undecided, asked, language):
    assert undecided.language == ""
    assert spoken(Client(), "/sign-in/", asked) == language
    assert spoken(browser_of(undecided), "/account/", asked) == language


@pytest.mark.parametrize("address", ["/", "/no/such/page/", "/members/?stage=none", "/staff/", "/admin/"])
def test_pages_errors_and_the_administration_speak_it_alike(undecided, address):
    client = browser_of(undecided)
    for asked, language in (("en-GB", "en"), ("zh-TW", "zh-hans"), ("en-GB", "en")):  # nothing of it is kept
        assert spoken(client, address, asked).lower() == language


def test_what_is_kept_of_a_page_is_kept_for_its_language(undecided):
    client = browser_of(undecided)
    for asked, words, others in (("en", "Lifecycle", "生命周期"), ("zh", "生命周期", "Lifecycle")):
        page = client.get("/account/", headers={"Accept-Language": asked}).content.decode()
        rail = page.partition("<nav")[2].partition("</nav>")[0]
        assert words in rail and others not in rail


def test_a_choice_is_stronger_than_the_browser_on_any_device(undecided):
    client = browser_of(undecided)
    client.post("/preferences/language/", {"language": "zh-hans"})
    undecided.refresh_from_db()
    assert undecided.language == Language.CHINESE
    assert spoken(client, "/account/", "en") == CHINESE
    assert spoken(browser_of(undecided), "/account/", "en") == CHINESE
    client.post("/sign-out/")
    assert spoken(client, "/sign-in/", "en") == CHINESE


def test_a_choice_on_the_sign_in_page_holds_for_an_account_without_one(undecided):
    client = Client()
    client.post("/preferences/language/", {"language": "en"})
    client.force_login(undecided, backend="django.contrib.auth.backends.ModelBackend")
    assert spoken(client, "/account/", "zh-CN") == ENGLISH


def test_the_browser_can_be_followed_again(undecided):
    client = browser_of(undecided)
    page = client.get("/account/", headers={"Accept-Language": "en"}).content.decode()
    assert '<button name="language" value="" aria-pressed="true"> Same as browser' in " ".join(page.split())
    client.post("/preferences/language/", {"language": "zh-hans"})
    client.post("/preferences/language/", {"language": ""})
    undecided.refresh_from_db()
    assert undecided.language == ""
    assert spoken(client, "/account/", "en") == ENGLISH
    for unknown in ({"language": "tlh"}, {}):
        client.post("/preferences/language/", {"language": "en"})
        client.post("/preferences/language/", unknown)
        undecided.refresh_from_db()
        assert undecided.language == Language.ENGLISH


def test_a_notice_of_a_change_speaks_it(undecided):
    client = browser_of(undecided)
    form = {"name": "North", "reason": "a new region"}
    page = client.post("/teams/", form, headers={"Accept-Language": "en"}, follow=True).content.decode()
    assert "Team created" in page


def test_a_new_account_follows_the_browser_unless_said_otherwise(undecided):
    form = {"username": "bob", "display_name": "Bob", "role": "analyst", "reason": "joins the team"}
    browser_of(undecided).post("/staff/add/", form | {"language": ""})
    assert Staff.objects.get(username="bob").language == ""


def test_what_is_made_without_a_reader_speaks_the_platforms_language(world):
    translation.deactivate()  # as in a worker
    assert translation.get_language() == settings.LANGUAGE_CODE == Language.CHINESE
