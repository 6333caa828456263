"""The first load of a page: what it fetches, from where, and how much that weighs on the wire."""

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders

from crm.staff.models import Role
from members.lifecycle.models import Policy
from tests.crm.cast import NOW, browser_of, member, staff_of

MOST = 150_000  # bytes
PAGES = ("/", "/members/", "/lifecycle/", "/policy/", "/jobs/", "/imports/", "/gallery/", "/palette/")
FETCHED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "use": "href"}


class Fetches(HTMLParser):
    """Addresses that a browser fetches by itself to show the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get(FETCHED.get(tag, ""))
        if address:
            self.found.add(address)


def fetched(page: str) -> set[str]:
    """What the page fetches, with what its scripts and sheets fetch in turn."""
    parser = Fetches()
    parser.feed(page)
    waiting, found = set(parser.found), set()
    while waiting:
        address = waiting.pop()
        found.add(address)
        if address.startswith("/static/") and address.endswith((".js", ".css")):
            text = content(address).decode()
            inner = re.findall(r'(?:from|import)\s*"(\.[^"]+)"|url\(["\']?([^"\')]+)', text)
            further = {urljoin(address, one or other) for one, other in inner}
            waiting |= {one for one in further if not one.startswith("data:")} - found
    return found


def content(address: str) -> bytes:
    path = finders.find(address.removeprefix("/static/"))
    assert path, address
    with open(path, "rb") as file:
        return file.read()


def on_the_wire(address: str) -> int:
    """Bytes as whitenoise sends them: gzip where that is smaller."""
    plain = content(address)
    return min(len(plain), len(gzip.compress(plain, 9)))


@pytest.fixture
def crowd(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW.replace(year=2015)})
    return [member(f"王小明{number}", aum=number * 1000) for number in range(60)]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATIONS])
def test_the_first_load_is_light_and_comes_from_one_host(crowd, role):
    client = browser_of(staff_of(role))
    static: dict[str, int] = {}
    for path in (*PAGES, f"/members/{crowd[0].id}/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        addresses = fetched(page)
        assert {urlsplit(address).netloc for address in addresses} == {""}, path
        assert all(address.startswith("/static/") for address in addresses), path
        for address in addresses - static.keys():
            static[address] = on_the_wire(address)
        weight = len(answer.content) + sum(static[address] for address in addresses)
        assert weight <= MOST, f"{path}: {weight}"
        assert not re.search(r"https?://(?!www\.w3\.org)", page), path


def test_a_fetch_from_elsewhere_would_be_seen():
    page = '<link href="https://fonts.example/a.css"><script src="/static/js/app.js"></script>'
    assert "https://fonts.example/a.css" in fetched(page)
    assert "/static/js/toast.js" in fetched(page)
