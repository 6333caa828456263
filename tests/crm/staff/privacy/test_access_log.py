import pytest
from django.db import IntegrityError, transaction

from crm.runtime.extension.labels import Verbatim
from crm.runtime.extension.registry import RegisteredTwice
from crm.staff.models import Reveal, Role
from crm.staff.permissions import REVEAL, NotAllowed
from crm.staff.privacy.access_log import ReasonMissing, field_label, log, register
from tests.crm.staff.people import NOW, staff_of

pytestmark = pytest.mark.django_db


def _log(staff, reason="Client asked for a call"):
    return log(staff=staff, member_id=7, field="mobile", reason=reason, now=NOW)


def test_a_reveal_is_kept_with_who_whose_which_why_and_when():
    staff = staff_of(Role.CUSTOMER_SERVICE)
    _log(staff)
    row = Reveal.objects.get()
    assert (row.staff, row.member_id, row.field, row.reason, row.at) == (
        staff, 7, "mobile", "Client asked for a call", NOW,
    )  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_only_roles_of_the_table_reveal(role):
    staff = staff_of(role)
    if role in REVEAL.roles:
        _log(staff)
    else:
        with pytest.raises(NotAllowed):
            _log(staff)
    assert Reveal.objects.count() == (role in REVEAL.roles)


@pytest.mark.parametrize("reason", ["", "   ", "abc", " a b ", "\0\0\0\0\0"])
def test_a_reason_has_to_say_something(reason):
    with pytest.raises(ReasonMissing):
        _log(staff_of(Role.COMPLIANCE), reason)
    assert not Reveal.objects.exists()


def test_four_chinese_characters_are_a_reason():
    assert _log(staff_of(Role.COMPLIANCE), "客户回访").reason == "客户回访"


def test_the_database_wants_a_reason_too():
    staff = staff_of(Role.COMPLIANCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reveal.objects.create(staff=staff, member_id=1, field="name", reason="   a   ", at=NOW)


def test_only_fields_that_an_app_registered_are_revealed_and_each_by_one_app():
    with pytest.raises(KeyError):
        log(staff=staff_of(Role.COMPLIANCE), member_id=7, field="shoe_size", reason="asked", now=NOW)
    assert not Reveal.objects.exists()
    with pytest.raises(RegisteredTwice, match="Mobile and Telephone"):
        register({"mobile": Verbatim("Telephone")})


def test_a_field_that_no_app_has_any_more_goes_by_its_name():
    assert (field_label("mobile"), field_label("fax")) == ("Mobile", "fax")
