"""What cannot be an id is a 404 in an address and "not valid" in a query, and never a fault."""

import pytest
from django import forms
from django.contrib import admin
from django.urls import Resolver404, resolve
from hypothesis import given
from hypothesis import strategies as st

from crm.staff.models import Role
from crm.web.ids import BIGGEST, IdConverter, IdField, id_or_none
from tests.crm.cast import browser_of, staff_of
from tests.crm.staff.access_table import addresses

NO_IDS = ("0", "-1", "007", "1.0", "1_0", "²", "１", " 1", "1\n", "+1", "x", "", str(BIGGEST + 1), "9" * 5000)
HTMX = {"HX-Request": "true"}


@given(st.integers(1, BIGGEST))
def test_an_id_comes_back_as_it_was_written(number):
    assert id_or_none(str(number)) == number
    assert IdConverter().to_url(IdConverter().to_python(str(number))) == str(number)


@given(st.text() | st.integers().map(str))
def test_nothing_else_is_an_id(text):
    found = id_or_none(text)
    assert found is None or (str(found) == text and 0 < found <= BIGGEST)


@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_id_is_none(text):
    assert id_or_none(text) is None


def test_a_field_takes_a_mark_and_blanks_around():
    field = IdField(mark="#", required=False)
    assert [field.clean(text) for text in ("#12", " 12 ", "", None)] == [12, 12, None, None]
    for text in ("12#", "##12", str(BIGGEST + 1)):
        with pytest.raises(forms.ValidationError):
            field.clean(text)


def is_nothing(path: str) -> bool:
    """Whether no view of ours answers; beneath the administration its own view of what is not there does."""
    try:
        return getattr(resolve(path).func, "__wrapped__", None) == admin.site.catch_all_view
    except Resolver404:
        return True


def test_no_address_resolves_for_an_id_that_no_row_can_have():
    named = [address for address in addresses() if "<id:" in address.route]
    assert len(named) > 20
    for address in named:
        good = address.path(dict.fromkeys(address.varies, BIGGEST))
        assert resolve(good)
        for text in ("0", str(BIGGEST + 1), "9" * 30, "9" * 5000):
            assert is_nothing(address.path(dict.fromkeys(address.varies, text))), address.name


def test_no_address_of_ours_takes_an_id_without_a_bound():
    others = {address.name for address in addresses() if "<int:" in address.route}
    assert others == {"gallery-peek", "gallery-progress"}  # samples: nothing is looked up


@pytest.mark.parametrize("number", [str(BIGGEST + 1), "9" * 30, "9" * 5000, "0", "-1", "x", "1\0"])
@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        (Role.OPERATIONS, "/members/?manager=", 400),
        (Role.OPERATIONS, "/members/?view=", 200),
        (Role.OPERATIONS, "/members/?q=%23", 200),
        (Role.OPERATIONS, "/members/views/save/?view=", 200),
        (Role.ANALYST, "/members/?q=", 200),
        (Role.ADMINISTRATOR, "/staff/?team=", 400),
        (Role.COMPLIANCE, "/reveals/?staff=", 400),
        (Role.COMPLIANCE, "/reveals/?member=", 400),
        (Role.ADMINISTRATOR, "/policy/?trial=", 404),
    ],
)
def test_a_query_with_an_id_that_no_row_can_have_is_answered_in_words(world, role, address, status, number):
    answer = browser_of(staff_of(role)).get(address + number.replace("\0", "%00"))
    assert answer.status_code == status


@pytest.mark.parametrize("number", [str(BIGGEST + 1), "9" * 30, "0", "x"])
def test_a_form_with_an_id_that_no_row_can_have_is_answered_in_words(world, number):
    operations = browser_of(staff_of(Role.OPERATIONS))
    assert operations.post("/members/views/begin/", {"view": number}).status_code == 404
    administrator = browser_of(staff_of(Role.ADMINISTRATOR))
    form = {"username": "new", "display_name": "New", "role": "analyst", "team": number, "language": "en"}
    assert administrator.post("/staff/add/", form | {"reason": "joins the team"}).status_code == 422
    address = f"/admin/portfolio/category/{number}/change/"
    assert administrator.get(address).status_code in {302, 404}
